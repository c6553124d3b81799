"""Imported accounts of people and enterprises that the portal has reported before."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from admin_app.audit.act import Act
from admin_app.database import among
from admin_app.identity.models import Person, Representation
from admin_app.migration.arrivals import note_import
from admin_app.migration.models import LegacyAccount, PersonKin
from admin_app.migration.standings import restate

# What else decides where an account stands.
_DECISIVE = {"name", "id_index", "uscc", "unit_id", "password_hash"}


def restate_known(
    act: Act, new: Sequence[dict[str, Any]], changed: Sequence[dict[str, Any]]
) -> None:
    """Bring the standing of a batch up to date: of those whose owner or representative has come,
    and of those that changed.
    """
    session = act.session
    decisive = [each for each in changed if _DECISIVE & each.keys()]
    if decisive:
        ids = [each["id"] for each in decisive]
        accounts = session.scalars(
            select(LegacyAccount)
            .where(among(session, LegacyAccount.id, ids))
            .order_by(LegacyAccount.id),
            execution_options={"populate_existing": True},
        ).all()
        restate(act, accounts)
        owners = {account.id_index for account in accounts if account.id_index}
        kin = {account.kin_index for account in accounts if account.kin_index}
        codes = {account.uscc for account in accounts if account.uscc}
    else:
        owners, codes, kin = set(), set(), set()
    owners |= {each["id_index"] for each in new if each["id_index"]}
    kin |= {each["kin_index"] for each in new if each["kin_index"]}
    codes |= {each["uscc"] for each in new if each["uscc"]}
    representatives = session.scalars(
        select(Representation.person_id).where(among(session, Representation.uscc, codes))
    ).all()
    alike = session.scalars(
        select(PersonKin.person_id).where(among(session, PersonKin.kin_index, kin))
    )
    known = {*representatives, *alike}
    people = session.scalars(
        select(Person)
        .where(or_(among(session, Person.id_index, owners), among(session, Person.id, known)))
        .order_by(Person.id)
    ).all()
    for person in people:
        note_import(act, person)
