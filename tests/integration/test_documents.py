"""The documents made from the code say what the code says."""

from pathlib import Path

import pytest

from admin_app.cli.settings_page import entries
from admin_app.settings import DEMO_IDENTITY_KEY, DEMO_PORTAL_SECRET, DEMO_SECRET
from tools.documents import DOCUMENTS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_a_generated_document_is_up_to_date(path: Path) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == DOCUMENTS[path]()


def test_every_setting_has_a_meaning() -> None:
    assert [entry.variable for entry in entries() if not entry.meaning] == []


def test_the_settings_page_shows_no_secret() -> None:
    page = DOCUMENTS[Path("docs/settings.md")]()
    for secret in (DEMO_SECRET, DEMO_PORTAL_SECRET, DEMO_IDENTITY_KEY):
        assert secret not in page
