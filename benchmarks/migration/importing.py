"""Rows a second through the imports, beside a bare load of the same files into a twin database."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Act
from admin_app.database import begin_writing, make_engine
from admin_app.exchange.account_files import open_accounts, open_affiliations, open_history
from admin_app.exchange.spreadsheets import digest
from admin_app.hierarchy.models import Unit
from admin_app.migration.import_accounts import import_accounts
from admin_app.migration.import_affiliations import import_affiliations
from admin_app.migration.import_history import import_history
from admin_app.migration.import_report import Counts, Source
from admin_app.migration.models import Affiliation, BusinessRecord, HistoryTally, LegacyAccount
from admin_app.schema import upgrade
from benchmarks.hierarchy.population import load as load_units
from benchmarks.migration.bare_import import bare_accounts, bare_affiliations, bare_history
from benchmarks.migration.import_files import write_accounts, write_affiliations, write_history
from benchmarks.migration.population import NOW, SEALER

UNITS = 5_000
WHAT = ("accounts", "affiliations", "history")
Rates = dict[str, tuple[float, float]]
Work = Callable[[Act], object]


def rows_a_second(url: str, twin: str, size: int, folder: Path) -> Rates:
    """Of each file: rows a second through the import, and by the bare load; commit included."""
    service, bare = _prepared(url), _prepared(twin)
    with Session(service) as session:
        by_code = select(Unit.uscc, Unit.id).where(Unit.uscc.is_not(None)).order_by(Unit.id)
        units = {str(row[0]): row[1] for row in session.execute(by_code)}
    paths = {what: folder / f"{what}.csv" for what in WHAT}
    write_accounts(paths["accounts"], size, list(units))
    write_affiliations(paths["affiliations"], size, list(units))
    write_history(paths["history"], size)
    rates: Rates = {}
    for what, take, load in (
        ("accounts", take_accounts, bare_accounts),
        ("affiliations", _affiliations, bare_affiliations),
        ("history", _history, bare_history),
    ):
        accounts = _numbers(bare)
        through = _timed(service, partial(take, path=paths[what], size=size))
        direct = _timed(bare, partial(load, path=paths[what], units=units, accounts=accounts))
        rates[what] = size / through, size / direct
    _require_same(service, bare)
    service.dispose()
    bare.dispose()
    return rates


def _prepared(url: str) -> Engine:
    upgrade(url)
    engine = make_engine(url)
    load_units(engine, UNITS)
    return engine


def _numbers(engine: Engine) -> dict[str, int]:
    """The accounts that are there, by their external number."""
    with Session(engine) as session:
        rows = session.execute(select(LegacyAccount.external_id, LegacyAccount.id))
        return {row[0]: row[1] for row in rows}


def _timed(engine: Engine, work: Work) -> float:
    began = time.perf_counter()
    with Session(engine) as session:
        begin_writing(session)
        work(Act(session, PLATFORM, NOW, SEALER))
        session.commit()
    return time.perf_counter() - began


def take_accounts(act: Act, path: Path, size: int) -> None:
    found = open_accounts(path)
    source = Source(path.name, digest(path), found.units)
    _require_all(import_accounts(act, found.rows, found.words, source), size)


def _affiliations(act: Act, path: Path, size: int) -> None:
    found = open_affiliations(path)
    source = Source(path.name, digest(path), found.units)
    _require_all(import_affiliations(act, found.rows, source), size)


def _history(act: Act, path: Path, size: int) -> None:
    found = open_history(path)
    source = Source(path.name, digest(path))
    _require_all(import_history(act, found.rows, found.kinds, source), size)


def _require_all(counts: Counts, size: int) -> None:
    assert (counts.created, counts.changed) == (size, 0), counts


def _require_same(service: Engine, bare: Engine) -> None:
    """Both ways have written the same, as far as counts and tallies tell."""
    for model in (LegacyAccount, Affiliation, BusinessRecord):
        count = select(func.count()).select_from(model)
        with Session(service) as one, Session(bare) as other:
            assert one.scalar(count) == other.scalar(count), model
    tallies = (
        select(LegacyAccount.external_id, HistoryTally.kind, HistoryTally.number)
        .add_columns(HistoryTally.digest)
        .join(LegacyAccount, LegacyAccount.id == HistoryTally.account_id)
        .order_by(LegacyAccount.external_id, HistoryTally.kind)
    )
    with Session(service) as one, Session(bare) as other:
        assert one.execute(tallies).all() == other.execute(tallies).all()
