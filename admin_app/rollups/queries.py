"""Reading the figures of a part of the tree; every answer starts from a ``Place`` within a reach.

Contract for the dashboard. Everything takes a ``Narrowed`` (a place, perhaps one region of it).
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from admin_app.migration.counts import Counted
from admin_app.policy.reach import Reach
from admin_app.rollups.vocabulary import (
    BlockerCount,
    DayFigures,
    Headline,
    Lever,
    Narrowed,
    Part,
    Parts,
    Place,
    StageCount,
)


def place_of(session: Session, reach: Reach, unit_id: int | None) -> Place:
    """The place with a unit's number; without one the whole of the reach.

    Raises:
        NoSuchPlace: not there, or out of reach.
    """
    raise NotImplementedError


def way_to(session: Session, reach: Reach, place: Place) -> Sequence[Place]:
    """The places above a place that lie within the reach, the uppermost first, and itself last."""
    raise NotImplementedError


def headlines(session: Session, at: Narrowed, since: date, today: date) -> list[Headline]:
    """The figures of each kind now, and their change since the end of the day ``since``."""
    raise NotImplementedError


def funnel(session: Session, at: Narrowed, counted: Counted) -> list[StageCount]:
    """How many have reached each stage: enterprises (also for legal representatives), or persons."""
    raise NotImplementedError


def blockers(session: Session, at: Narrowed, counted: Counted, today: date) -> list[BlockerCount]:
    """What holds people up, the most frequent first."""
    raise NotImplementedError


def days(
    session: Session, at: Narrowed, counted: Counted, first: date, last: date
) -> list[DayFigures]:
    """How many stood where at the end of each day from ``first`` to ``last``."""
    raise NotImplementedError


def parts(session: Session, at: Narrowed, counted: Counted, most: int) -> Parts:
    """The largest units directly below a place (those of a department may be many)."""
    raise NotImplementedError


def departments(session: Session, at: Narrowed, counted: Counted, most: int) -> list[Part]:
    """The departments directly below a place, the largest first."""
    raise NotImplementedError


def regions(session: Session, at: Narrowed, counted: Counted) -> list[Part]:
    """The regions of a place."""
    raise NotImplementedError


def levers(session: Session, at: Narrowed, most: int) -> list[Lever]:
    """Where help now releases the most, the most first."""
    raise NotImplementedError
