"""Playing a script through the real services, each deed at its own time."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.delegation.arrival import arrive
from admin_app.delegation.candidates import Candidate
from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import check_character
from admin_app.identity.claims import PortalIdentity, ReportedEnterprise
from admin_app.identity.models import Person
from admin_app.migration.arrivals import note_refused, note_sign_in
from admin_app.migration.concerned import represented_accounts
from admin_app.migration.matching import match_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.operations import bind, disown, forget
from admin_app.migration.rehearsal.script import Deed, Player, Script, Step, Story
from admin_app.migration.rehearsal.stage import PASSWORD, Stage, prefix
from admin_app.migration.rules import Outcome
from admin_app.migration.standings import standing_of
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.sealing import Sealer

ISSUER = "https://portal.rehearsal.invalid"


def play(act: Act, script: Script, stage: Stage, days: int, show: Callable[[], None]) -> None:
    """All steps, the first day being ``days`` days before the midnight before ``act.at``."""
    midnight = act.at.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=days)
    people: dict[int, Person] = {}
    for step in script.steps:
        then = replace(act, at=first + timedelta(minutes=step.minute))
        _do(then, script, stage, people, step)
        show()


def figures(session: Session, sealer: Sealer, seed: int) -> dict[str, Any]:
    """What has become of the accounts of a rehearsal, and a digest that tells two apart."""
    states: Counter[str] = Counter()
    blockers: Counter[str] = Counter()
    written = hashlib.sha256()
    for account in session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.external_id.startswith(prefix(seed)))
        .order_by(LegacyAccount.external_id)
    ):
        state, blocker = standing_of(session, sealer, account)
        states[state.value] += 1
        if blocker is not None:
            blockers[blocker.value] += 1
        named = blocker.value if blocker else ""
        written.update(f"{account.external_id} {state.value} {named}\n".encode())
    return {
        "accounts": states.total(),
        "states": dict(sorted(states.items())),
        "blockers": dict(sorted(blockers.items())),
        "digest": written.hexdigest(),
    }


def _do(act: Act, script: Script, stage: Stage, people: dict[int, Person], step: Step) -> None:
    player = step.player
    if step.deed is Deed.IS_TURNED_AWAY:
        identity = _identity(script, player, step.level)
        arrive(act, identity)
        note_refused(act, identity)
        return
    if step.deed is Deed.COMES:
        person = arrive(act, _identity(script, player, step.level)).person
        if person is None:
            raise LookupError(f"{player.name} should be let in")
        note_sign_in(act, person)
        people[player.number] = person
        return
    person = people[player.number]
    if step.deed is Deed.APPOINTS:
        _appoint(act, stage, person, step)
        return
    account_id = _asked_for(act, person)
    if account_id is None:
        return  # nothing to bind, as for most without an old account
    match step.deed:
        case Deed.BINDS:
            bind(act, person.id, account_id, PASSWORD, consented=True)
        case Deed.MISTYPES:
            bind(act, person.id, account_id, "mistyped", consented=True)
        case Deed.FORGETS:
            forget(act, person.id, account_id)
        case Deed.DISOWNS:
            disown(act, person.id, account_id)


def _asked_for(act: Act, person: Person) -> int | None:
    """The account whose old password somebody is asked for: their own, or their unit's."""
    found = match_of(act.session, act.sealer, person)
    if found.outcome is Outcome.PROMPT:
        return found.account_id
    units = represented_accounts(act.session, person)
    return units[0].id if found.outcome is Outcome.NOTHING and units else None


def _appoint(act: Act, stage: Stage, person: Person, step: Step) -> None:
    unit = stage.enterprises[step.player.number]
    office = Office(unit.id, unit.path, unit.name)
    actor = Actor(
        person.name, Capacity.LEGAL_REPRESENTATIVE, person.assurance_level, office, person.id
    )
    where: Unit = stage.parts[step.player.number] if step.secondary else unit
    whom = step.whom
    if whom is not None:
        somebody = Candidate(whom.name, whom.id_type, whom.id_number)
        appoint(replace(act, actor=actor, reason="演练"), where.id, somebody)


def _identity(script: Script, player: Player, level: AssuranceLevel) -> PortalIdentity:
    reported = player.enterprise
    if player.story is Story.REPRESENTS_NOT_BOUND or level < AssuranceLevel.INTERMEDIATE:
        reported = ""
    elif player.story is Story.REPRESENTS_OTHERS:
        body = f"92{reported[2:17]}"  # an enterprise that isn't on the platform
        reported = body + check_character(body)
    name = f"演练第{player.number + 1}企业有限公司"
    return PortalIdentity(
        issuer=ISSUER,
        subject=f"{prefix(script.seed)}{player.number}",
        name=player.name,
        id_type=player.id_type,
        id_number=player.id_number,
        level=level,
        enterprises=(ReportedEnterprise(reported, name),) if reported else (),
    )
