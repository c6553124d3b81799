"""Reading applications: those waiting within a reach, and a person's own."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, literal_column, select
from sqlalchemy.orm import Session, joinedload

from admin_app.database import unindexed
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.policy.reach import Reach
from admin_app.service_desk.models import UnitApplication
from admin_app.service_desk.vocabulary import ApplicationState

OWN_SHOWN = 50


def waiting_within(reach: Reach, after: int = 0) -> Select[UnitApplication]:
    """The applications that wait for an answer at units within reach, the oldest first.

    Found by way of the units: those that wait are few, those decided long ago are not. Who sees
    everything goes along all that wait.
    """
    if reach.is_everywhere:
        # In the index's own words, or SQLite doesn't take it.
        filed: ColumnElement[bool] = literal_column(
            f"unit_applications.state = '{ApplicationState.FILED.value}'"
        )
        everything = select(UnitApplication).where(filed, UnitApplication.id > after)
        return everything.order_by(UnitApplication.id)
    return (
        select(UnitApplication)
        .join(Unit, Unit.id == UnitApplication.unit_id)
        .where(
            UnitApplication.state == ApplicationState.FILED,
            unindexed(UnitApplication.id) > after,
            within(reach),
        )
        .order_by(unindexed(UnitApplication.id))
    )


def waiting_page(session: Session, reach: Reach, after: int, size: int) -> list[UnitApplication]:
    """A page of what waits, and one more if there is another page."""
    statement = waiting_within(reach, after).limit(size + 1)
    whole = joinedload(UnitApplication.unit), joinedload(UnitApplication.person)
    return list(session.scalars(statement.options(*whole)))


def applications_of(session: Session, person_id: int) -> Sequence[UnitApplication]:
    """A person's own applications, the latest first, as many as a page shows."""
    return session.scalars(
        select(UnitApplication)
        .where(UnitApplication.person_id == person_id)
        .options(joinedload(UnitApplication.unit))
        .order_by(UnitApplication.id.desc())
        .limit(OWN_SHOWN)
    ).all()


def filed_application(session: Session, person_id: int, unit_id: int) -> UnitApplication | None:
    """The application of a person that waits at a unit."""
    return session.scalar(
        select(UnitApplication).where(
            UnitApplication.person_id == person_id,
            UnitApplication.unit_id == unit_id,
            UnitApplication.state == ApplicationState.FILED,
        )
    )
