"""Which rows can't be taken because of other rows or of what is in the tree already.

A refusal can bring about others: of the rows below, and of rows that counted on a unit's new name
or place. So the checks are repeated until nothing more is refused; every round only refuses, so
there is an end.
"""

from sqlalchemy.orm import Session

from admin_app.hierarchy.register_staging import number, run

# A unit that the register doesn't take in hand: it stays where and as it is.
_STANDING = """
NOT EXISTS (SELECT 1 FROM staged_units AS t WHERE t.unit_id = {unit}.id AND t.refusal IS NULL)
"""

_MISPLACED = """
UPDATE staged_units SET refusal = 'kind_misplaced', detail = ''
WHERE refusal IS NULL AND (kind = 'secondary') = (parent_kind = 'department')
"""

_PARENT_REFUSED = """
UPDATE staged_units AS s SET refusal = 'parent_refused', detail = CAST(p.number AS VARCHAR)
FROM staged_units AS p
WHERE p.number = s.depends_on AND p.refusal IS NOT NULL AND s.refusal IS NULL
"""

_CLOSE = "UPDATE staged_units SET open = 0 WHERE closed = 1 AND open = 1"
_OPEN_ABOVE_STANDING = f"""
UPDATE staged_units AS s SET open = 1
WHERE closed = 1 AND refusal IS NULL AND EXISTS (
    SELECT 1 FROM units AS c WHERE c.parent_id = s.unit_id AND c.status = 'active'
    AND {_STANDING.format(unit="c")})
"""  # noqa: S608 - put together from constants
_OPEN_ABOVE_OPEN = """
UPDATE staged_units AS s SET open = 1
WHERE closed = 1 AND open = 0 AND refusal IS NULL AND level = :level AND EXISTS (
    SELECT 1 FROM staged_units AS c
    WHERE c.depends_on = s.number AND c.parent_row = s.number AND c.open = 1 AND c.refusal IS NULL)
"""

# Of two rows with one name, the one whose unit is there already stays; else the first.
_DUPLICATE_NAME = """
UPDATE staged_units AS s SET refusal = 'duplicate_name', detail = CAST(d.first AS VARCHAR)
FROM (SELECT number, first_value(number) OVER (
          PARTITION BY coalesce(parent_row, -parent_unit), name_key
          ORDER BY CASE WHEN unit_id IS NULL THEN 1 ELSE 0 END, number) AS first
      FROM staged_units WHERE refusal IS NULL AND open = 1) AS d
WHERE d.number = s.number AND d.first <> d.number
"""
_NAME_TAKEN = f"""
UPDATE staged_units AS s SET refusal = 'name_taken', detail = u.name FROM units AS u
WHERE s.refusal IS NULL AND s.open = 1
  AND u.parent_id = s.parent_unit AND u.name_key = s.name_key AND u.status = 'active'
  AND {_STANDING.format(unit="u")}
"""  # noqa: S608 - put together from constants
_CODE_TAKEN = """
UPDATE staged_units AS s SET refusal = 'code_taken', detail = u.name FROM units AS u
WHERE s.refusal IS NULL AND u.uscc = s.uscc AND (s.unit_id IS NULL OR u.id <> s.unit_id)
  AND NOT EXISTS (SELECT 1 FROM staged_units AS t
                  WHERE t.unit_id = u.id AND t.refusal IS NULL AND t.uscc <> u.uscc)
"""
_PARENT_ARCHIVED = """
UPDATE staged_units AS s SET refusal = 'parent_archived', detail = u.name FROM units AS u
WHERE s.refusal IS NULL AND s.open = 1 AND s.parent_row IS NULL
  AND u.id = s.parent_unit AND u.status = 'archived'
"""
_MISPLACED_BELOW = f"""
UPDATE staged_units AS s SET refusal = 'kind_misplaced', detail = ''
WHERE refusal IS NULL AND kind <> had_kind AND EXISTS (
    SELECT 1 FROM units AS c WHERE c.parent_id = s.unit_id
    AND (c.kind = 'secondary') = (s.kind = 'department') AND {_STANDING.format(unit="c")})
"""  # noqa: S608 - put together from constants

_CHECKS = (_DUPLICATE_NAME, _NAME_TAKEN, _CODE_TAKEN, _PARENT_ARCHIVED, _MISPLACED_BELOW)


def settle(session: Session, levels: int) -> None:
    """Refuse what can't be taken, until every row left can be."""
    run(session, _MISPLACED)
    refused = True
    while refused:
        while run(session, _PARENT_REFUSED):
            pass
        _settle_status(session, levels)
        refused = sum(run(session, check) for check in _CHECKS) > 0


def _settle_status(session: Session, levels: int) -> None:
    """A closed unit with units in use below it stays in use, and so do those above it."""
    if not number(session, "SELECT 1 FROM staged_units WHERE closed = 1 LIMIT 1"):
        return
    run(session, _CLOSE)
    run(session, _OPEN_ABOVE_STANDING)
    for level in range(levels, 0, -1):
        run(session, _OPEN_ABOVE_OPEN, level=level)


def note_outcomes(session: Session, *, codes_given: bool) -> None:
    """Note what is changed only now that every row's place and status is known."""
    run(
        session,
        """
        INSERT INTO staged_changes (number, code, detail)
        SELECT number, CASE WHEN open = 1 THEN 'open_below' ELSE 'closed' END, status_word
        FROM staged_units WHERE refusal IS NULL AND status_word IS NOT NULL
        """,
    )
    if codes_given:
        run(
            session,
            """
            INSERT INTO staged_changes (number, code, detail)
            SELECT s.number, 'code_missing', '' FROM staged_units AS s
            LEFT JOIN units AS u ON u.id = s.unit_id
            WHERE s.refusal IS NULL AND s.kind = 'first_level'
              AND s.uscc IS NULL AND u.uscc IS NULL
            """,
        )
