"""What approving a unit's change form does: by the same services as everywhere, or not at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import announce
from admin_app.delegation.candidates import Candidate, Identified
from admin_app.delegation.facts import facts_of
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import appoint, end, reassign
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import rename_unit
from admin_app.hierarchy.rows import lock_unit
from admin_app.identity.models import Person
from admin_app.identity.representations import held_by_anybody
from admin_app.migration.units_by_hand import make_way, recode, register
from admin_app.policy.vocabulary import Permission
from admin_app.sealing import Sealer
from admin_app.service_desk.case_vocabulary import CaseChanged
from admin_app.service_desk.form_checks import Asked, check, require_unchanged
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import Case, InformationChange, Nominee


@dataclass(frozen=True, slots=True)
class Form:
    """A unit's change form as it was filed, and the unit as it is now.

    ``unit`` is the department of an enterprise that is missing.
    """

    kind: FormKind
    unit: Unit
    asked: Mapping[str, Any]
    nominee: Nominee | None

    def values(self, sealer: Sealer) -> Asked:
        """What it asks for, with the number of whom it names."""
        return Asked.of(self.asked, _identified(sealer, self.nominee) if self.nominee else None)


def form_of(session: Session, case: Case) -> Form | None:
    """The form of a case that is about a unit."""
    if case.form is None or case.unit_id is None:
        return None
    unit = session.get_one(Unit, case.unit_id)
    change = session.get(InformationChange, case.id)
    nominee = session.scalar(select(Nominee).where(Nominee.case_id == case.id))
    return Form(case.form, unit, dict(change.asked) if change else {}, nominee)


def people_of(session: Session, form: Form) -> list[Person]:
    """Whom a form concerns besides whoever filed it: they are locked, and keep out."""
    codes = {form.unit.uscc, form.asked.get("uscc")} - {None}
    if form.kind is FormKind.UNIT_RENAMED:
        codes = set()
    held = [held_by_anybody(session, str(code)) for code in sorted(codes, key=str)]
    found = [each.person for each in held if each is not None]
    if form.nominee is not None:
        known = session.scalar(select(Person).where(Person.id_index == form.nominee.id_index))
        found += [known] if known is not None else []
    ending = form.asked.get("ending") or []
    found += session.scalars(
        select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.id.in_(ending))
    )
    return list({each.id: each for each in found}.values())


def carry_out(act: Act, case: Case, form: Form, locked: Collection[int]) -> None:
    """Do what a form asks for, if it still can be; ``locked`` are the persons locked.

    Raises:
        Refused, ChangedSinceFiled, and what ``form_checks.check`` and the services raise
    """
    unit = lock_unit(act.session, form.unit.id) if form.kind in _LOCKED_HERE else form.unit
    asked = form.values(act.sealer)
    require_unchanged(act, form.kind, unit, form.asked.get("former", {}), asked)
    asked = check(act, form.kind, unit, asked)
    match form.kind:
        case FormKind.UNIT_RENAMED:
            right = Permission.UNIT_AMEND
            rename_unit(act, facts_of, unit.id, asked.name, unit.version, by=right)
        case FormKind.USCC_CHANGED:
            recode(act, unit.id, asked.uscc, locked)
        case FormKind.UNIT_MISSING:
            made = register(act, unit.id, asked.name, asked.uscc, locked)
            case.unit_id = made.id
        case FormKind.REPRESENTATIVE_CHANGED if asked.who is not None:
            make_way(act, unit.id, asked.who.index, locked)
        case FormKind.ADMINISTRATOR_UNREACHABLE if asked.who is not None:
            _impose(act, unit, asked, asked.who)
        case _:
            raise CaseChanged
    act.session.flush()
    announce(act, "unit.put_right", unit_id=case.unit_id, form=form.kind.value, case_id=case.id)


# The others lock whom a code belongs to before the unit, as arrivals do.
_LOCKED_HERE = frozenset({FormKind.UNIT_RENAMED, FormKind.ADMINISTRATOR_UNREACHABLE})


def _impose(act: Act, unit: Unit, asked: Asked, who: Identified) -> None:
    """Appoint over the heads of a unit; of those who leave, one stays until the successor comes."""
    right = Permission.ADMINISTRATOR_IMPOSE
    candidate = Candidate(who.name, who.id_type, who.id_number)
    first, *others = asked.ending or (None,)
    for each in others:
        end(act, each, confirmed_last=True, by=right)
    if first is None:
        appoint(act, unit.id, candidate, by=right)
    else:
        reassign(act, first, candidate, by=right)


def _identified(sealer: Sealer, nominee: Nominee) -> Identified:
    number = sealer.open(nominee.id_sealed)
    return Identified(nominee.name, nominee.id_type, number, nominee.id_index)
