"""What the sources themselves must keep to: imports, templates, the catalogue of events."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from admin_app.audit.vocabulary import Event

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = sorted((ROOT / "admin_app").rglob("*.py"))

_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_INLINE = re.compile(r"<[a-z][^>]*\s(style|on[a-z]+)\s*=", re.IGNORECASE)
_ASSET = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=\"([^\"]*)\"")
_OUTSIDE_ADDRESS = re.compile(r"(?:https?:)?//[\w.]", re.IGNORECASE)


def test_imports_run_one_way() -> None:
    """design.md §4; the contracts are in pyproject.toml."""
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_style_or_handler(template: Path) -> None:
    """The Content-Security-Policy would block them."""
    assert _INLINE.findall(_read(template)) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_templates_assets_come_from_here(template: Path) -> None:
    for address in _ASSET.findall(_read(template)):
        assert address.startswith(("{{ asset(", "{{ dashboard_asset(", "{{ url_for(")), address


@pytest.mark.parametrize("name", ["console.css", "pages.css", "console.js"])
def test_style_and_script_fetch_nothing_from_elsewhere(name: str) -> None:
    text = (ROOT / "admin_app" / "web" / "static" / name).read_text(encoding="utf-8")
    assert [a for a in _OUTSIDE_ADDRESS.findall(text) if "w3.org" not in a] == []
    assert "@import" not in text


def test_templates_never_switch_escaping_off() -> None:
    off = [t.name for t in TEMPLATES if re.search(r"\|\s*safe\b|autoescape\s+false", _read(t))]
    assert off == []


@pytest.mark.parametrize("event", Event, ids=lambda event: event.value)
def test_every_event_of_the_catalogue_is_recorded_somewhere(event: Event) -> None:
    catalogue = ROOT / "admin_app" / "audit" / "vocabulary.py"
    users = [p for p in SOURCES if p != catalogue and f"Event.{event.name}" in _read(p)]
    assert users, f"nothing records {event.name}"


def test_no_page_records_events_itself() -> None:
    """It would do so apart from what it records; operations do both at once."""
    recording = {p for p in SOURCES if "audit.operations import" in _read(p)}
    assert [p for p in recording if p.parent.name in ("views", "web")] == []


def _read(path: Path) -> str:
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))
