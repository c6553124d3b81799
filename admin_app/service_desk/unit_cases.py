"""Units' change forms that the desk filed for somebody: whoever is in charge sees and answers them.

Through their scope: who may file a form about a unit may see what was filed in its name. From whom
it takes something, or over whose heads it goes, is kept out of it.
"""

from collections.abc import Sequence
from heapq import merge
from itertools import islice

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from admin_app.database import unindexed
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.identity.models import Person, Representation
from admin_app.identity.representations import held_by_anybody
from admin_app.policy.actor import Actor
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.form_deeds import Form, form_of
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import Case

_SHOWN_MOST = 50


def cases_of_units(session: Session, actor: Actor) -> Sequence[Case]:
    """What the desk filed for the units somebody is in charge of, the newest first."""
    if actor.person_id is None:
        return []
    scope = reach(actor, Permission.FORM_FILE)
    # By way of the units, and of the codes: both are few, cases are not.
    here = _for_somebody().join(Unit, Unit.id == Case.unit_id).where(within(scope))
    missing = _for_somebody().where(Case.uscc.in_(_codes(actor)), Case.ended_at.is_(None))
    found = merge(*(_newest(session, each) for each in (here, missing)), key=lambda each: -each.id)
    seen = dict.fromkeys(each for each in found if is_in_charge(session, actor, each))
    return list(islice(seen, _SHOWN_MOST))


def is_in_charge(session: Session, actor: Actor, case: Case) -> bool:
    """Whether somebody sees and answers a form that the desk filed for a unit of theirs."""
    if actor.person_id is None or case.form is None or case.person_id is not None:
        return False
    if case.uscc is not None and case.state.is_open:
        # The unit is missing still: the case names the department it belongs under.
        mine = _codes(actor).where(Representation.uscc == case.uscc)
        return session.scalar(mine.limit(1)) is not None
    if case.unit is None or not reach(actor, Permission.FORM_FILE).covers(case.unit.path):
        return False
    return actor.person_id not in kept_out(session, case)


def kept_out(session: Session, case: Case) -> frozenset[int]:
    """From whom a form takes something, or over whose heads it goes; never whom it names."""
    form = form_of(session, case)
    if form is None:
        return frozenset()
    match form.kind:
        case FormKind.REPRESENTATIVE_CHANGED:
            former = form.asked.get("former", {}).get("representative")
            found = {former, _holder(session, form.unit.uscc)}
        case FormKind.USCC_CHANGED:
            found = {_holder(session, form.unit.uscc)} - {_holder(session, form.asked.get("uscc"))}
        case FormKind.ADMINISTRATOR_UNREACHABLE:
            found = _administrators(session, form)
        case _:
            found = set()
    return frozenset(each for each in found - {_named(session, form)} if each is not None)


def _for_somebody() -> Select[Case]:
    return select(Case).where(Case.person_id.is_(None), Case.form.is_not(None))


def _newest(session: Session, statement: Select[Case]) -> Sequence[Case]:
    newest = statement.order_by(unindexed(Case.id).desc()).limit(_SHOWN_MOST)
    return session.scalars(newest.options(joinedload(Case.unit))).all()


def _codes(actor: Actor) -> Select[str]:
    """The credit codes of what the portal reports as somebody's."""
    return select(Representation.uscc).where(
        Representation.person_id == actor.person_id, Representation.until.is_(None)
    )


def _holder(session: Session, uscc: str | None) -> int | None:
    held = held_by_anybody(session, uscc) if uscc else None
    return held.person_id if held is not None else None


def _administrators(session: Session, form: Form) -> set[int | None]:
    ending = form.asked.get("ending") or []
    current = (Appointment.unit_id == form.unit.id) & (
        Appointment.state == AppointmentState.CURRENT
    )
    return set(
        session.scalars(select(Appointment.person_id).where(current | Appointment.id.in_(ending)))
    )


def _named(session: Session, form: Form) -> int | None:
    if form.nominee is None:
        return None
    return session.scalar(select(Person.id).where(Person.id_index == form.nominee.id_index))
