"""Which legacy accounts a person's coming, going or binding may concern."""

from collections.abc import Sequence

from sqlalchemy import ScalarSelect, Select, select, union
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.database import unindexed
from admin_app.identity.models import Person, Representation
from admin_app.migration.matching import candidate_ids
from admin_app.migration.models import LegacyAccount, PersonKin
from admin_app.migration.vocabulary import AccountKind

KIN_MOST = 100  # namesakes born on one day


def accounts_concerning(act: Act, person: Person, *, lock: bool = True) -> list[LegacyAccount]:
    """A person's possible personal accounts, and the unit accounts of their enterprises.

    Enterprises represented now or before, and those whose old account names the person, or
    whom the person succeeded: where that one stands has changed with it. And those of others
    who may have seemed to be whom these accounts name, until this person came.
    """
    ids = candidate_ids(act.session, act.sealer, person)
    codes = select(Representation.uscc).where(Representation.person_id == person.id)
    unit = select(LegacyAccount.id).where(unindexed(LegacyAccount.kind) == AccountKind.UNIT)
    units = act.session.scalars(
        union(
            unit.where(LegacyAccount.uscc.in_(codes)),
            unit.where(LegacyAccount.id_index == person.id_index),
            unit.where(LegacyAccount.id_index.in_(_predecessors(person))),
            unit.where(LegacyAccount.uscc.in_(_codes_of_kin(person, ids))),
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


def _codes_of_kin(person: Person, account_ids: Sequence[int]) -> Select[str]:
    """The enterprises of others to whom some accounts might have belonged."""
    kin = select(LegacyAccount.kin_index).where(LegacyAccount.id.in_(account_ids))
    others = select(PersonKin.person_id).where(
        PersonKin.kin_index.in_(kin), PersonKin.person_id != person.id
    )
    return select(Representation.uscc).where(
        Representation.person_id.in_(others.limit(KIN_MOST)), Representation.until.is_(None)
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
