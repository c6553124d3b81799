"""Loading a province: units, unit accounts, personal accounts, and what became of them in 200 days.

Rows go in past triggers and the largest tables' indexes, which are put in place afterwards. What
follows from the rows is made of them in SQL (``following``).
"""

import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Index, Table, create_engine, event, update

from admin_app.hierarchy.models import Sequence, Unit
from admin_app.identity.models import Person, Representation
from admin_app.migration.models import LegacyAccount, StandingChange
from admin_app.schema import news
from benchmarks.loading import insert_rows
from benchmarks.rollups.following import HOMES, MOMENTS, change_standings, make_flows, state_units
from benchmarks.rollups.tree import Row, Tree, draw

_BATCH = 20_000
LARGEST_SHARE = 200  # one personal account in so many belongs to the largest unit
Shares = tuple[tuple[str, str | None, int], ...]
# State, blocker, and how many of a hundred stand there.
_STANDINGS: Shares = (
    ("migrated", None, 55),
    ("not_started", "not_signed_in", 20),
    ("in_progress", None, 12),
    ("stuck", "old_password", 5),
    ("stuck", "verification_too_low", 3),
    ("stuck", "name_differs", 2),
    ("stuck", "several_accounts", 1),
    ("stuck", "id_differs", 1),
    ("stuck", "registered_by_passport", 1),
)
_UNIT_STANDINGS: Shares = (
    ("migrated", None, 60),
    ("not_started", "not_signed_in", 20),
    ("in_progress", None, 8),
    ("stuck", "enterprise_not_bound", 7),
    ("stuck", "blocked_by_representative", 3),
    ("stuck", "verification_too_low", 2),
)
_ACCOUNT = (
    "id external_id kind username name id_index id_check_wrong unit_id imported_at state blocker "
    "stated_at"
)


def load(url: str, units: int, unit_accounts: int, personal_accounts: int) -> Tree:
    """Write everything but what ``rollups.verification`` finds out by itself."""
    tree, engine = Tree(), _fast_engine(url)
    with engine.begin() as connection, _bare(connection) as put_back:
        HOMES.create(connection)
        batch: list[Row] = []
        for row in draw(units, tree):
            batch.append(row)
            if len(batch) == _BATCH:
                _write_units(connection, batch)
                batch = []
        _write_units(connection, batch)
        connection.execute(update(Sequence).values(next_number=units + 1))
        _write_people(connection, tree)
        accounts = _accounts(tree, unit_accounts, personal_accounts)
        insert_rows(connection, _table(LegacyAccount), _ACCOUNT, accounts)
        change_standings(connection)
        put_back()
        connection.exec_driver_sql("ANALYZE")
        state_units(connection)
        make_flows(connection, tree)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        vacuum = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.exec_driver_sql(vacuum)
    engine.dispose()
    return tree


def holder_of(number: int) -> bytes:
    """The blind index of a legal representative's number."""
    return hashlib.sha256(b"%d" % number).digest()


def _fast_engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _careless(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000"):
                connection.execute(f"PRAGMA {pragma}")

    return engine


@contextmanager
def _bare(connection: Connection) -> Iterator[Callable[[], None]]:
    if connection.dialect.name == "postgresql":
        for setting in (
            "session_replication_role = replica",
            "TIME ZONE 'UTC'",
            "maintenance_work_mem = '512MB'",
            "work_mem = '256MB'",
        ):
            connection.exec_driver_sql(f"SET LOCAL {setting}")
    else:
        news.remove(connection)
    dropped: list[Index] = []
    for model in (LegacyAccount, StandingChange):
        dropped += sorted(_table(model).indexes, key=lambda index: index.name or "")
    for index in dropped:
        index.drop(connection)

    def put_back() -> None:
        while dropped:
            dropped.pop().create(connection)

    yield put_back
    news.install(connection)


def _write_units(connection: Connection, rows: list[Row]) -> None:
    began = MOMENTS[0]
    insert_rows(
        connection,
        _table(Unit),
        "id parent_id path kind status name name_key uscc administrators version "
        "created_at updated_at",
        (
            (
                *(r.id, r.parent_id, r.path, r.kind, "active", f"演示单位{r.id}", f"{r.id}"),
                *(r.uscc, r.administrators, 1, began, began),
            )
            for r in rows
        ),
    )
    homes = ((r.id, r.department, r.region) for r in rows if r.kind != "department")
    insert_rows(connection, HOMES, "unit_id department_id region", homes)


def _write_people(connection: Connection, tree: Tree) -> None:
    """Six in ten first-level units have a representative; one person in some has dozens."""
    numbers = sorted({_holder(tree, each) for each in _represented(tree)})
    began = MOMENTS[0]
    insert_rows(
        connection,
        _table(Person),
        "id name id_type id_sealed id_index level first_signed_in_at last_signed_in_at",
        ((n, f"示例{n}", "resident_id", b"-", holder_of(n), 2, began, began) for n in numbers),
    )
    insert_rows(
        connection,
        _table(Representation),
        "person_id uscc enterprise_name since",
        ((_holder(tree, each), tree.codes[each], "演示", began) for each in _represented(tree)),
    )
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT setval('persons_id_seq', max(id)) FROM persons")


def _represented(tree: Tree) -> list[int]:
    return [number for number in tree.first_levels if number % 10 < 6]


def _holder(tree: Tree, unit_id: int) -> int:
    """Who represents a unit, or is named by its accounts; the first hundred have many."""
    return unit_id % 100 + 1 if unit_id % 37 == 0 else 100 + unit_id // 2


def _accounts(tree: Tree, units: int, persons: int) -> Iterator[tuple[object, ...]]:
    rng = random.Random(7)
    first_levels, everywhere = list(tree.first_levels), list(tree.units)
    for numbers in (first_levels, everywhere):
        rng.shuffle(numbers)  # so that how much hangs from a unit doesn't follow its number
    standings = _hundred(_UNIT_STANDINGS)
    for number in range(units):
        place = number if number < len(first_levels) else rng.random() ** 2 * len(first_levels)
        unit_id = first_levels[int(place)] if rng.random() > 0.01 else None
        holder = None if unit_id is None else holder_of(_holder(tree, unit_id))
        yield _account(number + 1, "unit", holder, unit_id, rng, standings)
    standings = _hundred(_STANDINGS)
    for number in range(persons):
        chance = rng.random()
        if chance < 1 / LARGEST_SHARE:
            unit_id = tree.colleges[int(rng.random() ** 3 * len(tree.colleges))]
        else:
            unit_id = everywhere[int(rng.random() ** 1.5 * len(everywhere))]
        yield _account(
            units + number + 1,
            *("personal", None, unit_id if chance < 0.99 else None, rng, standings),
        )


def _account(
    number: int,
    kind: str,
    holder: bytes | None,
    unit_id: int | None,
    rng: random.Random,
    standings: list[tuple[str, str | None]],
) -> tuple[object, ...]:
    state, blocker = standings[int(rng.random() * 100)]
    hour = int(rng.random() * len(MOMENTS))
    imported = int(rng.random() * hour) if state == "migrated" else hour
    name = f"b{number}"
    return (
        *(number, name, kind, name, "示例", holder, False, unit_id),
        *(MOMENTS[imported], state, blocker, MOMENTS[hour]),
    )


def _hundred(shares: Shares) -> list[tuple[str, str | None]]:
    return [(state, blocker) for state, blocker, share in shares for _ in range(share)]


def _table(model: type) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
