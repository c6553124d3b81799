"""Finding whom a caller means: by name and ID number, credit code or old user name.

Out of the reader's reach and not there are one answer. Nobody is browsed, and a number alone finds
nobody: the name has to fit.
"""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.rules import clean_uscc
from admin_app.identity.id_numbers import clean_id_number
from admin_app.identity.models import Person
from admin_app.identity.names import username_key
from admin_app.identity.queries import find_person
from admin_app.identity.vocabulary import IdType, PersonNameMissing
from admin_app.migration.diagnosis import (
    Diagnosis,
    diagnose_account,
    diagnose_person,
    diagnose_stranger,
    diagnose_unit,
    within_reach,
)
from admin_app.migration.models import LegacyAccount
from admin_app.migration.person_sql import is_within
from admin_app.migration.rules import Difference, compare_names
from admin_app.migration.vocabulary import AccountKind, NobodyFound
from admin_app.policy.reach import Reach
from admin_app.sealing import Sealer


def find_by_number(
    session: Session, sealer: Sealer, reach: Reach, name: str, id_type: IdType, id_number: str
) -> Diagnosis:
    """Whoever has a name and an ID number.

    Raises:
        PersonNameMissing, IdNumberMalformed, IdNumberCheckWrong
        NobodyFound: nobody, or nobody within reach.
    """
    if not name.strip():
        raise PersonNameMissing(field="name")
    number = clean_id_number(id_type, id_number)
    person = find_person(session, sealer, id_type, number)
    if person is not None and _fits(name, person.name):
        if not _is_within(session, reach, person.id):
            raise NobodyFound
        return diagnose_person(session, sealer, reach, person)
    index = sealer.index(id_type.value, number)
    accounts = session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.id_index == index)
        .order_by(LegacyAccount.kind != AccountKind.PERSONAL, LegacyAccount.id)
        .limit(20)
    ).all()
    for account in accounts:
        # A unit's account bears the name of the unit: then the number alone has to do.
        is_meant = account.kind is AccountKind.UNIT or _fits(name, account.name)
        if is_meant and within_reach(session, reach, account):
            return diagnose_account(session, sealer, reach, account)
    if person is None and not accounts and reach.is_everywhere:
        return diagnose_stranger(name.strip())
    raise NobodyFound


def find_by_uscc(session: Session, sealer: Sealer, reach: Reach, uscc: str) -> Diagnosis:
    """The enterprise with a credit code.

    Raises:
        CodeMalformed, CodeCheckWrong, NobodyFound
    """
    code = clean_uscc(uscc)
    unit = session.scalar(select(Unit).where(Unit.uscc == code, within(reach)))
    if unit is not None:
        return diagnose_unit(session, sealer, unit)
    account = session.scalar(
        select(LegacyAccount)
        .where(LegacyAccount.uscc == code, LegacyAccount.kind == AccountKind.UNIT)
        .limit(1)
    )
    if account is None or not within_reach(session, reach, account):
        raise NobodyFound(field="uscc")
    return diagnose_account(session, sealer, reach, account)


def find_by_username(session: Session, sealer: Sealer, reach: Reach, username: str) -> Diagnosis:
    """The old account with a user name.

    Raises:
        NobodyFound
    """
    typed = username.strip()
    account = session.scalar(
        select(LegacyAccount)
        .where(or_(LegacyAccount.username == typed, LegacyAccount.username == username_key(typed)))
        .order_by(LegacyAccount.id)
        .limit(1)
    )
    if account is None or not within_reach(session, reach, account):
        raise NobodyFound(field="username")
    return diagnose_account(session, sealer, reach, account)


def get_account(session: Session, reach: Reach, account_id: int) -> LegacyAccount:
    """One old account, if it is within reach; one without a unit is for who sees everything.

    Raises:
        NotFound
    """
    statement = select(LegacyAccount).where(LegacyAccount.id == account_id)
    if not reach.is_everywhere:
        statement = statement.join(Unit, Unit.id == LegacyAccount.unit_id).where(within(reach))
    account = session.scalar(statement)
    if account is None:
        raise NotFound
    return account


def get_person(session: Session, reach: Reach, person_id: int) -> Person:
    """One person, if a reader looks after something of theirs.

    Raises:
        NotFound
    """
    if not _is_within(session, reach, person_id):
        raise NotFound
    return session.get_one(Person, person_id)


def _is_within(session: Session, reach: Reach, person_id: int) -> bool:
    return (
        session.scalar(select(Person.id).where(Person.id == person_id, is_within(reach)))
        is not None
    )


def _fits(typed: str, name: str) -> bool:
    return compare_names(typed, name) <= Difference.EXPLAINABLE
