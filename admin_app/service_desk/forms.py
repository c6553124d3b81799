"""Change forms about units: who may file one, filed once, checked before and again when decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.delegation.candidates import Candidate, Identified, identify
from admin_app.delegation.facts import facts_of
from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.identity.models import Representation
from admin_app.migration.matching import accounts_of
from admin_app.migration.models import Affiliation
from admin_app.policy.actor import Actor
from admin_app.policy.rules import decide, require
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.case_vocabulary import CaseState, StatementTooLong
from admin_app.service_desk.cases import STATEMENT_MOST
from admin_app.service_desk.evidence import attach_own, attach_received, require_evidence
from admin_app.service_desk.filing import due_day, put_on_the_desk
from admin_app.service_desk.form_checks import Asked, check, former_of
from admin_app.service_desk.form_vocabulary import (
    DepartmentMissing,
    FormKind,
    NotReported,
    UnitOnFile,
)
from admin_app.service_desk.models import Case, InformationChange, Nominee
from admin_app.service_desk.rules import priority_for
from admin_app.service_desk.storage import Storage
from admin_app.service_desk.uploads import Upload

_UNITS_MOST = 50
_DEPARTMENTS_MOST = 1000


@dataclass(frozen=True, slots=True)
class Filing:
    """A unit's change form as somebody filled it in.

    Args:
        unit_id: the unit; of one that is missing, the department it belongs under.
        candidate: whom the form names, if its kind names somebody.
        ending: appointments that are to end.
    """

    kind: FormKind
    unit_id: int
    name: str = ""
    uscc: str = ""
    candidate: Candidate | None = None
    ending: Sequence[int] = ()
    statement: str = ""
    uploads: Sequence[Upload] = field(default=())


def file_form(act: Act, filing: Filing, storage: Storage | None = None) -> Case:
    """File a unit's change form: for oneself, or at the desk for whoever sent it by mail.

    Raises:
        NotFound, Refused, NotReported, DepartmentMissing, StatementTooLong, EvidenceMissing,
        UnitOnFile, and what ``form_checks.check`` raises
    """
    kind = filing.kind
    # Whoever is named first, then units: arrivals lock in the same order.
    who = identify(act, filing.candidate) if kind.names_somebody and filing.candidate else None
    unit = _target(act, filing)
    if len(filing.statement) > STATEMENT_MOST:
        raise StatementTooLong(field="statement", most=STATEMENT_MOST)
    asked = Asked(filing.name, filing.uscc, tuple(filing.ending), who)
    asked = check(act, kind, unit, asked)
    if act.actor.staff_id is None:
        # What comes by mail is added afterwards; nothing is approved without it.
        require_evidence(act, kind, {each.kind for each in filing.uploads})
    missing = asked.uscc if kind is FormKind.UNIT_MISSING else None
    on_file = open_form(act.session, kind, unit.id, missing)
    if on_file is not None:
        raise UnitOnFile(on_file.id)
    case = _write(act, kind, unit, missing, filing.statement)
    values = {**asked.values(), "former": former_of(act.session, kind, unit)}
    act.session.add(InformationChange(case_id=case.id, account_ids=[], asked=values))
    if who is not None:
        act.session.add(_nominee(act, case, who))
    put_on_the_desk(act, case)
    if filing.uploads and storage is not None:
        attach = attach_own if act.actor.person_id is not None else attach_received
        attach(act, storage, case.id, filing.uploads)
    return case


def kinds_for(session: Session, actor: Actor, unit: Unit) -> list[FormKind]:
    """The forms somebody may file about a unit."""
    fitting = [kind for kind in FormKind if _fits(kind, unit)]
    if decide(actor, Permission.FORM_FILE, facts_of(session, unit)):
        return fitting
    return [kind for kind in fitting if _may_as_oneself(session, actor, kind, unit)]


def may_file(session: Session, actor: Actor, kind: FormKind, unit: Unit) -> bool:
    """Whether somebody may file a form about a unit there is.

    Whoever is in charge of it; whom the portal reports, though they act for themselves; and, if
    nobody can be reached, any member.
    """
    if decide(actor, Permission.FORM_FILE, facts_of(session, unit)):
        return True
    return _may_as_oneself(session, actor, kind, unit)


def units_of(session: Session, actor: Actor) -> Sequence[Unit]:
    """Whose forms somebody may file without searching: where they hold office or belong."""
    if actor.person_id is None:
        return []
    member = select(Affiliation.unit_id).where(
        _own(session, actor.person_id), Affiliation.until.is_(None)
    )
    ids = set(session.scalars(member.limit(_UNITS_MOST)))
    ids |= {actor.office.unit_id} if actor.office else set()
    named = Unit.uscc.in_(codes_of(session, actor.person_id))
    statement = select(Unit).where(
        or_(Unit.id.in_(ids), named),
        Unit.kind != UnitKind.DEPARTMENT,
        Unit.status == UnitStatus.ACTIVE,
    )
    return session.scalars(statement.order_by(Unit.path).limit(_UNITS_MOST)).all()


def missing_enterprises(session: Session, person_id: int) -> Sequence[Representation]:
    """What the portal reports as somebody's and the platform lacks."""
    return session.scalars(
        select(Representation)
        .outerjoin(Unit, Unit.uscc == Representation.uscc)
        .where(
            Representation.person_id == person_id,
            Representation.until.is_(None),
            Unit.id.is_(None),
        )
        .order_by(Representation.id)
        .limit(_UNITS_MOST)
    ).all()


def codes_of(session: Session, person_id: int) -> set[str]:
    """The credit codes of what the portal reports as somebody's."""
    return set(
        session.scalars(
            select(Representation.uscc).where(
                Representation.person_id == person_id, Representation.until.is_(None)
            )
        )
    )


def departments(session: Session) -> Sequence[Unit]:
    """Every department in use, in tree order: a province has some hundreds."""
    return session.scalars(
        select(Unit)
        .where(Unit.kind == UnitKind.DEPARTMENT, Unit.status == UnitStatus.ACTIVE)
        .order_by(Unit.path)
        .limit(_DEPARTMENTS_MOST)
    ).all()


def open_form(
    session: Session, kind: FormKind, unit_id: int, uscc: str | None = None
) -> Case | None:
    """The case on file about the same thing, whoever filed it."""
    found = select(Case).where(Case.form == kind, Case.ended_at.is_(None))
    if uscc is not None:
        return session.scalar(found.where(Case.uscc == uscc))
    # Said in the index's own words, so that no list of cases is walked along.
    return session.scalar(found.where(Case.unit_id == unit_id, Case.uscc.is_(None)))


def _target(act: Act, filing: Filing) -> Unit:
    """The unit, or the department of one that is missing, if the actor may file about it."""
    unit = act.session.get(Unit, filing.unit_id)
    if filing.kind is FormKind.UNIT_MISSING:
        if unit is None or unit.kind is not UnitKind.DEPARTMENT:
            raise DepartmentMissing(field="parent")
        if act.actor.person_id is None:
            require(act.actor, Permission.FORM_FILE, facts_of(act.session, unit))
        elif _code(filing.uscc) not in codes_of(act.session, act.actor.person_id):
            raise NotReported(field="uscc")
        return unit
    if unit is None:
        raise NotFound
    if not may_file(act.session, act.actor, filing.kind, unit):
        require(act.actor, Permission.FORM_FILE, facts_of(act.session, unit))
        raise NotFound
    return unit


def _may_as_oneself(session: Session, actor: Actor, kind: FormKind, unit: Unit) -> bool:
    if actor.person_id is None:
        return False
    if kind is FormKind.REPRESENTATIVE_CHANGED:
        return unit.uscc is not None and unit.uscc in codes_of(session, actor.person_id)
    if kind is FormKind.ADMINISTRATOR_UNREACHABLE:
        return _is_member(session, actor.person_id, unit)
    return False


def _code(typed: str) -> str:
    return "".join(typed.upper().split())


def _fits(kind: FormKind, unit: Unit) -> bool:
    if kind is FormKind.UNIT_MISSING:
        return False  # about no unit there is
    if kind.is_of_first_level:
        return unit.kind is UnitKind.FIRST_LEVEL
    return unit.kind is not UnitKind.DEPARTMENT


def _is_member(session: Session, person_id: int, unit: Unit) -> bool:
    mine = select(Affiliation.id).where(
        Affiliation.unit_id == unit.id, _own(session, person_id), Affiliation.until.is_(None)
    )
    return session.scalar(mine.limit(1)) is not None


def _own(session: Session, person_id: int) -> Any:
    accounts = accounts_of(session, person_id)
    return or_(Affiliation.person_id == person_id, Affiliation.account_id.in_(accounts))


def _write(act: Act, kind: FormKind, unit: Unit, uscc: str | None, statement: str) -> Case:
    case = Case(
        form=kind,
        uscc=uscc,
        state=CaseState.FILED,
        priority=priority_for(kind),
        person_id=act.actor.person_id,
        unit_id=unit.id,
        statement=statement,
        filed_at=act.at,
        filed_by=act.actor.name,
        due_on=due_day(act, kind),
    )
    act.session.add(case)
    act.session.flush()
    return case


def _nominee(act: Act, case: Case, who: Identified) -> Nominee:
    return Nominee(
        case_id=case.id,
        name=who.name,
        id_type=who.id_type,
        id_sealed=act.sealer.seal(who.id_number),
        id_index=who.index,
    )
