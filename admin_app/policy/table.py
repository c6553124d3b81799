"""The permission table: read it aloud in review; ``docs/permissions.md`` is made from it.

A right is a reach and the conditions that must hold besides. What isn't listed is denied.
"""

from dataclasses import dataclass
from enum import Enum

from admin_app.policy.vocabulary import Capacity, Permission


class Scope(Enum):
    """How far a right goes, seen from the office somebody acts from."""

    AT_AND_BELOW = "at and below"
    BELOW = "below"
    EVERYWHERE = "everywhere"


class Condition(Enum):
    """What must hold besides the reach."""

    VERIFIED = "intermediate verification"
    NOT_A_DEPARTMENT = "the unit is not a department"  # departments have staff instead
    # The department steps in only where nobody inside the unit has the right to do the same.
    NOBODY_WITHIN_APPOINTS = "nobody within may appoint"
    NOBODY_WITHIN_CREATES = "nobody within may create units"
    NOBODY_WITHIN_SHAPES = "nobody within may change the unit"
    REASON = "a reason is given"
    IMPARTIAL = "neither the subject nor of the subject's unit"
    TWO_PEOPLE = "another member of staff has proposed it"


@dataclass(frozen=True, slots=True)
class Right:
    scope: Scope
    conditions: tuple[Condition, ...] = ()


_OWN = Right(Scope.AT_AND_BELOW, (Condition.VERIFIED,))
_LOWER = Right(Scope.BELOW, (Condition.VERIFIED,))
_APPOINTS_INSTEAD = Right(
    Scope.BELOW,
    (Condition.NOT_A_DEPARTMENT, Condition.NOBODY_WITHIN_APPOINTS, Condition.REASON),
)
_CREATES_INSTEAD = Right(Scope.AT_AND_BELOW, (Condition.NOBODY_WITHIN_CREATES, Condition.REASON))
_SHAPES_INSTEAD = Right(Scope.BELOW, (Condition.NOBODY_WITHIN_SHAPES, Condition.REASON))
_SEES_BELOW = Right(Scope.AT_AND_BELOW)
_SEES_ALL = Right(Scope.EVERYWHERE)
_ACCOUNTS_FOR_IT = Right(Scope.EVERYWHERE, (Condition.REASON,))
_DECIDES = Right(Scope.EVERYWHERE, (Condition.REASON, Condition.IMPARTIAL))
_CONFIRMS = Right(Scope.EVERYWHERE, (Condition.REASON, Condition.IMPARTIAL, Condition.TWO_PEOPLE))
_IMPOSES = Right(
    Scope.EVERYWHERE,
    (Condition.NOT_A_DEPARTMENT, Condition.REASON, Condition.IMPARTIAL, Condition.TWO_PEOPLE),
)

_REPRESENTATIVE = Capacity.LEGAL_REPRESENTATIVE
_ADMINISTRATOR = Capacity.UNIT_ADMINISTRATOR
_DEPARTMENT = Capacity.DEPARTMENT_STAFF

TABLE: dict[Permission, dict[Capacity, Right]] = {
    Permission.UNIT_VIEW: {
        _REPRESENTATIVE: _OWN,
        _ADMINISTRATOR: _OWN,
        _DEPARTMENT: _SEES_BELOW,
        Capacity.PLATFORM_SUPPORT: _SEES_ALL,
    },
    Permission.UNIT_CREATE: {
        _REPRESENTATIVE: _OWN,
        _ADMINISTRATOR: _OWN,
        _DEPARTMENT: _CREATES_INSTEAD,  # such as registering an enterprise the tree lacks
    },
    Permission.UNIT_RENAME: {
        _REPRESENTATIVE: _LOWER,
        _ADMINISTRATOR: _LOWER,
        _DEPARTMENT: _SHAPES_INSTEAD,
    },
    Permission.UNIT_MOVE: {
        _REPRESENTATIVE: _LOWER,
        _ADMINISTRATOR: _LOWER,
        _DEPARTMENT: _SHAPES_INSTEAD,
    },
    Permission.UNIT_ARCHIVE: {
        _REPRESENTATIVE: _LOWER,
        _ADMINISTRATOR: _LOWER,
        _DEPARTMENT: _SHAPES_INSTEAD,
    },
    Permission.UNIT_RESTORE: {
        _REPRESENTATIVE: _LOWER,
        _ADMINISTRATOR: _LOWER,
        _DEPARTMENT: _SHAPES_INSTEAD,
    },
    # The one rule of authority: office at a strict ancestor, or legal representative of the unit.
    Permission.ADMINISTRATOR_APPOINT: {
        _REPRESENTATIVE: _OWN,
        _ADMINISTRATOR: _LOWER,
        _DEPARTMENT: _APPOINTS_INSTEAD,
    },
    Permission.ADMINISTRATOR_REASSIGN: {
        _REPRESENTATIVE: _OWN,
        _ADMINISTRATOR: _LOWER,
        _DEPARTMENT: _APPOINTS_INSTEAD,
    },
    Permission.ADMINISTRATOR_END: {
        _REPRESENTATIVE: _OWN,
        _ADMINISTRATOR: _LOWER,
        _DEPARTMENT: _APPOINTS_INSTEAD,
    },
    Permission.FIGURES_VIEW: {
        _REPRESENTATIVE: _OWN,
        _ADMINISTRATOR: _OWN,
        _DEPARTMENT: _SEES_BELOW,
        Capacity.MANAGER: _SEES_BELOW,
        Capacity.PLATFORM_SUPPORT: _SEES_ALL,
    },
    Permission.LEVER_VIEW: {
        _DEPARTMENT: _SEES_BELOW,
        Capacity.MANAGER: _SEES_BELOW,
        Capacity.PLATFORM_SUPPORT: _SEES_ALL,
    },
    Permission.UNIT_URGE: {_DEPARTMENT: _SEES_BELOW},  # whoever supervises a unit, and nobody else
    Permission.ACCOUNT_VIEW: {
        _REPRESENTATIVE: _OWN,
        _ADMINISTRATOR: _OWN,
        _DEPARTMENT: _SEES_BELOW,
        Capacity.PLATFORM_SUPPORT: _SEES_ALL,
    },
    Permission.IDENTITY_REVEAL: {Capacity.PLATFORM_SUPPORT: _ACCOUNTS_FOR_IT},
    Permission.MEMBER_DECIDE: {_REPRESENTATIVE: _OWN, _ADMINISTRATOR: _OWN},
    Permission.ACCOUNT_BIND: {Capacity.PLATFORM_SUPPORT: _DECIDES},
    # What takes something from somebody, or says who somebody is, takes two people.
    Permission.ACCOUNT_UNBIND: {Capacity.PLATFORM_SUPPORT: _CONFIRMS},
    Permission.ACCOUNT_CORRECT: {Capacity.PLATFORM_SUPPORT: _CONFIRMS},
    Permission.ACCOUNT_MERGE: {Capacity.PLATFORM_SUPPORT: _CONFIRMS},
    # A unit's name and a unit that is missing take one; whose a unit is takes two.
    Permission.UNIT_AMEND: {Capacity.PLATFORM_SUPPORT: _DECIDES},
    Permission.UNIT_REGISTER: {Capacity.PLATFORM_SUPPORT: _DECIDES},
    Permission.UNIT_RECODE: {Capacity.PLATFORM_SUPPORT: _CONFIRMS},
    Permission.REPRESENTATIVE_END: {Capacity.PLATFORM_SUPPORT: _CONFIRMS},
    Permission.ADMINISTRATOR_IMPOSE: {Capacity.PLATFORM_SUPPORT: _IMPOSES},
    Permission.FORM_FILE: {
        _REPRESENTATIVE: _OWN,
        _ADMINISTRATOR: _OWN,
        _DEPARTMENT: _SEES_BELOW,
        Capacity.PLATFORM_SUPPORT: _SEES_ALL,
    },
    Permission.CASE_FILE: {
        _DEPARTMENT: _SEES_BELOW,
        Capacity.PLATFORM_SUPPORT: _SEES_ALL,
    },
    Permission.CASE_VIEW: {
        _DEPARTMENT: _SEES_BELOW,
        Capacity.PLATFORM_SUPPORT: _SEES_ALL,
    },
    Permission.CASE_WORK: {Capacity.PLATFORM_SUPPORT: _SEES_ALL},
    Permission.CASE_DECIDE: {Capacity.PLATFORM_SUPPORT: _DECIDES},
    Permission.DATA_IMPORT: {Capacity.PLATFORM_SUPPORT: _ACCOUNTS_FOR_IT},
    Permission.STAFF_VIEW: {Capacity.SECURITY_ADMINISTRATOR: _SEES_ALL},
    Permission.AUDIT_VIEW: {Capacity.AUDITOR: _SEES_ALL},
}
