"""Somebody named for an office: by name and exact ID number, never by browsing people."""

from dataclasses import dataclass

from admin_app.audit.act import Act
from admin_app.database import serialise_on
from admin_app.delegation.vocabulary import NameAndNumberDiffer
from admin_app.identity.id_numbers import clean_id_number, require_verifiable
from admin_app.identity.models import Person
from admin_app.identity.names import clean_person_name, same_name
from admin_app.identity.queries import find_person
from admin_app.identity.vocabulary import IdType


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody as whoever appoints them typed it."""

    name: str
    id_type: IdType
    id_number: str


@dataclass(frozen=True, slots=True)
class Identified:
    """A candidate whose name and number have been checked, and the number's blind index."""

    name: str
    id_type: IdType
    id_number: str
    index: bytes


def identify(act: Act, candidate: Candidate) -> Identified:
    """Check a candidate, and let whatever else concerns them wait.

    First the person, then the unit: arrivals lock in the same order, so nobody deadlocks.

    Raises:
        PersonNameMissing, PersonNameTooLong, IdNumberMalformed, IdNumberCheckWrong,
        PassportNotVerifiable
    """
    require_verifiable(candidate.id_type)
    name = clean_person_name(candidate.name)
    number = clean_id_number(candidate.id_type, candidate.id_number)
    index = act.sealer.index(candidate.id_type.value, number)
    serialise_on(act.session, index)
    return Identified(name, candidate.id_type, number, index)


def known_person(act: Act, who: Identified) -> Person | None:
    """The person, if they have signed in before.

    Raises:
        NameAndNumberDiffer: the number is known under another name.
    """
    person = find_person(act.session, act.sealer, who.id_type, who.id_number)
    if person is not None and not same_name(person.name, who.name):
        raise NameAndNumberDiffer(field="name")
    return person
