"""Personal accounts, one a person, drawn in a fixed order; some hundred of the people have come."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
)

from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.matching import kin_index
from admin_app.migration.models import HistoryTally, LegacyAccount
from admin_app.migration.vocabulary import RecordKind
from admin_app.sealing import Sealer
from admin_app.settings import DEMO_IDENTITY_KEY

SEALER = Sealer([DEMO_IDENTITY_KEY], DEMO_IDENTITY_KEY)
NOW = datetime(2026, 3, 3, 4, tzinfo=UTC)
PASSWORD = "bench-old-pass"  # noqa: S105 - that of made-up accounts
# Strangers' blind indexes and sealed numbers are random, which is how they look without the keys:
# the database makes ten million of them in minutes.
_STRANGERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS "
    "(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size}) ",
    "postgresql": "WITH numbers(n) AS (SELECT generate_series(1, {size})) ",
}
_RANDOM = {
    "sqlite": "randomblob({bytes})",
    "postgresql": "substr(sha256(random()::text::bytea) || sha256(random()::text::bytea), "
    "1, {bytes})",
}
_KNOWN = Table(
    "known",
    MetaData(),
    Column("n", Integer, primary_key=True),
    Column("name", String),
    *(Column(name, LargeBinary) for name in ("id_sealed", "id_index", "kin_index")),
    prefixes=["TEMPORARY"],
)


def id_number(sequence: int) -> str:
    """A number of a division that doesn't exist; 20,000 dates of birth, then the next in line."""
    born = date(1950, 1, 1) + timedelta(days=sequence * 37 % 20_000)
    body = f"990001{born:%Y%m%d}{sequence // 20_000:03}"
    total = sum(int(digit) * pow(2, 17 - i, 11) for i, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def name_of(sequence: int) -> str:
    """A name that some others have, too."""
    return f"示例{sequence % 5_000}"


def load(
    engine: Engine, size: int, known: list[int], password_hash: str, namesakes: int = 0
) -> None:
    """Write ``size`` accounts, and the persons of the numbers in ``known``.

    Each of these has so many namesakes who were born on the same day.
    """
    with engine.begin() as connection, _indexes_made_last(connection):
        _write_known(connection, size, known, namesakes)
        connection.exec_driver_sql(_all_accounts(engine.dialect.name, size, password_hash))
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
                    "name": name_of(sequence),
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


def _write_known(connection: Connection, size: int, known: list[int], namesakes: int) -> None:
    """What is not random: the accounts of the people known, and those that look like theirs."""
    taken = set(known)
    free = iter(n for n in random.Random(8).sample(range(1, size + 1), size) if n not in taken)
    rows = []
    for sequence in known:
        rows.append(_known(sequence, sequence, id_number(sequence)))
        for turn in range(namesakes):
            other = id_number(sequence)[:14] + f"{900 + turn % 100:03}0"
            rows.append(_known(next(free), sequence, other))
    _KNOWN.create(connection)
    connection.execute(_KNOWN.insert(), rows)


def _known(account: int, sequence: int, number: str) -> dict[str, object]:
    name, id_type = name_of(sequence), IdType.RESIDENT_ID
    return {
        "n": account,
        "name": name,
        "id_sealed": SEALER.seal(number),
        "id_index": SEALER.index(id_type.value, number),
        "kin_index": kin_index(SEALER, name, id_type, number),
    }


def _all_accounts(dialect: str, size: int, password_hash: str) -> str:
    """The statement that writes every account at its own place in the table."""
    long, short = (_RANDOM[dialect].format(bytes=bytes_) for bytes_ in (50, 32))
    columns = {
        "id": "numbers.n",
        "external_id": "'bench:' || numbers.n",
        "kind": "'personal'",
        "username": "'bench' || numbers.n",
        "name": "coalesce(known.name, '示例' || (numbers.n - numbers.n / 5000 * 5000))",
        "id_type": "'resident_id'",
        "id_sealed": f"coalesce(known.id_sealed, {long})",
        "id_index": f"coalesce(known.id_index, {short})",
        "kin_index": f"coalesce(known.kin_index, {short})",
        "id_check_wrong": "false",
        "password_scheme": "'sha256'",
        "password_hash": f"'{password_hash}'",
        "imported_at": f"'{NOW:%Y-%m-%d %H:%M:%S.%f}'",
        "seen_level": "2",
        "state": "'in_progress'",
        "stated_at": f"'{NOW:%Y-%m-%d %H:%M:%S.%f}'",
    }
    if dialect == "postgresql":
        for column in ("imported_at", "stated_at"):
            columns[column] += "::timestamp AT TIME ZONE 'UTC'"
    return (
        f"{_STRANGERS[dialect].format(size=size)}"
        f"INSERT INTO legacy_accounts ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
        "FROM numbers LEFT JOIN known ON known.n = numbers.n"
    )
