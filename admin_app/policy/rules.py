"""The one rule of authority, asked by views, menus, commands and queries alike.

``reach`` says how far a permission goes for an actor, ``decide`` whether it holds for one unit
and why, ``require`` the same as an error. Unknown is denied.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from admin_app.errors import NotFound
from admin_app.policy.actor import Actor, Involved, Subject, UnitFacts
from admin_app.policy.reach import EVERYWHERE, NOWHERE, Reach
from admin_app.policy.table import TABLE, Condition, Right, Scope
from admin_app.policy.vocabulary import AssuranceLevel, Ground, Permission, Refused, UnitKind
from admin_app.wording import Text


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed, the ground, and the sentence that explains it.

    ``needs_reason``: allowed only together with a reason in the actor's own words.
    """

    allowed: bool
    ground: Ground
    sentence: Text
    needs_reason: bool = False

    def __bool__(self) -> bool:
        return self.allowed


def right_of(actor: Actor, permission: Permission) -> Right | None:
    """The table's entry for this actor's capacity."""
    return TABLE[permission].get(actor.capacity)


def reach(actor: Actor, permission: Permission) -> Reach:
    """The part of the tree in which an actor holds a permission, conditions on a unit apart."""
    right = right_of(actor, permission)
    if right is None or (Condition.VERIFIED in right.conditions and not _verified(actor)):
        return NOWHERE
    if right.scope is Scope.EVERYWHERE:
        return EVERYWHERE
    if actor.office is None:
        return NOWHERE
    return Reach(actor.office.path, strict=right.scope is Scope.BELOW)


def decide(
    actor: Actor,
    permission: Permission,
    unit: UnitFacts | None = None,
    involved: Involved | None = None,
) -> Decision:
    """Whether an actor may do something to a unit (or at all, without one), and why.

    Without ``involved`` it isn't asked who else has to do with it; ``require`` always asks.
    """
    right = right_of(actor, permission)
    if right is None:
        return _no(actor, Ground.NOT_IN_THIS_CAPACITY)
    if Condition.VERIFIED in right.conditions and not _verified(actor):
        return _no(actor, Ground.VERIFICATION_TOO_LOW)
    if involved is not None:
        ground = _hindered(actor, right, involved)
        if ground is not None:
            return _no(actor, ground)
    if unit is None:
        return _yes(actor, right, None)
    if not reach(actor, permission).covers(unit.path):
        return _no(actor, _beyond(actor, permission, unit))
    for condition in right.conditions:
        ground = _broken(condition, unit)
        if ground is not None:
            return _no(actor, ground)
    return _yes(actor, right, unit)


def require(
    actor: Actor,
    permission: Permission,
    unit: UnitFacts | None = None,
    reason: str = "",
    involved: Involved | None = None,
) -> Decision:
    """The decision, if it is a yes. Whoever names nobody involved has no second person.

    Raises:
        NotFound: the unit lies outside what the actor may even see.
        Refused: the unit is seen but the act isn't allowed, or its reason is missing.
    """
    decision = decide(actor, permission, unit, involved or Involved())
    if not decision:
        if unit is not None and not reach(actor, Permission.UNIT_VIEW).covers(unit.path):
            raise NotFound
        raise Refused(decision.ground, decision.sentence)
    if decision.needs_reason and not reason.strip():
        raise Refused(Ground.REASON_MISSING, Ground.REASON_MISSING.text)
    return decision


def condition_holds(condition: Condition, unit: UnitFacts) -> bool:
    """Whether a condition about the unit holds; those about the actor or the act always do."""
    return _broken(condition, unit) is None


def _broken(condition: Condition, unit: UnitFacts) -> Ground | None:
    match condition:
        case Condition.NOT_A_DEPARTMENT:
            broken = unit.kind is UnitKind.DEPARTMENT
            return Ground.DEPARTMENTS_HAVE_STAFF if broken else None
        case Condition.NOBODY_WITHIN_APPOINTS:
            somebody = unit.represented or unit.overseen_within
        case Condition.NOBODY_WITHIN_CREATES:
            somebody = unit.represented or unit.administered or unit.overseen_within
        case Condition.NOBODY_WITHIN_SHAPES:
            somebody = unit.overseen_within
        case Condition.VERIFIED | Condition.REASON | Condition.IMPARTIAL | Condition.TWO_PEOPLE:
            somebody = False
    return Ground.UNIT_CAN_ACT_ITSELF if somebody else None


def partiality(actor: Actor, subjects: Iterable[Subject]) -> Ground | None:
    """Why somebody must keep out of what concerns these people; none if they needn't."""
    grounds = (_partiality(actor, each) for each in subjects)
    return next((ground for ground in grounds if ground is not None), None)


def _partiality(actor: Actor, subject: Subject) -> Ground | None:
    # A local account says nothing of who holds it but the name: namesakes leave it to others.
    same = actor.person_id is not None and actor.person_id == subject.person_id
    if same or (subject.name and actor.name.strip() == subject.name.strip()):
        return Ground.ABOUT_ONESELF
    if actor.office is not None and actor.office.unit_id in subject.unit_ids:
        return Ground.OF_THE_SAME_UNIT
    return None


def _hindered(actor: Actor, right: Right, involved: Involved) -> Ground | None:
    """Who else has to do with it, and so stands in the way."""
    proposer, ground = involved.proposer, None
    if Condition.IMPARTIAL in right.conditions:
        ground = partiality(actor, involved.subjects)
    if ground is not None or Condition.TWO_PEOPLE not in right.conditions:
        return ground
    if proposer is None or proposer.staff_id is None or actor.staff_id is None:
        return Ground.SECOND_PERSON_MISSING
    if proposer.staff_id == actor.staff_id:
        return Ground.SAME_PERSON_TWICE
    return partiality(proposer, involved.subjects)


def _beyond(actor: Actor, permission: Permission, unit: UnitFacts) -> Ground:
    if actor.office is None or actor.office.path != unit.path:
        return Ground.OUT_OF_REACH
    appointing = permission.value.startswith("administrator.")
    return Ground.NOT_BELOW_OWN_UNIT if appointing else Ground.OWN_UNIT_FROM_ABOVE


def _verified(actor: Actor) -> bool:
    return actor.level >= AssuranceLevel.INTERMEDIATE


def _no(actor: Actor, ground: Ground) -> Decision:
    return Decision(False, ground, ground.text.format(capacity=actor.capacity.label, unit=""))


def _yes(actor: Actor, right: Right, unit: UnitFacts | None) -> Decision:
    if right.scope is Scope.EVERYWHERE or actor.office is None:
        ground = Ground.EVERYWHERE
    elif unit is None or actor.office.path == unit.path:
        ground = Ground.OWN_UNIT
    else:
        ground = Ground.OFFICE_ABOVE
    name = actor.office.unit_name if actor.office else ""
    sentence = ground.text.format(capacity=actor.capacity.label, unit=name)
    return Decision(True, ground, sentence, Condition.REASON in right.conditions)
