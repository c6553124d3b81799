"""Whom a case is about, whose its accounts are now, and what approving it would do."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.delegation.queries import appointments_of
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.identity.models import Person
from admin_app.identity.queries import representations_of
from admin_app.migration.blockers import Blocker
from admin_app.migration.matching import holders_of
from admin_app.migration.models import AccountBinding
from admin_app.policy.actor import Actor, Involved, Subject
from admin_app.service_desk.case_vocabulary import Deed
from admin_app.service_desk.form_deeds import Form, form_of, people_of
from admin_app.service_desk.models import Case, InformationChange
from admin_app.service_desk.rules import deed_of, deed_of_form


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case comes to: its person, the accounts in question, the holder, the deed.

    Of a form about a unit: the form, and whom else it concerns.
    """

    person: Person | None
    account_ids: list[int]
    holder: Person | None
    deed: Deed | None
    form: Form | None = None
    others: tuple[Person, ...] = ()

    @property
    def people(self) -> list[Person]:
        """Whom the case concerns, as far as they have come, each once."""
        found = (self.person, self.holder, *self.others)
        return list({each.id: each for each in found if each is not None}.values())


def matter_of(session: Session, case: Case) -> Matter:
    """As things are now; the person may have come since somebody filed for them."""
    person, form = case.person, form_of(session, case)
    if form is not None:
        others = tuple(people_of(session, form))
        return Matter(person, [], None, deed_of_form(form.kind), form, others)
    if person is None and case.account is not None and case.account.id_index is not None:
        number = case.account.id_index
        person = session.scalar(select(Person).where(Person.id_index == number))
    change = session.get(InformationChange, case.id)
    accounts = change.account_ids if change else []
    holders = holders_of(session, accounts[:1])
    holder_id = holders.get(accounts[0]) if accounts else None
    deed = deed_of(
        Blocker(case.kind.value),
        has_account=bool(accounts),
        holder=holder_id,
        person=person.id if person else None,
    )
    holder = session.get(Person, holder_id) if holder_id is not None else None
    return Matter(person, accounts, holder, deed)


def involved_in(session: Session, case: Case, proposer: Actor | None = None) -> Involved:
    """Who has to do with a case: its person, whoever holds the account, and the proposer.

    Of a form: whom it names, whom it takes something from, and whoever is of the unit itself.
    """
    matter = matter_of(session, case)
    subjects = tuple(
        Subject(each.id, each.name, _units_of(session, each)) for each in matter.people
    )
    if matter.form is not None:
        named = matter.form.nominee.name if matter.form.nominee else ""
        subjects = (*subjects, Subject(name=named, unit_ids=frozenset({matter.form.unit.id})))
    if not subjects and case.account is not None:
        subjects = (Subject(name=case.account.name),)
    return Involved(subjects, proposer)


def binding_of(session: Session, account_id: int) -> AccountBinding | None:
    """The binding in force of an account."""
    return session.scalar(
        select(AccountBinding).where(
            AccountBinding.account_id == account_id, AccountBinding.until.is_(None)
        )
    )


def _units_of(session: Session, person: Person) -> frozenset[int]:
    """The units where somebody holds office."""
    offices = {
        each.unit_id
        for each in appointments_of(session, person.id)
        if each.state is AppointmentState.CURRENT
    }
    represented = {unit.id for _, unit in representations_of(session, person.id) if unit}
    return frozenset(offices | represented)
