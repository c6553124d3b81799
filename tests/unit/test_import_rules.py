"""One row of accounts, affiliations or history, read by itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.identity.id_numbers import likely_id_type
from admin_app.identity.vocabulary import IdType
from admin_app.migration.import_rows import AccountRow, AffiliationRow, HistoryRow
from admin_app.migration.import_rules import (
    clean_organisation_code,
    read_account,
    read_affiliation,
    read_date,
    read_record,
)
from admin_app.migration.import_vocabulary import RowCode
from tests import builders
from tests.builders_imports import KINDS, WORDS, account

DOCUMENT = Path(__file__).parents[2] / "docs" / "import-accounts.md"


@pytest.mark.parametrize(
    ("typed", "moment", "has_day"),
    [
        ("2020-01-02", datetime(2020, 1, 1, 16, tzinfo=UTC), True),
        ("2020/1/2", datetime(2020, 1, 1, 16, tzinfo=UTC), True),
        ("2020.01.02", datetime(2020, 1, 1, 16, tzinfo=UTC), True),
        ("20200102", datetime(2020, 1, 1, 16, tzinfo=UTC), True),
        ("2020年1月2日", datetime(2020, 1, 1, 16, tzinfo=UTC), True),
        ("２０２０年１月２日", datetime(2020, 1, 1, 16, tzinfo=UTC), True),
        ("2020-01-02 09:30", datetime(2020, 1, 2, 1, 30, tzinfo=UTC), True),
        ("2020-01-02T09:30:00", datetime(2020, 1, 2, 1, 30, tzinfo=UTC), True),
        ("2020-01-02T09:30:00Z", datetime(2020, 1, 2, 9, 30, tzinfo=UTC), True),
        ("2020年1月", datetime(2019, 12, 31, 16, tzinfo=UTC), False),
        ("2020-01", datetime(2019, 12, 31, 16, tzinfo=UTC), False),
        ("2020", datetime(2019, 12, 31, 16, tzinfo=UTC), False),
        ("2020年", datetime(2019, 12, 31, 16, tzinfo=UTC), False),
    ],
)
def test_dates_are_read_as_offices_write_them(typed: str, moment: datetime, has_day: bool) -> None:
    assert read_date(typed) == (moment, has_day)


@pytest.mark.parametrize(
    "typed", ["", "long ago", "2020-02-30", "2020-13", "43831", "1066-10-14", "02/01/2020"]
)
def test_what_is_no_date_is_not_guessed(typed: str) -> None:
    assert read_date(typed) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("70846113-6", "708461136"),  # positions 9 to 17 of 91440300708461136T
        ("708461136", "708461136"),
        ("ＭＡ０００１００－Ｙ", None),
        ("M000100Y4", "M000100Y4"),  # of 91350100M000100Y43
        ("708461137", None),
        ("7084611", None),
    ],
)
def test_organisation_codes_are_checked(typed: str, code: str | None) -> None:
    assert clean_organisation_code(typed) == code


@pytest.mark.parametrize(
    ("number", "id_type"),
    [
        ("11010519491231002X", IdType.RESIDENT_ID),
        ("150102880730303", IdType.RESIDENT_ID),
        ("990001198006060066", IdType.RESIDENT_ID),
        ("911124198108030024", IdType.FOREIGN_PERMANENT_RESIDENCE),
        ("932682198501010017", IdType.FOREIGN_PERMANENT_RESIDENCE),
        ("DEU110101850101", IdType.FOREIGN_PERMANENT_RESIDENCE),
        ("E12345678", IdType.PASSPORT),
    ],
)
def test_the_kind_of_document_follows_from_the_number_if_it_isnt_given(
    number: str, id_type: IdType
) -> None:
    assert likely_id_type(number) is id_type
    assert read_account(account(2, id_number=number), WORDS).id_type is id_type


def test_the_organisation_code_stands_inside_the_credit_code() -> None:
    reading = read_account(account(2, "unit", uscc="91440300708461136T"), WORDS)
    assert (reading.organisation_code, reading.is_code_right) == ("708461136", True)


def test_a_code_with_a_wrong_check_gives_no_inner_code_either() -> None:
    reading = read_account(account(2, "unit", uscc="91440300708461136A"), WORDS)
    assert (reading.organisation_code, reading.is_code_right) == (None, False)


def test_numbers_and_hashes_are_not_in_what_logs_would_show() -> None:
    row = account(2)
    shown = repr(row) + repr(read_account(row, WORDS))
    assert builders.id_number(2) not in shown
    assert row.password_hash not in shown


_cells = st.text(max_size=20) | st.sampled_from(["personal", "unit", "a2", "2020-01-02"])


@given(cells=st.lists(_cells, min_size=12, max_size=12))
def test_whatever_a_row_says_it_is_read_and_each_reason_can_be_told(cells: list[str]) -> None:
    readings = [
        read_account(AccountRow(2, *cells), WORDS),
        read_affiliation(AffiliationRow(2, *cells[:6])),
        read_record(HistoryRow(2, *cells[:8]), KINDS),
    ]
    for reading in readings:
        for code, detail in reading.changes:
            assert code.text.format(detail=detail).zh


@pytest.mark.parametrize("code", list(RowCode), ids=lambda code: code.value)
def test_every_reason_is_documented_and_a_sentence_in_both_languages(code: RowCode) -> None:
    assert f"`{code.value}`" in DOCUMENT.read_text(encoding="utf-8")
    said = code.text.format(detail="x")
    assert said.zh.endswith("。")
    assert said.en.endswith(".")
