"""What a unit's change form asks for, and whether that can be: when filed, and when decided."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.delegation.candidates import Identified, known_person
from admin_app.delegation.models import Appointment
from admin_app.delegation.terms import open_appointments
from admin_app.delegation.vocabulary import (
    AlreadyAdministrator,
    AlreadyPending,
    AppointmentState,
)
from admin_app.hierarchy.checks import require_free_code, require_free_name
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import find_by_uscc
from admin_app.hierarchy.rules import clean_name, clean_uscc, name_key
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.identity.representations import held_by_anybody
from admin_app.identity.vocabulary import PersonNameMissing
from admin_app.migration.units_by_hand import in_the_way
from admin_app.service_desk.form_vocabulary import (
    AlreadySo,
    ChangedSinceFiled,
    FormKind,
    FormNotFor,
    NotInOffice,
    UnitArchived,
)
from admin_app.wording import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """The values a form asks for; which ones count follows from its kind.

    Args:
        ending: the numbers of the appointments that are to end.
        who: whom the form names.
    """

    name: str = ""
    uscc: str = ""
    ending: tuple[int, ...] = ()
    who: Identified | None = None

    def values(self) -> dict[str, Any]:
        """As they are kept; whom the form names is kept elsewhere, sealed."""
        kept = {"name": self.name, "uscc": self.uscc, "ending": list(self.ending)}
        return {key: value for key, value in kept.items() if value}

    @classmethod
    def of(cls, values: Mapping[str, Any], who: Identified | None) -> "Asked":
        return cls(
            values.get("name", ""), values.get("uscc", ""), tuple(values.get("ending", ())), who
        )


def check(act: Act, kind: FormKind, unit: Unit, asked: Asked) -> Asked:
    """The values cleaned, if a form can ask for them as things are.

    Raises:
        FormNotFor, UnitArchived, AlreadySo, NameMissing, NameTooLong, NameTaken, CodeMalformed,
        CodeCheckWrong, CodeTaken, PersonNameMissing, NameAndNumberDiffer, NotInOffice,
        AlreadyAdministrator, AlreadyPending
    """
    _require_fit(kind, unit)
    match kind:
        case FormKind.UNIT_RENAMED:
            return replace(Asked(), name=_new_name(act.session, unit, asked.name))
        case FormKind.USCC_CHANGED:
            return replace(Asked(), uscc=_new_code(act.session, unit, asked.uscc))
        case FormKind.UNIT_MISSING:
            return _new_unit(act.session, unit, asked)
        case FormKind.REPRESENTATIVE_CHANGED:
            who = _whom(act, asked)
            if not in_the_way(act.session, unit, who.index):
                raise AlreadySo(field="name", what=_NOBODY_IN_THE_WAY)
            return Asked(who=who)
        case FormKind.ADMINISTRATOR_UNREACHABLE:
            return _new_administrator(act, unit, asked)


def former_of(session: Session, kind: FormKind, unit: Unit) -> dict[str, Any]:
    """What is so now, of what a form of this kind would change."""
    match kind:
        case FormKind.UNIT_RENAMED:
            return {"name": unit.name}
        case FormKind.USCC_CHANGED:
            return {"uscc": unit.uscc}
        case FormKind.REPRESENTATIVE_CHANGED:
            held = held_by_anybody(session, unit.uscc) if unit.uscc else None
            return {"representative": held.person_id if held else None}
    return {}


def require_unchanged(
    act: Act, kind: FormKind, unit: Unit, former: Mapping[str, Any], asked: Asked
) -> None:
    """
    Raises:
        ChangedSinceFiled
    """
    now = former_of(act.session, kind, unit)
    if now == former:
        return
    if kind is FormKind.REPRESENTATIVE_CHANGED:
        held = held_by_anybody(act.session, unit.uscc) if unit.uscc else None
        if asked.who is not None and (held is None or held.person.id_index == asked.who.index):
            return  # the very person has come meanwhile, or the former has gone: all the better
        raise ChangedSinceFiled(what=_ANOTHER_REPRESENTATIVE)
    value = next(iter(now.values())) or "—"
    raise ChangedSinceFiled(what=_NOW.format(value=value))


_NOW = Text("现在登记的是“{value}”", "it is “{value}” now")
_ANOTHER_REPRESENTATIVE = Text(
    "省平台报告的法定代表人换了人", "the portal reports another representative"
)
_NOBODY_IN_THE_WAY = Text(
    "平台上没有登记别人。现任法定代表人在省平台完成“企业绑定”后登录即可",
    "nobody else stands in the way; the present representative binds the enterprise at the portal "
    "and signs in",
)


def _require_fit(kind: FormKind, unit: Unit) -> None:
    if kind is FormKind.UNIT_MISSING:
        fits = unit.kind is UnitKind.DEPARTMENT
    elif kind.is_of_first_level:
        fits = unit.kind is UnitKind.FIRST_LEVEL
    else:
        fits = unit.kind is not UnitKind.DEPARTMENT
    if not fits:
        raise FormNotFor(unit=unit.name, kind=unit.kind.label)
    if unit.status is UnitStatus.ARCHIVED:
        raise UnitArchived(unit=unit.name)


def _new_name(session: Session, unit: Unit, typed: str) -> str:
    name = clean_name(typed)
    if name == unit.name:
        raise AlreadySo(field="name", what=name)
    parent = session.get(Unit, unit.parent_id) if unit.parent_id else None
    if parent is not None and name_key(name) != unit.name_key:
        require_free_name(session, parent, name)
    return name


def _new_code(session: Session, unit: Unit, typed: str) -> str:
    code = clean_uscc(typed)
    if code == unit.uscc:
        raise AlreadySo(field="uscc", what=code)
    require_free_code(session, code)
    return code


def _new_unit(session: Session, department: Unit, asked: Asked) -> Asked:
    name, code = clean_name(asked.name), clean_uscc(asked.uscc)
    there = find_by_uscc(session, code)
    if there is not None:
        raise AlreadySo(field="uscc", what=there.name)
    require_free_name(session, department, name)
    return Asked(name=name, uscc=code)


def _new_administrator(act: Act, unit: Unit, asked: Asked) -> Asked:
    who = _whom(act, asked)
    ending = set(asked.ending)
    current = select(Appointment.id).where(
        Appointment.id.in_(ending),
        Appointment.unit_id == unit.id,
        Appointment.state == AppointmentState.CURRENT,
    )
    if set(act.session.scalars(current)) != ending:
        raise NotInOffice(field="ending", unit=unit.name)
    for each in open_appointments(act.session, unit):
        if each.id_index == who.index:
            if each.state is AppointmentState.PENDING:
                raise AlreadyPending(field="id_number", unit=unit.name)
            raise AlreadyAdministrator(field="id_number", unit=unit.name, name=who.name)
    return Asked(ending=tuple(sorted(ending)), who=who)


def _whom(act: Act, asked: Asked) -> Identified:
    if asked.who is None:
        raise PersonNameMissing(field="name")
    known_person(act, asked.who)
    return asked.who
