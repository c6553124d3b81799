"""What keeping the figures costs whoever writes: the same work with and without triggers and fold.

With and without take turns, so that whatever else the machine does meanwhile falls on both.
"""

import hashlib
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session, sessionmaker

from admin_app.audit.act import PLATFORM, Act
from admin_app.database import Base, begin_writing, make_sessions, transaction
from admin_app.delegation.facts import facts_of
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import move_unit
from admin_app.hierarchy.register_import import Register, import_register
from admin_app.hierarchy.register_rules import RegisterRow
from admin_app.hierarchy.rules import check_character
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.matching import kin_index
from admin_app.migration.models import LegacyAccount
from admin_app.migration.operations import bind
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.rollups.upkeep import fold, keep_figures
from admin_app.schema import news
from benchmarks.migration.import_files import write_accounts
from benchmarks.migration.importing import take_accounts
from benchmarks.migration.population import (
    NOW,
    PASSWORD,
    SEALER,
    id_number,
    name_of,
)
from benchmarks.rollups.tree import Tree

ROUNDS = 10
WARMING = 6  # bindings before a round is timed: triggers taken off make PostgreSQL plan anew
Seconds = tuple[float, float]  # with the figures kept, and without


def prepare(engine: Engine, tree: Tree, first: int, number: int) -> None:
    """Personal accounts that wait to be bound, all over the province, and their people."""
    numbers = range(first, first + number)
    stored = hashlib.sha256(PASSWORD.encode()).hexdigest()
    with transaction(keep_figures(make_sessions(engine))) as session:
        session.execute(
            insert(LegacyAccount),
            [
                {
                    "id": n,
                    "external_id": f"bind:{n}",
                    "kind": AccountKind.PERSONAL,
                    "username": f"bind{n}",
                    "name": name_of(n),
                    "id_type": IdType.RESIDENT_ID,
                    "id_sealed": SEALER.seal(id_number(n)),
                    "id_index": SEALER.index(IdType.RESIDENT_ID.value, id_number(n)),
                    "kin_index": kin_index(SEALER, name_of(n), IdType.RESIDENT_ID, id_number(n)),
                    "unit_id": tree.units[n * 97 % len(tree.units)],
                    "password_scheme": "sha256",
                    "password_hash": stored,
                    "imported_at": NOW,
                    "seen_level": 2,
                    "state": AccountState.IN_PROGRESS,
                    "stated_at": NOW,
                }
                for n in numbers
            ],
        )
        session.execute(
            insert(Person),
            [
                {
                    "id": n,
                    "name": name_of(n),
                    "id_type": IdType.RESIDENT_ID,
                    "id_sealed": SEALER.seal(id_number(n)),
                    "id_index": SEALER.index(IdType.RESIDENT_ID.value, id_number(n)),
                    "level": 2,
                    "first_signed_in_at": NOW,
                    "last_signed_in_at": NOW,
                }
                for n in numbers
            ],
        )
        for model in (LegacyAccount, Person):
            _go_on_after(session, model)


def _go_on_after(session: Session, model: type[Base]) -> None:
    """Let PostgreSQL give numbers after those that were given by hand."""
    if session.get_bind().dialect.name == "postgresql":
        table = model.__tablename__
        statement = f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
        session.execute(text(statement))


def needed(each: int) -> int:
    """How many accounts ``bindings`` binds."""
    return 2 * ROUNDS * (each + WARMING)


def bindings(engine: Engine, first: int, each: int) -> Seconds:
    """Medians of seconds a binding, by rounds of ``each`` bindings with and without in turn.

    Binds ``needed(each)`` accounts.
    """
    kept: list[float] = []
    plain: list[float] = []
    number = first
    for _ in range(ROUNDS):
        for sessions, taken in (
            (keep_figures(make_sessions(engine)), kept),
            (make_sessions(engine), plain),
        ):
            with _with_triggers(engine, kept=taken is kept):
                for n in range(number, number + WARMING):
                    _bind(sessions, n)
                number += WARMING
                began = time.perf_counter()
                for n in range(number, number + each):
                    _bind(sessions, n)
                taken.append((time.perf_counter() - began) / each)
            number += each
    return statistics.median(kept), statistics.median(plain)


def at_once(engine: Engine, first: int, writers: int, each: int) -> tuple[float, list[str]]:
    """Bindings a second by so many writers at once, and what went wrong."""
    sessions = keep_figures(make_sessions(engine))
    wrong: list[str] = []

    def write(mine: int) -> None:
        for n in range(first + mine * each, first + (mine + 1) * each):
            try:
                _bind(sessions, n)
            except Exception as error:
                wrong.append(repr(error)[:200])

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return writers * each / (time.perf_counter() - began), wrong


def move(engine: Engine, tree: Tree) -> Seconds:
    """The largest unit to another department; undone each time. The fold is part of it."""
    return _undone(engine, lambda session: _move(session, tree))


def import_of_accounts(engine: Engine, tree: Tree, size: int, folder: Path) -> Seconds:
    """Personal accounts from a file, into units that are there."""
    path = folder / "accounts.csv"
    write_accounts(path, size, list(tree.codes.values()))
    return _undone(
        engine,
        lambda session: take_accounts(Act(session, PLATFORM, NOW, SEALER), path, size),
        rounds=2,
    )


def import_of_register(engine: Engine, size: int) -> Seconds:
    """New first-level units from a register."""

    def take(session: Session) -> None:
        columns = frozenset({"external_id", "name", "uscc"})
        register = Register("register.csv", "0" * 64, "bench", columns)
        rows = (
            RegisterRow(n + 2, external_id=f"r{n}", name=f"示例单位{n}", uscc=_code(n))
            for n in range(size)
        )
        counts = import_register(Act(session, PLATFORM, NOW, SEALER), rows, register)
        assert counts.created == size, counts

    return _undone(engine, take, rounds=2)


def _bind(sessions: sessionmaker[Session], number: int) -> None:
    with transaction(sessions) as session:
        act = Act(session, PLATFORM, NOW + timedelta(minutes=1), SEALER)
        outcome = bind(act, number, number, PASSWORD, consented=True)
        assert outcome.receipt is not None, outcome.error


def _move(session: Session, tree: Tree) -> None:
    root = session.get_one(Unit, tree.root)
    office = Office(root.id, root.path, root.name)
    actor = Actor("演示", Capacity.DEPARTMENT_STAFF, AssuranceLevel.NONE, office)
    act = Act(session, actor, NOW + timedelta(minutes=1), SEALER, "基准")
    unit = session.get_one(Unit, tree.university)
    target = next(n for n in (2, 3) if n != unit.parent_id)
    move_unit(act, facts_of, unit.id, target, unit.version)


def _undone(engine: Engine, work: Callable[[Session], object], rounds: int = 3) -> Seconds:
    taken: dict[bool, list[float]] = {True: [], False: []}
    for kept in [True, False] * rounds:
        with Session(engine) as session:
            begin_writing(session)
            if not kept:
                news.remove(session.connection())
            began = time.perf_counter()
            work(session)
            session.flush()
            if kept:
                fold(session)
            taken[kept].append(time.perf_counter() - began)
            session.rollback()
    return statistics.median(taken[True]), statistics.median(taken[False])


@contextmanager
def _with_triggers(engine: Engine, *, kept: bool) -> Iterator[None]:
    if kept:
        yield
        return
    with engine.begin() as connection:
        news.remove(connection)
    try:
        yield
    finally:
        with engine.begin() as connection:
            news.install(connection)


def _code(number: int) -> str:
    body = f"913701019{number:08}"
    return body + check_character(body)
