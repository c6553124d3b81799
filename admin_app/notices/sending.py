"""Mail and SMS that are due: claimed before they are sent, noted after, tried again when refused.

A claim is committed before the server is spoken to, so no two workers send the same. A worker that
dies before the server took it loses nothing: the claim lapses and somebody else sends. Between the
server's "taken" and our noting it lies one commit: whoever dies just there has it sent once more,
under the same number (docs/decisions/0007-jobs.md says why so).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select, update

from admin_app.audit.act import Act
from admin_app.identity.models import NoticeAddress, StaffAccount
from admin_app.identity.vocabulary import Channel
from admin_app.notices.models import Delivery, Notice
from admin_app.notices.rules import CLAIM_LASTS, is_quiet, next_attempt
from admin_app.notices.vocabulary import DeliveryState

TOGETHER_MOST = 50  # notices in one digest
_TROUBLE_MOST = 300
# Whoever has left is sent nothing; let in again, they are sent what waits.
_SHUT_OUT = (
    select(StaffAccount.id)
    .where(StaffAccount.id == NoticeAddress.staff_id, StaffAccount.active.is_(False))
    .exists()
)


@dataclass(frozen=True)
class Outgoing:
    """One mail or SMS, claimed: whom it goes to, and what it is about.

    ``link``: the secret that confirms the address, if that is what it is about.
    """

    deliveries: tuple[int, ...]
    mail_id: str
    address: str = field(repr=False)
    language: str
    notices: tuple[Notice, ...]
    link: str | None = field(default=None, repr=False)


def claim(
    act: Act, channel: Channel = Channel.MAIL, lasts: timedelta = CLAIM_LASTS
) -> Outgoing | None:
    """The next one that is due on a channel, for this worker alone; commit before sending it."""
    _release_abandoned(act, lasts)
    statement = (
        select(Delivery, NoticeAddress)
        .join(NoticeAddress, NoticeAddress.id == Delivery.address_id)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.channel == channel,
            Delivery.due_at <= act.at,
            ~_SHUT_OUT,
        )
    )
    if is_quiet(act.at):
        statement = statement.where(Delivery.urgent)
    # The address is locked as well: mails that belong together are claimed by one worker.
    found = act.session.execute(
        statement.order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        return None
    first, address = found
    together = _together(act, first, address)
    mail_id = first.mail_id or secrets.token_hex(16)
    for each in together:
        each.state, each.claimed_at, each.mail_id = DeliveryState.SENDING, act.at, mail_id
        each.attempts += 1
    act.session.flush()
    notice_ids = [each.notice_id for each in together if each.notice_id is not None]
    notices = act.session.scalars(
        select(Notice).where(Notice.id.in_(notice_ids)).order_by(Notice.id)
    )
    link = address.link_sealed if first.notice_id is None else None
    return Outgoing(
        deliveries=tuple(each.id for each in together),
        mail_id=mail_id,
        address=act.sealer.open(address.address_sealed),
        language=address.language,
        notices=tuple(notices),
        link=act.sealer.open(link) if link else None,
    )


def note_sent(act: Act, mail: Outgoing) -> None:
    """The server has taken it."""
    _end(act, mail, DeliveryState.SENT, "")


def note_failed(act: Act, mail: Outgoing, trouble: str, *, for_good: bool, down: bool) -> None:
    """It wasn't taken: try again later, or give up if there is no use.

    A server that isn't there (``down``) says nothing about the mail: that is never given up.
    """
    for delivery in _claimed(act, mail):
        again = next_attempt(delivery.attempts, act.at, down=down)
        if for_good or again is None:
            _end(act, mail, DeliveryState.GIVEN_UP, trouble)
            return
        delivery.state, delivery.claimed_at = DeliveryState.WAITING, None
        delivery.due_at, delivery.trouble = again, trouble[:_TROUBLE_MOST]
    act.session.flush()


def _together(act: Act, first: Delivery, address: NoticeAddress) -> Sequence[Delivery]:
    """What goes out in one mail: what went together before, or a digest's due notices.

    So does all that is due to a member of staff: of many late cases they need one mail.
    """
    together = address.digest or address.staff_id is not None
    due = select(Delivery).where(
        Delivery.address_id == address.id, Delivery.state == DeliveryState.WAITING
    )
    if first.mail_id is not None:
        due = due.where(Delivery.mail_id == first.mail_id)
    elif together and first.notice_id is not None and not first.urgent:
        due = due.where(
            Delivery.mail_id.is_(None),
            Delivery.due_at <= act.at,
            Delivery.notice_id.is_not(None),
            Delivery.urgent.is_(False),
        )
    else:
        return [first]
    return act.session.scalars(
        due.order_by(Delivery.id).limit(TOGETHER_MOST).with_for_update()
    ).all()


def _release_abandoned(act: Act, lasts: timedelta) -> None:
    abandoned = act.session.scalars(
        select(Delivery.id)
        .where(Delivery.state == DeliveryState.SENDING, Delivery.claimed_at < act.at - lasts)
        .limit(TOGETHER_MOST * 2)
        .with_for_update(skip_locked=True)
    ).all()
    if abandoned:
        act.session.execute(
            update(Delivery)
            .where(Delivery.id.in_(abandoned))
            .values(state=DeliveryState.WAITING, claimed_at=None)
        )


def _claimed(act: Act, mail: Outgoing) -> Sequence[Delivery]:
    return act.session.scalars(
        select(Delivery)
        .where(
            Delivery.id.in_(mail.deliveries),
            Delivery.mail_id == mail.mail_id,
            Delivery.state == DeliveryState.SENDING,
        )
        .order_by(Delivery.id)
        .with_for_update()
    ).all()


def _end(act: Act, mail: Outgoing, state: DeliveryState, trouble: str) -> None:
    for delivery in _claimed(act, mail):
        delivery.state, delivery.claimed_at, delivery.ended_at = state, None, act.at
        delivery.trouble = trouble[:_TROUBLE_MOST]
    act.session.flush()
