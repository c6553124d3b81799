"""Making the figures: by ``rollups.verification`` as it stands, or by its counting part alone."""

import time

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from admin_app.database import begin_writing
from admin_app.hierarchy.models import Unit
from admin_app.rollups.full_count import FullCount
from admin_app.rollups.holders import recount_holders, waiting_at, weights
from admin_app.rollups.homes import CHUNK, Homes
from admin_app.rollups.large import enlarge
from admin_app.rollups.rules import day_of
from admin_app.rollups.verification import Differences, verify
from benchmarks.migration.population import NOW


def build(engine: Engine) -> float:
    """Count everything and keep it; the standings of units are right already. Gives seconds."""
    began = time.perf_counter()
    with Session(engine) as session:
        begin_writing(session)
        count = FullCount(session)
        last = 0
        while True:
            some = select(Unit.id).where(Unit.id > last).order_by(Unit.id).limit(CHUNK)
            unit_ids = list(session.scalars(some))
            if not unit_ids:
                break
            count.tell(Homes(session), unit_ids)
            last = unit_ids[-1]
        count.compare()
        count.repair(day_of(NOW))
        count.clear()
        enlarge(session, NOW)
        recount_holders(session, {key[-1] for key in weights(session, waiting_at(session))})
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        vacuum = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.exec_driver_sql(vacuum)
    return time.perf_counter() - began


def verified(engine: Engine) -> tuple[float, Differences]:
    """Seconds that proving takes, and what was found."""
    began = time.perf_counter()
    with Session(engine) as session:
        begin_writing(session)
        found = verify(session, NOW)
        session.commit()
    return time.perf_counter() - began, found
