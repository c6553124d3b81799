"""A person's business history: over all their accounts, page by page, whatever its length."""

from datetime import date

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from admin_app.migration import queries
from admin_app.migration.models import BusinessRecord, LegacyAccount
from admin_app.migration.queries import (
    HistoryPage,
    Wanted,
    history_page,
    records_of,
    tallies_of,
    years_of,
)
from admin_app.migration.vocabulary import RecordKind
from tests.builders_migration import history, legacy_account

AWARD, PROJECT = RecordKind.AWARD, RecordKind.PROJECT


def keep(session: Session, account: LegacyAccount, *rows: tuple[str, str, RecordKind]) -> None:
    """Records by day, title and kind."""
    session.execute(
        insert(BusinessRecord),
        [
            {
                "kind": kind,
                "external_id": f"{account.id}-{number}",
                "account_id": account.id,
                "title": title,
                "happened_on": date.fromisoformat(day),
                "role": "",
                "status": "",
            }
            for number, (day, title, kind) in enumerate(rows)
        ],
    )


def titles(page: HistoryPage) -> list[str]:
    return [record.title for record in page.records]


@pytest.fixture
def accounts(session: Session) -> list[int]:
    """Two accounts with four records each, every other day, the last of each an award."""
    made = [legacy_account(session, name) for name in ("示例甲", "示例公司")]
    for account, days in zip(made, ("1357", "2468"), strict=True):
        keep(
            session,
            account,
            *((f"2020-01-0{d}", f"Title {d}", AWARD if d in "78" else PROJECT) for d in days),
        )
    return [account.id for account in made]


def test_records_of_all_accounts_come_the_latest_first(
    session: Session, accounts: list[int]
) -> None:
    page = history_page(session, accounts, Wanted())
    assert titles(page) == [f"Title {d}" for d in "87654321"]
    assert page.next_after is None


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_go_on_where_the_one_before_ended(
    session: Session, accounts: list[int], size: int
) -> None:
    seen, after = [], None
    while True:
        page = history_page(session, accounts, Wanted(), after, size)
        seen += titles(page)
        after = page.next_after
        if after is None:
            break
    assert seen == [f"Title {d}" for d in "87654321"]


def test_records_of_one_day_are_each_met_once(session: Session) -> None:
    account = legacy_account(session)
    keep(session, account, *(("2020-01-01", str(n), PROJECT) for n in range(5)))
    first = history_page(session, [account.id], Wanted(), size=3)
    second = history_page(session, [account.id], Wanted(), first.next_after, 3)
    assert [*titles(first), *titles(second)] == list("43210")


def test_filters_are_by_kind_by_year_and_by_words(session: Session, accounts: list[int]) -> None:
    keep(session, legacy_account(session), ("2020-05-05", "somebody else's", AWARD))
    assert titles(history_page(session, accounts, Wanted(kind=AWARD))) == ["Title 8", "Title 7"]
    assert titles(history_page(session, accounts, Wanted(words="tITLE 3"))) == ["Title 3"]
    assert titles(history_page(session, accounts, Wanted(words="%"))) == []
    assert titles(history_page(session, accounts, Wanted(year=2021))) == []
    assert len(titles(history_page(session, accounts, Wanted(year=2020, kind=PROJECT)))) == 6
    assert years_of(session, accounts) == [2020]
    assert years_of(session, []) == []


@pytest.mark.parametrize("looked_through", [1, 2, 3, 4, 5])
def test_a_search_that_stops_short_goes_on_from_there_and_misses_nothing(
    session: Session, accounts: list[int], looked_through: int
) -> None:
    wanted, seen, after = Wanted(words="Title"), [], None
    for _ in range(20):
        page = history_page(session, accounts, wanted, after, 3, looked_through)
        seen += titles(page)
        after = page.next_after
        if after is None:
            break
    assert seen == [f"Title {d}" for d in "87654321"]


def test_a_search_says_until_when_it_looked(session: Session, accounts: list[int]) -> None:
    page = history_page(session, accounts[:1], Wanted(words="Title 1"), looked_through=2)
    assert (titles(page), page.looked_until) == ([], date(2020, 1, 5))


def test_what_is_taken_away_is_what_is_shown(session: Session, accounts: list[int]) -> None:
    statement, conditions = records_of(accounts[0], Wanted(kind=PROJECT, year=2020))
    assert len(session.scalars(statement.where(*conditions)).all()) == 3


def test_how_many_there_are_of_each_kind_is_known_without_counting(session: Session) -> None:
    account = legacy_account(session)
    history(session, account, 3)
    history(session, account, 2, AWARD)
    assert tallies_of(session, [account.id]) == {PROJECT: 3, AWARD: 2}


def test_a_page_is_found_along_the_index_and_never_sorted(session: Session) -> None:
    """So that a million records cost no more than one."""
    account = legacy_account(session)
    statement = queries._along(account.id, Wanted(year=2020), (date(2020, 5, 5), 7)).limit(51)
    sql = str(statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    if session.get_bind().dialect.name == "sqlite":
        plan = " ".join(str(row[3]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
        assert "ix_business_records_account_id_on_id" in plan
        assert "TEMP B-TREE" not in plan
