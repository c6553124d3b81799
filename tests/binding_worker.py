"""A worker that binds account after account, to be killed: ``python -m tests.binding_worker URL``.

Each binding is a transaction of its own. It begins with the last one bound, for whoever killed it
may have lost the answer.
"""

import sys

from sqlalchemy import select

from admin_app.database import make_engine, make_sessions, transaction
from admin_app.identity.models import Person
from admin_app.migration.models import AccountBinding, LegacyAccount
from admin_app.migration.operations import bind
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.upkeep import keep_figures
from tests import builders
from tests.builders_migration import PASSWORD


def main(url: str) -> None:
    sessions = keep_figures(make_sessions(make_engine(url)))
    with sessions() as session:
        last = session.scalar(
            select(AccountBinding.account_id).order_by(AccountBinding.id.desc()).limit(1)
        )
        waiting = session.execute(
            select(Person.id, LegacyAccount.id)
            .join(Person, Person.id_index == LegacyAccount.id_index)
            .where(
                (LegacyAccount.state != AccountState.MIGRATED) | (LegacyAccount.id == last),
            )
            .order_by(LegacyAccount.state == AccountState.IN_PROGRESS, LegacyAccount.id)
        ).all()
    print("ready", flush=True)
    for person_id, account_id in waiting:
        with transaction(sessions) as session:
            outcome = bind(builders.act(session), person_id, account_id, PASSWORD, consented=True)
            assert outcome.receipt is not None, outcome.error


if __name__ == "__main__":
    main(sys.argv[1])
