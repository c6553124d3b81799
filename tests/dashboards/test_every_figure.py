"""What holds of every chart of the dashboard, whatever the figures and however it is drawn."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin_app.wording import Text
from dashboards import marks
from dashboards.values import Look
from tests.dashboards.figures_drawn import CHARTS, Chart, looks
from tests.effort import examples

BASIC = {"scatter", "bar", "pie"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# All the HTML that figures write themselves; whatever else looks like it must be escaped.
OWN_HTML = re.compile(r"</?b>|<br>|<span style=\"color:#[0-9a-f]{6}\">|</span>")

# Their tables lead further than their bars: to the whole, or to what the chart has no room for.
WITH_MORE_ROWS = ("levers", "headlines", "funnel", "cases")

every_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
some = settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def said_in(figure: Any) -> list[str]:
    """Every text that Plotly shows as a little HTML."""
    found: list[str] = [note.text for note in figure.layout.annotations]
    for trace in figure.data:
        for value in (trace.text, trace.hovertext, trace.name):
            found += [value] if isinstance(value, str) else list(value or ())
    return found


@every_chart
@some
@given(data=st.data(), look=looks)
def test_it_needs_the_basic_bundle_only(chart: Chart, data: st.DataObject, look: Look) -> None:
    figure = chart.module.figure(data.draw(chart.data), look)
    assert {trace.type for trace in figure.data} <= BASIC


@every_chart
@some
@given(data=st.data(), look=looks)
def test_names_are_shown_as_they_are(chart: Chart, data: st.DataObject, look: Look) -> None:
    """A unit called <b>x</b> or %{x} makes nothing bold and fetches nothing."""
    figure = chart.module.figure(data.draw(chart.data), look)
    for text in said_in(figure):
        assert "<" not in OWN_HTML.sub("", text).replace("<0.1%", ""), text
    for trace in figure.data:  # a name in a template would be read as one
        assert trace.hovertemplate is None
        assert trace.texttemplate is None


@every_chart
@some
@given(data=st.data(), look=looks)
def test_a_click_finds_its_way(chart: Chart, data: st.DataObject, look: Look) -> None:
    """Each bar carries its Mark or says that it leads nowhere, and the table's rows the same."""
    drawn = data.draw(chart.data)
    figure = chart.module.figure(drawn, look)
    carried = {text for trace in figure.data for text in trace.customdata or ()}
    assert all(marks.written(marks.read(text)) == text for text in carried)
    for trace in figure.data:
        assert trace.type != "bar" or len(trace.customdata) == len(trace.x)
    in_rows = {marks.written(row.mark) for row in chart.module.table(drawn).rows if row.mark}
    assert in_rows <= carried or not figure.data or chart.name in WITH_MORE_ROWS


@every_chart
@some
@given(data=st.data())
def test_the_table_is_whole(chart: Chart, data: st.DataObject) -> None:
    table = chart.module.table(data.draw(chart.data))
    assert all(len(row.cells) == len(table.headings) for row in table.rows)
    assert all(heading.zh and heading.en for heading in table.headings)


@every_chart
@some
@given(data=st.data())
def test_the_finding_is_a_sentence_in_both_languages(chart: Chart, data: st.DataObject) -> None:
    finding = chart.module.finding(data.draw(chart.data))
    assert isinstance(finding, Text)
    assert CHINESE.search(finding.zh)
    assert finding.en


@every_chart
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_to_show_is_said(chart: Chart, language: str) -> None:
    figure = chart.module.figure(chart.nothing(), Look(language=language))
    assert len(figure.data) == 0
    assert not figure.layout.xaxis.visible
    assert [note.text for note in figure.layout.annotations] != [""]
    assert bool(CHINESE.search(figure.layout.annotations[0].text)) is (language == "zh")
    assert chart.module.finding(chart.nothing()).zh


@every_chart
def test_it_says_what_is_measured(chart: Chart) -> None:
    for text in (chart.module.DEFINITION, chart.module.HEADING):
        assert CHINESE.search(text.zh)
        assert text.en
        assert not CHINESE.search(text.en)


@every_chart
@some
@given(data=st.data(), look=looks)
def test_drawn_twice_it_is_the_same(chart: Chart, data: st.DataObject, look: Look) -> None:
    drawn = data.draw(chart.data)
    first, second = (chart.module.figure(drawn, look).to_json() for _ in range(2))
    assert json.loads(first) == json.loads(second)
