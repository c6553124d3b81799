"""A register goes into the tree as a whole, each row accounted for, and again without a change."""

import csv
from collections.abc import Sequence
from pathlib import Path
from resource import getpagesize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.audit.vocabulary import Event
from admin_app.exchange.unit_files import load_mapping, open_units
from admin_app.hierarchy.models import Unit, UnitNameGram, UnitPeriod
from admin_app.hierarchy.register_import import (
    Counts,
    Register,
    ReportLine,
    finish,
    import_register,
    report_lines,
)
from admin_app.hierarchy.register_rules import Reading, RegisterRow
from admin_app.hierarchy.register_staging import prepare, stage
from admin_app.hierarchy.register_vocabulary import Outcome, PlaceMissing, RowCode, TreeEmpty
from admin_app.hierarchy.register_writing import SEGMENT_SQL
from admin_app.hierarchy.rules import DEPTH_MOST, grams, path_under, require_place, segment
from admin_app.hierarchy.search import search_units
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.policy.reach import EVERYWHERE
from admin_app.policy.vocabulary import Refused
from tests import builders
from tests.builders_files import ALL_COLUMNS, csv_file, register, row
from tests.databases import Database, scratch
from tests.effort import examples
from tests.world import build_world

REAL_REGISTER = Path(__file__).parents[3] / "shared" / "data" / "cn-research-units.csv"


def take(
    session: Session, rows: Sequence[RegisterRow], which: Register | None = None
) -> tuple[Counts, list[ReportLine]]:
    """Import, and read the report."""
    counts = import_register(builders.act(session), iter(rows), which or register())
    lines = list(report_lines(session))
    finish(session)
    return counts, lines


def reasons(lines: Sequence[ReportLine]) -> list[tuple[int, RowCode]]:
    return [(line.row, line.code) for line in lines]


def unit(session: Session, external_id: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.external_id == f"demo:{external_id}")).one()


UNIVERSITY = row(2, "u", "演示大学", uscc=builders.uscc(1))
COLLEGE = row(3, "c", "海洋学院", "u")
LABORATORY = row(4, "l", "潮汐实验室", "c")


def test_rows_become_units_under_their_parents_in_any_order(session: Session) -> None:
    root = builders.root(session)
    counts, lines = take(session, [LABORATORY, COLLEGE, UNIVERSITY])
    assert (counts.created, counts.depth, lines) == (3, 3, [])
    university, laboratory = unit(session, "u"), unit(session, "l")
    assert (university.parent_id, university.kind) == (root.id, UnitKind.FIRST_LEVEL)
    assert (laboratory.parent_id, laboratory.kind) == (unit(session, "c").id, UnitKind.SECONDARY)
    assert [u.name for u in search_units(session, EVERYWHERE, "潮汐").units] == ["潮汐实验室"]


def test_a_second_run_changes_nothing(session: Session) -> None:
    builders.root(session)
    rows = [UNIVERSITY, COLLEGE, LABORATORY]
    take(session, rows)
    periods = session.scalar(select(func.count()).select_from(UnitPeriod))
    counts, _ = take(session, rows)
    assert (counts.unchanged, counts.created, counts.updated) == (3, 0, 0)
    assert session.scalar(select(func.count()).select_from(UnitPeriod)) == periods
    assert unit(session, "c").version == 1


def test_changed_names_parents_and_codes_reach_the_unit_and_all_below_it(session: Session) -> None:
    builders.root(session)
    take(session, [UNIVERSITY, COLLEGE, LABORATORY])
    below = builders.unit(session, unit(session, "l"), "课题组")
    other = row(5, "o", "另一大学", uscc=builders.uscc(2))
    changed = [
        row(2, "u", "演示大学", uscc=builders.uscc(3)),
        row(3, "c", "海洋科学学院", "o"),
        LABORATORY,
        other,
    ]
    counts, _ = take(session, changed)
    assert (counts.created, counts.updated, counts.unchanged) == (1, 2, 1)
    assert unit(session, "u").uscc == builders.uscc(3)
    assert unit(session, "c").path == path_under(unit(session, "o").path, unit(session, "c").id)
    session.refresh(below)
    assert below.path.startswith(unit(session, "c").path)
    assert_sound(session)


def test_names_and_codes_may_change_hands_within_one_file(session: Session) -> None:
    builders.root(session)
    one, two = builders.uscc(1), builders.uscc(2)
    take(session, [row(2, "a", "甲公司", uscc=one), row(3, "b", "乙公司", uscc=two)])
    counts, lines = take(
        session, [row(2, "a", "乙公司", uscc=two), row(3, "b", "甲公司", uscc=one)]
    )
    assert (counts.updated, lines) == (2, [])
    assert (unit(session, "a").name, unit(session, "a").uscc) == ("乙公司", two)


def test_parent_and_child_may_change_places(session: Session) -> None:
    builders.root(session)
    take(session, [UNIVERSITY, COLLEGE, LABORATORY])
    take(session, [UNIVERSITY, row(3, "c", "海洋学院", "l"), row(4, "l", "潮汐实验室", "u")])
    assert unit(session, "c").parent_id == unit(session, "l").id
    assert_sound(session)


def test_a_row_cannot_stand_below_a_unit_that_stands_below_it(session: Session) -> None:
    builders.root(session)
    take(session, [UNIVERSITY, COLLEGE, LABORATORY])
    _, lines = take(session, [row(2, "c", "海洋学院", "l")])
    assert reasons(lines) == [(2, RowCode.CYCLE)]


A, B = builders.uscc(11), builders.uscc(12)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(2, "c", "学院", "none")], [(2, RowCode.PARENT_UNKNOWN)]),
        ([row(2, "a", "甲"), row(3, "a", "乙")], [(3, RowCode.DUPLICATE_EXTERNAL_ID)]),
        ([row(2, "a", "甲 公司"), row(3, "b", "甲公司")], [(3, RowCode.DUPLICATE_NAME)]),
        (
            [row(2, "a", "甲"), row(3, "b", "甲"), row(4, "c", "学院", "b")],
            [(3, RowCode.DUPLICATE_NAME), (4, RowCode.PARENT_REFUSED)],
        ),
        ([row(2, "a", "甲", uscc=A), row(3, "b", "乙", uscc=A)], [(3, RowCode.CODE_DUPLICATE)]),
        (
            [row(2, "a", "甲", "b"), row(3, "b", "乙", "a"), row(4, "c", "丙", "b")],
            [(2, RowCode.CYCLE), (3, RowCode.CYCLE), (4, RowCode.PARENT_REFUSED)],
        ),
        ([row(2, "a", "甲", "a")], [(2, RowCode.CYCLE)]),
        ([row(2, "a", "甲", kind="二级单位")], [(2, RowCode.KIND_MISPLACED)]),
        (
            [row(2, "a", "甲", uscc=A), row(3, "c", "丙", "none|a")],
            [(3, RowCode.SEVERAL_PARENTS)],
        ),
        ([row(2, "a", "甲", uscc=A), row(3, "c", "丙", A)], []),
        ([row(2, "a", "甲", uscc=A, status="注销")], [(2, RowCode.CLOSED)]),
        (
            [row(2, "a", "甲", uscc=A, status="注销"), row(3, "c", "丙", "a")],
            [(2, RowCode.OPEN_BELOW)],
        ),
        (
            [row(2, "a", "甲", uscc=A), row(3, "b", "甲", uscc=B, status="注销")],
            [(3, RowCode.CLOSED)],
        ),
        ([row(2, "a", "演示市科技局", kind="主管部门")], []),
        ([RegisterRow(2, external_id="a", name="甲", surplus=True)], [(2, RowCode.ROW_TOO_LONG)]),
    ],
)
def test_each_oddity_is_reported(
    session: Session, rows: list[RegisterRow], expected: list[tuple[int, RowCode]]
) -> None:
    builders.root(session)
    counts, lines = take(session, rows)
    # Most of these rows leave out the credit code, which is the subject of the next test.
    told = [(line, code) for line, code in reasons(lines) if code is not RowCode.CODE_MISSING]
    assert told == expected
    assert counts.rows_read == counts.taken + counts.refused == len(rows)


def test_a_first_level_unit_without_its_code_is_told_only_if_the_file_has_codes(
    session: Session,
) -> None:
    builders.root(session)
    _, lines = take(session, [row(2, "a", "甲")])
    assert reasons(lines) == [(2, RowCode.CODE_MISSING)]
    _, lines = take(session, [row(2, "a", "甲")], register(ALL_COLUMNS - {"uscc"}))
    assert lines == []


def test_what_is_in_the_tree_already_is_not_overrun(session: Session) -> None:
    world = build_world(session)
    top = register(under=world["济南市科技局"].id)
    taken_code = world["无人公司"].uscc or ""
    counts, lines = take(
        session,
        [row(2, "a", "演示大学", uscc=A), row(3, "b", "新公司", uscc=taken_code)],
        top,
    )
    assert counts.refused == 2
    assert reasons(lines) == [(2, RowCode.NAME_TAKEN), (3, RowCode.CODE_TAKEN)]


def test_rows_can_stand_below_a_unit_of_the_tree_known_by_its_credit_code(session: Session) -> None:
    world = build_world(session)
    take(session, [row(2, "a", "新学院", world["演示大学"].uscc or "")])
    assert unit(session, "a").parent_id == world["演示大学"].id


def test_a_unit_sorted_under_a_department_since_stays_there(session: Session) -> None:
    root = builders.root(session)
    bureau = builders.unit(session, root, "某市科技局", UnitKind.DEPARTMENT)
    take(session, [UNIVERSITY], register(under=bureau.id))
    counts, _ = take(session, [UNIVERSITY])
    assert (counts.unchanged, unit(session, "u").parent_id) == (1, bureau.id)


def test_what_a_file_has_no_column_for_stays(session: Session) -> None:
    builders.root(session)
    take(session, [UNIVERSITY, row(3, "c", "学院", "u", status="注销")])
    narrow = register(frozenset({"external_id", "name"}))
    counts, _ = take(session, [row(2, "u", "演示大学"), row(3, "c", "学院")], narrow)
    assert counts.unchanged == 2
    assert unit(session, "c").status is UnitStatus.ARCHIVED


def test_a_chain_deeper_than_the_tree_may_be_ends_at_the_last_level(session: Session) -> None:
    builders.root(session)
    chain = [row(n, str(n), f"单位{n}", str(n - 1) if n > 2 else "") for n in range(2, 40)]
    counts, lines = take(session, chain)
    assert counts.taken == DEPTH_MOST - 1
    assert {line.code for line in lines if line.outcome is Outcome.REFUSED} <= {
        RowCode.TOO_DEEP,
        RowCode.PARENT_REFUSED,
    }


def test_one_event_with_the_file_and_the_counts_is_recorded(session: Session) -> None:
    builders.root(session)
    take(session, [UNIVERSITY])
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.event == Event.UNITS_IMPORTED.value)
    ).one()
    assert entry.subject == "演示名录.csv"
    assert (entry.details["sha256"], entry.details["created"]) == ("0" * 64, 1)


def test_nobody_who_signs_in_imports_a_register(session: Session) -> None:
    world = build_world(session)
    with pytest.raises(Refused):
        import_register(builders.act(session, world.rector), iter(()), register())


def test_the_place_must_exist(session: Session) -> None:
    builders.root(session)
    with pytest.raises(PlaceMissing):
        take(session, [], register(under=999))


def test_an_empty_tree_says_how_to_begin_it(session: Session) -> None:
    with pytest.raises(TreeEmpty, match="yihaotong units root"):
        take(session, [], register())


def test_the_segment_of_a_path_is_the_same_in_sql(session: Session) -> None:
    numbers = [1, 35, 36, 1_295, 1_296, 46_656, 60_466_175, 2_000_000_000]
    statement = text(f"SELECT {SEGMENT_SQL} FROM (SELECT CAST(:n AS INTEGER) AS unit_id) AS n")
    assert [session.scalar(statement, {"n": n}) for n in numbers] == [segment(n) for n in numbers]


_IDS = st.sampled_from("abcdef")
_ROWS = st.lists(
    st.builds(
        RegisterRow,
        number=st.just(0),
        external_id=_IDS | st.just(""),
        name=st.sampled_from(["甲", "乙", "丙 院", "丙院", "", "\x00", "𠮷野家", "a" * 201]),
        english_name=st.sampled_from(["", "Institute"]),
        uscc=st.sampled_from(["", "", A, B, "91", A[:17] + "0"]),
        parents=st.lists(_IDS | st.just("none"), max_size=2).map("|".join),
        kind=st.sampled_from(["", "", "企业", "主管部门", "二级单位", "?"]),
        status=st.sampled_from(["", "在用", "注销", "测试", "?"]),
        surplus=st.sampled_from([False, False, False, True]),
    ),
    max_size=12,
).map(
    lambda rows: [
        RegisterRow(
            number, r.external_id, r.name, r.english_name, r.uscc, r.parents, r.kind, r.status,
            r.surplus,
        )
        for number, r in enumerate(rows, start=2)
    ]
)  # fmt: skip


@settings(max_examples=examples(40))
@given(first=_ROWS, second=_ROWS)
def test_every_row_of_any_register_is_accounted_for_and_the_tree_stays_sound(
    database: Database, first: list[RegisterRow], second: list[RegisterRow]
) -> None:
    with scratch(database) as session:
        builders.root(session)
        for rows in (first, second):
            counts, lines = take(session, rows)
            refused = [line.row for line in lines if line.outcome is Outcome.REFUSED]
            assert counts.rows_read == counts.taken + counts.refused == len(rows)
            assert len(refused) == len(set(refused)) == counts.refused
            changed = {line.row for line in lines if line.outcome is Outcome.CHANGED}
            assert (len(changed), changed & set(refused)) == (counts.changed, set())
            assert_sound(session)
        again, _ = take(session, rows)
        assert (again.created, again.updated) == (0, 0)


def assert_sound(session: Session) -> None:
    """Paths follow parents, kinds fit their places, names are told apart, history is complete."""
    session.expire_all()
    units = {u.id: u for u in session.scalars(select(Unit))}
    names = [(u.parent_id, u.name_key) for u in units.values() if u.status is UnitStatus.ACTIVE]
    assert len(names) == len(set(names))
    for u in units.values():
        if u.parent_id is not None:
            above = units[u.parent_id]
            assert u.path == path_under(above.path, u.id)
            require_place(u.kind, above.kind)
            assert u.status is UnitStatus.ARCHIVED or above.status is UnitStatus.ACTIVE
    current = session.scalars(select(UnitPeriod).where(UnitPeriod.until.is_(None))).all()
    assert {(p.unit_id, p.parent_id, p.name, p.status) for p in current} == {
        (u.id, u.parent_id, u.name, u.status) for u in units.values()
    }
    indexed = {
        tuple(pair) for pair in session.execute(select(UnitNameGram.unit_id, UnitNameGram.gram))
    }
    assert indexed == {(u.id, gram) for u in units.values() for gram in grams(u.name_key)}


# The shapes of the real register in small: five levels, several parents, missing names, closed
# units above and without open ones, a name twice.
SMALL = """ror_id,单位名称,英文名称,单位类型,省份,城市,上级单位,状态
1,演示科学院,Demo Academy,Facility,,,,active
2,,Demo Branch,facility|funder,,,1,active
3,演示研究所,Demo Institute,Facility,,,2|1,active
4,演示重点实验室,Demo Laboratory,Facility,,,3,inactive
5,演示课题组,Demo Group,Facility,,,4,active
6,演示大学,Demo University,education,,,,active
7,演示大学,Demo University,education,,,,active
8,,Closed Demo Agency,government,,,6,withdrawn
9,演示中心,Demo Centre,Other,,,missing,active
"""


def test_the_shapes_of_a_real_register_are_each_treated_as_documented(
    session: Session, tmp_path: Path
) -> None:
    builders.root(session)
    counts, lines = _take_file(session, csv_file(tmp_path / "units.csv", SMALL))
    assert (counts.rows_read, counts.taken, counts.refused, counts.depth) == (9, 7, 2, 5)
    assert reasons(lines) == [
        (3, RowCode.NAME_FROM_ENGLISH),
        (4, RowCode.SEVERAL_PARENTS),
        (5, RowCode.OPEN_BELOW),
        (8, RowCode.DUPLICATE_NAME),
        (9, RowCode.CLOSED),
        (9, RowCode.NAME_FROM_ENGLISH),
        (10, RowCode.PARENT_UNKNOWN),
    ]
    assert_sound(session)


def test_the_real_register_is_taken_if_it_lies_beside_the_repository(session: Session) -> None:
    if not REAL_REGISTER.exists():
        return  # its shapes are covered by the test above
    builders.root(session)
    with REAL_REGISTER.open(encoding="utf-8", newline="") as file:
        size = sum(1 for _ in csv.reader(file)) - 1
    counts, lines = _take_file(session, REAL_REGISTER)
    assert counts.rows_read == size == counts.taken + counts.refused
    assert (counts.taken, counts.changed, counts.depth) == (1_481, 201, 5)
    assert [line.row for line in lines if line.outcome is Outcome.REFUSED] == [1_386]
    assert_sound(session)
    again, _ = _take_file(session, REAL_REGISTER)
    assert again.unchanged == counts.taken


def _take_file(session: Session, path: Path) -> tuple[Counts, list[ReportLine]]:
    mapping = load_mapping()
    found = open_units(path, mapping)
    which = register(found.columns, words=mapping.words)
    return take(session, list(found.rows), which)


def test_a_hundred_thousand_rows_need_little_memory(session: Session) -> None:
    """Only staging sees the rows one by one; everything after it happens inside the database."""
    readings = (
        Reading(n, name=f"示例{n}", name_key=f"示例{n}", external_id=f"demo:{n}", parents=["1"])
        for n in range(100_000)
    )
    prepare(session)
    before = _resident_bytes()
    most = max(_resident_bytes() for _ in stage(session, readings, "demo"))
    assert most - before < 150_000_000  # of which SQLite's own cache may take 96 MiB


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * getpagesize()
