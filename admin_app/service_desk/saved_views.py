"""Saved views of the desk's list: one's own, and those that colleagues share. Nothing commits."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.identity.models import StaffAccount
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.desk_models import SavedView
from admin_app.service_desk.desk_vocabulary import (
    IdNumberInSearch,
    TooManyViews,
    ViewNameMissing,
    ViewNameTaken,
    ViewTooLong,
)
from admin_app.service_desk.search_rules import has_id_number

VIEWS_MOST = 20
NAME_MOST = 40
_QUERY_MOST = 500
_SHARED_MOST = 50


def save_view(act: Act, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep an address's filters under a name of one's own.

    Raises:
        Refused, ViewNameMissing, ViewNameTaken, ViewTooLong, TooManyViews, IdNumberInSearch
    """
    staff_id = _lock_staff(act)
    if len(query) > _QUERY_MOST:
        raise ViewTooLong
    if has_id_number(query):
        raise IdNumberInSearch
    name = _free_name(act, staff_id, name)
    own = select(func.count()).select_from(SavedView).where(SavedView.staff_id == staff_id)
    if (act.session.scalar(own) or 0) >= VIEWS_MOST:
        raise TooManyViews(most=VIEWS_MOST)
    view = SavedView(staff_id=staff_id, name=name, query=query, shared=shared, saved_at=act.at)
    act.session.add(view)
    _note(act, Event.DESK_VIEW_SAVED, view)
    return view


def change_view(act: Act, view_id: int, name: str, *, shared: bool) -> SavedView:
    """Rename a view of one's own, share it or stop sharing it.

    Raises:
        Refused, NotFound, ViewNameMissing, ViewNameTaken
    """
    view = _own(act, _lock_staff(act), view_id)
    view.name = _free_name(act, view.staff_id, name, but=view.id)
    view.shared = shared
    _note(act, Event.DESK_VIEW_SAVED, view)
    return view


def remove_view(act: Act, view_id: int) -> None:
    """
    Raises:
        Refused, NotFound
    """
    view = _own(act, _lock_staff(act), view_id)
    _note(act, Event.DESK_VIEW_REMOVED, view)
    act.session.delete(view)
    act.session.flush()


def views_of(session: Session, staff_id: int) -> Sequence[SavedView]:
    """One's own views by name, then those of colleagues."""
    rows = session.scalars(
        select(SavedView)
        .join(StaffAccount, StaffAccount.id == SavedView.staff_id)
        .where(
            or_(
                SavedView.staff_id == staff_id,
                SavedView.shared.is_(True) & StaffAccount.active.is_(True),
            )
        )
        .options(joinedload(SavedView.staff))
        .order_by(SavedView.staff_id != staff_id, SavedView.name, SavedView.id)
        .limit(VIEWS_MOST + _SHARED_MOST)
    )
    return rows.all()


def _free_name(act: Act, staff_id: int, typed: str, but: int = 0) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > NAME_MOST:
        raise ViewNameMissing(field="name")
    taken = select(SavedView.id).where(
        SavedView.staff_id == staff_id, SavedView.name == name, SavedView.id != but
    )
    if act.session.scalar(taken) is not None:
        raise ViewNameTaken(field="name", name=name)
    return name


def _own(act: Act, staff_id: int, view_id: int) -> SavedView:
    view = act.session.get(SavedView, view_id)
    if view is None or view.staff_id != staff_id:
        raise NotFound
    return view


def _lock_staff(act: Act) -> int:
    """Two pages of one person save one after the other."""
    require(act.actor, Permission.CASE_WORK)
    found = act.session.scalar(
        select(StaffAccount.id).where(StaffAccount.id == act.actor.staff_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def _note(act: Act, event: Event, view: SavedView) -> None:
    act.session.flush()
    record(act, event, subject=view.name, view_id=view.id, shared=view.shared)
