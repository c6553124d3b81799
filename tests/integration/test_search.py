"""Finding a unit by credit code or any part of its name, within reach only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from admin_app.hierarchy import search
from admin_app.hierarchy.rules import name_key
from admin_app.hierarchy.search import search_units
from admin_app.hierarchy.vocabulary import SearchTooShort, UnitKind
from admin_app.policy.reach import EVERYWHERE, Reach
from tests import builders
from tests.databases import Database
from tests.world import build_world


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("海洋", ["海洋学院"]),
        ("潮汐实验", ["潮汐实验室"]),
        ("学院", ["海洋学院", "物理学院", "邻居学院"]),
        ("大 学", ["演示大学", "邻居大学"]),
        ("没有这个", []),
        ("学%院", []),
    ],
)
def test_any_part_of_a_name_finds_it(session: Session, typed: str, found: list[str]) -> None:
    build_world(session)
    assert [u.name for u in search_units(session, EVERYWHERE, typed).units] == found


def test_a_credit_code_or_its_beginning_finds_the_unit(session: Session) -> None:
    world = build_world(session)
    code = world["演示大学"].uscc or ""
    assert [u.name for u in search_units(session, EVERYWHERE, code.lower()).units] == ["演示大学"]
    assert world["演示大学"] in search_units(session, EVERYWHERE, code[:15]).units


def test_what_lies_outside_the_reach_is_not_found(session: Session) -> None:
    world = build_world(session)
    found = search_units(session, Reach(world["演示大学"].path), "学院").units
    assert [u.name for u in found] == ["海洋学院", "物理学院"]


@pytest.mark.parametrize("typed", ["", " ", "海", "Ａ"])
def test_a_single_character_is_too_little(session: Session, typed: str) -> None:
    with pytest.raises(SearchTooShort):
        search_units(session, EVERYWHERE, typed)


def test_a_search_cut_short_says_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES_MOST", 10)
    monkeypatch.setattr(search, "SMALL_SUBTREE", 3)
    monkeypatch.setattr(search, "_RARE", 5)
    parent = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
    for number in range(20):
        builders.unit(session, parent, f"{number}甲公司")
        builders.unit(session, parent, f"公司乙{number}")
    found = search_units(session, EVERYWHERE, "甲公司乙")
    assert found.cut_short
    assert not found.units


@given(
    names=st.lists(st.text(alphabet="海洋大学院AＡa 1·", min_size=2, max_size=8), max_size=8),
    typed=st.text(alphabet="海洋大学院AＡa 1·", min_size=2, max_size=3),
)
def test_search_finds_exactly_the_names_that_contain_the_text(
    database: Database, names: list[str], typed: str
) -> None:
    if len(name_key(typed)) < 2:
        return
    with builders.scratch(database) as session:
        parent = builders.unit(session, builders.root(session), "顶", UnitKind.FIRST_LEVEL)
        distinct = {name_key(name): name for name in names if name.strip()}
        units = [builders.unit(session, parent, name) for name in distinct.values()]
        expected = {u.id for u in units if name_key(typed) in u.name_key}
        assert {u.id for u in search_units(session, EVERYWHERE, typed).units} == expected
