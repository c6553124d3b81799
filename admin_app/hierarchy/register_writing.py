"""Writing a settled register into the tree: new units, changed ones, periods, the search index."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from admin_app.hierarchy.register_rules import NAME_KEY_MOST
from admin_app.hierarchy.register_staging import is_postgres, number, run
from admin_app.hierarchy.rows import reserve_ids
from admin_app.hierarchy.rules import SEGMENT_WIDTH

CHUNK = 200_000  # new units written by one statement; the bar moves on after each

# ``rules.segment`` in SQL; a test holds the two equal.
SEGMENT_SQL = " || ".join(
    f"substr('0123456789abcdefghijklmnopqrstuvwxyz', (n.unit_id / {36**power}) % 36 + 1, 1)"
    for power in range(SEGMENT_WIDTH - 1, -1, -1)
)
# One level at a time, so that the paths above are known.
_NUMBER_NEW = f"""
UPDATE staged_units AS s SET is_new = 1, outcome = 'created', unit_id = n.unit_id,
    parent_unit = n.parent_unit, path = n.above || {SEGMENT_SQL}
FROM (SELECT t.number,
             CAST(:first - 1 + row_number() OVER (ORDER BY t.number) AS INTEGER) AS unit_id,
             coalesce(p.unit_id, t.parent_unit) AS parent_unit, coalesce(p.path, u.path) AS above
      FROM staged_units AS t
      LEFT JOIN staged_units AS p ON p.number = t.parent_row AND p.is_new = 1
      LEFT JOIN units AS u ON u.id = t.parent_unit
      WHERE t.level = :level AND t.refusal IS NULL AND t.unit_id IS NULL) AS n
WHERE n.number = s.number
"""  # noqa: S608 - put together from constants
_PARENT_IS_NEW = """
UPDATE staged_units AS s SET parent_unit = p.unit_id FROM staged_units AS p
WHERE p.number = s.parent_row AND s.parent_unit IS NULL AND s.refusal IS NULL
"""

_STATUS = "CASE WHEN s.open = 1 THEN 'active' ELSE 'archived' END"
_COMPARE = f"""
UPDATE staged_units AS s
SET placed = CASE WHEN u.name = s.name AND u.parent_id = s.parent_unit
                       AND u.status = {_STATUS} THEN 0 ELSE 1 END,
    moved = CASE WHEN u.parent_id = s.parent_unit THEN 0 ELSE 1 END,
    renamed = CASE WHEN u.name_key = s.name_key THEN 0 ELSE 1 END,
    outcome = CASE WHEN u.name = s.name AND u.parent_id = s.parent_unit AND u.status = {_STATUS}
                        AND u.kind = s.kind AND coalesce(s.uscc, u.uscc, '') = coalesce(u.uscc, '')
                   THEN 'unchanged' ELSE 'updated' END
FROM units AS u WHERE u.id = s.unit_id AND s.refusal IS NULL AND s.is_new = 0
"""  # noqa: S608 - put together from constants

# Names and codes may change hands within one file: first everybody lets go of theirs.
_LET_GO = """
UPDATE units SET status = 'archived', uscc = CASE WHEN s.uscc IS NULL THEN units.uscc END
FROM staged_units AS s WHERE s.unit_id = units.id AND s.outcome = 'updated'
"""
_INSERT = f"""
INSERT INTO units (id, parent_id, path, kind, status, name, name_key, uscc, external_id,
                   administrators, version, created_at, updated_at)
SELECT s.unit_id, s.parent_unit, s.path, s.kind, {_STATUS}, s.name, s.name_key, s.uscc,
       s.external_id, 0, 1, :at, :at
FROM staged_units AS s WHERE s.is_new = 1 AND s.unit_id BETWEEN :low AND :high ORDER BY s.unit_id
"""  # noqa: S608 - put together from constants
_UPDATE = f"""
UPDATE units SET name = s.name, name_key = s.name_key, parent_id = s.parent_unit, kind = s.kind,
    status = {_STATUS}, uscc = coalesce(s.uscc, units.uscc),
    version = units.version + 1, updated_at = :at
FROM staged_units AS s WHERE s.unit_id = units.id AND s.outcome = 'updated'
"""  # noqa: S608 - put together from constants

_BEGIN_NEW_PERIODS = f"""
INSERT INTO unit_periods (unit_id, parent_id, name, status, since)
SELECT s.unit_id, s.parent_unit, s.name, {_STATUS}, :at
FROM staged_units AS s WHERE s.is_new = 1 AND s.unit_id BETWEEN :low AND :high ORDER BY s.unit_id
"""  # noqa: S608 - put together from constants
_END_PERIODS = """
UPDATE unit_periods SET until = :at WHERE until IS NULL AND unit_id IN (
    SELECT unit_id FROM staged_units WHERE outcome = 'updated' AND placed = 1)
"""
_BEGIN_NEXT_PERIODS = f"""
INSERT INTO unit_periods (unit_id, parent_id, name, status, since)
SELECT s.unit_id, s.parent_unit, s.name, {_STATUS}, :at
FROM staged_units AS s WHERE s.outcome = 'updated' AND s.placed = 1
"""  # noqa: S608 - put together from constants

# ``rules.grams`` in SQL: the same numbers, without sending millions of rows back and forth.
_GRAM = """
CAST({code}(substr({key}, i, 1)) AS BIGINT) * 2097152 + {code}(substr({key}, i + 1, 1))
"""
_POSITIONS = {
    # SQLite keeps the order of a CROSS JOIN: names first, not every position for every name.
    "sqlite": "CROSS JOIN staged_positions ON i < length({key})",
    "postgresql": "CROSS JOIN LATERAL generate_series(1, length({key}) - 1) AS positions (i)",
}

_CODE_POINT = {"sqlite": "unicode", "postgresql": "ascii"}
_FILL_POSITIONS = """
WITH RECURSIVE positions (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM positions WHERE i < :most)
INSERT INTO staged_positions SELECT i FROM positions
"""

# Paths end in the unit's own number, so they stay unique whatever stands before it.
_TABLE_OF_WRONG_PATHS = """
CREATE TEMPORARY TABLE staged_paths (round INTEGER, unit_id INTEGER, path VARCHAR)
"""
_MOVED_WRONG = """
INSERT INTO staged_paths (round, unit_id, path)
SELECT 0, u.id, p.path || substr(u.path, length(u.path) - 5)
FROM staged_units AS s JOIN units AS u ON u.id = s.unit_id JOIN units AS p ON p.id = u.parent_id
WHERE s.moved = 1 AND s.outcome = 'updated'
"""
_CORRECT = """
UPDATE units SET path = w.path FROM staged_paths AS w
WHERE w.round = :round AND w.unit_id = units.id
"""
_BELOW_WRONG = """
INSERT INTO staged_paths (round, unit_id, path)
SELECT :round, c.id, p.path || substr(c.path, length(c.path) - 5)
FROM staged_paths AS w JOIN units AS p ON p.id = w.unit_id JOIN units AS c ON c.parent_id = p.id
WHERE w.round = :round - 1 AND c.path <> p.path || substr(c.path, length(c.path) - 5)
"""


def write(session: Session, at: datetime, levels: int) -> Iterator[tuple[int, int]]:
    """Write everything; yields how many of the steps are done."""
    new = number(
        session, "SELECT count(*) FROM staged_units WHERE refusal IS NULL AND unit_id IS NULL"
    )
    first = reserve_ids(session, new)
    numbered = first
    for level in range(1, levels + 1):
        numbered += run(session, _NUMBER_NEW, first=numbered, level=level)
    run(session, _PARENT_IS_NEW)
    run(session, _COMPARE)
    updated = number(session, "SELECT count(*) FROM staged_units WHERE outcome = 'updated'")
    _prepare_positions(session)
    if updated:
        _unindex_renamed(session)
        run(session, _LET_GO)
    chunks = list(range(first, first + new, CHUNK))
    steps = 2 * len(chunks) + 1
    for done, low in enumerate(chunks):
        high = min(low + CHUNK, first + new) - 1
        run(session, _INSERT, at=at, low=low, high=high)
        run(session, _BEGIN_NEW_PERIODS, at=at, low=low, high=high)
        yield 2 * done + 1, steps
        _index_names(session, "s.is_new = 1 AND s.unit_id BETWEEN :low AND :high", low, high)
        yield 2 * done + 2, steps
    if updated:
        _update(session, at)
    yield steps, steps


def _update(session: Session, at: datetime) -> None:
    run(session, _UPDATE, at=at)
    run(session, _END_PERIODS, at=at)
    run(session, _BEGIN_NEXT_PERIODS, at=at)
    _index_names(session, "s.renamed = 1 AND s.outcome = 'updated'")
    _repath(session)


def _repath(session: Session) -> None:
    """Give moved units, and then level by level all below them, the paths of their parents.

    A moved unit may stand below another one that moves too; so go on until all fit.
    """
    run(session, _TABLE_OF_WRONG_PATHS)
    found = run(session, _MOVED_WRONG)
    round_ = 0
    while found:
        run(session, _CORRECT, round=round_)
        round_ += 1
        found = run(session, _BELOW_WRONG, round=round_)
    run(session, "DROP TABLE staged_paths")


def _prepare_positions(session: Session) -> None:
    if is_postgres(session):
        return
    run(session, "DROP TABLE IF EXISTS staged_positions")
    run(session, "CREATE TEMPORARY TABLE staged_positions (i INTEGER PRIMARY KEY)")
    run(session, _FILL_POSITIONS, most=NAME_KEY_MOST)


def _unindex_renamed(session: Session) -> None:
    """Take the former names of renamed units out of the search index."""
    kind = session.get_bind().dialect.name
    gram = _GRAM.format(code=_CODE_POINT[kind], key="u.name_key")
    positions = _POSITIONS[kind].format(key="u.name_key")
    run(
        session,
        f"""
        DELETE FROM unit_name_grams WHERE (gram, unit_id) IN (
            SELECT {gram}, u.id FROM staged_units AS s JOIN units AS u ON u.id = s.unit_id
            {positions} WHERE s.renamed = 1 AND s.outcome = 'updated')
        """,  # noqa: S608 - put together from constants
    )


def _index_names(session: Session, which: str, low: int = 0, high: int = 0) -> None:
    kind = session.get_bind().dialect.name
    gram = _GRAM.format(code=_CODE_POINT[kind], key="s.name_key")
    positions = _POSITIONS[kind].format(key="s.name_key")
    values = {"low": low, "high": high} if ":low" in which else {}
    run(
        session,
        f"""
        INSERT INTO unit_name_grams (gram, unit_id)
        SELECT {gram}, s.unit_id FROM staged_units AS s {positions}
        WHERE {which} ORDER BY 1, 2 ON CONFLICT DO NOTHING
        """,  # noqa: S608 - put together from constants
        **values,
    )
