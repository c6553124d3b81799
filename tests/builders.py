"""Small builders, valid by default: numbers with right check digits, persons, units, acts."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Act, Limits
from admin_app.database import begin_writing
from admin_app.delegation.candidates import Candidate
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rows import add_unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.claims import PortalIdentity, ReportedEnterprise
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.policy.actor import Actor, Involved
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.sealing import Sealer
from tests.databases import Database

ISSUER = "https://portal.example"
NOON = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)  # 12:00 in Jinan
KEY = base64.b64encode(b"k" * 32).decode()
SEALER = Sealer([KEY], KEY)

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_numbers = count(1)


@contextmanager
def scratch(database: Database) -> Iterator[Session]:
    """A writing session whose work is undone: for tests that run many examples."""
    with database.sessions() as session:
        begin_writing(session)
        yield session
        session.rollback()


def id_number(sequence: int) -> str:
    """A resident ID number from a division that doesn't exist, with its check digit right."""
    body = f"9900011980{1 + sequence // 27_000 % 12:02d}{1 + sequence // 1000 % 27:02d}"
    body += f"{sequence % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def uscc(sequence: int, kind: str = "91") -> str:
    """A credit code from a division that doesn't exist, with its check character right."""
    body = f"{kind}990001{sequence:08d}0"
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _USCC[(31 - total % 31) % 31]


PROPOSER = Actor("示例提议人", Capacity.PLATFORM_SUPPORT, staff_id=90)
# Somebody else has proposed it: what takes two people needs that.
PROPOSED = Involved(proposer=PROPOSER)


def act(
    session: Session,
    actor: Actor = PLATFORM,
    *,
    reason: str = "",
    at: datetime = NOON,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    minutes: int = 0,
    involved: Involved | None = None,
) -> Act:
    """An act by the platform at noon, unless told otherwise."""
    moment = at + timedelta(minutes=minutes)
    return Act(session, actor, moment, SEALER, reason, limits, involved)


def root(session: Session, name: str = "演示省科学技术厅") -> Unit:
    """The topmost department."""
    return add_unit(act(session), None, UnitKind.DEPARTMENT, name, None)


def unit(
    session: Session,
    parent: Unit,
    name: str | None = None,
    kind: UnitKind = UnitKind.SECONDARY,
    code: str | None = None,
) -> Unit:
    """A unit under a parent; a first-level one gets a credit code by itself."""
    number = next(_numbers)
    if kind is UnitKind.FIRST_LEVEL and code is None:
        code = uscc(number)
    return add_unit(act(session), parent, kind, name or f"示例单位{number}", code)


def identity(
    name: str = "示例甲",
    sequence: int = 1,
    *,
    level: AssuranceLevel = AssuranceLevel.INTERMEDIATE,
    enterprises: tuple[ReportedEnterprise, ...] = (),
    subject: str | None = None,
) -> PortalIdentity:
    """What the portal reports of a person."""
    return PortalIdentity(
        issuer=ISSUER,
        subject=subject or f"subject-{sequence}",
        name=name,
        id_type=IdType.RESIDENT_ID,
        id_number=id_number(sequence),
        level=level,
        enterprises=enterprises,
    )


def candidate(name: str = "示例甲", sequence: int = 1) -> Candidate:
    """Somebody to appoint, by name and ID number."""
    return Candidate(name, IdType.RESIDENT_ID, id_number(sequence))


def enterprise(unit: Unit) -> ReportedEnterprise:
    """The portal's report that somebody represents a unit."""
    assert unit.uscc is not None
    return ReportedEnterprise(uscc=unit.uscc, name=unit.name)


def person(session: Session, name: str = "示例某人", sequence: int | None = None) -> Person:
    """Somebody already known and verified at intermediate level."""
    number = id_number(sequence if sequence is not None else 5_000 + next(_numbers))
    found = Person(
        name=name,
        id_type=IdType.RESIDENT_ID,
        id_sealed=SEALER.seal(number),
        id_index=SEALER.index(IdType.RESIDENT_ID.value, number),
        level=AssuranceLevel.INTERMEDIATE,
        first_signed_in_at=NOON,
        last_signed_in_at=NOON,
    )
    session.add(found)
    session.flush()
    return found
