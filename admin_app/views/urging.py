"""Whom to help next: who holds up the most, and for departments the button that urges them (督办).

Managers read the same list without the buttons; nobody's name is on it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.errors import NotFound
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Capacity, Permission
from admin_app.rollups.divisions import region_name
from admin_app.rollups.levers import held_up
from admin_app.rollups.queries import levers, place_of
from admin_app.rollups.rules import day_of
from admin_app.rollups.vocabulary import ALL_REGIONS, Lever, LeverKind, Narrowed, NoSuchPlace
from admin_app.service_desk.models import Urging
from admin_app.service_desk.urging import MOST_AT_ONCE, Outcome, acknowledge, rest_until, urge_all
from admin_app.service_desk.urging_queries import last_urgings, noted_at, urged
from admin_app.service_desk.vocabulary import Asked
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import NUMBER
from admin_app.web import gate
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import permits
from admin_app.web.identity import current_actor, current_capacities, make_act, now
from admin_app.web.kept import keeps_typed
from admin_app.web.navigation import MenuItem, Panel, add_panel, add_to_menu
from admin_app.web.notices import tell
from admin_app.wording import Text

NOTE_MOST = 500
_ASKED_OF = {LeverKind.PERSON: Asked.GET_THROUGH, LeverKind.UNIT: Asked.APPOINT}
_CHOSEN = re.compile(r"([0-9]{1,9}):([a-z_]{1,40})")
_REGION = re.compile(r"[0-9]{4}")

_NOTE = Text("附言", "Note")
_NOBODY_CHOSEN = Text("请先勾选要督办的单位。", "Choose the units to be urged first.")
_NOTED = Text("已记录您知悉这次督办。", "It is on record that you have seen this.")


@dataclass(frozen=True)
class Line:
    """A lever, what its unit is asked for, and when it was last urged."""

    lever: Lever
    asked: Asked
    last: Urging | None
    noted: datetime | None  # somebody in charge of the unit took note
    again: date | None  # it rests until then

    @property
    def value(self) -> str:
        return f"{self.lever.unit_id}:{self.asked.value}"

    @property
    def held(self) -> Text:
        held = _held(self.lever.enterprises, self.lever.secondary_units)
        return Text("卡住了{held}", "holds up {held}").format(held=held)


class UrgingView(PageView):
    needs = Permission.LEVER_VIEW

    @expose("/")
    def index(self) -> str:
        return self._page(Form())

    @expose("/", methods=("POST",))
    @gate.needs(Permission.UNIT_URGE)
    @keeps_typed(note=_NOTE)
    def urge(self) -> ResponseReturnValue:
        """Urge one, by its own button, or all those ticked; the page says what became of each."""
        form, wanted = read_form("note", "one"), _wanted()
        if not wanted:
            form.general = _NOBODY_CHOSEN
            return self._page(form), form.status
        outcomes = urge_all(make_act(form["note"][:NOTE_MOST]), wanted)
        return self._page(Form(), outcomes)

    @expose(f"/<{NUMBER}:urging_id>/noted", methods=("POST",))
    @gate.signed_in
    def noted(self, urging_id: int) -> ResponseReturnValue:
        acknowledge(make_act(), urging_id)
        tell(_NOTED)
        return redirect(url_for("home.index"))

    def _page(self, form: Form, outcomes: list[Outcome] | None = None) -> str:
        session, at = current_session(), _narrowed()
        found = levers(session, at, MOST_AT_ONCE)
        enterprises, lower = held_up(session, found)
        return self.render(
            "urging/index.html",
            lines=_lines(found),
            summary=_summary(len(found), enterprises, lower),
            place=at.place,
            region=at.region,
            region_name=region_name(at.region) if at.region else "",
            narrowed=bool(request.args.get("unit") or at.region),
            outcomes=outcomes or [],
            may_urge=permits(Permission.UNIT_URGE),
            may_open=permits(Permission.UNIT_VIEW),
            form=form,
            note_most=NOTE_MOST,
            appoints=Asked.APPOINT,
        )


def _narrowed() -> Narrowed:
    """The part of the tree that the address names, within the visitor's reach.

    Raises:
        NoSuchPlace
    """
    unit, region = request.args.get("unit", ""), request.args.get("region", ALL_REGIONS)
    if unit and not re.fullmatch(r"[0-9]{1,9}", unit):
        raise NoSuchPlace
    if region and not _REGION.fullmatch(region):
        raise NoSuchPlace
    scope = reach(current_actor(), Permission.LEVER_VIEW)
    place = place_of(current_session(), scope, int(unit) if unit else None)
    return Narrowed(place, region)


def _lines(found: list[Lever]) -> list[Line]:
    session = current_session()
    last = last_urgings(session, {lever.unit_id for lever in found})
    noted = noted_at(session, [urging.id for urging in last.values()])
    lines, today = [], day_of(now())
    for lever in found:
        urging = last.get(lever.unit_id)
        again = rest_until(make_act().limits.urging_days, urging) if urging else None
        lines.append(
            Line(
                lever,
                _ASKED_OF[lever.kind],
                urging,
                noted.get(urging.id) if urging else None,
                again if again and again > today else None,
            )
        )
    return lines


def _summary(levers_: int, enterprises: int, lower: int) -> Text:
    """What they hold up together: these 20 people and units hold up 310 enterprises and …."""
    one = levers_ == 1
    return Text(
        "这{n}卡住了{held}。先帮他们，见效最快。",
        "{n} up {held}. Help given here goes furthest.",
    ).format(
        n=Text(
            f" {levers_} 个人或单位" if one else f" {levers_} 个人和单位",
            "One person or unit holds" if one else f"These {levers_} people and units hold",
        ),
        held=_held(enterprises, lower),
    )


def _held(enterprises: int, lower: int) -> Text:
    held = []
    if enterprises:
        held.append(_number(enterprises, "家企业", "enterprise"))
    if lower:
        held.append(_number(lower, "个二级单位", "secondary unit"))
    return Text("和".join(each.zh for each in held), " and ".join(each.en for each in held))


def _number(number: int, zh: str, en: str) -> Text:
    return Text(f" {number:,} {zh}", f"{number:,} {en}{'' if number == 1 else 's'}")


def _wanted() -> list[tuple[int, Asked]]:
    """What was ticked, or the one whose own button was pressed.

    Raises:
        NotFound: something that the page never offered.
    """
    one = request.form.get("one", "")
    typed = [one] if one else request.form.getlist("chosen")[:MOST_AT_ONCE]
    known = {asked.value: asked for asked in Asked}
    wanted = []
    for text in typed:
        match = _CHOSEN.fullmatch(text)
        if match is None or match[2] not in known:
            raise NotFound
        wanted.append((int(match[1]), known[match[2]]))
    return wanted


def panel() -> Panel | None:
    """What departments ask of the units that the visitor represents or administers."""
    person_id = current_actor().person_id
    if person_id is None:
        return None
    offices: dict[int, Any] = {}
    for choice in current_capacities():  # those who represent a unit first
        if choice.actor.office is not None:
            offices.setdefault(choice.actor.office.unit_id, choice)
    found = urged(current_session(), person_id, offices.keys())[:MOST_AT_ONCE]
    if not found:
        return None
    lines = [(urging, *_way(urging, offices[urging.unit_id])) for urging in found]
    return Panel("panels/urged.html", {"lines": lines})


def _way(urging: Urging, choice: Any) -> tuple[str, str, Text]:
    """In which capacity, where and by which button what is asked gets done."""
    if urging.asked is Asked.APPOINT:
        return (
            choice.key,
            url_for("vacancies.index"),
            Text("去指定管理员", "Appoint administrators"),
        )
    if choice.actor.capacity is Capacity.LEGAL_REPRESENTATIVE:
        return choice.key, url_for("binding.index"), Text("去绑定原账号", "Bind the old account")
    address = url_for("diagnosis.unit", unit_id=urging.unit_id)
    return choice.key, address, Text("看卡在哪里", "See what holds it up")


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(UrgingView(name="urging", endpoint="urging", url="/urging"))
    add_to_menu(app, MenuItem("urging.index", Text("先帮谁", "Who next?"), order=42))
    add_panel(app, panel, order=5)
