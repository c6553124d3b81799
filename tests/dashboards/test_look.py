"""The figures look like the console, and can be told apart without colour."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.migration.vocabulary import AccountState
from dashboards.look import FONT, colours, lines_of, on_scale, room, safe, template, width_of
from dashboards.values import Look

ROOT = Path(__file__).parents[2]
SHEET = (ROOT / "admin_app/web/static/console.css").read_text(encoding="utf-8")
LIGHT, DARK = Look(), Look(dark=True)
both = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])


def property_of(name: str, look: Look) -> str:
    """A custom property of the console; the second time it is set is for the dark."""
    return re.findall(rf"--{name}: ([^;]+);", SHEET)[1 if look.dark else 0]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@both
@pytest.mark.parametrize(
    "name", ["surface", "ink", "ink-soft", "line", "line-strong", "accent", "good", "wait", "bad"]
)
def test_the_colours_are_the_consoles(look: Look, name: str) -> None:
    assert getattr(colours(look), name.replace("-", "_")) == property_of(name, look)


def test_the_fonts_are_the_consoles() -> None:
    assert property_of("text-font", LIGHT) == FONT


@both
def test_states_differ_by_pattern_or_lightness(look: Look) -> None:
    """Whoever sees no colours sees four surfaces."""
    for one, other in combinations(AccountState, 2):
        first, second = colours(look).states[one], colours(look).states[other]
        assert first.shape != second.shape or contrast(first.colour, second.colour) > 3


@both
def test_text_upon_surfaces_can_be_read(look: Look) -> None:
    for fill in colours(look).states.values():
        assert contrast(fill.colour, fill.text) >= 4.5
    for share in (0, 0.2, 0.4, 0.6, 0.8, 1):
        assert contrast(*on_scale(share, look)) >= 4.5


@both
def test_more_is_darker_by_day_and_lighter_by_night(look: Look) -> None:
    for steps in (colours(look).scale, colours(look).ages):
        light = [luminance(colour) for colour in steps]
        assert light == sorted(light, reverse=not look.dark)


@both
def test_the_card_shines_through(look: Look) -> None:
    layout = template(look.dark).layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"


@given(st.text(max_size=80), st.booleans(), st.integers(1, 3))
def test_lines_fit_and_lose_nothing_unsaid(text: str, narrow: bool, most: int) -> None:
    look = Look(narrow=narrow)
    lines = lines_of(text, 14, look, most)
    assert len(lines) <= most
    assert all(width_of(line, 14) <= room(look) + 14 for line in lines)
    if not (lines and lines[-1].endswith("…")):
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_english_breaks_between_words() -> None:
    assert lines_of("Institute of Oceanology", 10, LIGHT, 3, 70) == [
        "Institute of",
        "Oceanology",
    ]


@given(st.text())
def test_a_name_makes_no_tags(text: str) -> None:
    assert "<" not in safe(text)
    assert ">" not in safe(text)
