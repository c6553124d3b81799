"""How far moving in has come in the demo: who has bound, and who is stuck and why.

Through the real services, in the days before; whoever isn't named here is left to be played.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from admin_app.audit.act import PLATFORM, Act
from admin_app.cli.demo_accounts import OLD_PASSWORD
from admin_app.delegation.arrival import arrive
from admin_app.delegation.candidates import Candidate
from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.identity.claims import PortalIdentity, read_identity
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.arrivals import note_refused
from admin_app.migration.matching import match_of
from admin_app.migration.operations import bind, disown, forget
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.service_desk.opening import note_arrival
from admin_app.setting_kinds import ClaimNames

_BIND = ("demo-legal-1", "demo-dean-1", "demo-director-1")
_STUCK_BY_MATCHING = (
    "demo-several-1",
    "demo-id-differs-1",
    "demo-name-differs-1",
    "demo-foreigner-2",
    "demo-legal-6",
    "demo-legal-7",
)
_TURNED_AWAY = ("demo-newcomer-2", "demo-passport-1")
_LAPSES = "demo-lapsed-1"


def bind_first(act: Act, cast: Mapping[str, Any], issuer: str) -> None:
    """Let those who are to administer come and bind their old accounts."""
    known = _identities(cast, issuer)
    then = _then(act, 4)
    for sub in _BIND:
        person = _comes(then, known[sub])
        account_id = match_of(act.session, act.sealer, person).account_id or 0
        bind(_by(then, person), person.id, account_id, OLD_PASSWORD, consented=True)


def move_in(act: Act, cast: Mapping[str, Any], issuer: str, dean: Actor, college: Unit) -> None:
    """Let it happen; ``dean`` appoints, at ``college``, somebody whose level falls later."""
    known = _identities(cast, issuer)
    for days_ago, sub in enumerate(_STUCK_BY_MATCHING, 1):
        _comes(_then(act, 1 + days_ago % 4), known[sub])
    for sub, verb in (("demo-disputed-1", disown), ("demo-forgot-1", forget)):
        person = _comes(_then(act, 2), known[sub])
        found = match_of(act.session, act.sealer, person)
        verb(_by(_then(act, 2), person), person.id, found.account_id or 0)
    for sub in _TURNED_AWAY:
        _is_refused(_then(act, 2), known[sub])
    falls = next(row for row in cast["people"] if row["sub"] == _LAPSES)
    verified = {**falls, "assurance_level": "intermediate"}
    _comes(_then(act, 3), read_identity(issuer, verified, ClaimNames()))
    appoint(
        replace(_then(act, 2), actor=dean),
        college.id,
        Candidate(falls["name"], IdType(falls["id_type"]), falls["id_number"]),
    )
    _is_refused(_then(act, 1), known[_LAPSES])


def _identities(cast: Mapping[str, Any], issuer: str) -> dict[str, PortalIdentity]:
    return {
        row["sub"]: read_identity(issuer, {**row, "assurance_level": row["level"]}, ClaimNames())
        for row in cast["people"]
    }


def _comes(act: Act, identity: PortalIdentity) -> Person:
    person = arrive(act, identity).person
    if person is None:
        raise LookupError(f"{identity.subject} should be let in")
    note_arrival(replace(act, actor=PLATFORM), person)
    return person


def _is_refused(act: Act, identity: PortalIdentity) -> None:
    arrive(act, identity)
    note_refused(act, identity)


def _then(act: Act, days_ago: int) -> Act:
    return replace(act, at=act.at - timedelta(days=days_ago))


def _by(act: Act, person: Person) -> Act:
    """The person's own act, as the trail will say."""
    actor = Actor(person.name, Capacity.NATURAL_PERSON, person.assurance_level, person_id=person.id)
    return replace(act, actor=actor)
