"""Who belongs to a unit, and who asks to: a list of members, and applications to decide."""

from dataclasses import dataclass

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.errors import NotFound
from admin_app.hierarchy.queries import count_up_to, get_unit
from admin_app.identity.id_numbers import mask_id_number
from admin_app.identity.names import mask_name
from admin_app.identity.queries import person_id_number_masked
from admin_app.migration.queries import Member, members_of
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.applications import Decided, accept_all, decline_all
from admin_app.service_desk.models import UnitApplication
from admin_app.service_desk.queries import waiting_page, waiting_within
from admin_app.views.applications import REASON_MOST
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import NUMBER, way_to
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import permits
from admin_app.web.identity import current_actor, make_act, sealer
from admin_app.web.kept import REASON, keeps_typed
from admin_app.web.navigation import MenuItem, Panel, add_panel, add_to_menu
from admin_app.web.notices import tell
from admin_app.wording import Text

PAGE = 50
TOLD_MOST = 5  # by name: what is told travels in a cookie
_NUMBER_MOST = 2**31 - 1

_ACCEPTED = Text("已同意 {n} 份申请：{names}。", "{n} accepted: {names}.")
_DECLINED = Text("未同意 {n} 份申请：{names}。理由会告诉本人。", "{n} declined: {names}.")
_LEFT = Text("{name}的申请没有处理：{why}", "The application of {name} was left: {why}")
_MORE_LEFT = Text("另有 {n} 份没有处理。", "{n} more were left.")
_NOBODY_CHOSEN = Text("请先勾选要处理的申请。", "Choose the applications first.")

_VERBS = {"accept": accept_all, "decline": decline_all}


@dataclass(frozen=True)
class Waiting:
    """An application, and enough of the applicant's ID number to know them by."""

    application: UnitApplication
    id_number: str


class MembersView(PageView):
    needs = Permission.MEMBER_DECIDE

    @expose("/")
    def index(self) -> str:
        return self._page(Form())

    @expose("/decide", methods=("POST",))
    @keeps_typed(reason=REASON)
    def decide(self) -> ResponseReturnValue:
        """Accept or decline those chosen; whatever is wrong with one holds up no other."""
        form, chosen = read_form("reason", "verdict"), _chosen()
        verb = _VERBS.get(form["verdict"])
        if verb is None:
            raise NotFound
        if not chosen:
            form.general = _NOBODY_CHOSEN
        decided = Decided()
        if form.is_fine:
            act = make_act(form["reason"][:REASON_MOST])
            with form.attempt():
                decided = verb(act, chosen)
        if not form.is_fine:
            return self._page(form, chosen), form.status
        _tell(decided, _ACCEPTED if form["verdict"] == "accept" else _DECLINED)
        return redirect(url_for("members.index"))

    def _page(self, form: Form, chosen: frozenset[int] = frozenset()) -> str:
        session, after = current_session(), _after()
        scope = reach(current_actor(), Permission.MEMBER_DECIDE)
        found = waiting_page(session, scope, after, PAGE)
        return self.render(
            "members/waiting.html",
            waiting=[
                Waiting(each, person_id_number_masked(sealer(), each.person))
                for each in found[:PAGE]
            ],
            count=count_up_to(session, waiting_within(scope)),
            next_after=found[PAGE - 1].id if len(found) > PAGE else None,
            after=after,
            form=form,
            chosen=chosen,
        )


class UnitMembersView(PageView):
    needs = Permission.ACCOUNT_VIEW

    @expose(f"/<{NUMBER}:unit_id>/members")
    def index(self, unit_id: int) -> str:
        session, after = current_session(), _after()
        unit = get_unit(session, reach(current_actor(), Permission.ACCOUNT_VIEW), unit_id)
        found = members_of(session, unit.id, after, PAGE)
        # Those who decide on members know them; whoever only looks on needn't.
        known = reach(current_actor(), Permission.MEMBER_DECIDE).covers(unit.path)
        return self.render(
            "members/unit.html",
            unit=unit,
            way=way_to(unit),
            members=found[:PAGE],
            known=known,
            name_of=lambda member: member.name if known else mask_name(member.name),
            id_number_of=_id_number,
            next_after=found[PAGE - 1].affiliation.id if len(found) > PAGE else None,
            after=after,
        )


def panel() -> Panel | None:
    """How many wait for the visitor's answer; nothing if nobody does."""
    if not permits(Permission.MEMBER_DECIDE):
        return None
    scope = reach(current_actor(), Permission.MEMBER_DECIDE)
    count = count_up_to(current_session(), waiting_within(scope))
    return Panel("panels/applications.html", {"count": count}) if count else None


def _tell(decided: Decided, words: Text) -> None:
    if decided.done:
        names = [each.person.name for each in decided.done[:TOLD_MOST]]
        names += ["…"] if len(decided.done) > TOLD_MOST else []
        shown = Text("、".join(names), ", ".join(names))
        tell(words.format(n=len(decided.done), names=shown))
    for application, error in decided.refused[:TOLD_MOST]:
        tell(_LEFT.format(name=application.person.name, why=error.sentence), "bad")
    if len(decided.refused) > TOLD_MOST:
        tell(_MORE_LEFT.format(n=len(decided.refused) - TOLD_MOST), "bad")


def _chosen() -> frozenset[int]:
    """The numbers ticked; one that is no number of ours is no application.

    Raises:
        NotFound
    """
    typed = request.form.getlist("chosen")[:PAGE]
    if not all(t.isascii() and t.isdigit() and len(t) <= 10 for t in typed):
        raise NotFound
    numbers = frozenset(map(int, typed))
    if any(number > _NUMBER_MOST for number in numbers):
        raise NotFound
    return numbers


def _after() -> int:
    """The number of the last row shown, from the address; anything else is none."""
    typed = request.args.get("after", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _id_number(member: Member) -> str:
    return mask_id_number(sealer().open(member.id_sealed)) if member.id_sealed else ""


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(MembersView(name="members", endpoint="members", url="/members"))
    admin.add_view(UnitMembersView(name="unit_members", endpoint="unit_members", url="/unit"))
    add_to_menu(app, MenuItem("members.index", Text("加入申请", "Applications"), order=45))
    add_panel(app, panel, order=15)
