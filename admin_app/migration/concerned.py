"""Which legacy accounts a person's coming, going or binding may concern."""

from collections.abc import Sequence

from sqlalchemy import ScalarSelect, select, union
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.database import unindexed
from admin_app.identity.models import Person, Representation
from admin_app.migration.matching import candidate_ids
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind


def accounts_concerning(act: Act, person: Person, *, lock: bool = True) -> list[LegacyAccount]:
    """A person's possible personal accounts, and the unit accounts of their enterprises.

    Enterprises represented now or before, and those whose old account names the person, or
    whom the person succeeded: where that one stands has changed with it.
    """
    ids = candidate_ids(act.session, act.sealer, person)
    codes = select(Representation.uscc).where(Representation.person_id == person.id)
    unit = select(LegacyAccount.id).where(unindexed(LegacyAccount.kind) == AccountKind.UNIT)
    units = act.session.scalars(
        union(
            unit.where(LegacyAccount.uscc.in_(codes)),
            unit.where(LegacyAccount.id_index == person.id_index),
            unit.where(LegacyAccount.id_index.in_(_predecessors(person))),
        )
    )
    statement = (
        select(LegacyAccount)
        .where(LegacyAccount.id.in_({*ids, *units}))
        .order_by(LegacyAccount.id)
        .execution_options(populate_existing=lock)
    )
    return list(act.session.scalars(statement.with_for_update() if lock else statement))


def _predecessors(person: Person) -> ScalarSelect[bytes]:
    """The numbers of those who represented the person's enterprises before."""
    current = select(Representation.uscc).where(
        Representation.person_id == person.id, Representation.until.is_(None)
    )
    return (
        select(Person.id_index)
        .join(Representation, Representation.person_id == Person.id)
        .where(Representation.uscc.in_(current), Representation.until.is_not(None))
        .scalar_subquery()
    )


def represented_accounts(session: Session, person: Person) -> Sequence[LegacyAccount]:
    """The unit accounts of the enterprises that the portal reports as this person's now."""
    codes = select(Representation.uscc).where(
        Representation.person_id == person.id, Representation.until.is_(None)
    )
    return session.scalars(
        select(LegacyAccount)
        .where(
            unindexed(LegacyAccount.kind) == AccountKind.UNIT,
            LegacyAccount.uscc.in_(codes),
            LegacyAccount.unit_id.is_not(None),
        )
        .order_by(LegacyAccount.id)
    ).all()
