"""Letting several transactions do something at the very same moment, for tests of races."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy.orm import Session

from admin_app.database import transaction
from tests.databases import Database

Outcome = TypeVar("Outcome")


def at_once(
    database: Database, number: int, work: Callable[[Session, int], Outcome]
) -> list[Outcome]:
    """What each of several transactions comes to; they start together and commit."""
    barrier = Barrier(number)

    def run(which: int) -> Outcome:
        barrier.wait(timeout=30)
        with transaction(database.sessions) as session:
            return work(session, which)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))
