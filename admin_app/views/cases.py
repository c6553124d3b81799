"""The person's own cases: fill in the change form, see where it stands, answer, take it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker
from admin_app.migration.matching import accounts_of, holders_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.progress import Hold
from admin_app.service_desk.case_queries import history_of
from admin_app.service_desk.case_vocabulary import CaseState, NothingToFile
from admin_app.service_desk.cases import (
    STATEMENT_MOST,
    accounts_in_question,
    answer,
    is_own,
    matters_of,
    own_case,
    own_cases,
    withdraw_case,
    without_form,
)
from admin_app.service_desk.changes import file_change
from admin_app.service_desk.comparison import asked_of
from admin_app.service_desk.evidence import (
    attach_own,
    evidence_of,
    missing_in,
    read_own,
    required_at_filing,
)
from admin_app.service_desk.filing import days_within
from admin_app.service_desk.form_deeds import form_of
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.service_desk.papers.gathering import number_of
from admin_app.service_desk.rules import deed_of
from admin_app.service_desk.unit_cases import cases_of_units
from admin_app.views.base import PageView, expose
from admin_app.views.desk_list import TONES
from admin_app.views.evidence import send_evidence
from admin_app.views.standing import visiting_person
from admin_app.views.subjects import NUMBER
from admin_app.web import gate
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, current_capacities, make_act, sealer
from admin_app.web.kept import CONTENT, STATEMENT, keeps_typed
from admin_app.web.notices import tell
from admin_app.web.uploads import received, storage, takes_files
from admin_app.wording import Text

_FILED = Text(
    "已提交。平台工作人员会核实并与您联系，请保持电话畅通。",
    "It is on file. The platform's staff will look into it and be in touch.",
)
_NOT_MINE = Text("这个账号不是我的，绑错了", "this account isn't mine: it was bound wrongly")
_WITHDRAWN = Text("已撤回。", "Withdrawn.")
_ANSWERED = Text("已提交，平台会继续核实。", "Sent; the platform goes on with it.")


class CasesView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> ResponseReturnValue:
        if current_actor().person_id is None:
            return self.render("binding/staff.html")
        return self._page(Form())

    @expose("/form")
    def form(self) -> ResponseReturnValue:
        """The form for one matter; one that isn't so any more leads back to the list."""
        if current_actor().person_id is None:
            return self.render("binding/staff.html")
        form = Form({"about": request.args.get("about", "")[:100], "statement": ""})
        try:
            return self._form(form)
        except NothingToFile as error:
            form.refuse(error)
            return self._page(form)[0]

    @expose("/file", methods=("POST",))
    @takes_files
    @keeps_typed(statement=STATEMENT)
    def file(self) -> ResponseReturnValue:
        person, form = visiting_person(), read_form("about", "statement", "consented")
        chosen = _chosen() or None
        with form.attempt():
            hold = _read(form["about"])
            file_change(
                make_act(),
                person.id,
                hold,
                form["statement"],
                account_ids=chosen,
                consented=form["consented"] == "yes",
                uploads=received(),
                storage=storage(),
            )
        if form.is_fine:
            tell(_FILED)
            return redirect(url_for("cases.index"))
        if isinstance(form.refusal, NothingToFile):
            return self._page(form)
        return self._form(form, chosen)

    @expose(f"/<{NUMBER}:case_id>/")
    def case(self, case_id: int) -> ResponseReturnValue:
        return self._case(case_id, Form())

    @expose(f"/<{NUMBER}:case_id>/answer", methods=("POST",))
    @takes_files
    @keeps_typed(text=CONTENT)
    def answer(self, case_id: int) -> ResponseReturnValue:
        """Words, files, or both."""
        form, act = read_form("text"), make_act()
        with form.attempt():
            uploads = received()
            if form["text"] or not uploads:
                answer(act, case_id, form["text"])
            if uploads:
                attach_own(act, storage(), case_id, uploads)
        if form.is_fine:
            tell(_ANSWERED)
            return redirect(url_for("cases.case", case_id=case_id))
        return self._case(case_id, form)

    @expose(f"/evidence/<{NUMBER}:own_evidence_id>")
    def evidence(self, own_evidence_id: int) -> ResponseReturnValue:
        return send_evidence(*read_own(make_act(), storage(), own_evidence_id))

    @expose(f"/<{NUMBER}:case_id>/withdraw", methods=("POST",))
    def withdraw(self, case_id: int) -> ResponseReturnValue:
        form = read_form()
        with form.attempt():
            withdraw_case(make_act(), case_id)
        if form.is_fine:
            tell(_WITHDRAWN)
            return redirect(url_for("cases.index"))
        return self._case(case_id, form)

    def _page(self, form: Form) -> tuple[str, int]:
        session, person = current_session(), visiting_person()
        cases = own_cases(session, person.id)
        of_units = cases_of_units(session, current_actor())
        page = self.render(
            "cases/index.html",
            cases=cases,
            of_units=of_units,
            matters=matters_shown(person, cases),
            missing=missing_in(make_act(), [*cases, *of_units]),
            form=form,
            tones=TONES,
        )
        return page, form.status

    def _form(self, form: Form, chosen: frozenset[int] | None = None) -> ResponseReturnValue:
        session, person = current_session(), visiting_person()
        hold = _read(form["about"])
        if hold not in matters_of(session, sealer(), person):
            raise NothingToFile
        accounts = accounts_in_question(session, sealer(), person, hold)
        holders = holders_of(session, [each.id for each in accounts[:1]])
        page = self.render(
            "cases/form.html",
            hold=hold,
            accounts=accounts,
            chosen=chosen if chosen is not None else {each.id for each in accounts},
            deed=deed_of(
                hold.blocker,
                has_account=bool(accounts),
                holder=next(iter(holders.values()), None),
                person=person.id,
            ),
            days=days_within(make_act(), hold.blocker),
            required=required_at_filing(make_act(), hold.blocker),
            form=form,
            most=STATEMENT_MOST,
        )
        return page, form.status

    def _case(self, case_id: int, form: Form) -> ResponseReturnValue:
        session = current_session()
        case = _shown(case_id)
        history = history_of(session, case.id, internal=False)
        page = self.render(
            "cases/case.html",
            case=case,
            tone=TONES[case.state],
            history=history,
            asked=_asked(history) if case.state is CaseState.WAITING else None,
            open=case.state.is_open,
            asked_for=_asked_for(case),
            number=number_of(case),
            evidence=evidence_of(session, case.id),
            missing=missing_in(make_act(), [case]).get(case.id, []),
            fill_in=_about(case) if without_form(session, [case]) else None,
            form=form,
        )
        return page, form.status


def _shown(case_id: int) -> Case:
    """One's own case, or a form filed for one's unit.

    Raises:
        NotFound
        Refused: another capacity of theirs sees it, and is on offer.
    """
    session = current_session()
    try:
        return own_case(session, current_actor(), case_id)
    except NotFound:
        case = session.get(Case, case_id)
        could = [
            each
            for each in current_capacities()
            if case is not None and is_own(session, each.actor, case)
        ]
        if not could:
            raise
        gate.refuse_but_offer(could)


def _asked_for(case: Case) -> list[tuple[Text, str]]:
    """What a unit's form asks for; cases of other kinds say it by what they are about."""
    form = form_of(current_session(), case)
    return asked_of(current_session(), sealer(), form) if form is not None else []


def _about(case: Case) -> str | None:
    """The matter whose form is to be filled in."""
    return written(Hold(case.blocker, case.account_id)) if case.blocker is not None else None


def _asked(history: list[CaseEntry]) -> CaseEntry | None:
    """What the person was last asked for."""
    asked = [each for each in history if each.what is Event.CASE_EVIDENCE_ASKED]
    return asked[-1] if asked else None


@dataclass(frozen=True, slots=True)
class MatterShown:
    """What somebody may file a case about, as a page names it."""

    value: str
    blocker: Blocker
    label: Text
    account: LegacyAccount | None
    is_asked_for: bool  # a case waits for this form


def matters_shown(person: Person, cases: Sequence[Case]) -> list[MatterShown]:
    """What isn't with the desk yet; of what is bound one can say that it isn't one's own."""
    session = current_session()
    asked = without_form(session, cases)
    waits, on_file = (
        {
            Hold(each.blocker, each.account_id)
            for each in cases
            if each.blocker and each.state.is_open and (each.id in asked) is waiting
        }
        for waiting in (True, False)
    )
    own = set(accounts_of(session, person.id))
    return [
        MatterShown(
            written(hold),
            hold.blocker,
            _NOT_MINE if hold.account_id in own else hold.blocker.label,
            session.get(LegacyAccount, hold.account_id) if hold.account_id is not None else None,
            hold in waits,
        )
        for hold in matters_of(session, sealer(), person)
        if hold not in on_file
    ]


def _chosen() -> frozenset[int]:
    """The accounts ticked; one that is no number of ours is no account.

    Raises:
        NotFound
    """
    typed = request.form.getlist("accounts")[:100]
    if not all(t.isascii() and t.isdigit() and len(t) < 10 for t in typed):
        raise NotFound
    return frozenset(map(int, typed))


def written(hold: Hold) -> str:
    return f"{hold.blocker.value}:{hold.account_id or ''}"


def _read(about: str) -> Hold:
    """What the form is about; the operation checks whether it is so.

    Raises:
        NothingToFile
    """
    name, _, number = about.partition(":")
    blocker = next((each for each in Blocker if each.value == name), None)
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    if blocker is None or (number and not is_number):
        raise NothingToFile
    return Hold(blocker, int(number) if number else None)


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(CasesView(name="cases", endpoint="cases", url="/cases"))
