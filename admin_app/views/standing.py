"""Where the visitor stands on the way in: for the start page, the binding page and the menu."""

from datetime import timedelta

from flask import current_app, url_for
from sqlalchemy import ColumnElement, literal_column, select

from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.identity.queries import get_person
from admin_app.migration.progress import Progress, progress_of, should_apply
from admin_app.migration.progress_rules import Way
from admin_app.service_desk.cases import filed_about
from admin_app.service_desk.models import UnitApplication
from admin_app.service_desk.vocabulary import ApplicationState
from admin_app.web.contacts import portal_links
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor, current_visitor, now, sealer
from admin_app.wording import Text

# A new representative takes over while the sign-in is still under way.
_SIGNING_IN = timedelta(minutes=1)

_WAYS = {
    Way.BIND: Text("去绑定原账号", "Bind the old account"),
    Way.ASK: Text("申请人工核实", "Ask for a check by hand"),
    Way.FILED: Text("查看我的申请", "See my case"),
    Way.APPLY: Text("去申请单位", "Apply to a unit now"),
    Way.ENTERPRISES: Text("去省平台做企业绑定", "Bind it at the portal"),
}


def visiting_person() -> Person:
    """The person who visits.

    Raises:
        NotFound: a local account is nobody's own.
    """
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound
    return get_person(current_session(), person_id)


def own_progress() -> Progress:
    """Where the visitor stands.

    Raises:
        NotFound
    """
    person, visitor = visiting_person(), current_visitor()
    signed_in_at = visitor.signed_in.created_at if visitor else now()
    return progress_of(
        current_session(),
        sealer(),
        person,
        new_since=signed_in_at - _SIGNING_IN,
        applied=_has_applied(person),
        filed=filed_about(current_session(), person.id),
    )


def way_of(way: Way) -> tuple[Text, str, bool]:
    """A step's link: its label, its address, and whether it leaves the site."""
    match way:
        case Way.BIND:
            address = url_for("binding.index")
        case Way.ASK | Way.FILED:
            address = url_for("cases.index")
        case Way.APPLY:
            address = apply_address()
        case Way.ENTERPRISES:
            address = portal_links().enterprises
    return _WAYS[way], address, way is Way.ENTERPRISES


def apply_address() -> str:
    """Where somebody applies to a unit."""
    if "applications.index" in current_app.view_functions:
        return url_for("applications.index")
    return "/apply/"


def asks_for_unit() -> bool:
    """Whether the menu under the avatar says 请申请单位 (R37); asked on every page."""
    visitor = current_visitor()
    if visitor is None or visitor.is_staff or len(visitor.capacities) > 1:
        return False  # who holds an office belongs somewhere
    person = visiting_person()
    return should_apply(current_session(), sealer(), person) and not _has_applied(person)


def _has_applied(person: Person) -> bool:
    # The value stands in the statement itself: SQLite takes the partial index for nothing less.
    state: ColumnElement[str] = literal_column(f"'{ApplicationState.FILED.value}'")
    filed = select(UnitApplication.id).where(
        UnitApplication.person_id == person.id, UnitApplication.state == state
    )
    return current_session().scalar(filed.limit(1)) is not None
