"""The change form to take away: whose it is and the desk have it, nobody else learns of it."""

from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from admin_app.audit.models import AuditEntry
from admin_app.identity.vocabulary import StaffRole
from admin_app.service_desk.models import Case
from tests import builders
from tests.builders_migration import legacy_account
from tests.papers import text_of_docx, text_of_pdf
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

READERS = {"pdf": text_of_pdf, "docx": text_of_docx}


@pytest.fixture
def person(stage: Stage) -> Visitor:
    """外人 has filed a case about two old accounts."""
    for _ in range(2):
        with stage.writing() as session:
            legacy_account(session, "外人", builders.id_number(105))
    visitor = stage.arrives("外人")
    page = visitor.follow(visitor.open("/cases/"), "填写变更表：存在多个原账号")
    visitor.submit(page, "提交申请", statement="请合并我的账号", consented="yes")
    return visitor


def case_of(stage: Stage) -> int:
    with stage.sessions() as session:
        return session.scalars(select(Case.id)).one()


@pytest.mark.parametrize("ending", READERS)
def test_the_person_takes_the_form_from_the_page_of_the_case(
    stage: Stage, person: Visitor, ending: str
) -> None:
    page = person.open(f"/cases/{case_of(stage)}/")
    (address,) = [each for each in page.links(within="paper") if each.endswith(ending)]
    answer = person.get(address)
    assert answer.status_code == 200
    text = READERS[ending](answer.data)
    assert "外人" in text
    assert "请合并我的账号" in text
    assert builders.id_number(105) not in text
    assert builders.id_number(105)[-4:] in text
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith(f"attachment; filename*=UTF-8''{quote('信息变更表-')}")
    assert disposition.endswith(f".{ending}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_it_speaks_the_language_of_the_interface(stage: Stage, person: Visitor) -> None:
    person.open("/cases/?lang=en")
    answer = person.get(f"/papers/{case_of(stage)}/pdf")
    assert "Information change form" in text_of_pdf(answer.data)
    assert "Information-change-form-" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("ending", READERS)
def test_what_the_desk_takes_is_recorded(stage: Stage, person: Visitor, ending: str) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = support.open(f"/desk/{case_of(stage)}/")
    (address,) = [each for each in page.links(within="paper") if each.endswith(ending)]
    assert "外人" in READERS[ending](support.get(address).data)
    with stage.sessions() as session:
        taken = select(func.count()).where(AuditEntry.event == "case.form_taken")
        assert session.scalar(taken) == 1


def test_nobody_else_has_it(stage: Stage, person: Visitor) -> None:
    number = case_of(stage)
    for ending in READERS:
        assert stage.arrives("邻居").get(f"/papers/{number}/{ending}").status_code == 404
        assert stage.bureau.get(f"/papers/{number}/{ending}").status_code == 404
        assert stage.bureau.get(f"/papers/desk/{number}/{ending}").status_code == 403
        support = stage.staff(StaffRole.PLATFORM_SUPPORT)
        assert support.get(f"/papers/desk/{number + 1}/{ending}").status_code == 404
        assert stage.anonymous().get(f"/papers/{number}/{ending}").status_code in (302, 303, 401)


def test_the_code_on_the_paper_leads_each_to_their_own_page(stage: Stage, person: Visitor) -> None:
    address = f"/papers/{case_of(stage)}/"
    assert person.get(address).location == f"/cases/{case_of(stage)}/"
    answer = stage.staff(StaffRole.PLATFORM_SUPPORT).get(address)
    assert answer.location == f"/desk/{case_of(stage)}/"
    assert stage.bureau.get(address).status_code == 404
    assert stage.arrives("邻居").get(address).status_code == 404
