"""Importing a register of units, whole or not at all, with a word on every row not taken as it is.

The rows are staged beside the tree, placed, checked and then written, all in SQL over the whole
set, in the caller's transaction. A dry run is the same import, rolled back by the caller.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from admin_app.audit.act import Act, require_platform
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.hierarchy import register_checks, register_places, register_staging, register_writing
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.register_rules import RegisterRow, Words, read_row, require_source
from admin_app.hierarchy.register_vocabulary import Outcome, PlaceMissing, RowCode, TreeEmpty
from admin_app.hierarchy.rows import reserve_ids
from admin_app.hierarchy.rules import depth
from admin_app.hierarchy.vocabulary import ParentArchived, UnitStatus
from admin_app.wording import Text


@dataclass(frozen=True, slots=True)
class Register:
    """Where the rows come from and how they are meant.

    Args:
        source: whose numbers the external ids are, such as ``register``.
        columns: which of ``RegisterRow``'s fields the file has; what it hasn't isn't changed.
        under: the unit under which rows without a parent stand; the topmost department if None.
    """

    file_name: str
    sha256: str
    source: str
    columns: frozenset[str]
    words: Words = field(default_factory=Words)
    under: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows: ``rows_read == taken + refused``, always.

    ``taken`` rows are in the tree afterwards: created, updated or unchanged. ``changed`` of them
    were taken with a change. ``depth`` is how many levels the taken rows have below ``under``.
    """

    rows_read: int
    taken: int
    created: int
    updated: int
    unchanged: int
    changed: int
    refused: int
    depth: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A row that wasn't taken, or was taken with a change, and why."""

    row: int
    external_id: str
    name: str
    outcome: Outcome
    code: RowCode
    reason: Text


class Phase:
    """What the import is doing, for a progress bar."""

    READING = Text("读取", "Reading")
    CHECKING = Text("核对", "Checking")
    WRITING = Text("写入", "Writing")


# Phase, how much of it is done, and of how much if that is known.
Progress = Callable[[Text, int, int | None], None]


def import_register(
    act: Act,
    rows: Iterable[RegisterRow],
    register: Register,
    progress: Progress = lambda _phase, _done, _total: None,
) -> Counts:
    """Create, update and archive units as a register says; only the platform itself does that.

    Until the transaction ends others can read the tree, but not change it. ``report_lines`` gives
    the report; read it before the transaction ends, and call ``finish`` afterwards.

    Raises:
        Refused, SourceMalformed, TreeEmpty, PlaceMissing, ParentArchived
    """
    require_platform(act)
    source = require_source(register.source)
    session = act.session
    top = _top(session, register.under)
    session.flush()
    register_staging.prepare(session)
    readings = (read_row(row, register.words, source) for row in rows)
    for count in register_staging.stage(session, readings, source):
        progress(Phase.READING, count, None)
    _lock(session)
    session.refresh(top)  # somebody may have moved it since
    levels = _check(session, top, register, progress)
    for done, total in register_writing.write(session, act.at, levels):
        progress(Phase.WRITING, done, total)
    session.expire_all()
    counts = _count(session, top)
    record(
        act,
        Event.UNITS_IMPORTED,
        unit_id=top.id,
        subject=register.file_name[:300],
        source=source,
        sha256=register.sha256,
        **asdict(counts),
    )
    session.flush()
    return counts


def report_lines(session: Session) -> Iterator[ReportLine]:
    """Every row not taken, or taken with a change, in the order of the file."""
    rows = session.execute(text(_REPORT), execution_options={"yield_per": 1_000})
    for number, external_id, name, code, detail in rows:
        found = RowCode(code)
        reason = found.text.format(detail=detail or "")
        yield ReportLine(number, external_id or "", name or "", found.outcome, found, reason)


def finish(session: Session) -> None:
    """Take the staged rows away."""
    register_staging.clear(session)


_REPORT = """
SELECT number, external_id, name, refusal AS code, detail FROM staged_units
WHERE refusal IS NOT NULL
UNION ALL
SELECT c.number, s.external_id, s.name, c.code, c.detail
FROM staged_changes AS c JOIN staged_units AS s ON s.number = c.number
WHERE s.refusal IS NULL
ORDER BY 1, 4
"""

_COUNT = """
SELECT count(*) AS rows_read,
       count(outcome) AS taken,
       count(CASE WHEN outcome = 'created' THEN 1 END) AS created,
       count(CASE WHEN outcome = 'updated' THEN 1 END) AS updated,
       count(CASE WHEN outcome = 'unchanged' THEN 1 END) AS unchanged,
       count(CASE WHEN outcome IS NOT NULL AND EXISTS (
           SELECT 1 FROM staged_changes AS c WHERE c.number = s.number) THEN 1 END) AS changed,
       count(refusal) AS refused,
       coalesce(max(CASE WHEN outcome IS NOT NULL THEN depth END), 0) AS depth
FROM staged_units AS s
"""


def _top(session: Session, under: int | None) -> Unit:
    if under is not None:
        unit = session.get(Unit, under)
        if unit is None:
            raise PlaceMissing(field="under", unit_id=under)
    else:
        unit = session.scalar(select(Unit).where(Unit.parent_id.is_(None)))
        if unit is None:
            raise TreeEmpty
    if unit.status is UnitStatus.ARCHIVED:
        raise ParentArchived(field="under", parent=unit.name)
    return unit


def _lock(session: Session) -> None:
    """Let nobody else change the tree until the transaction ends; in the order ``move`` locks."""
    reserve_ids(session, 0)
    if register_staging.is_postgres(session):
        session.execute(text("LOCK TABLE units IN EXCLUSIVE MODE"))
        register_staging.analyse(session, "units")


def _check(session: Session, top: Unit, register: Register, progress: Progress) -> int:
    """Place the rows and settle which are taken; returns how many levels they have."""
    steps = 4
    register_places.find_units(session, keep_status="status" not in register.columns)
    register_staging.analyse(session, "staged_units")
    progress(Phase.CHECKING, 1, steps)
    register_places.find_parents(session, top, keep_places="parents" not in register.columns)
    register_staging.analyse(session, "staged_units")
    progress(Phase.CHECKING, 2, steps)
    levels = register_places.find_levels(session)
    register_staging.analyse(session, "staged_units")
    progress(Phase.CHECKING, 3, steps)
    register_checks.settle(session, levels)
    register_checks.note_outcomes(session, codes_given="uscc" in register.columns)
    progress(Phase.CHECKING, steps, steps)
    return levels


def _count(session: Session, top: Unit) -> Counts:
    values = dict(session.execute(text(_COUNT)).mappings().one())
    values["depth"] = max(0, values["depth"] - depth(top.path))
    return Counts(**values)
