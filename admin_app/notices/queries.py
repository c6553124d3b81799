"""Reading one's own notices; nobody reads anybody else's."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from admin_app.errors import NotFound
from admin_app.identity.models import NoticeAddress
from admin_app.identity.vocabulary import Channel
from admin_app.notices.models import Delivery, Notice
from admin_app.policy.actor import Actor
from admin_app.wording import Text

UNREAD_MOST = 100  # counted no further: the bell says 99+


def own(table: type[Notice] | type[NoticeAddress], whose: Actor) -> ColumnElement[bool]:
    """What is somebody's: a person's, or a local account's."""
    if whose.person_id is not None:
        return table.person_id == whose.person_id
    return table.staff_id == whose.staff_id if whose.staff_id is not None else false()


def unread_of(session: Session, whose: Actor) -> int:
    """How many notices are unread, up to a bound."""
    few = select(Notice.id).where(own(Notice, whose), Notice.read_at.is_(None))
    counted = select(func.count()).select_from(few.limit(UNREAD_MOST).subquery())
    return session.scalar(counted) or 0


def notices_of(
    session: Session, whose: Actor, *, before: int | None = None, limit: int = 25
) -> Sequence[Notice]:
    """A page of somebody's notices, latest first; ``before`` is the last one already shown."""
    statement = select(Notice).where(own(Notice, whose))
    if before is not None:
        statement = statement.where(Notice.id < before)
    return session.scalars(statement.order_by(Notice.id.desc()).limit(limit)).all()


def get_notice(session: Session, whose: Actor, notice_id: int) -> Notice:
    """
    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    notice = session.scalar(select(Notice).where(Notice.id == notice_id, own(Notice, whose)))
    if notice is None:
        raise NotFound
    return notice


def address_of(
    session: Session, whose: Actor, channel: Channel = Channel.MAIL
) -> NoticeAddress | None:
    return session.scalar(
        select(NoticeAddress).where(own(NoticeAddress, whose), NoticeAddress.channel == channel)
    )


def latest_mail_to(session: Session, address: NoticeAddress) -> Delivery | None:
    """How the latest mail to an address went."""
    return session.scalar(
        select(Delivery)
        .where(Delivery.address_id == address.id)
        .order_by(Delivery.id.desc())
        .limit(1)
    )


def sentence_of(notice: Notice) -> Text:
    """What a notice says."""
    values = {
        name: Text(*value) if isinstance(value, list) else value
        for name, value in notice.values.items()
    }
    return notice.kind.sentence.format(**values)
