"""One case at the desk: what it is about, what differs, its history, and what may be done now."""

from collections.abc import Callable
from typing import Any

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.errors import NotFound
from admin_app.identity.queries import person_id_number_masked
from admin_app.policy.rules import decide, partiality, reach
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.rules import day_of
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.case_queries import case_within, colleagues, compare, history_of
from admin_app.service_desk.case_vocabulary import CaseState, Move, Priority, Side
from admin_app.service_desk.comparison import asked_of, lines_of
from admin_app.service_desk.evidence import (
    attach_received,
    evidence_of,
    missing_in,
    read_at_desk,
)
from admin_app.service_desk.evidence_vocabulary import EvidenceEmpty, EvidenceKind
from admin_app.service_desk.models import Case
from admin_app.service_desk.papers.gathering import number_of
from admin_app.service_desk.parties import involved_in, matter_of
from admin_app.service_desk.proposals import waiting_proposal
from admin_app.service_desk.replies import REPLIES
from admin_app.service_desk.rules import is_overdue, moves_now
from admin_app.views.base import PageView, expose
from admin_app.views.desk_list import TONES
from admin_app.views.evidence import send_evidence
from admin_app.views.subjects import NUMBER
from admin_app.web import gate
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.identity import current_actor, make_act, now, sealer
from admin_app.web.kept import CONTENT, REASON, keeps_typed
from admin_app.web.notices import tell
from admin_app.web.transaction import writes
from admin_app.web.uploads import received, storage, takes_files
from admin_app.wording import Text

# What has been done, so that nobody takes a step for the end of the case.
_DONE = {
    "take": Text("已接办，可以开始核实。", "Taken: you can begin to look into it."),
    "hand-over": Text("已转交。", "Handed over."),
    "rank": Text("优先级已保存。", "The priority is saved."),
    "review": Text("已开始核实。", "The review has begun."),
    "attach": Text("材料已添加。", "The evidence is added."),
    "ask": Text(
        "已请本人补充材料，补充之前暂停计时。",
        "The person is asked; until they answer, time stops.",
    ),
    "tell": Text("已给本人留言。", "The person is told."),
    "note": Text("备注已保存，只有工作人员看得到。", "Noted, for staff alone to see."),
    "approve": Text("已通过并办理。", "Approved and done."),
    "propose": Text(
        "已提出，等另一名工作人员复核后生效。",
        "Proposed: it takes effect when another member of staff confirms it.",
    ),
    "confirm": Text("已复核并办理。", "Confirmed and done."),
    "decline": Text("这项提议已作废，工单继续核实。", "The proposal is off; the review goes on."),
    "refuse": Text("已审定为不通过，本人会看到理由。", "Refused; the person sees the reason."),
    "close": Text("已归档。", "Filed away."),
}


class DeskCaseView(PageView):
    needs = Permission.CASE_VIEW

    @expose(f"/<{NUMBER}:filed_id>/")
    def index(self, filed_id: int) -> ResponseReturnValue:
        return self._page(_case(filed_id), Form())

    @expose(f"/<{NUMBER}:filed_id>/take", methods=("POST",))
    @gate.needs(Permission.CASE_WORK)
    def take(self, filed_id: int) -> ResponseReturnValue:
        return self._do(
            filed_id, "take", lambda form: desk.take(make_act(), filed_id, _version(form))
        )

    @expose(f"/<{NUMBER}:filed_id>/hand-over", methods=("POST",))
    @gate.needs(Permission.CASE_WORK)
    @keeps_typed(text=CONTENT)
    def hand_over(self, filed_id: int) -> ResponseReturnValue:
        def verb(form: Form) -> Case:
            to = _number(form["staff"])
            return desk.hand_over(make_act(), filed_id, _version(form), to, form["text"])

        return self._do(filed_id, "hand-over", verb, "staff", "text")

    @expose(f"/<{NUMBER}:filed_id>/rank", methods=("POST",))
    @gate.needs(Permission.CASE_WORK)
    def rank(self, filed_id: int) -> ResponseReturnValue:
        def verb(form: Form) -> Case:
            known = {each.value: each for each in Priority}
            priority = known.get(form["priority"], Priority.NORMAL)
            return desk.rank(make_act(), filed_id, _version(form), priority)

        return self._do(filed_id, "rank", verb, "priority")

    @expose(f"/<{NUMBER}:filed_id>/review", methods=("POST",))
    @gate.needs(Permission.CASE_WORK)
    def review(self, filed_id: int) -> ResponseReturnValue:
        return self._do(
            filed_id, "review", lambda form: desk.review(make_act(), filed_id, _version(form))
        )

    @expose(f"/<{NUMBER}:filed_id>/write", methods=("POST",))
    @gate.needs(Permission.CASE_WORK)
    @keeps_typed(text=CONTENT)
    def write(self, filed_id: int) -> ResponseReturnValue:
        """Ask the person, tell them something, or note it for the desk: one field, three ways."""

        def verb(form: Form) -> Case:
            match form["how"]:
                case "ask":
                    seen = _version(form)
                    return desk.ask(make_act(), filed_id, seen, form["text"], form["reply"])
                case "tell":
                    return desk.write_to_person(make_act(), filed_id, form["text"], form["reply"])
                case "note":
                    return desk.note(make_act(), filed_id, form["text"])
            raise NotFound

        return self._do(filed_id, "how", verb, "text", "reply", "how")

    @expose(f"/<{NUMBER}:filed_id>/evidence", methods=("POST",))
    @takes_files
    @gate.needs(Permission.CASE_WORK)
    def attach(self, filed_id: int) -> ResponseReturnValue:
        """What came by mail or e-mail."""

        def verb(_form: Form) -> Case:
            uploads = received()
            if not uploads:
                raise EvidenceEmpty(name="—")
            return attach_received(make_act(), storage(), filed_id, uploads)

        return self._do(filed_id, "attach", verb)

    @expose(f"/evidence/<{NUMBER}:evidence_id>")
    @writes
    @gate.needs(Permission.CASE_WORK)
    def evidence(self, evidence_id: int) -> ResponseReturnValue:
        """Looking at it is recorded."""
        return send_evidence(*read_at_desk(make_act(), storage(), evidence_id))

    @expose(f"/<{NUMBER}:filed_id>/decide", methods=("POST",))
    @gate.needs(Permission.CASE_DECIDE)
    @keeps_typed(reason=REASON)
    def decide(self, filed_id: int) -> ResponseReturnValue:
        verbs: dict[str, Callable[..., Any]] = {
            "approve": deciding.approve,
            "propose": deciding.propose,
            "confirm": deciding.confirm,
            "decline": deciding.decline,
            "refuse": desk.refuse,
        }

        def verb(form: Form) -> Any:
            if form["verdict"] not in verbs:
                raise NotFound
            act = make_act(form["reason"])
            return verbs[form["verdict"]](act, filed_id, _version(form))

        return self._do(filed_id, "verdict", verb, "reason", "verdict")

    @expose(f"/<{NUMBER}:filed_id>/close", methods=("POST",))
    @gate.needs(Permission.CASE_WORK)
    def close(self, filed_id: int) -> ResponseReturnValue:
        return self._do(
            filed_id, "close", lambda form: desk.close(make_act(), filed_id, _version(form))
        )

    def _do(
        self, filed_id: int, step: str, verb: Callable[[Form], object], *names: str
    ) -> ResponseReturnValue:
        """``step`` is what is done, or the field that says so."""
        _case(filed_id)
        form = read_form("version", *names)
        with form.attempt():
            verb(form)
        if form.is_fine:
            tell(_DONE[form[step] if step in names else step])
            return redirect(url_for("desk_case.index", filed_id=filed_id))
        current_session().expire_all()
        return self._page(_case(filed_id), form)

    def _page(self, case: Case, form: Form) -> ResponseReturnValue:
        session, actor = current_session(), current_actor()
        matter = matter_of(session, case)
        proposal = waiting_proposal(session, case.id)
        parties = involved_in(session, case)
        works = bool(decide(actor, Permission.CASE_WORK))
        moves = moves_now(case.state, Side.DESK) if works else set()
        mine = works and case.assignee_id == actor.staff_id
        kept_out = partiality(actor, parties.subjects)
        own_proposal = proposal is not None and proposal.proposed_by_id == actor.staff_id
        page = self.render(
            "desk/case.html",
            case=case,
            tone=TONES[case.state],
            matter=matter,
            number=person_id_number_masked(sealer(), matter.person) if matter.person else "",
            compared=compare(session, sealer(), matter),
            lines=lines_of(session, sealer(), matter.form) if matter.form else [],
            asked_for=asked_of(session, sealer(), matter.form) if matter.form else [],
            paper_number=number_of(case),
            history=history_of(session, case.id, internal=True),
            evidence=evidence_of(session, case.id),
            kinds=tuple(EvidenceKind),
            missing=missing_in(make_act(), [case]).get(case.id, []),
            late=is_overdue(case.state, case.due_on, day_of(now())),
            form=form,
            works=works,
            mine=mine,
            may={move.value: move in moves for move in Move},
            open=case.state.is_open,
            in_review=case.state is CaseState.IN_REVIEW,
            proposal=proposal,
            own_proposal=own_proposal,
            kept_out=kept_out.text if kept_out else None,
            colleagues=[(c.id, c.name) for c in colleagues(session) if c.id != actor.staff_id]
            if mine
            else [],
            priorities=[(each.value, each.label) for each in Priority],
            replies=[("", Text("不用常用语", "none")), *((k, r.label) for k, r in REPLIES.items())],
        )
        return page, form.status


def _case(filed_id: int) -> Case:
    return case_within(current_session(), reach(current_actor(), Permission.CASE_VIEW), filed_id)


def _version(form: Form) -> int:
    return _number(form["version"])


def _number(typed: str) -> int:
    """A number typed by a form; anything else is none there is."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(DeskCaseView(name="desk_case", endpoint="desk_case", url="/desk"))
