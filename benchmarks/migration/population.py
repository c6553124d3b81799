"""Personal accounts, one a person, drawn in a fixed order; some hundred of the people have come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine, insert

from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.matching import kin_index
from admin_app.migration.models import HistoryTally, LegacyAccount
from admin_app.migration.vocabulary import RecordKind
from admin_app.sealing import Sealer
from admin_app.settings import DEMO_IDENTITY_KEY
from benchmarks.loading import insert_rows

SEALER = Sealer([DEMO_IDENTITY_KEY], DEMO_IDENTITY_KEY)
NOW = datetime(2026, 3, 3, 4, tzinfo=UTC)
PASSWORD = "bench-old-pass"  # noqa: S105 - that of made-up accounts
# Without a divisor in common with the dates of birth: namesakes are born on different days, as they
# are in life, whatever the number of accounts. With 5,000, a million accounts make fifty of them
# born on one day.
NAMES = 5_003
_COLUMNS = (
    "id external_id kind username name id_type id_sealed id_index kin_index id_check_wrong "
    "password_scheme password_hash imported_at seen_level state blocker stated_at"
)


def id_number(sequence: int) -> str:
    """A number of a division that doesn't exist; 20,000 dates of birth, then the next in line."""
    born = date(1950, 1, 1) + timedelta(days=sequence * 37 % 20_000)
    body = f"990001{born:%Y%m%d}{sequence // 20_000:03}"
    total = sum(int(digit) * pow(2, 17 - i, 11) for i, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def name_of(sequence: int, names: int = NAMES) -> str:
    """A name that some others have, too."""
    return f"示例{sequence % names}"


def load(
    engine: Engine, size: int, known: list[int], password_hash: str, names: int = NAMES
) -> None:
    """Write ``size`` accounts, and the persons of the numbers in ``known``."""
    with engine.begin() as connection, _indexes_made_last(connection):
        insert_rows(
            connection,
            LegacyAccount.__table__,  # type: ignore[arg-type]
            _COLUMNS,
            (_account(sequence, names, password_hash) for sequence in range(1, size + 1)),
        )
        connection.execute(
            insert(HistoryTally),
            [
                {"account_id": n, "kind": RecordKind.PROJECT, "number": 7, "digest": bytes(32)}
                for n in known
            ],
        )
        connection.execute(
            insert(Person),
            [
                {
                    "id": sequence,
                    "name": name_of(sequence, names),
                    "id_type": IdType.RESIDENT_ID,
                    "id_sealed": SEALER.seal(id_number(sequence)),
                    "id_index": SEALER.index(IdType.RESIDENT_ID.value, id_number(sequence)),
                    "level": 2,
                    "first_signed_in_at": NOW,
                    "last_signed_in_at": NOW,
                }
                for sequence in known
            ],
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        vacuum = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.exec_driver_sql(vacuum)


@contextmanager
def _indexes_made_last(connection: Connection) -> Iterator[None]:
    """Ten million rows in the random order of blind indexes would take hours."""
    indexes = LegacyAccount.__table__.indexes  # type: ignore[attr-defined]
    for index in indexes:
        index.drop(connection)
    yield
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    for index in indexes:
        index.create(connection)


def _account(sequence: int, names: int, password_hash: str) -> tuple[object, ...]:
    number, name = id_number(sequence), name_of(sequence, names)
    id_type = IdType.RESIDENT_ID
    return (
        sequence,
        f"bench:{sequence}",
        "personal",
        f"bench{sequence}",
        name,
        id_type.value,
        SEALER.seal(number),
        SEALER.index(id_type.value, number),
        kin_index(SEALER, name, id_type, number),
        False,
        "sha256",
        password_hash,
        NOW,
        2,
        "in_progress",
        None,
        NOW,
    )
