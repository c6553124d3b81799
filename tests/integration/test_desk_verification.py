"""What the desk's figures are read from is proved equal to the cases, and put right (D4)."""

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from admin_app.schema import news
from admin_app.service_desk.case_tallies import CaseMonth
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.models import Case
from admin_app.service_desk.open_cases import OpenCase
from admin_app.service_desk.verification import DeskDifferences, verify_desk
from tests.dashboards.desk_stories import MATTERS, WAYS, has, plant
from tests.databases import Database

RIGHT = DeskDifferences()


@pytest.fixture
def desk(database: Database) -> Session:  # type: ignore[misc]
    """Cases of every kind and in every state, in several places."""
    with database.sessions() as session:
        units = plant(session)
        for place in ("firm", "college", ""):
            for matter in sorted(MATTERS):
                for number, way in enumerate(sorted(WAYS)):
                    has(session, units.get(place), matter, way, 40, number)
        session.commit()
        yield session


def contents(session: Session) -> list[list[tuple]]:
    return [
        sorted(map(tuple, session.execute(select(*model.__table__.columns))), key=str)
        for model in (OpenCase, CaseMonth)
    ]


def test_what_was_kept_all_along_is_right(desk: Session) -> None:
    kept = contents(desk)
    assert all(kept)
    assert verify_desk(desk) == RIGHT
    desk.rollback()
    assert verify_desk(desk, repair=True) == RIGHT
    assert contents(desk) == kept


def test_what_triggers_would_have_done_is_made_good(desk: Session) -> None:
    """Somebody has taken them off, and cases have been moved, filed and forgotten since."""
    connection = desk.connection()
    news.remove(connection)
    first, second, third = desk.scalars(select(OpenCase.case_id).limit(3))
    desk.execute(update(Case).where(Case.id == first).values(unit_id=None))
    desk.execute(
        update(Case)
        .where(Case.id == second)
        .values(state=CaseState.WITHDRAWN, ended_at=Case.filed_at)
    )
    desk.execute(delete(OpenCase).where(OpenCase.case_id == third))
    stray = {"case_id": 10**6, "path": "", "region": "", "about": "", "kind": "", "due_on": None}
    desk.execute(insert(OpenCase), [stray])
    news.install(connection)
    desk.commit()
    assert verify_desk(desk) == DeskDifferences(open_cases=4)
    desk.rollback()
    assert verify_desk(desk, repair=True) == DeskDifferences(open_cases=4)
    desk.commit()
    assert verify_desk(desk) == RIGHT


def test_a_month_is_the_sum_of_its_days_again(desk: Session) -> None:
    kept = contents(desk)
    desk.execute(text("UPDATE case_months SET number = number + 1 WHERE unit_id = 0"))
    wrong = desk.scalars(select(CaseMonth.number).where(CaseMonth.unit_id == 0)).all()
    desk.commit()
    assert verify_desk(desk) == DeskDifferences(case_months=len(wrong))
    desk.rollback()
    verify_desk(desk, repair=True)
    desk.commit()
    assert contents(desk) == kept
