"""One errand on many cases: each in its own right, so that what can't be done stops no other.

Each case is done in a savepoint of its own, with its version, its question of authority and its
entry in the trail, by the same verbs as alone. Nothing here commits.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin_app.audit.act import Act
from admin_app.errors import DomainError, NotFound
from admin_app.migration.steps import lock_person
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.desk_vocabulary import NothingChosen, TooManyChosen
from admin_app.service_desk.models import Case

BULK_MOST = 100

# What is done to one case, in the version seen.
Verb = Callable[[Act, int, int], object]


class Chosen(NamedTuple):
    """A case as somebody saw it."""

    case_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Result:
    """How it came out for one case, as it is now; without a refusal it was done."""

    case: Case
    refusal: DomainError | None = None


def in_bulk(act: Act, chosen: Sequence[Chosen], verb: Verb) -> list[Result]:
    """Do something to each of these cases that allows it.

    Raises:
        Refused, NothingChosen, TooManyChosen
        NotFound: one of them doesn't exist; no page offers such.
    """
    require(act.actor, Permission.CASE_WORK)
    seen = dict(chosen)
    if not seen:
        raise NothingChosen
    if len(seen) > BULK_MOST:
        raise TooManyChosen(most=BULK_MOST)
    if lock_persons_of(act, seen) != len(seen):
        raise NotFound
    refusals = {case_id: _try(act, verb, case_id, seen[case_id]) for case_id in sorted(seen)}
    cases = act.session.scalars(
        select(Case)
        .where(Case.id.in_(seen))
        .options(joinedload(Case.person), joinedload(Case.account), joinedload(Case.assignee))
        .execution_options(populate_existing=True)
    )
    found = {case.id: case for case in cases}
    return [Result(found[case_id], refusals[case_id]) for case_id in seen]


def lock_persons_of(act: Act, case_ids: Collection[int]) -> int:
    """Lock the persons of several cases, first and in order, as whoever locks several does.

    Returns:
        how many of the cases exist.
    """
    rows = act.session.execute(select(Case.id, Case.person_id).where(Case.id.in_(case_ids))).all()
    for person_id in sorted({person_id for _, person_id in rows if person_id is not None}):
        lock_person(act.session, person_id)
    return len(rows)


def _try(act: Act, verb: Verb, case_id: int, version: int) -> DomainError | None:
    savepoint = act.session.begin_nested()
    try:
        verb(act, case_id, version)
    except DomainError as error:
        savepoint.rollback()
        return error
    savepoint.commit()
    return None
