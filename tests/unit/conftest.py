"""Unit tests are about rules: one that reaches for a database fails."""

from typing import NoReturn

import pytest
from sqlalchemy.pool import Pool


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pool: Pool) -> NoReturn:
        raise AssertionError("a unit test touched the database: move it to tests/integration")

    monkeypatch.setattr(Pool, "connect", refuse)
