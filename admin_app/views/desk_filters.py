"""What the desk's list can be narrowed to, its orders, and the views everybody has."""

from datetime import date, timedelta

from flask import g, request
from sqlalchemy import ColumnElement, and_, false, select, true

from admin_app.identity.models import Person
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount
from admin_app.policy.rules import decide, reach
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.places import in_region
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_search import about_number, search_cases
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.form_vocabulary import CASE_KINDS, FormKind, case_kind
from admin_app.service_desk.models import Case, Proposal
from admin_app.service_desk.open_cases import is_about, is_open_in
from admin_app.views.columns import ChoiceFilter, Filter, GivenFilter, Sort, TextFilter
from admin_app.views.narrowing import narrowed_to_region, narrowed_to_unit
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor, now
from admin_app.web.language import say
from admin_app.wording import Text

LATE = Text("超期", "overdue")
DUE = {"late": LATE, "week": Text("本周到期", "this week")}
ALL = "all"
NOBODY = "none"
NEWEST_MOST = 50_000
_STATES = {ALL, *(state.value for state in CaseState)}
_BY_NUMBER = Text("按证件号码查到的人", "whoever has the ID number")
_DIGITS_MOST = 9
_ABOUT = {each.value: each for each in Counted}

SORTS = (
    Sort("first", Text("先办的", "what comes first"), (Case.urgency, Case.due_on, Case.id)),
    Sort("due", Text("到期", "due"), (Case.due_on, Case.id)),
    Sort("number", Text("编号", "number"), (Case.id,), descending=True),
)

# Each with its filters; those that only who works on cases has any use for come first.
OWN_VIEWS = (
    (Text("我的", "Mine"), {"whose": "mine"}),
    (Text("无人承办", "Nobody's"), {"whose": "nobody"}),
    (Text("待我复核", "To confirm"), {"second": "others"}),
)
VIEWS = (
    (Text("超期", "Overdue"), {"when": "late"}),
    (Text("本周到期", "Due this week"), {"when": "week"}),
    (Text("等本人补充", "Waiting for the person"), {"state": "waiting"}),
)


def shows_open_alone() -> bool:
    """The open ones, unless one asks for those that are over too; only what is open is due."""
    state = request.args.get("state", "")
    if state not in _STATES or request.args.get("when", "") in DUE:
        return True
    return state != ALL and CaseState(state).is_open


def offered_sorts() -> tuple[Sort, ...]:
    """What is over is due no more: it has one order, which costs the same however much there is."""
    return SORTS if shows_open_alone() else SORTS[2:]


def newest_alone() -> ColumnElement[bool]:
    """Of what is over, for conditions that together may fit hardly any: the newest cases.

    Most alone have an index in the list's order; what fits two of them, or one that has none, is
    met on the way, and that way is to end.
    """
    asked = [request.args.get(key, "") for key in ("state", "kind", "whose")]
    several = sum(each not in ("", ALL) for each in asked) > 1
    unindexed = any(request.args.get(key) for key in ("region", "about"))
    if shows_open_alone() or not (several or unindexed) or request.args.get("q"):
        return true()
    rows = select(Case.id).order_by(Case.id.desc()).offset(NEWEST_MOST).limit(1)
    newest = current_session().scalar(rows)
    g.search_cut_short = newest is not None
    return true() if newest is None else Case.id > newest


def is_cut_short() -> bool:
    """Whether this page looked at some cases only."""
    return bool(g.get("search_cut_short", False))


def builtin_views() -> list[tuple[Text, dict[str, str]]]:
    works = bool(decide(current_actor(), Permission.CASE_WORK))
    return [*(OWN_VIEWS if works else ()), *VIEWS]


def _search(typed: str) -> ColumnElement[bool]:
    scope = reach(current_actor(), Permission.CASE_VIEW)
    found = search_cases(
        current_session(), scope, typed, only_open=shows_open_alone(), also=_others()
    )
    g.search_cut_short = found.cut_short
    return found.where


def _others() -> list[ColumnElement[bool]]:
    """What the other filters of the address ask for, so that the search goes on past the rest."""
    typed = [(each, each.read(request.args.get(each.key, ""))) for each in FILTERS[1:]]
    return [each.where(text) for each, text in typed if text]


def _state(value: str) -> ColumnElement[bool]:
    if value == ALL:
        return true()
    state = CaseState(value)
    if not state.is_open:
        return Case.state == state
    # As what it isn't: planners take open cases of a state for rare, and sort them all. That they
    # are open the list says itself; said twice, they seem rarer still.
    return Case.state.not_in([each for each in CaseState if each.is_open and each is not state])


def _kind(value: str) -> ColumnElement[bool]:
    kind = case_kind(value)
    return Case.form == kind if isinstance(kind, FormKind) else Case.blocker == kind


def _whose(value: str) -> ColumnElement[bool]:
    if value == "nobody":
        return Case.assignee_id.is_(None)
    return Case.assignee_id == (current_actor().staff_id or 0)


def _when(value: str) -> ColumnElement[bool]:
    today = day_of(now())
    due = Case.due_on < today if value == "late" else due_within_week(today)
    return and_(Case.state != CaseState.WAITING, due)  # of the open ones, as in ``_state``


def due_within_week(today: date) -> ColumnElement[bool]:
    """Due until Sunday; what is late has a view of its own."""
    return Case.due_on.between(today, today + timedelta(days=6 - today.weekday()))


def _second(value: str) -> ColumnElement[bool]:
    staff_id = current_actor().staff_id or 0
    own = Proposal.proposed_by_id == staff_id
    waiting = select(Proposal.case_id).where(
        Proposal.outcome.is_(None), own if value == "own" else ~own
    )
    return Case.id.in_(waiting)


def _region(value: str) -> ColumnElement[bool]:
    return is_open_in(value) if shows_open_alone() else in_region(value)


def _about(value: str) -> ColumnElement[bool]:
    return is_about(_ABOUT[value], only_open=shows_open_alone())


def _is_whom(typed: str) -> bool:
    number = typed[1:]
    is_row = number.isascii() and number.isdecimal() and len(number) <= _DIGITS_MOST
    return typed == NOBODY or (typed[:1] in ("a", "p") and is_row)


def _whom(typed: str) -> ColumnElement[bool]:
    """Whoever the row in the address has the ID number of: the number itself is in no address."""
    if typed == NOBODY:
        return false()
    column, row = (
        (Person.id_index, Person.id)
        if typed[0] == "p"
        else (LegacyAccount.id_index, LegacyAccount.id)
    )
    index = current_session().scalar(select(column).where(row == int(typed[1:])))
    return about_number(index) if index else false()


FILTERS: tuple[Filter, ...] = (
    TextFilter(
        "q",
        Text("搜索", "Search"),
        _search,
        hint=Text("姓名、单位、说过的话、编号…", "name, unit, what was said, number…"),
    ),
    ChoiceFilter(
        "state",
        Text("状态", "State"),
        [
            *((state.value, state.label) for state in CaseState),
            (ALL, Text("全部，含已办结", "all, also what is over")),
        ],
        _state,
        any_label=Text("未办结", "open"),
    ),
    ChoiceFilter(
        "kind",
        Text("事项", "Kind"),
        [(each.value, each.label) for each in CASE_KINDS],
        _kind,
    ),
    ChoiceFilter(
        "whose",
        Text("承办人", "Assignee"),
        [("mine", Text("我的", "mine")), ("nobody", Text("无人承办", "nobody"))],
        _whose,
    ),
    ChoiceFilter(
        "when",
        Text("到期", "Due"),
        list(DUE.items()),
        _when,
    ),
    ChoiceFilter(
        "second",
        Text("复核", "Second person"),
        [
            ("others", Text("待我复核", "waits for me")),
            ("own", Text("我提出的", "proposed by me")),
        ],
        _second,
    ),
    narrowed_to_unit(Permission.CASE_VIEW),
    narrowed_to_region(_region),
    GivenFilter(
        "about",
        Text("对象", "About"),
        lambda typed: typed in _ABOUT,
        _about,
        lambda typed: say(_ABOUT[typed].label),
    ),
    GivenFilter("whom", Text("当事人", "Whom"), _is_whom, _whom, lambda _typed: say(_BY_NUMBER)),
)
KEPT = (*(each.key for each in FILTERS), "sort", "size")
