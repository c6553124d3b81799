"""Proposals that wait for a second person."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from admin_app.service_desk.case_vocabulary import AlreadyProposed
from admin_app.service_desk.models import Case, Proposal


def waiting_proposal(session: Session, case_id: int) -> Proposal | None:
    """What somebody has proposed and nobody has answered."""
    return session.scalar(
        select(Proposal)
        .where(Proposal.case_id == case_id, Proposal.outcome.is_(None))
        .options(joinedload(Proposal.proposed_by))
    )


def require_none_waiting(session: Session, case: Case) -> None:
    """
    Raises:
        AlreadyProposed
    """
    if waiting_proposal(session, case.id) is not None:
        raise AlreadyProposed
