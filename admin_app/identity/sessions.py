"""Sessions: rows on the server that their owner can see and end; the browser holds a token.

Only the token's SHA-256 is stored, so that a copy of the table opens nothing.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, false, or_, select, update
from sqlalchemy.orm import Session, joinedload

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.identity.models import Person, SignInSession, StaffAccount
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.sealing import Sealer

_TOUCH_EVERY = timedelta(minutes=1)
_ADDRESS_MOST, _USER_AGENT_MOST, _KEY_MOST = 60, 300, 60


def open_session(
    act: Act,
    owner: Person | StaffAccount,
    *,
    address: str,
    user_agent: str,
    id_token: str | None,
    idle: timedelta,
    lasts: timedelta,
) -> tuple[SignInSession, str]:
    """Open a session and give its token, which is not to be had again.

    Each sign-in gets a session of its own; the web ends the one the browser had before. The
    owner's sessions whose time has run out are closed, so that their list shows what is live.
    """
    token = secrets.token_urlsafe(32)
    signed_in = SignInSession(
        token_hash=_hash(token),
        id_token_sealed=act.sealer.seal(id_token) if id_token else None,
        created_at=act.at,
        last_seen_at=act.at,
        expires_at=act.at + lasts,
        address=address[:_ADDRESS_MOST],
        user_agent=user_agent[:_USER_AGENT_MOST],
    )
    if isinstance(owner, Person):
        signed_in.person_id = owner.id
        actor = Actor(owner.name, Capacity.NATURAL_PERSON, person_id=owner.id)
    else:
        signed_in.staff_id = owner.id
        owner.last_signed_in_at = act.at
        actor = Actor(owner.name, owner.role.capacity, staff_id=owner.id)
    _close_run_out(act, _owned_by(actor), idle)
    act.session.add(signed_in)
    act.session.flush()
    record(
        replace(act, actor=actor),
        Event.SIGNED_IN,
        person_id=signed_in.person_id,
        subject=owner.name,
        session_id=signed_in.id,
        address=signed_in.address,
    )
    return signed_in, token


def find_session(
    session: Session, token: str, now: datetime, idle: timedelta
) -> SignInSession | None:
    """The live session a token opens, with its owner; None: ended, expired, or idle too long."""
    signed_in = session.scalar(
        select(SignInSession)
        .where(SignInSession.token_hash == _hash(token))
        .options(
            joinedload(SignInSession.person),
            joinedload(SignInSession.staff).joinedload(StaffAccount.unit),
        )
    )
    if signed_in is None or signed_in.ended_at is not None:
        return None
    if now >= signed_in.expires_at or now - signed_in.last_seen_at >= idle:
        return None
    if signed_in.staff is not None and not signed_in.staff.active:
        return None
    return signed_in


def is_touch_due(signed_in: SignInSession, now: datetime) -> bool:
    """Whether ``touch_session`` would write, so that most requests need no writing transaction."""
    return now - signed_in.last_seen_at >= _TOUCH_EVERY


def touch_session(session: Session, signed_in: SignInSession, now: datetime) -> bool:
    """Note that a session is in use, at most once a minute; says whether anything was written."""
    if not is_touch_due(signed_in, now):
        return False
    # One statement with its condition, so that an older request never turns the clock back and
    # nobody revives a session ended meanwhile.
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.id == signed_in.id,
            SignInSession.last_seen_at < now,
            SignInSession.ended_at.is_(None),
        )
        .values(last_seen_at=now)
    )
    return True


def choose_capacity(act: Act, signed_in: SignInSession, key: str) -> None:
    """Remember in which capacity the owner acts; which they hold is computed one layer up.

    Raises:
        NotFound: somebody else's session, or no such key.
    """
    if not _is_owner(act.actor, signed_in) or len(key) > _KEY_MOST:
        raise NotFound
    signed_in.capacity_key = key
    act.session.flush()


def end_session(act: Act, session_id: int, *, signing_out: bool = False) -> None:
    """End one of one's own sessions; ``signing_out``: it is the one acted in.

    Raises:
        NotFound: somebody else's.
    """
    signed_in = act.session.get(SignInSession, session_id, populate_existing=True)
    if signed_in is None or not _is_owner(act.actor, signed_in):
        raise NotFound
    if signed_in.ended_at is None:
        event = Event.SIGNED_OUT if signing_out else Event.SESSION_ENDED
        _end(act, signed_in, event, act.actor.name)


def end_other_sessions(act: Act, keep_id: int) -> int:
    """End all of one's own sessions but one; says how many."""
    others = [s for s in _open_of(act.session, _owned_by(act.actor)) if s.id != keep_id]
    for signed_in in others:
        _end(act, signed_in, Event.SESSION_ENDED, act.actor.name)
    return len(others)


def end_all_sessions(act: Act, owner: Person | StaffAccount) -> int:
    """End every session of somebody who may no longer be signed in; says how many."""
    own = SignInSession.person_id if isinstance(owner, Person) else SignInSession.staff_id
    all_of_them = _open_of(act.session, own == owner.id)
    for signed_in in all_of_them:
        _end(act, signed_in, Event.SESSION_ENDED, owner.name)
    return len(all_of_them)


def sessions_of(
    session: Session, actor: Actor, *, now: datetime | None = None, idle: timedelta | None = None
) -> list[SignInSession]:
    """The actor's own sessions that were not ended, the last used first.

    With ``now`` those that expired are left out, with ``idle`` those unused for so long too.
    """
    found = _open_of(session, _owned_by(actor))
    if now is not None:
        found = [s for s in found if s.expires_at > now]
        found = [s for s in found if idle is None or now - s.last_seen_at < idle]
    return found


def id_token_of(sealer: Sealer, signed_in: SignInSession) -> str | None:
    """The portal's ID token, which it wants back as a hint when the person signs out."""
    return sealer.open(signed_in.id_token_sealed) if signed_in.id_token_sealed else None


def delete_old_sessions(session: Session, before: datetime) -> int:
    """Delete the rows of sessions that were over before a moment; says how many.

    Staff sign-in knows an account's usual addresses from these rows: keep them some months.
    """
    over = or_(SignInSession.ended_at < before, SignInSession.expires_at < before)
    return len(session.scalars(delete(SignInSession).where(over).returning(SignInSession.id)).all())


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _is_owner(actor: Actor, signed_in: SignInSession) -> bool:
    if actor.person_id is not None:
        return signed_in.person_id == actor.person_id
    return actor.staff_id is not None and signed_in.staff_id == actor.staff_id


def _owned_by(actor: Actor) -> ColumnElement[bool]:
    if actor.person_id is not None:
        return SignInSession.person_id == actor.person_id
    return SignInSession.staff_id == actor.staff_id if actor.staff_id is not None else false()


def _open_of(session: Session, owned: ColumnElement[bool]) -> list[SignInSession]:
    rows: Sequence[SignInSession] = session.scalars(
        select(SignInSession)
        .where(owned, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc()),
        execution_options={"populate_existing": True},
    ).all()
    return list(rows)


def _close_run_out(act: Act, owned: ColumnElement[bool], idle: timedelta) -> None:
    for signed_in in _open_of(act.session, owned):
        if act.at >= signed_in.expires_at or act.at - signed_in.last_seen_at >= idle:
            signed_in.ended_at = act.at
    act.session.flush()


def _end(act: Act, signed_in: SignInSession, event: Event, owner: str) -> None:
    signed_in.ended_at = act.at
    act.session.flush()
    record(
        act,
        event,
        person_id=signed_in.person_id,
        subject=owner,
        session_id=signed_in.id,
    )
