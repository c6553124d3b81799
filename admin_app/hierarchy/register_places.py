"""Where each row of a register will stand: its unit, its parent, its level; circles found.

A row's place depends on the row above it. Rows that depend on none come first, and level follows
level; what is never reached stands in a circle, below one, or too far down.
"""

from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.register_staging import number, run
from admin_app.hierarchy.rules import DEPTH_MOST

_DUPLICATE_IDS = """
UPDATE staged_units AS s
SET canonical = 0, detail = CASE WHEN refusal IS NULL THEN CAST(d.first AS VARCHAR) ELSE detail END,
    refusal = coalesce(refusal, 'duplicate_external_id')
FROM (SELECT external_id, min(number) AS first FROM staged_units
      WHERE external_id IS NOT NULL GROUP BY external_id HAVING count(*) > 1) AS d
WHERE s.external_id = d.external_id AND s.number <> d.first
"""

_KNOWN = """
UPDATE staged_units AS s SET unit_id = u.id, had_kind = u.kind FROM units AS u
WHERE u.external_id = s.external_id AND s.canonical = 1
"""

# Without a status column a unit stays as it is.
_KEEP_STATUS = """
UPDATE staged_units AS s SET closed = 1, open = 0 FROM units AS u
WHERE u.id = s.unit_id AND u.status = 'archived'
"""

_DUPLICATE_CODES = """
UPDATE staged_units AS s SET refusal = 'code_duplicate', detail = CAST(d.first AS VARCHAR)
FROM (SELECT number, first_value(number) OVER (
          PARTITION BY uscc ORDER BY CASE WHEN unit_id IS NULL THEN 1 ELSE 0 END, number) AS first
      FROM staged_units WHERE uscc IS NOT NULL AND refusal IS NULL) AS d
WHERE d.number = s.number AND d.first <> d.number
"""

_CHOOSE = """
UPDATE staged_units AS s
SET parent_row = c.parent_row, depends_on = c.parent_row, parent_unit = c.parent_unit,
    detail = CASE
    WHEN s.refusal IS NULL THEN c.reference ELSE s.detail END
FROM (
    SELECT f.number, f.reference, f.parent_row, f.parent_unit, row_number() OVER (
        PARTITION BY f.number ORDER BY f.position, f.preference, f.parent_row) AS rank
    FROM (
        SELECT p.number, p.position, p.reference, 1 AS preference,
               t.number AS parent_row, t.unit_id AS parent_unit
        FROM staged_parents AS p
        JOIN staged_units AS t ON t.external_id = p.external_id AND t.canonical = 1
        UNION ALL
        SELECT p.number, p.position, p.reference, 2, t.number, t.unit_id
        FROM staged_parents AS p
        JOIN staged_units AS t ON t.uscc = p.uscc AND t.canonical = 1
        UNION ALL
        SELECT p.number, p.position, p.reference, 3, t.number, u.id
        FROM staged_parents AS p JOIN units AS u ON u.external_id = p.external_id
        LEFT JOIN staged_units AS t ON t.unit_id = u.id
        UNION ALL
        SELECT p.number, p.position, p.reference, 4, t.number, u.id
        FROM staged_parents AS p JOIN units AS u ON u.uscc = p.uscc
        LEFT JOIN staged_units AS t ON t.unit_id = u.id
    ) AS f
) AS c
WHERE c.rank = 1 AND c.number = s.number
"""

_UNKNOWN_PARENTS = """
UPDATE staged_units AS s SET refusal = 'parent_unknown', detail = (
    SELECT min(p.reference) FROM staged_parents AS p
    WHERE p.number = s.number AND p.position = 0)
WHERE has_parents = 1 AND parent_row IS NULL AND parent_unit IS NULL AND refusal IS NULL
"""

_SEVERAL_PARENTS = """
INSERT INTO staged_changes (number, code, detail)
SELECT s.number, 'several_parents', s.detail FROM staged_units AS s
WHERE s.refusal IS NULL AND EXISTS (
    SELECT 1 FROM staged_parents AS p WHERE p.number = s.number AND p.position = 1)
"""

# A unit that was sorted under a department since the last import stays there.
_STAY = """
UPDATE staged_units AS s SET parent_unit = a.id FROM units AS u, units AS a
WHERE s.has_parents = 0 AND u.id = s.unit_id AND a.id = u.parent_id AND a.kind = 'department'
"""
_STAY_WHEREVER = """
UPDATE staged_units AS s SET parent_unit = u.parent_id FROM units AS u WHERE u.id = s.unit_id
"""
_BELOW_TOP = """
UPDATE staged_units SET parent_unit = :top WHERE has_parents = 0 AND parent_unit IS NULL
"""
_PARENT_IN_FILE = """
UPDATE staged_units AS s SET parent_row = p.number, depends_on = p.number FROM staged_units AS p
WHERE s.parent_row IS NULL AND p.unit_id = s.parent_unit
"""
_PARENT_IN_TREE = """
UPDATE staged_units AS s SET parent_kind = u.kind FROM units AS u
WHERE s.parent_row IS NULL AND u.id = s.parent_unit
"""

# From a parent that isn't in the file up to the nearest unit that is.
_CLIMB = """
WITH RECURSIVE climb (start, at, steps) AS (
    SELECT DISTINCT parent_unit, parent_unit, 1 FROM staged_units
    WHERE parent_row IS NULL AND parent_unit IS NOT NULL
    UNION ALL
    SELECT c.start, u.parent_id, c.steps + 1 FROM climb AS c JOIN units AS u ON u.id = c.at
    WHERE u.parent_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM staged_units AS t WHERE t.unit_id = c.at)
)
UPDATE staged_units AS s SET depends_on = t.number, steps = c.steps
FROM climb AS c JOIN staged_units AS t ON t.unit_id = c.at
WHERE s.parent_row IS NULL AND s.parent_unit = c.start
"""

_KIND = """
CASE WHEN s.given_kind IS NOT NULL THEN s.given_kind
     WHEN {parent} <> 'department' THEN 'secondary'
     WHEN s.had_kind = 'department' THEN 'department'
     ELSE 'first_level' END
"""
_FIRST = f"""
UPDATE staged_units AS s
SET level = 1, kind = {_KIND.format(parent="coalesce(s.parent_kind, 'department')")},
    depth = coalesce((SELECT length(u.path) / 6 FROM units AS u WHERE u.id = s.parent_unit), 0) + 1
WHERE depends_on IS NULL
"""  # noqa: S608 - put together from constants
_NEXT = f"""
UPDATE staged_units AS s
SET level = :level + 1, kind = {_KIND.format(parent="coalesce(s.parent_kind, p.kind)")},
    parent_kind = coalesce(s.parent_kind, p.kind), depth = p.depth + s.steps
FROM staged_units AS p
WHERE p.number = s.depends_on AND p.level = :level AND s.level IS NULL
"""  # noqa: S608 - put together from constants

# Doubling: after n rounds ``jump`` is 2^n rows up. Far enough up, only circles are left.
_UNREACHED = """
CREATE TEMPORARY TABLE staged_unreached AS
SELECT s.number, p.number AS jump FROM staged_units AS s
LEFT JOIN staged_units AS p ON p.number = s.depends_on AND p.level IS NULL
WHERE s.level IS NULL
"""
_JUMP = """
UPDATE staged_unreached AS s SET jump = b.jump FROM staged_unreached AS b WHERE b.number = s.jump
"""
_CYCLES = """
UPDATE staged_units SET refusal = 'cycle', detail = ''
WHERE number IN (SELECT jump FROM staged_unreached) AND refusal IS NULL
"""
_BELOW_CYCLES = """
UPDATE staged_units SET refusal = 'parent_refused', detail = CAST(depends_on AS VARCHAR)
WHERE refusal IS NULL
  AND number IN (SELECT number FROM staged_unreached WHERE jump IS NOT NULL)
"""
_TOO_FAR_DOWN = """
UPDATE staged_units SET refusal = 'too_deep', detail = :most
WHERE refusal IS NULL AND (level IS NULL OR depth > :levels)
"""
_CARRIED_TOO_FAR_DOWN = """
UPDATE staged_units AS s SET refusal = 'too_deep', detail = :most FROM units AS u
WHERE u.id = s.unit_id AND s.refusal IS NULL AND s.depth * 6 > length(u.path)
  AND s.depth + ((SELECT max(length(b.path)) FROM units AS b
                  WHERE b.path >= u.path AND b.path < u.path || '~') - length(u.path)) / 6 > :levels
"""


def find_units(session: Session, *, keep_status: bool) -> None:
    """Which rows say the same number twice, and which speak of units that are there already."""
    run(session, _DUPLICATE_IDS)
    run(session, _KNOWN)
    if keep_status:
        run(session, _KEEP_STATUS)
    run(session, "CREATE INDEX ix_staged_units_unit_id ON staged_units (unit_id)")
    run(session, "CREATE INDEX ix_staged_units_uscc ON staged_units (uscc)")
    run(session, _DUPLICATE_CODES)


def find_parents(session: Session, top: Unit, *, keep_places: bool) -> None:
    """Under which row or unit each row will stand."""
    run(session, _CHOOSE)
    run(session, _UNKNOWN_PARENTS)
    run(session, _SEVERAL_PARENTS)
    run(session, _STAY_WHEREVER if keep_places else _STAY)
    run(session, _BELOW_TOP, top=top.id)
    if known_units(session):
        run(session, _PARENT_IN_FILE)
    run(session, _PARENT_IN_TREE)
    if known_units(session):
        run(session, _CLIMB)
    run(session, "CREATE INDEX ix_staged_units_depends_on ON staged_units (depends_on)")


def find_levels(session: Session) -> int:
    """How far down each row stands and of which kind it is; returns the number of levels."""
    run(session, _FIRST)
    run(session, "CREATE INDEX ix_staged_units_level ON staged_units (level)")
    level = 1
    while level <= DEPTH_MOST and run(session, _NEXT, level=level):
        level += 1
    if number(session, "SELECT count(*) FROM staged_units WHERE level IS NULL"):
        _find_cycles(session)
    most = {"most": str(DEPTH_MOST), "levels": DEPTH_MOST}
    run(session, _TOO_FAR_DOWN, **most)
    run(session, _CARRIED_TOO_FAR_DOWN, **most)
    return level


def known_units(session: Session) -> bool:
    """Whether any row speaks of a unit that is there already."""
    query = "SELECT 1 FROM staged_units WHERE unit_id IS NOT NULL LIMIT 1"
    return bool(number(session, query))


def _find_cycles(session: Session) -> None:
    run(session, _UNREACHED)
    run(session, "CREATE INDEX ix_staged_unreached_number ON staged_unreached (number)")
    size = number(session, "SELECT count(*) FROM staged_unreached")
    for _ in range(size.bit_length()):
        run(session, _JUMP)
    run(session, _CYCLES)
    run(session, _BELOW_CYCLES)
    run(session, "DROP TABLE staged_unreached")
