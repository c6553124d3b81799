"""A chart, its table and its finding never say different things."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from admin_app.migration.vocabulary import AccountState
from dashboards.figures import (
    blockers,
    burnup,
    cases,
    comparison,
    funnel,
    headlines,
    levers,
    parts,
    ranking,
)
from dashboards.figures.states import ORDER
from dashboards.numbers import number, percent
from dashboards.values import Look
from tests.dashboards.figures_drawn import CHARTS
from tests.effort import examples

PLAIN = Look()
of = {chart.name: chart.data for chart in CHARTS}
some = settings(max_examples=examples(30), deadline=None)


@some
@given(of["headlines"])
def test_headlines_bars_are_wholes(data: headlines.Headlines) -> None:
    figure = headlines.figure(data, PLAIN)
    shown = [each for each in data.shown if each.figures.total]
    for at in range(len(shown)):
        assert abs(sum(trace.x[at] for trace in figure.data) - 100) < 1e-6
    numbers = [row.cells[2] for row in headlines.table(data).rows]
    assert numbers == [h.figures.by_state[state] for h in data.shown for state in ORDER]


@some
@given(of["headlines"])
def test_headlines_finding_says_the_share_shown(data: headlines.Headlines) -> None:
    said = headlines.finding(data).en
    chosen = next((h for h in data.shown if h.counted is data.chosen and h.figures.total), None)
    if chosen is None:
        assert said == "Nothing to migrate here yet."
        return
    migrated, total = chosen.figures.by_state[AccountState.MIGRATED], chosen.figures.total
    if migrated in (0, total):
        assert said.startswith("All" if migrated else "None")
    else:
        assert said.startswith(percent(migrated, total))
    gained = headlines.points_gained(chosen)
    assert ("more than" not in said) or (gained is not None and gained > 0)
    assert ("less than" not in said) or (gained is not None and gained < 0)


@some
@given(of["funnel"])
def test_funnel_loses_what_is_missing(data: funnel.Funnel) -> None:
    left = [row.cells[3] for row in funnel.table(data).rows]
    if data.stages:
        assert sum(left) == data.first - data.stages[-1].number
    figure = funnel.figure(data, PLAIN)
    if figure.data:
        reached, *lost = figure.data
        assert list(reached.x) == [row.cells[1] for row in funnel.table(data).rows]
        rows = dict(zip(reached.y, left, strict=True))
        assert {y: x for trace in lost for y, x in zip(trace.y, trace.x, strict=True)} == rows
        assert any(left) == ("Nobody" not in funnel.finding(data).en)
        if any(left):
            assert f"{max(left):,}" in funnel.finding(data).zh


@some
@given(of["blockers"])
def test_blockers_bands_add_up(data: blockers.Blockers) -> None:
    rows = blockers.table(data).rows
    figure = blockers.figure(data, PLAIN)
    for at, row in enumerate(rows):
        bands = [trace.x[at] for trace in figure.data]
        assert tuple(bands) == row.cells[5:9]
        assert sum(bands) == row.cells[1]
    if rows:
        assert rows[-1].cells[2] == "100%"
        assert number(data.total) in blockers.finding(data).zh


@some
@given(of["burnup"])
def test_burnup_draws_the_days_of_its_table(data: burnup.Burnup) -> None:
    figure = burnup.figure(data, PLAIN)
    if not figure.data:
        return
    migrated = next(trace for trace in figure.data if trace.name == "已迁移")
    rows = burnup.table(data).rows
    shown = len(data.shown)
    assert list(migrated.y) == [row.cells[1] for row in rows[:shown]]
    assert list(migrated.x) == [f"{row.cells[0]:%Y-%m-%d}" for row in rows[:shown]]
    fan = [trace for trace in figure.data if trace.name == "预测（中位）"]
    assert [row.cells[1] for row in rows[shown:]] == (list(fan[0].y)[1:] if fan else [])


@some
@given(of["burnup"])
def test_burnup_asks_enough_of_each_day(data: burnup.Burnup) -> None:
    """The pace needed reaches the goal in time, and one a day less doesn't."""
    if data.needed is not None and data.deadline is not None:
        left = (data.deadline - data.now.day).days
        assert data.now.migrated + data.needed * left >= data.foretold.goal
        assert data.now.migrated + (data.needed - 1) * left < data.foretold.goal
        assert number(data.needed) in burnup.pace(data).zh


@some
@given(of["parts"], st.booleans())
def test_tiles_fill_the_place(data: parts.Icicle, narrow: bool) -> None:
    figure = parts.figure(data, Look(narrow=narrow))
    assert sum(row.cells[1] for row in parts.table(data).rows) == data.total
    if not figure.data:
        return
    whole, *tiles = figure.data
    assert whole.width[0] == data.total
    if narrow:
        assert abs(sum(tile.y[0] for tile in tiles) - 460) < 1e-6
    else:
        assert sum(tile.width[0] for tile in tiles) == data.total
    assert _others_last(data)


def _others_last(data: parts.Icicle) -> bool:
    others = data.parts.others
    return others is None or not others.total or data.tiles[-1] is others


@some
@given(of["parts"], st.booleans())
def test_a_tile_shows_no_piece_of_a_name(data: parts.Icicle, narrow: bool) -> None:
    """The name, the name without the ending that most share, the share alone, or nothing."""
    figure = parts.figure(data, Look(narrow=narrow))
    for tile, part in zip(figure.data[1:], data.tiles, strict=False):
        said = tile.text[0].replace("<br>", "").replace(" ", "")
        share = percent(part.migrated, part.total).replace("<", "&lt;").replace(">", "&gt;")
        assert said == "" or said.endswith(share)
        name = said.removesuffix(share)
        full = _written(data.name(part).zh)
        assert name in ("", full) or (full.startswith(name) and _shared(full[len(name) :], data))


def _written(name: str) -> str:
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(escaped.split())


def _shared(ending: str, data: parts.Icicle) -> bool:
    names = [_written(part.name) for part in data.tiles if part is not data.parts.others]
    return 2 * sum(name.endswith(ending) for name in names) >= len(names)


@some
@given(of["ranking"])
def test_ranking_points_are_its_rows(data: ranking.Ranking) -> None:
    rows = ranking.table(data).rows
    figure = ranking.figure(data, PLAIN)
    assert sum(len(trace.x) for trace in figure.data) == len(rows)
    behind = [row for row in rows if row.cells[7].en == "clearly behind"]
    said = ranking.finding(data).en
    assert said.startswith(f"{len(behind)} clearly behind") == bool(behind)


@some
@given(of["levers"])
def test_levers_release_what_their_rows_say(data: levers.Levers) -> None:
    rows = levers.table(data).rows
    figure = levers.figure(data, PLAIN)
    if figure.data:
        firms, below = figure.data
        assert sum(firms.x) == sum(row.cells[4] for row in rows)
        assert sum(below.x) == sum(row.cells[5] for row in rows)
        for total in (data.enterprises, data.secondary_units):
            assert not total or f" {total:,} " in levers.finding(data).zh


@some
@given(of["cases"])
def test_cases_bars_are_what_is_open(data: cases.Cases) -> None:
    rows = cases.table(data).rows
    figure = cases.figure(data, PLAIN)
    if not rows or not figure.data:
        return
    late, rest = figure.data
    drawn = list(zip(late.x, rest.x, strict=True))
    assert drawn == [(row.cells[3], row.cells[2] - row.cells[3]) for row in rows][: len(drawn)]
    assert len(drawn) >= len(data.desk.abouts) + len(data.desk.kinds)
    whole, all_of_them = data.desk.whole, data.desk.abouts.values()
    others = sum(each.open for each in all_of_them) - whole.open
    late = sum(each.overdue for each in all_of_them)
    said = cases.finding(data).en
    if whole.is_nothing:
        assert said.startswith(f"No cases about {data.counted.label.en}; about anything: ")
        assert (f": {number(others)} open" in said) == (others > 0)
        assert (f" {number(late)} of them overdue" in said) == (late > 0)
        return
    assert (f"{number(whole.open)} open" in said) == (whole.open > 0)
    assert ("of them overdue" in said) == (whole.overdue > 0)
    assert (f"; {number(others)} more open" in said) == (others > 0)


@some
@given(of["comparison"])
def test_comparison_is_the_difference(data: comparison.Comparison) -> None:
    rows: list[Any] = list(comparison.table(data).rows)
    if data.earlier and data.later:
        first, later = rows[0].cells[1], rows[0].cells[3]
        said = comparison.finding(data).en
        if data.earlier.total or data.later.total:
            assert ("more migrated" in said) == (later > first)
            assert ("fewer migrated" in said) == (later < first)
        assert sum(row.cells[1] for row in rows) == data.earlier.total
        assert sum(row.cells[3] for row in rows) == data.later.total
