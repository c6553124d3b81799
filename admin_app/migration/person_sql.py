"""Natural persons as SQL over ``Person``: at which units, and where they stand.

A person stands at several units; a reader looks after them through any. Lists read what is kept
of this (``rollups.person_places``).
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    func,
    join,
    literal,
    literal_column,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from admin_app.database import unindexed
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.identity.models import Person, Representation
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import AccountBinding, Affiliation, LegacyAccount, PersonKin
from admin_app.migration.rules import MIGRATED, stuck
from admin_app.migration.standing_sql import account_standing, written
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.reach import Reach
from admin_app.policy.vocabulary import AssuranceLevel

NOTHING_TO_BIND = ""  # what ``person_standing`` says of whoever has no old account

# The value stands in the statement itself: the partial index is taken for nothing less.
_LOW = Person.level < literal_column(str(AssuranceLevel.INTERMEDIATE.value))
_BOUND = AccountBinding.until.is_(None)
_Bearer = aliased(Person)
_HELD_BY_KIN = (Blocker.ID_DIFFERS, Blocker.REGISTERED_BY_PASSPORT)


def is_within(reach: Reach) -> ColumnElement[bool]:
    """Whether a person met stands at a unit within reach.

    By an old account or an affiliation of theirs, an enterprise that they represent, an office.
    """
    if reach.is_everywhere:
        return true()
    return union_all(*_places(literal(1), within(reach, searched=False))).exists()


def units_of(asked_for: Callable[[Any], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """At which units persons stand: their numbers and the units' paths.

    Args:
        asked_for: whether it is one of those asked for, by a column with their numbers.
    """
    ways = (
        select(who, Unit.path).select_from(way).where(in_force, asked_for(who))
        for who, way, in_force in _WAYS
    )
    return union(*ways)


def person_standing() -> ColumnElement[str]:
    """Where somebody stands with their own old account; empty: there is none to bind."""
    personal = unindexed(LegacyAccount.kind) == AccountKind.PERSONAL
    # A value and no EXISTS: for one of those PostgreSQL reads every binding there is.
    bound = (
        select(literal(written(MIGRATED)))
        .select_from(AccountBinding)
        .join(LegacyAccount, LegacyAccount.id == AccountBinding.account_id)
        .where(AccountBinding.person_id == Person.id, _BOUND, personal)
        .limit(1)
        .correlate(Person)
    )
    held = (
        select(account_standing())
        .where(LegacyAccount.held_for_id == Person.id, personal)
        .order_by(LegacyAccount.id)
        .limit(1)
        .correlate(Person)
    )
    taken = select(AccountBinding.id).where(AccountBinding.account_id == LegacyAccount.id, _BOUND)
    is_taken = taken.correlate(LegacyAccount).exists()
    numbered = (
        select(case((is_taken, written(stuck(Blocker.DISPUTED))), else_=account_standing()))
        .where(LegacyAccount.id_index == Person.id_index, personal)
        .order_by(is_taken, LegacyAccount.id)
        .limit(1)
        .correlate(Person)
    )
    # An account is held for one, but namesakes born on the same day may all seem to be meant.
    owner = select(_Bearer.id).where(_Bearer.id_index == LegacyAccount.id_index)
    alike = (
        select(account_standing())
        .select_from(PersonKin)
        .join(LegacyAccount, LegacyAccount.kin_index == PersonKin.kin_index)
        .where(
            PersonKin.person_id == Person.id,
            LegacyAccount.hindrance.in_(_HELD_BY_KIN),
            personal,
            ~is_taken,
            ~owner.correlate(LegacyAccount).exists(),
        )
        .order_by(LegacyAccount.id)
        .limit(1)
        .correlate(Person)
    )
    ways = (each.scalar_subquery() for each in (bound, held, numbered, alike))
    return case(
        (_LOW, written(stuck(Blocker.VERIFICATION_TOO_LOW))),
        else_=func.coalesce(*ways, NOTHING_TO_BIND),
    )


def _places(what: Any, *conditions: ColumnElement[bool]) -> list[Select[Any]]:
    """The units at which the person met stands."""
    return [
        select(what)
        .select_from(way)
        .where(who == Person.id, in_force, *conditions)
        .correlate(Person)
        for who, way, in_force in _WAYS
    ]


# How a person stands at a unit: what says who it is, the way there, and what must be in force.
_WAYS: tuple[tuple[Any, Any, ColumnElement[bool]], ...] = (
    (
        AccountBinding.person_id,
        join(
            join(AccountBinding, LegacyAccount, LegacyAccount.id == AccountBinding.account_id),
            Unit,
            Unit.id == LegacyAccount.unit_id,
        ),
        _BOUND,
    ),
    (
        AccountBinding.person_id,
        join(
            join(AccountBinding, Affiliation, Affiliation.account_id == AccountBinding.account_id),
            Unit,
            Unit.id == Affiliation.unit_id,
        ),
        and_(_BOUND, Affiliation.until.is_(None)),
    ),
    (
        Affiliation.person_id,
        join(Affiliation, Unit, Unit.id == Affiliation.unit_id),
        Affiliation.until.is_(None),
    ),
    (
        _Bearer.id,
        join(
            join(_Bearer, LegacyAccount, LegacyAccount.id_index == _Bearer.id_index),
            Unit,
            Unit.id == LegacyAccount.unit_id,
        ),
        true(),
    ),
    (
        LegacyAccount.held_for_id,
        join(LegacyAccount, Unit, Unit.id == LegacyAccount.unit_id),
        true(),
    ),
    (
        Representation.person_id,
        join(Representation, Unit, Unit.uscc == Representation.uscc),
        Representation.until.is_(None),
    ),
    (
        Appointment.person_id,
        join(Appointment, Unit, Unit.id == Appointment.unit_id),
        # The value stands in the statement itself, as above.
        Appointment.state == literal_column(f"'{AppointmentState.CURRENT.value}'"),
    ),
)
