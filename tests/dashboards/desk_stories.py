"""Cases of all kinds in a small tree, filed some days ago: what the desk's figures count."""

from datetime import timedelta
from itertools import count

from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountKind
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_vocabulary import CaseState, Move, Priority, Side
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import Case
from admin_app.service_desk.steps import move_case
from tests import builders
from tests.builders_migration import legacy_account

# Of what is filed: its kind, what the old account was that it is about (if about one), and with
# what it counts.
MATTERS = {
    "password": (Blocker.OLD_PASSWORD, AccountKind.PERSONAL, Counted.NATURAL_PERSONS),
    "unit's password": (Blocker.OLD_PASSWORD, AccountKind.UNIT, Counted.LEGAL_REPRESENTATIVES),
    "disputed": (Blocker.DISPUTED, AccountKind.PERSONAL, Counted.NATURAL_PERSONS),
    "disputed unit": (Blocker.DISPUTED, None, Counted.LEGAL_REPRESENTATIVES),
    "unknown": (Blocker.ENTERPRISE_NOT_ON_PLATFORM, None, Counted.ENTERPRISES),
    "missing": (FormKind.UNIT_MISSING, None, Counted.ENTERPRISES),
    "unreachable": (FormKind.ADMINISTRATOR_UNREACHABLE, None, Counted.ADMINISTRATORS),
    "college's": (Blocker.NAME_DIFFERS, AccountKind.SECONDARY_UNIT, Counted.ADMINISTRATORS),
}
_codes = count(1)
UNITS = ("", "province", "bureau", "other", "firm", "college", "shop")
REGIONS = ("", "9900", "1100", "0000")
# How a case goes on from where it was filed.
WAYS: dict[str, tuple[tuple[Move, Side], ...]] = {
    "filed": (),
    "asked": ((Move.ASK, Side.DESK),),
    "in review": ((Move.REVIEW, Side.DESK),),
    "approved": ((Move.REVIEW, Side.DESK), (Move.APPROVE, Side.DESK)),
    "refused": ((Move.REVIEW, Side.DESK), (Move.REFUSE, Side.DESK)),
    "put away": ((Move.REVIEW, Side.DESK), (Move.REFUSE, Side.DESK), (Move.CLOSE, Side.DESK)),
    "withdrawn": ((Move.WITHDRAW, Side.PERSON),),
}


def plant(session: Session) -> dict[str, Unit]:
    province = builders.root(session)
    department, first = UnitKind.DEPARTMENT, UnitKind.FIRST_LEVEL
    bureau = builders.unit(session, province, kind=department)
    firm = builders.unit(session, bureau, kind=first)
    other = builders.unit(session, province, kind=department)
    return {
        "province": province,
        "bureau": bureau,
        "other": other,
        "firm": firm,
        "college": builders.unit(session, firm),
        "shop": builders.unit(session, other, kind=first, code=f"91110000{next(_codes):010}"),
    }


def has(session: Session, unit: Unit | None, matter: str, way: str, ago: int, after: int) -> Case:
    """A case that was filed some days ago, and what has come of it."""
    kind, account, _counted = MATTERS[matter]
    old = legacy_account(session, kind=account, unit=unit) if account else None
    filed_at = builders.NOON - timedelta(days=ago)
    case = Case(
        blocker=kind if isinstance(kind, Blocker) else None,
        form=kind if isinstance(kind, FormKind) else None,
        uscc=builders.uscc(next(_codes)) if isinstance(kind, FormKind) else None,
        state=CaseState.FILED,
        priority=Priority.NORMAL,
        account_id=old.id if old else None,
        unit_id=unit.id if unit else None,
        filed_at=filed_at,
        filed_by="示例支持",
        due_on=day_of(filed_at) + timedelta(days=4),
    )
    session.add(case)
    session.flush()
    for move, side in WAYS[way]:
        act = builders.act(session, at=filed_at + timedelta(days=min(after, ago)))
        move_case(act, case, move, side)
    session.flush()
    return case
