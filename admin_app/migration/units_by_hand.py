"""What the service desk does to units in their place: register, recode, and make way.

Of whose a unit is nothing is decided here: that stays with the portal's report. The unit's old
accounts follow. Persons are locked first, then the unit, then accounts; nothing here commits.
"""

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.delegation.facts import facts_of
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import create_unit, recode_unit
from admin_app.hierarchy.rows import lock_unit
from admin_app.hierarchy.rules import clean_uscc
from admin_app.hierarchy.vocabulary import ChangedMeanwhile, UnitKind
from admin_app.identity.models import Person
from admin_app.identity.representations import end_by_hand, held_by_anybody, serialise
from admin_app.migration.arrivals import note_enterprise
from admin_app.migration.blockers import Blocker
from admin_app.migration.concerned import accounts_concerning
from admin_app.migration.matching import holders_of
from admin_app.migration.models import AccountCorrection, LegacyAccount
from admin_app.migration.standings import restate
from admin_app.migration.steps import about, lock_person, release
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.rules import Decision, require
from admin_app.policy.vocabulary import Permission


def register(act: Act, parent_id: int, name: str, uscc: str, locked: Collection[int]) -> Unit:
    """Register an enterprise that the platform lacks (R53); its representative has it at once.

    ``locked`` are the persons the caller has locked.

    Raises:
        as ``hierarchy.operations.create_unit``, and ChangedMeanwhile
    """
    serialise(act, clean_uscc(uscc))
    right = Permission.UNIT_REGISTER
    unit = create_unit(act, facts_of, parent_id, UnitKind.FIRST_LEVEL, name, uscc, by=right)
    _settle(act, unit, locked)
    return unit


def recode(act: Act, unit_id: int, uscc: str, locked: Collection[int]) -> Unit:
    """Correct a unit's credit code, and with it whose it is: whoever the portal reports by it.

    Raises:
        as ``hierarchy.operations.recode_unit``, and ChangedMeanwhile
    """
    former = act.session.get_one(Unit, unit_id).uscc
    for code in sorted({clean_uscc(uscc), *([former] if former else [])}):
        serialise(act, code)
    unit = recode_unit(act, facts_of, unit_id, uscc)
    _settle(act, unit, locked)
    gone = held_by_anybody(act.session, former) if former else None
    if gone is not None and gone.person_id in locked:
        restate(act, accounts_concerning(act, gone.person))
    return unit


def make_way(act: Act, unit_id: int, for_index: bytes, locked: Collection[int]) -> Person | None:
    """End what the console keeps of a former legal representative, so that the present may enter.

    Whoever is named gains nothing by it: they are the representative once the portal says so. If
    it does already, the unit's accounts come along now.

    Args:
        for_index: the blind index of the present representative's ID number.

    Returns:
        whose capacity ended, if somebody's did.

    Raises:
        NotFound, Refused, ChangedMeanwhile
    """
    right = Permission.REPRESENTATIVE_END
    decision = require(act.actor, right, None, act.reason, act.involved)
    before = act.session.get_one(Unit, unit_id).uscc
    if before:
        serialise(act, before)
    unit = lock_unit(act.session, unit_id)
    if unit.uscc != before:
        raise ChangedMeanwhile(name=unit.name)
    held = held_by_anybody(act.session, unit.uscc) if unit.uscc else None
    former = None
    if held is not None and held.person.id_index != for_index:
        if held.person_id not in locked:
            raise ChangedMeanwhile(name=unit.name)
        end_by_hand(act, held.uscc)
        former = held.person
        announce(act, "representation.ended", unit_id=unit.id, person_id=former.id)
    for account in _accounts(act, unit):
        _forget_former(act, account, for_index, decision)
    _settle(act, unit, locked)
    if former is not None:
        restate(act, accounts_concerning(act, former))
    return former


def in_the_way(session: Session, unit: Unit, for_index: bytes) -> bool:
    """Whether the console or an old account says another than the representative named."""
    held = held_by_anybody(session, unit.uscc) if unit.uscc else None
    if held is not None and held.person.id_index != for_index:
        return True
    accounts = session.scalars(
        select(LegacyAccount).where(
            LegacyAccount.unit_id == unit.id, LegacyAccount.kind == AccountKind.UNIT
        )
    ).all()
    if any(each.id_index not in (None, for_index) for each in accounts):
        return True
    holders = holders_of(session, [each.id for each in accounts])
    return held is not None and any(holder != held.person_id for holder in holders.values())


def _settle(act: Act, unit: Unit, locked: Collection[int]) -> None:
    """The unit's accounts bear its code; whoever the portal reports by it has them."""
    accounts = _accounts(act, unit)
    for account in accounts:
        account.unit_id, account.uscc = unit.id, unit.uscc
    act.session.flush()
    held = held_by_anybody(act.session, unit.uscc) if unit.uscc else None
    if held is not None:
        if held.person_id not in locked:
            raise ChangedMeanwhile(name=unit.name)  # they came this very moment
        note_enterprise(act, lock_person(act.session, held.person_id))
    restate(act, accounts)


def _accounts(act: Act, unit: Unit) -> list[LegacyAccount]:
    """The unit's own, and those of its code that found no unit; locked in their order."""
    homeless = and_(LegacyAccount.uscc == unit.uscc, LegacyAccount.unit_id.is_(None))
    statement = (
        select(LegacyAccount)
        .where(
            LegacyAccount.kind == AccountKind.UNIT,
            or_(LegacyAccount.unit_id == unit.id, homeless),
        )
        .order_by(LegacyAccount.id)
        .with_for_update()
    )
    return list(act.session.scalars(statement, execution_options={"populate_existing": True}))


def _forget_former(act: Act, account: LegacyAccount, for_index: bytes, decision: Decision) -> None:
    """A unit's old account no longer names whoever represented it once; what it said is kept."""
    if account.hindrance is Blocker.DISPUTED:
        release(account)
    if account.id_index in (None, for_index):
        return
    act.session.add(
        AccountCorrection(
            account_id=account.id,
            at=act.at,
            former_name=account.name,
            former_id_type=account.id_type,
            id_sealed=account.id_sealed,
        )
    )
    account.id_type = account.id_sealed = account.id_index = account.kin_index = None
    account.seen_level = account.seen_at = None
    account.id_check_wrong = False
    details = {**about(account), "representative": "forgotten"}
    record(act, Event.ACCOUNT_CORRECTED, **details, decision=decision)
