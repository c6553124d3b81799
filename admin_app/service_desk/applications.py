"""Joining a unit: a natural person applies or withdraws, whoever is in charge accepts or declines.

An application is decided once: its row is locked before its state is read, so that of two who
decide at the same moment the second is told. Nothing here commits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from admin_app.audit.act import Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.delegation.facts import facts_of
from admin_app.errors import DomainError, NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.models import Affiliation
from admin_app.migration.queries import belongs_to
from admin_app.policy.rules import Decision, require
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.models import UnitApplication
from admin_app.service_desk.queries import filed_application
from admin_app.service_desk.vocabulary import (
    AlreadyApplied,
    AlreadyMember,
    ApplicationDecided,
    ApplicationState,
    NotAUnitToJoin,
    ReasonMissing,
)


@dataclass
class Decided:
    """How several applications came out: those decided, and those refused with the sentence."""

    done: list[UnitApplication] = field(default_factory=list)
    refused: list[tuple[UnitApplication, DomainError]] = field(default_factory=list)


def file_application(act: Act, unit_id: int) -> UnitApplication:
    """Ask to belong to a unit, in one's own name and with a reason.

    Raises:
        NotFound, NotAUnitToJoin, ReasonMissing, AlreadyMember, AlreadyApplied
    """
    person_id = _applicant(act)
    unit = act.session.get(Unit, unit_id)
    if unit is None:
        raise NotFound
    _require_joinable(unit)
    if not act.reason.strip():
        raise ReasonMissing(field="reason")
    if belongs_to(act.session, person_id, unit.id):
        raise AlreadyMember(unit=unit.name)
    if filed_application(act.session, person_id, unit.id):
        raise AlreadyApplied(unit=unit.name)
    application = UnitApplication(
        person_id=person_id,
        unit_id=unit.id,
        state=ApplicationState.FILED,
        reason=act.reason,
        filed_at=act.at,
    )
    act.session.add(application)
    act.session.flush()
    _note(act, Event.APPLICATION_FILED, application)
    return application


def withdraw_application(act: Act, application_id: int) -> UnitApplication:
    """Take one's own application back before it is decided.

    Raises:
        NotFound: not there, or somebody else's.
        ApplicationDecided
    """
    person_id = _applicant(act)
    application = _lock(act.session, application_id)
    if application.person_id != person_id:
        raise NotFound
    _require_filed(application)
    _decide(act, application, ApplicationState.WITHDRAWN)
    _note(act, Event.APPLICATION_WITHDRAWN, application)
    return application


def accept(act: Act, application_id: int) -> UnitApplication:
    """Let an applicant belong to the unit.

    Whoever has come to belong to it in the meantime, by an old account, doesn't twice.

    Raises:
        NotFound, Refused, ApplicationDecided, NotAUnitToJoin
    """
    application = _lock(act.session, application_id)
    decision = _require(act, application)
    _require_filed(application)
    _require_joinable(application.unit)
    if not belongs_to(act.session, application.person_id, application.unit_id):
        act.session.add(
            Affiliation(person_id=application.person_id, unit_id=application.unit_id, since=act.at)
        )
    _decide(act, application, ApplicationState.ACCEPTED)
    _note(act, Event.APPLICATION_ACCEPTED, application, decision)
    return application


def decline(act: Act, application_id: int) -> UnitApplication:
    """Turn an applicant down, and tell them why.

    Raises:
        NotFound, Refused, ApplicationDecided, ReasonMissing
    """
    application = _lock(act.session, application_id)
    decision = _require(act, application)
    _require_filed(application)
    if not act.reason.strip():
        raise ReasonMissing(field="reason")
    _decide(act, application, ApplicationState.DECLINED)
    _note(act, Event.APPLICATION_DECLINED, application, decision)
    return application


def accept_all(act: Act, application_ids: Iterable[int]) -> Decided:
    """Accept several; those that can't be are left as they are and told apart.

    Raises:
        NotFound: one of them is out of reach; then none is accepted.
    """
    return _each(act, application_ids, accept)


def decline_all(act: Act, application_ids: Iterable[int]) -> Decided:
    """Decline several for one reason, as ``accept_all``.

    Raises:
        NotFound, ReasonMissing
    """
    if not act.reason.strip():
        raise ReasonMissing(field="reason")
    return _each(act, application_ids, decline)


def _each(
    act: Act, application_ids: Iterable[int], verb: Callable[[Act, int], UnitApplication]
) -> Decided:
    decided = Decided()
    # In one order, so that two who decide on the same ones never wait for each other.
    for number in sorted(set(application_ids)):
        try:
            with act.session.begin_nested():
                decided.done.append(verb(act, number))
        except NotFound:
            raise
        except DomainError as error:
            decided.refused.append((act.session.get_one(UnitApplication, number), error))
    return decided


def _applicant(act: Act) -> int:
    if act.actor.person_id is None:
        raise NotFound  # staff have local accounts and belong nowhere else
    return act.actor.person_id


def _lock(session: Session, application_id: int) -> UnitApplication:
    application = session.scalar(
        select(UnitApplication)
        .where(UnitApplication.id == application_id)
        .options(joinedload(UnitApplication.unit), joinedload(UnitApplication.person))
        .with_for_update(of=UnitApplication)
        .execution_options(populate_existing=True)
    )
    if application is None:
        raise NotFound
    return application


def _require(act: Act, application: UnitApplication) -> Decision:
    facts = facts_of(act.session, application.unit)
    return require(act.actor, Permission.MEMBER_DECIDE, facts, act.reason)


def _require_filed(application: UnitApplication) -> None:
    if application.state is not ApplicationState.FILED:
        raise ApplicationDecided(state=application.state.label)


def _require_joinable(unit: Unit) -> None:
    if unit.kind is UnitKind.DEPARTMENT or unit.status is not UnitStatus.ACTIVE:
        raise NotAUnitToJoin(unit=unit.name)


def _decide(act: Act, application: UnitApplication, state: ApplicationState) -> None:
    application.state = state
    application.decided_at = act.at
    application.decided_by = act.actor.name
    application.decided_as = act.actor.capacity.value
    application.decision_reason = act.reason
    act.session.flush()


def _note(
    act: Act, event: Event, application: UnitApplication, decision: Decision | None = None
) -> None:
    record(
        act,
        event,
        unit_id=application.unit_id,
        person_id=application.person_id,
        subject=application.person.name,
        decision=decision,
        application_id=application.id,
    )
    announce(
        act,
        event.value,
        application_id=application.id,
        person_id=application.person_id,
        unit_id=application.unit_id,
    )
