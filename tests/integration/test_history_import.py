"""Affiliations and history come in once, stay with their account, and are tallied to the digest."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.audit.vocabulary import Event
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.register_vocabulary import Outcome
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration import import_report
from admin_app.migration.import_rows import AffiliationRow, HistoryRow
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.models import Affiliation, BusinessRecord, HistoryTally, LegacyAccount
from admin_app.migration.receipts import add_digests, history_of, record_digest
from tests import builders
from tests.builders_imports import (
    account,
    belonging,
    reasons,
    record,
    take_accounts,
    take_affiliations,
    take_history,
)
from tests.databases import Database, scratch
from tests.effort import examples


def assert_tallied(session: Session) -> None:
    """What the tallies say is what the records are."""
    session.expire_all()
    wanted: dict[tuple[int, object], tuple[int, bytes]] = {}
    for each in session.scalars(select(BusinessRecord)):
        number, digest = wanted.get((each.account_id, each.kind), (0, bytes(32)))
        own = record_digest(
            each.kind.value, each.external_id, each.title, each.happened_on.isoformat()
        )
        wanted[each.account_id, each.kind] = (number + 1, add_digests(digest, own))
    kept = {
        (tally.account_id, tally.kind): (tally.number, tally.digest)
        for tally in session.scalars(select(HistoryTally))
    }
    assert kept == wanted


@pytest.fixture
def accounts(session: Session) -> list[int]:
    builders.root(session)
    take_accounts(session, [account(2), account(3)])
    return list(session.scalars(select(LegacyAccount.id).order_by(LegacyAccount.id)))


class TestHistory:
    def test_records_hang_from_their_account_and_are_tallied(
        self, session: Session, accounts: list[int]
    ) -> None:
        rows = [record(2), record(3), record(4, kind="award", account="", username="ＵSER3")]
        counts, lines = take_history(session, rows)
        assert (counts.created, lines) == (3, [])
        assert history_of(session, accounts[:1])["project"]["number"] == 2
        assert history_of(session, accounts[1:])["award"]["number"] == 1
        assert_tallied(session)

    def test_a_second_run_changes_nothing(self, session: Session, accounts: list[int]) -> None:
        rows = [record(2), record(3)]
        take_history(session, rows)
        before = history_of(session, accounts)
        counts, _ = take_history(session, rows)
        assert (counts.unchanged, history_of(session, accounts)) == (2, before)

    def test_a_corrected_record_is_corrected_in_the_tally(
        self, session: Session, accounts: list[int]
    ) -> None:
        take_history(session, [record(2), record(3)])
        counts, _ = take_history(session, [record(2, title="改过的题目"), record(4)])
        assert (counts.updated, counts.created) == (1, 1)
        assert_tallied(session)

    def test_a_record_is_never_moved_to_another_account(
        self, session: Session, accounts: list[int]
    ) -> None:
        take_history(session, [record(2)])
        counts, lines = take_history(session, [record(2, account="a3")])
        assert (counts.refused, reasons(lines)) == (1, [(2, RowCode.OTHER_ACCOUNT)])
        assert "a2" in lines[0].reason.en
        assert_tallied(session)

    def test_one_number_may_belong_to_records_of_two_kinds(
        self, session: Session, accounts: list[int]
    ) -> None:
        rows = [record(2, external_id="1"), record(3, external_id="1", kind="patent")]
        assert take_history(session, rows)[0].created == 2

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            (record(3, external_id="p2"), RowCode.DUPLICATE_ROW),
            (record(3, external_id=""), RowCode.NO_EXTERNAL_ID),
            (record(3, account="nobody"), RowCode.ACCOUNT_UNKNOWN),
            (record(3, account=""), RowCode.ACCOUNT_MISSING),
            (record(3, title=""), RowCode.TITLE_MISSING),
            (record(3, date=""), RowCode.DATE_MALFORMED),
            (record(3, date="2020-13-01"), RowCode.DATE_MALFORMED),
            (record(3, date="2020"), RowCode.DATE_INCOMPLETE),
            (record(3, kind="?"), RowCode.KIND_OTHER),
            (record(3, title="长" * 501), RowCode.TEXT_CUT),
            (record(3, surplus=True), RowCode.ROW_TOO_LONG),  # type: ignore[arg-type]
        ],
    )
    def test_each_oddity_is_reported(
        self, session: Session, accounts: list[int], row: HistoryRow, code: RowCode
    ) -> None:
        counts, lines = take_history(session, [record(2), row])
        assert reasons(lines) == [(3, code)]
        assert counts.refused == (code.outcome is Outcome.REFUSED)
        assert counts.rows_read == 2
        assert_tallied(session)

    def test_it_is_recorded(self, session: Session, accounts: list[int]) -> None:
        take_history(session, [record(2)])
        entries = session.scalars(select(AuditEntry.event)).all()
        assert Event.HISTORY_IMPORTED.value in entries


class TestAffiliations:
    def test_an_account_belongs_to_its_unit_again(
        self, session: Session, accounts: list[int]
    ) -> None:
        unit = _university(session)
        counts, lines = take_affiliations(session, [belonging(2, unit.uscc or "")])
        assert (counts.created, lines) == (1, [])
        made = session.scalars(select(Affiliation)).one()
        assert (made.account_id, made.unit_id, made.position) == (accounts[0], unit.id, "研究员")
        assert made.since.isoformat() == "2015-08-31T16:00:00+00:00"

    @pytest.mark.parametrize("number", ["", "x1"])
    def test_a_second_run_changes_nothing_and_a_later_one_corrects(
        self, session: Session, accounts: list[int], number: str
    ) -> None:
        unit = _university(session)
        row = belonging(2, unit.name, external_id=number)
        take_affiliations(session, [row])
        assert take_affiliations(session, [row])[0].unchanged == 1
        later = belonging(2, unit.name, external_id=number, position="教授")
        assert take_affiliations(session, [later])[0].updated == 1
        session.expire_all()
        assert session.scalars(select(Affiliation)).one().position == "教授"

    def test_one_that_has_ended_since_is_not_begun_anew(
        self, session: Session, accounts: list[int]
    ) -> None:
        unit = _university(session)
        take_affiliations(session, [belonging(2, unit.name)])
        session.scalars(select(Affiliation)).one().until = builders.NOON
        session.flush()
        counts, _ = take_affiliations(session, [belonging(2, unit.name)])
        assert (counts.unchanged, counts.created) == (1, 0)
        assert session.scalar(select(func.count()).select_from(Affiliation)) == 1

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ({}, RowCode.DUPLICATE_ROW),
            ({"unit": ""}, RowCode.UNIT_UNKNOWN),
            ({"unit": "没有这家"}, RowCode.UNIT_UNKNOWN),
            ({"account": "nobody"}, RowCode.ACCOUNT_UNKNOWN),
            ({"account": ""}, RowCode.ACCOUNT_MISSING),
            ({"account": "a3", "since": ""}, RowCode.DATE_UNKNOWN),
            ({"account": "a3", "external_id": "x" * 101}, RowCode.EXTERNAL_ID_TOO_LONG),
        ],
    )
    def test_each_oddity_is_reported(
        self, session: Session, accounts: list[int], row: dict[str, str], code: RowCode
    ) -> None:
        unit = _university(session)
        rows = [belonging(2, unit.name), belonging(3, **{"unit": unit.name, **row})]
        counts, lines = take_affiliations(session, rows)
        assert reasons(lines) == [(3, code)]
        assert (counts.rows_read, counts.refused) == (2, int(code.outcome is Outcome.REFUSED))

    def test_one_of_another_account_is_not_moved(
        self, session: Session, accounts: list[int]
    ) -> None:
        unit = _university(session)
        take_affiliations(session, [belonging(2, unit.name, external_id="x")])
        row = belonging(2, unit.name, external_id="x", account="a3")
        assert reasons(take_affiliations(session, [row])[1]) == [(2, RowCode.OTHER_ACCOUNT)]


def _university(session: Session) -> Unit:
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    return builders.unit(session, root, "演示大学", UnitKind.FIRST_LEVEL)


_HISTORY = st.lists(
    st.builds(
        record,
        number=st.integers(2, 5),
        external_id=st.sampled_from(["1", "2", "3", ""]),
        kind=st.sampled_from(["project", "award", "?"]),
        account=st.sampled_from(["a2", "a3", "a3", "none"]),
        title=st.sampled_from(["甲", "乙", ""]),
        date=st.sampled_from(["2020-01-02", "2021年3月", ""]),
        status=st.sampled_from(["", "结题"]),
    ),
    max_size=10,
)
_BELONGING = st.lists(
    st.builds(
        belonging,
        number=st.integers(2, 5),
        external_id=st.sampled_from(["", "", "1", "2"]),
        unit=st.sampled_from(["演示大学", "海洋学院", "none", ""]),
        account=st.sampled_from(["a2", "a3", "none"]),
        since=st.sampled_from(["", "2020-01-02"]),
    ),
    max_size=8,
)


def _university_and_accounts(session: Session) -> None:
    root = builders.root(session)
    university = builders.unit(session, root, "演示大学", UnitKind.FIRST_LEVEL)
    builders.unit(session, university, "海洋学院")
    take_accounts(session, [account(2), account(3)])


@settings(max_examples=examples(30))
@given(first=_HISTORY, second=_HISTORY, size=st.sampled_from([2, 5_000]))
def test_every_record_of_any_file_is_accounted_for_and_tallied(
    database: Database, first: list[HistoryRow], second: list[HistoryRow], size: int
) -> None:
    with scratch(database) as session, _batches_of(size):
        _university_and_accounts(session)
        for rows in (first, second):
            counts, lines = take_history(session, rows)
            refused = sum(line.outcome is Outcome.REFUSED for line in lines)
            assert counts.rows_read == counts.taken + counts.refused == len(rows)
            assert refused == counts.refused
            assert_tallied(session)
        assert take_history(session, second)[0].created == 0


@settings(max_examples=examples(30))
@given(first=_BELONGING, second=_BELONGING, size=st.sampled_from([2, 5_000]))
def test_every_affiliation_of_any_file_is_accounted_for(
    database: Database, first: list[AffiliationRow], second: list[AffiliationRow], size: int
) -> None:
    with scratch(database) as session, _batches_of(size):
        _university_and_accounts(session)
        for rows in (first, second):
            counts, lines = take_affiliations(session, rows)
            refused = sum(line.outcome is Outcome.REFUSED for line in lines)
            assert counts.rows_read == counts.taken + counts.refused == len(rows)
            assert refused == counts.refused
        assert take_affiliations(session, second)[0].created == 0


@contextmanager
def _batches_of(size: int) -> Iterator[None]:
    """Batches of another size for a while."""
    former, import_report.BATCH = import_report.BATCH, size
    try:
        yield
    finally:
        import_report.BATCH = former


def _rows(number: int) -> Iterator[HistoryRow]:
    for each in range(2, number + 2):
        yield record(each)


def test_many_records_of_one_account_are_one_tally(session: Session, accounts: list[int]) -> None:
    assert take_history(session, _rows(12_000))[0].created == 12_000
    assert history_of(session, accounts)["project"]["number"] == 12_000
