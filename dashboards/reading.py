"""What a reader may see: every figure begins here, with their reach, and anew each time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import current_app
from sqlalchemy.orm import Session

from admin_app.migration.counts import Counted
from admin_app.policy.reach import Reach
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.rollups import queries
from admin_app.rollups.rules import day_of
from admin_app.rollups.vocabulary import Narrowed, Place
from admin_app.web.database import current_session
from admin_app.web.gate import permits
from admin_app.web.identity import current_actor, now
from dashboards.choice import read, read_search
from dashboards.values import Choice


@dataclass(frozen=True, slots=True)
class Reading:
    """A place fetched through the reader's reach, and what of it they want to see."""

    session: Session
    at: Narrowed
    choice: Choice
    today: date
    deadline: date | None = None

    @property
    def place(self) -> Place:
        return self.at.place


def today() -> date:
    return day_of(now())


def reach_of_reader() -> Reach:
    """The part of the tree whose figures the visitor may see, in the capacity they act in."""
    return reach(current_actor(), Permission.FIGURES_VIEW)


def usual_kind() -> Counted:
    """What the visitor begins with: of old accounts only who may also see which they are."""
    sees_accounts = permits(Permission.ACCOUNT_VIEW)
    return Counted.LEGAL_REPRESENTATIVES if sees_accounts else Counted.ENTERPRISES


def chosen(fields: Mapping[str, str]) -> Choice:
    """What an address's fields choose, for this visitor.

    Raises:
        NoSuchPlace
    """
    return read(fields, today(), usual_kind())


def chosen_by(search: object) -> Choice:
    """What the part of an address from "?" on chooses, for this visitor.

    Raises:
        NoSuchPlace
    """
    return read_search(search, today(), usual_kind())


def begin(choice: Choice) -> Reading:
    """The place of a choice, if the reader may see it.

    Raises:
        NoSuchPlace, Unauthorized
    """
    session = current_session()
    place = queries.place_of(session, reach_of_reader(), choice.unit_id)
    deadline = current_app.extensions["yihaotong.settings"].deadline
    return Reading(session, Narrowed(place, choice.region), choice, today(), deadline)


def whole(reading: Reading) -> Narrowed:
    """The place with every region of it."""
    return replace(reading.at, region="")
