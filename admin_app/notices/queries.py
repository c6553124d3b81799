"""Reading one's own notices; nobody reads anybody else's."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.errors import NotFound
from admin_app.identity.models import NoticeAddress
from admin_app.identity.vocabulary import Channel
from admin_app.notices.models import Delivery, Notice
from admin_app.wording import Text

UNREAD_MOST = 100  # counted no further: the bell says 99+


def unread_of(session: Session, person_id: int) -> int:
    """How many notices are unread, up to a bound."""
    few = select(Notice.id).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    counted = select(func.count()).select_from(few.limit(UNREAD_MOST).subquery())
    return session.scalar(counted) or 0


def notices_of(
    session: Session, person_id: int, *, before: int | None = None, limit: int = 25
) -> Sequence[Notice]:
    """A page of somebody's notices, latest first; ``before`` is the last one already shown."""
    statement = select(Notice).where(Notice.person_id == person_id)
    if before is not None:
        statement = statement.where(Notice.id < before)
    return session.scalars(statement.order_by(Notice.id.desc()).limit(limit)).all()


def get_notice(session: Session, person_id: int, notice_id: int) -> Notice:
    """
    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    notice = session.get(Notice, notice_id)
    if notice is None or notice.person_id != person_id:
        raise NotFound
    return notice


def address_of(
    session: Session, person_id: int, channel: Channel = Channel.MAIL
) -> NoticeAddress | None:
    return session.scalar(
        select(NoticeAddress).where(
            NoticeAddress.person_id == person_id, NoticeAddress.channel == channel
        )
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
