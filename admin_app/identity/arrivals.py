"""What the portal reports at a sign-in is taken note of: the person, the level, the enterprises.

The ID number is what identifies; the portal's own number of a person and the name may change.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.identity.claims import PortalIdentity
from admin_app.identity.id_numbers import mask_id_number
from admin_app.identity.models import Person, PortalSubject, VerificationPeriod
from admin_app.identity.representations import reconcile
from admin_app.identity.sessions import end_all_sessions
from admin_app.identity.vocabulary import (
    AssuranceLevel,
    IdType,
    PortalNonsense,
    VerificationTooLow,
)

_TRIES = 3


def note_arrival(act: Act, identity: PortalIdentity) -> Person:
    """Find or register the person, and bring what is known of them up to date.

    Two first sign-ins at the same moment leave one person: the slower insertion is refused by
    the database, and what the faster one left is found instead.

    Raises:
        VerificationTooLow: nobody below intermediate verification is registered (R10, R22).
        PortalNonsense: verified, but without an ID number.
    """
    if identity.level < AssuranceLevel.INTERMEDIATE:
        raise VerificationTooLow(level=identity.level.label)
    if identity.id_type is None or identity.id_number is None:
        raise PortalNonsense("id_number")
    for _ in range(_TRIES - 1):
        try:
            with act.session.begin_nested():
                return _note(act, identity, identity.id_type, identity.id_number)
        except IntegrityError:
            continue
    return _note(act, identity, identity.id_type, identity.id_number)


def note_refusal(act: Act, identity: PortalIdentity) -> Person | None:
    """Take note of somebody below intermediate verification, who isn't let in.

    If the person is known, the level falls, and representations and sessions end; offices lapse
    one layer up. Nobody is registered.
    """
    person = _known_for_refusal(act, identity)
    if person is not None:
        _set_level(act, person, identity)
        reconcile(act, person, ())
        end_all_sessions(act, person)
    record(
        act,
        Event.SIGN_IN_REFUSED,
        person_id=person.id if person else None,
        subject=person.name if person else identity.name,
        level=identity.level.name.lower(),
    )
    act.session.flush()
    return person


def _note(act: Act, identity: PortalIdentity, id_type: IdType, number: str) -> Person:
    index = act.sealer.index(id_type.value, number)
    linked = _linked(act, identity)
    person = _lock(act, Person.id_index == index)
    if person is None and linked is not None:
        person = _lock(act, Person.id == linked.person_id)
        if person is not None:
            _change_number(act, person, id_type, number, index)
    is_new = person is None
    if person is None:
        person = _register(act, identity, id_type, number, index)
    if linked is None:
        _link(act, identity, person, is_new=is_new)
    elif linked.person_id != person.id:
        _link_instead(act, linked, person)
    _change_name(act, person, identity.name)
    _set_level(act, person, identity)
    person.last_signed_in_at = act.at
    reconcile(act, person, identity.enterprises)
    act.session.flush()
    return person


def _known_for_refusal(act: Act, identity: PortalIdentity) -> Person | None:
    linked = _linked(act, identity)
    if linked is not None:
        return _lock(act, Person.id == linked.person_id)
    # Without any verification the number is a mere claim: believing it would let anybody who
    # types an administrator's number at the portal strip them of their office.
    if identity.level < AssuranceLevel.BASIC or not (identity.id_type and identity.id_number):
        return None
    index = act.sealer.index(identity.id_type.value, identity.id_number)
    return _lock(act, Person.id_index == index)


def _linked(act: Act, identity: PortalIdentity) -> PortalSubject | None:
    return act.session.get(
        PortalSubject, (identity.issuer, identity.subject), populate_existing=True
    )


def _lock(act: Act, which: object) -> Person | None:
    # The weaker row lock: foreign keys to the person may still be written by others.
    statement = select(Person).where(which).with_for_update(key_share=True)  # type: ignore[arg-type]
    return act.session.scalar(statement, execution_options={"populate_existing": True})


def _register(
    act: Act, identity: PortalIdentity, id_type: IdType, number: str, index: bytes
) -> Person:
    person = Person(
        name=identity.name,
        id_type=id_type,
        id_sealed=act.sealer.seal(number),
        id_index=index,
        level=identity.level,
        first_signed_in_at=act.at,
        last_signed_in_at=act.at,
    )
    act.session.add(person)
    act.session.flush()
    _open_period(act, person, identity)
    record(
        act,
        Event.PERSON_REGISTERED,
        person_id=person.id,
        subject=person.name,
        level=identity.level.name.lower(),
        id_type=id_type.value,
    )
    return person


def _change_number(act: Act, person: Person, id_type: IdType, number: str, index: bytes) -> None:
    former = act.sealer.open(person.id_sealed)
    record(
        act,
        Event.PERSON_CHANGED,
        person_id=person.id,
        subject=person.name,
        former_id_type=person.id_type.value,
        former_id_number=mask_id_number(former),
        id_type=id_type.value,
        id_number=mask_id_number(number),
    )
    person.id_type = id_type
    person.id_sealed = act.sealer.seal(number)
    person.id_index = index
    act.session.flush()


def _link(act: Act, identity: PortalIdentity, person: Person, *, is_new: bool) -> None:
    """Remember the portal's own number of a person."""
    act.session.add(
        PortalSubject(
            issuer=identity.issuer,
            subject=identity.subject,
            person_id=person.id,
            created_at=act.at,
        )
    )
    act.session.flush()
    if not is_new:
        _record_link(act, person)


def _link_instead(act: Act, linked: PortalSubject, person: Person) -> None:
    """Whoever comes by this portal account turned out to be somebody else we know."""
    former = act.session.get_one(Person, linked.person_id)
    end_all_sessions(act, former)
    linked.person_id = person.id
    act.session.flush()
    _record_link(act, person, former_person_id=former.id)
    _record_link(act, former, now_person_id=person.id)


def _record_link(act: Act, person: Person, **details: Any) -> None:
    record(
        act,
        Event.PERSON_CHANGED,
        person_id=person.id,
        subject=person.name,
        portal_account="linked",
        **details,
    )


def _change_name(act: Act, person: Person, name: str) -> None:
    if person.name == name:
        return
    record(
        act,
        Event.PERSON_CHANGED,
        person_id=person.id,
        subject=name,
        former_name=person.name,
        name=name,
    )
    person.name = name


def _set_level(act: Act, person: Person, identity: PortalIdentity) -> None:
    current = act.session.scalar(
        select(VerificationPeriod).where(
            VerificationPeriod.person_id == person.id, VerificationPeriod.until.is_(None)
        ),
        execution_options={"populate_existing": True},
    )
    if current and (current.level, current.issuer) == (identity.level, identity.issuer):
        return
    if current:
        current.until = act.at
        act.session.flush()
    _open_period(act, person, identity)
    former, person.level = person.level, int(identity.level)
    if former != identity.level:
        record(
            act,
            Event.LEVEL_CHANGED,
            person_id=person.id,
            subject=person.name,
            former=AssuranceLevel(former).name.lower(),
            level=identity.level.name.lower(),
        )


def _open_period(act: Act, person: Person, identity: PortalIdentity) -> None:
    act.session.add(
        VerificationPeriod(
            person_id=person.id, level=identity.level, issuer=identity.issuer, since=act.at
        )
    )
    act.session.flush()
