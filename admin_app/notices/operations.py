"""What people do with their notices and their address: read, give, confirm, choose, take back."""

import re
import secrets
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select, update

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.identity.models import NoticeAddress, Person, StaffAccount
from admin_app.identity.vocabulary import Channel
from admin_app.migration.steps import lock_person
from admin_app.notices.models import Delivery, Notice
from admin_app.notices.queries import address_of, get_notice, own
from admin_app.notices.vocabulary import (
    AskedTooOften,
    CodeOver,
    DeliveryState,
    EmailMalformed,
    LinkOver,
    MobileMalformed,
    NoticeKind,
)

EMAIL_MOST = 254
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
_ASK_AGAIN = timedelta(minutes=5)
_LINK_LASTS = timedelta(days=1)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)  # a mobile number of the mainland
_CODE_DIGITS = 6
_CODE_LASTS = timedelta(minutes=30)
_CODE_TRIES = 5
_REMOVED = {
    Channel.MAIL: Event.MAIL_ADDRESS_REMOVED,
    Channel.SMS: Event.MOBILE_NUMBER_REMOVED,
}


def read_notice(act: Act, notice_id: int) -> Notice:
    """
    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    notice = get_notice(act.session, act.actor, notice_id)
    notice.read_at = notice.read_at or act.at
    act.session.flush()
    return notice


def read_all(act: Act) -> None:
    """Mark one's notices as read."""
    act.session.execute(
        update(Notice)
        .where(own(Notice, act.actor), Notice.read_at.is_(None))
        .values(read_at=act.at)
    )


def give_address(act: Act, email: str, language: str) -> NoticeAddress:
    """Keep an address, and have a link mailed to it; no notice goes there before it is followed.

    Raises:
        EmailMalformed, AskedTooOften
    """
    if len(email) > EMAIL_MOST or not _EMAIL.fullmatch(email):
        raise EmailMalformed(field="email")
    return _give(act, Channel.MAIL, email, secrets.token_urlsafe(24), language, field="email")


def give_number(act: Act, number: str, language: str) -> NoticeAddress:
    """Keep a mobile number, and have a code sent to it; no notice goes there before it is typed.

    Raises:
        MobileMalformed, AskedTooOften
    """
    plain = re.sub(r"[\s-]", "", number).removeprefix("+86").removeprefix("0086")
    if not _MOBILE.fullmatch(plain):
        raise MobileMalformed(field="number")
    code = f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"
    return _give(act, Channel.SMS, plain, code, language, field="number")


def confirm_number(act: Act, code: str) -> bool:
    """The code was typed by whoever gave the number; whether it was the right one.

    A wrong one is counted, so the caller commits either way.

    Raises:
        CodeOver: too late, too often wrong, or there is none.
    """
    owner = _lock_own(act)
    address = address_of(act.session, act.actor, Channel.SMS)
    if address is None or address.link_sealed is None:
        raise CodeOver(field="code")
    if act.at > address.asked_at + _CODE_LASTS or address.tries >= _CODE_TRIES:
        raise CodeOver(field="code")
    address.tries += 1
    is_right = secrets.compare_digest(act.sealer.open(address.link_sealed).encode(), code.encode())
    if is_right:
        address.confirmed_at, address.link_sealed = act.at, None
        _note(act, Event.MOBILE_NUMBER_CONFIRMED, owner)
    act.session.flush()
    return is_right


def confirm_address(act: Act, secret: str) -> NoticeAddress:
    """The link was followed by whoever gave the address: from now on mail goes there.

    Raises:
        LinkOver
    """
    owner = _lock_own(act)
    address = address_of(act.session, act.actor)
    if address is None or address.link_sealed is None:
        raise LinkOver
    expected = act.sealer.open(address.link_sealed)
    is_right = secrets.compare_digest(expected.encode(), secret.encode())
    if not is_right or act.at > address.asked_at + _LINK_LASTS:
        raise LinkOver
    address.confirmed_at, address.link_sealed = act.at, None
    act.session.flush()
    _note(act, Event.MAIL_ADDRESS_CONFIRMED, owner)
    return address


def choose(
    act: Act, channel: Channel, wanted: Collection[NoticeKind], *, digest: bool = False
) -> None:
    """Which kinds of notices are sent on a channel, and whether once a day.

    Raises:
        NotFound: no address was given.
    """
    _lock_own(act)
    address = address_of(act.session, act.actor, channel)
    if address is None:
        raise NotFound
    address.muted = [each.value for each in NoticeKind if each not in wanted]
    address.digest = digest
    act.session.flush()


def remove_address(act: Act, channel: Channel = Channel.MAIL) -> None:
    """Forget an address and whatever was still to go there."""
    owner = _lock_own(act)
    address = address_of(act.session, act.actor, channel)
    if address is not None:
        _delete(act, address)
        _note(act, _REMOVED[channel], owner)


def _give(
    act: Act, channel: Channel, to: str, secret: str, language: str, *, field: str
) -> NoticeAddress:
    _lock_own(act)
    former = address_of(act.session, act.actor, channel)
    if former is not None:
        if act.at < former.asked_at + _ASK_AGAIN:
            left = former.asked_at + _ASK_AGAIN - act.at
            minutes = int(left.total_seconds() // 60) + 1
            raise AskedTooOften(field=field, minutes=minutes)
        _delete(act, former)
    address = NoticeAddress(
        person_id=act.actor.person_id,
        staff_id=act.actor.staff_id,
        channel=channel,
        address_sealed=act.sealer.seal(to),
        language=language,
        asked_at=act.at,
        link_sealed=act.sealer.seal(secret),
    )
    act.session.add(address)
    act.session.flush()
    act.session.add(
        Delivery(
            address_id=address.id,
            channel=channel,
            state=DeliveryState.WAITING,
            urgent=True,
            due_at=act.at,
        )
    )
    act.session.flush()
    return address


def _delete(act: Act, address: NoticeAddress) -> None:
    act.session.delete(address)  # and with it, by the database, its deliveries
    act.session.flush()


def _note(act: Act, event: Event, owner: Person | StaffAccount) -> None:
    record(act, event, person_id=act.actor.person_id, subject=owner.name)


def _lock_own(act: Act) -> Person | StaffAccount:
    """Whoever acts, locked: of two addresses given at once one is kept.

    Raises:
        NotFound: the platform itself, which has no addresses.
    """
    if act.actor.person_id is not None:
        return lock_person(act.session, act.actor.person_id)
    account = act.session.scalar(
        select(StaffAccount).where(StaffAccount.id == act.actor.staff_id).with_for_update()
    )
    if account is None:
        raise NotFound
    return account
