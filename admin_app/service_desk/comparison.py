"""What a unit's change form asks for, beside what console, portal and old account say."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.delegation.models import Appointment
from admin_app.delegation.queries import administrators_of
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import name_key
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.id_numbers import mask_id_number
from admin_app.identity.models import Person, Representation
from admin_app.identity.names import same_name
from admin_app.identity.queries import person_id_number_masked
from admin_app.identity.representations import held_by_anybody
from admin_app.migration.matching import holders_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind
from admin_app.sealing import Sealer
from admin_app.service_desk.form_deeds import Form
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.wording import Text

_ACCOUNTS_MOST = 5

NAME = Text("单位名称", "Name of the unit")
CODE = Text("统一社会信用代码", "Credit code")
DEPARTMENT = Text("主管部门", "Department")
REPRESENTATIVE = Text("法定代表人", "Legal representative")
NUMBER = Text("证件号码", "ID number")
SUCCESSOR = Text("新管理员", "New administrator")
LEAVING = Text("卸任", "Leaving office")


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says; ``agrees`` with what is asked for, if both say anything."""

    value: str = ""
    agrees: bool | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One value in all sources; ID numbers masked."""

    label: Text
    asked: str
    console: Said = Said()
    portal: Said = Said()
    account: Said = Said()


def asked_of(session: Session, sealer: Sealer, form: Form) -> list[tuple[Text, str]]:
    """What a form asks for, value by value, as it may be shown to whoever filed it."""
    asked, named = form.asked, form.nominee
    # Once it is registered, the unit's page says where.
    to_come = form.kind is FormKind.UNIT_MISSING and form.unit.kind is UnitKind.DEPARTMENT
    takes_office = form.kind is FormKind.ADMINISTRATOR_UNREACHABLE
    shown: list[tuple[Text, str]] = [
        (NAME, asked.get("name", "")),
        (CODE, asked.get("uscc", "")),
        (DEPARTMENT, form.unit.name if to_come else ""),
    ]
    if named is not None:
        number = mask_id_number(sealer.open(named.id_sealed))
        shown += [(SUCCESSOR if takes_office else REPRESENTATIVE, named.name), (NUMBER, number)]
    shown.append((LEAVING, "、".join(each.name for each in _leaving(session, form))))
    return [(label, value) for label, value in shown if value]


def lines_of(session: Session, sealer: Sealer, form: Form) -> list[Line]:
    """The comparison, line by line."""
    match form.kind:
        case FormKind.UNIT_RENAMED:
            return _renamed(session, form)
        case FormKind.USCC_CHANGED:
            return _recoded(session, form)
        case FormKind.UNIT_MISSING:
            return _missing(session, form)
        case FormKind.REPRESENTATIVE_CHANGED:
            return _represented(session, sealer, form)
        case FormKind.ADMINISTRATOR_UNREACHABLE:
            return _unreachable(session, sealer, form)


def _renamed(session: Session, form: Form) -> list[Line]:
    asked, unit = form.asked.get("name", ""), form.unit
    held = _held(session, unit.uscc)
    accounts = _accounts(session, unit)
    return [
        Line(
            NAME,
            asked,
            _name(unit.name, asked),
            _name(held.enterprise_name if held else "", asked),
            _name("、".join(sorted({each.name for each in accounts})), asked),
        ),
        _codes(unit.uscc or "", "", held, accounts),
    ]


def _recoded(session: Session, form: Form) -> list[Line]:
    asked, unit = form.asked.get("uscc", ""), form.unit
    by_new, by_old = _held(session, asked), _held(session, unit.uscc)
    accounts = _accounts(session, unit)
    code = _codes(unit.uscc or "", asked, by_new, accounts)
    return [
        code,
        Line(
            NAME,
            "",
            Said(unit.name),
            _name(by_new.enterprise_name if by_new else "", unit.name),
            _name("、".join(sorted({each.name for each in accounts})), unit.name),
        ),
        # Whose the unit becomes: whoever the portal reports by the code asked for.
        Line(
            REPRESENTATIVE,
            "",
            Said(by_old.person.name if by_old else ""),
            Said(
                by_new.person.name if by_new else "",
                by_new.person_id == by_old.person_id if by_new and by_old else None,
            ),
            Said(_holders(session, accounts)),
        ),
    ]


def _missing(session: Session, form: Form) -> list[Line]:
    name, code = form.asked.get("name", ""), form.asked.get("uscc", "")
    there = session.scalar(select(Unit).where(Unit.uscc == code))
    alike = there or session.scalar(
        select(Unit).where(Unit.name_key == name_key(name)).order_by(Unit.path).limit(1)
    )
    held = _held(session, code)
    accounts = session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.uscc == code, LegacyAccount.kind == AccountKind.UNIT)
        .order_by(LegacyAccount.id)
        .limit(_ACCOUNTS_MOST)
    ).all()
    return [
        Line(
            NAME,
            name,
            _name(alike.name if alike else "", name),
            _name(held.enterprise_name if held else "", name),
            _name("、".join(sorted({each.name for each in accounts})), name),
        ),
        _codes((alike.uscc or "") if alike else "", code, held, accounts),
        Line(REPRESENTATIVE, "", Said(), Said(held.person.name if held else "")),
    ]


def _represented(session: Session, sealer: Sealer, form: Form) -> list[Line]:
    named, accounts = form.nominee, _accounts(session, form.unit)
    held = _held(session, form.unit.uscc)
    if named is None:
        return []
    same = held.person.id_index == named.id_index if held else None
    bearers = [each for each in accounts if each.id_index is not None]
    borne = all(each.id_index == named.id_index for each in bearers) if bearers else None
    numbers = [mask_id_number(sealer.open(each.id_sealed)) for each in bearers if each.id_sealed]
    holders = _holders(session, accounts)
    return [
        Line(
            REPRESENTATIVE,
            named.name,
            Said(holders, same_name(holders, named.name) if holders else None),
            Said(held.person.name if held else "", same),
            Said(),
        ),
        Line(
            NUMBER,
            mask_id_number(sealer.open(named.id_sealed)),
            Said(),
            Said(person_id_number_masked(sealer, held.person) if held else "", same),
            Said("、".join(numbers), borne),
        ),
    ]


def _unreachable(session: Session, sealer: Sealer, form: Form) -> list[Line]:
    named = form.nominee
    if named is None:
        return []
    known = session.scalar(select(Person).where(Person.id_index == named.id_index))
    accounts = session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.id_index == named.id_index)
        .order_by(LegacyAccount.id)
        .limit(_ACCOUNTS_MOST)
    ).all()
    bearers = "、".join(sorted({each.name for each in accounts}))
    held = _held(session, form.unit.uscc)
    current = [
        each.name
        for each in administrators_of(session, form.unit)
        if each.state is AppointmentState.CURRENT
    ]
    return [
        Line(
            SUCCESSOR,
            named.name,
            Said(),
            Said(known.name, same_name(known.name, named.name)) if known else Said(),
            Said(bearers, same_name(bearers, named.name) if bearers else None),
        ),
        Line(
            NUMBER,
            mask_id_number(sealer.open(named.id_sealed)),
            Said(),
            Said(person_id_number_masked(sealer, known), True) if known else Said(),
            Said(),
        ),
        Line(
            LEAVING,
            "、".join(each.name for each in _leaving(session, form)),
            Said("、".join(current)),
        ),
        Line(REPRESENTATIVE, "", Said(), Said(held.person.name if held else "")),
    ]


def _codes(
    present: str,
    asked: str,
    held: Representation | None,
    accounts: Sequence[LegacyAccount],
) -> Line:
    wanted = asked or present
    borne = "、".join(sorted({each.uscc for each in accounts if each.uscc}))
    return Line(
        CODE,
        asked,
        Said(present, present == wanted if asked and present else None),
        Said(held.uscc if held else "", held.uscc == wanted if held else None),
        Said(borne, borne == wanted if borne else None),
    )


def _name(value: str, asked: str) -> Said:
    return Said(value, name_key(value) == name_key(asked) if value else None)


def _held(session: Session, uscc: str | None) -> Representation | None:
    return held_by_anybody(session, uscc) if uscc else None


def _accounts(session: Session, unit: Unit) -> Sequence[LegacyAccount]:
    return session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.unit_id == unit.id, LegacyAccount.kind == AccountKind.UNIT)
        .order_by(LegacyAccount.id)
        .limit(_ACCOUNTS_MOST)
    ).all()


def _holders(session: Session, accounts: Sequence[LegacyAccount]) -> str:
    held = set(holders_of(session, [each.id for each in accounts]).values())
    names = session.scalars(select(Person.name).where(Person.id.in_(held)).order_by(Person.id))
    return "、".join(names)


def _leaving(session: Session, form: Form) -> Sequence[Appointment]:
    ending = form.asked.get("ending") or []
    return session.scalars(
        select(Appointment).where(Appointment.id.in_(ending)).order_by(Appointment.id)
    ).all()
