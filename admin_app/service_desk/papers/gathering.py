"""What the form of a case says: its person, what is registered, what is asked, what has come."""

from collections import Counter
from collections.abc import Sequence

from admin_app.audit.act import Act
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.identity.queries import person_id_number_masked
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_queries import compare
from admin_app.service_desk.case_vocabulary import Deed
from admin_app.service_desk.cases import own_case
from admin_app.service_desk.comparison import asked_of, lines_of
from admin_app.service_desk.evidence import evidence_of, required_for
from admin_app.service_desk.evidence_vocabulary import EvidenceKind
from admin_app.service_desk.form_deeds import Form
from admin_app.service_desk.models import Case
from admin_app.service_desk.papers import vocabulary as words
from admin_app.service_desk.papers.numbers import write_number
from admin_app.service_desk.papers.values import Issuer, Paper, Row
from admin_app.service_desk.parties import Matter, matter_of
from admin_app.service_desk.steps import tell_of
from admin_app.wording import Text


def own_paper(act: Act, issuer: Issuer, case_id: int, language: str) -> Paper:
    """The form of one's own case.

    Raises:
        NotFound
    """
    return _paper(act, issuer, own_case(act.session, act.actor, case_id), language)


def paper_at_desk(act: Act, issuer: Issuer, case_id: int, language: str) -> Paper:
    """The form of any case, for the desk; who took it stands in the trail.

    Raises:
        Refused, NotFound
    """
    decision = require(act.actor, Permission.CASE_WORK)
    case = act.session.get(Case, case_id)
    if case is None:
        raise NotFound
    tell_of(act, case, Event.CASE_FORM_TAKEN, decision)
    return _paper(act, issuer, case, language)


def number_of(case: Case) -> str:
    """The number that a case has on paper."""
    return write_number(case.id, day_of(case.filed_at))


def _paper(act: Act, issuer: Issuer, case: Case, language: str) -> Paper:
    matter, filed_on = matter_of(act.session, case), day_of(case.filed_at)
    return Paper(
        language=language,
        number=number_of(case),
        filed_on=Text(
            f"{filed_on.year}年{filed_on.month}月{filed_on.day}日", filed_on.isoformat()
        ).in_language(language),
        link=f"{issuer.public_url}/papers/{case.id}/",
        applicant=_applicant(act, case, matter, language),
        matter=case.kind.label,
        rows=rows_of(act, case, matter, language),
        statement=case.statement,
        enclosed=_enclosed(act, case),
        issuer=issuer,
    )


def rows_of(act: Act, case: Case, matter: Matter, language: str) -> list[Row]:
    """What is to change, thing by thing.

    Of an old account only what its person has been shown: never the number registered there.
    """
    if matter.form is not None:
        return _rows_of_form(act, matter.form)
    asked = matter.deed.label if matter.deed else words.STAFF_DECIDE
    if not matter.account_ids:
        return [Row(case.kind.label, "—", asked)]
    rows = []
    for each in compare(act.session, act.sealer, matter):
        kind = each.account.kind.label
        named = Text(
            f"{each.account.username}（{kind.zh}）", f"{each.account.username} ({kind.en})"
        )
        rows.append(Row(words.ACCOUNT, named.in_language(language), asked))
        person = matter.person
        if person is None or matter.deed is not Deed.CORRECT:
            continue
        if not each.same_name:
            rows.append(Row(words.NAME, each.account.name, person.name))
        if each.id_type is not None and each.id_type is not person.id_type:
            rows.append(Row(words.ID_TYPE, each.id_type.label, person.id_type.label))
        if not each.same_number:
            number = person_id_number_masked(act.sealer, person)
            rows.append(Row(words.ID_NUMBER, words.DIFFERS, number))
    return rows


def _rows_of_form(act: Act, form: Form) -> list[Row]:
    """Of a form about a unit: what the console has, and what is asked for instead."""
    now = {line.label: line.console.value for line in lines_of(act.session, act.sealer, form)}
    asked = asked_of(act.session, act.sealer, form)
    return [Row(label, now.get(label) or "—", value) for label, value in asked]


def _applicant(act: Act, case: Case, matter: Matter, language: str) -> Sequence[tuple[Text, str]]:
    person, account, unit = matter.person, case.account, case.unit
    kind = person.id_type.label.in_language(language) if person else "—"
    return [
        (words.NAME, person.name if person else account.name if account else case.filed_by),
        (words.UNIT, unit.name if unit else "—"),
        (words.ID_TYPE, kind[:1].upper() + kind[1:]),
        (words.ID_NUMBER, person_id_number_masked(act.sealer, person) if person else "—"),
    ]


def _enclosed(act: Act, case: Case) -> list[Text]:
    """What has come, and what is still to come; the form itself isn't its own enclosure."""
    come = Counter(each.kind for each in evidence_of(act.session, case.id))
    come.pop(EvidenceKind.SIGNED_FORM, None)
    missing = [
        kind
        for kind in required_for(act, case.kind)
        if kind not in come and kind is not EvidenceKind.SIGNED_FORM
    ]
    return [
        *(words.COME.format(kind=kind.label, number=number) for kind, number in come.items()),
        *(words.TO_COME.format(kind=kind.label) for kind in missing),
    ] or [words.NOTHING_ENCLOSED]
