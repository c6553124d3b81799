"""Enterprise reconciliation: the portal × the platform × the old unit accounts (R53, R54)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit, UnitPeriod
from admin_app.hierarchy.rules import name_key
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person, Representation
from admin_app.migration.matching import holders_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.reconciliation_rules import FoundBy, LineFacts, Verdict, verdict
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.reach import Reach

LINES_MOST = 50  # enterprises of one person, and accounts of one unit, that a page shows
_ALIKE_MOST = 2  # units of one former name: with several, none is meant


@dataclass(frozen=True, slots=True)
class Line:
    """One enterprise in the three sources, and the verdict.

    ``unit`` and ``accounts`` are those within the reader's reach.
    """

    uscc: str
    reported_name: str | None
    unit: Unit | None
    found_by: FoundBy
    accounts: tuple[LegacyAccount, ...]
    verdict: Verdict


def lines_of_person(session: Session, reach: Reach, person: Person) -> list[Line]:
    """The enterprises the portal reports for somebody, then those whose old account names them."""
    representations = session.scalars(
        select(Representation)
        .where(Representation.person_id == person.id, Representation.until.is_(None))
        .order_by(Representation.id)
        .limit(LINES_MOST)
    ).all()
    lines = [_reported(session, each, person) for each in representations]
    told = {line.uscc for line in lines}
    told |= {line.unit.uscc for line in lines if line.unit is not None and line.unit.uscc}
    named = session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.kind == AccountKind.UNIT, LegacyAccount.id_index == person.id_index)
        .order_by(LegacyAccount.id)
        .limit(LINES_MOST)
    )
    for account in named:
        if account.uscc not in told:
            lines.append(_only_named(session, account, person))
    return [line for line in lines if _within(line, reach)]


def lines_of_unit(session: Session, unit: Unit) -> list[Line]:
    """One first-level unit in the three sources."""
    return lines_of_units(session, [unit]) if unit.kind is UnitKind.FIRST_LEVEL else []


def lines_of_units(session: Session, units: Sequence[Unit]) -> list[Line]:
    """First-level units in the three sources, a line each, in the order given."""
    accounts: dict[int | None, list[LegacyAccount]] = {}
    for account in session.scalars(
        select(LegacyAccount)
        .where(
            LegacyAccount.unit_id.in_([unit.id for unit in units]),
            LegacyAccount.kind == AccountKind.UNIT,
        )
        .order_by(LegacyAccount.id)
        .limit(LINES_MOST * len(units))
    ):
        accounts.setdefault(account.unit_id, []).append(account)
    current = {
        each.uscc: each
        for each in session.scalars(
            select(Representation).where(
                Representation.uscc.in_([unit.uscc for unit in units if unit.uscc]),
                Representation.until.is_(None),
            )
        )
    }
    holders = holders_of(session, [each.id for own in accounts.values() for each in own])
    return [
        _line(unit, FoundBy.CODE, accounts.get(unit.id, []), holders, current.get(unit.uscc or ""))
        for unit in units
    ]


def line_of_code(session: Session, representation: Representation) -> Line:
    """An enterprise that the portal reports for somebody, whichever unit that is here."""
    return _reported(session, representation, None)


def _reported(session: Session, representation: Representation, person: Person | None) -> Line:
    unit, found_by = find_unit(session, representation.uscc, representation.enterprise_name)
    if unit is None:
        return Line(
            representation.uscc,
            representation.enterprise_name,
            None,
            FoundBy.NOTHING,
            (),
            verdict(LineFacts(reported=True, found_by=FoundBy.NOTHING)),
        )
    accounts = _accounts(session, unit)
    holders = holders_of(session, [each.id for each in accounts])
    return _line(unit, found_by, accounts, holders, representation, about=person)


def _only_named(session: Session, account: LegacyAccount, person: Person) -> Line:
    """An old account names the person, and the portal doesn't report its unit for them."""
    unit = session.get(Unit, account.unit_id) if account.unit_id else None
    current = _current(session, account.uscc)
    found_by = FoundBy.CODE if unit is not None else FoundBy.NOTHING
    holders = holders_of(session, [account.id])
    return _line(unit, found_by, [account], holders, current, about=person, code=account.uscc)


def _line(
    unit: Unit | None,
    found_by: FoundBy,
    accounts: Sequence[LegacyAccount],
    all_holders: Mapping[int, int],
    reported: Representation | None,
    *,
    about: Person | None = None,
    code: str | None = None,
) -> Line:
    holders = [all_holders[each.id] for each in accounts if each.id in all_holders]
    whose = reported.person_id if reported else None
    facts = LineFacts(
        reported=reported is not None,
        reported_for_another=about is not None and whose not in (None, about.id),
        found_by=found_by,
        accounts=len(accounts),
        bound=sum(holder == whose for holder in holders),
        held_by_another=sum(holder != whose for holder in holders),
    )
    return Line(
        code or (reported.uscc if reported else None) or (unit.uscc if unit else None) or "",
        reported.enterprise_name if reported else None,
        unit,
        found_by,
        tuple(accounts),
        verdict(facts),
    )


def find_unit(session: Session, uscc: str, name: str) -> tuple[Unit | None, FoundBy]:
    """The first-level unit that a reported enterprise is, by code, inner code or former name."""
    first_level = select(Unit).where(Unit.kind == UnitKind.FIRST_LEVEL)
    unit = session.scalar(first_level.where(Unit.uscc == uscc))
    if unit is not None:
        return unit, FoundBy.CODE
    # GB 32100: positions 9 to 17 are the organisation code of before 2015.
    by_account = select(LegacyAccount.unit_id).where(
        LegacyAccount.organisation_code == uscc[8:17], LegacyAccount.kind == AccountKind.UNIT
    )
    unit = session.scalar(first_level.where(Unit.id.in_(by_account)).limit(1))
    if unit is not None:
        return unit, FoundBy.ORGANISATION_CODE
    former = select(UnitPeriod.unit_id).where(UnitPeriod.name == name)
    alike = session.scalars(
        first_level.where(or_(Unit.name_key == name_key(name), Unit.id.in_(former))).limit(
            _ALIKE_MOST
        )
    ).all()
    return (alike[0], FoundBy.FORMER_NAME) if len(alike) == 1 else (None, FoundBy.NOTHING)


def _accounts(session: Session, unit: Unit) -> Sequence[LegacyAccount]:
    return session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.unit_id == unit.id, LegacyAccount.kind == AccountKind.UNIT)
        .order_by(LegacyAccount.id)
        .limit(LINES_MOST)
    ).all()


def _current(session: Session, uscc: str | None) -> Representation | None:
    if uscc is None:
        return None
    return session.scalar(
        select(Representation).where(Representation.uscc == uscc, Representation.until.is_(None))
    )


def _within(line: Line, reach: Reach) -> bool:
    """Whether a reader may see a line; what isn't on the platform only who sees everything."""
    return reach.is_everywhere if line.unit is None else reach.covers(line.unit.path)
