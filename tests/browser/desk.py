"""What people do about cases in a browser, in a few words."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Act, Limits
from admin_app.database import transaction
from admin_app.policy.actor import Actor
from admin_app.sealing import Sealer
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import Case
from admin_app.service_desk.parties import matter_of
from admin_app.settings import Settings
from tests.browser.servers import Servers
from tests.browser.visitor import Visitor
from tests.builders_desk import supporter
from tests.builders_pictures import picture

PICTURE = {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", (400, 300))}


def files_a_change_form(visitor: Visitor, statement: str) -> None:
    """From the start page: the first matter there is, with an ID card."""
    visitor.click("申请人工核实")
    visitor.page.get_by_role("main").get_by_role("link", name="填写变更表").first.click()
    visitor.page.get_by_label("情况说明").fill(statement)
    visitor.page.get_by_label("身份证").set_input_files([PICTURE])
    visitor.page.get_by_label("我同意平台使用我的证件号码").check()
    visitor.click("提交申请")


def starts_review(visitor: Visitor, number: str = "1") -> None:
    """Support opens the desk, takes a case and begins to look into it."""
    visitor.open("/desk/")
    visitor.click(number)
    visitor.click("我来办")
    visitor.click("开始核实")


def act_on(session: Session, servers: Servers, actor: Actor = PLATFORM, reason: str = "") -> Act:
    """An act of now, as the console itself would put it together."""
    settings = servers.settings
    keys = [key.get_secret_value() for key in settings.identity_keys]
    sealer = Sealer(keys, settings.index_key.get_secret_value())
    limits = Limits(evidence=settings.evidence)
    return Act(session, actor, datetime.now(UTC), sealer, reason, limits)


def is_decided(servers: Servers) -> None:
    """The one case there is: as many members of support as it takes approve it."""
    with transaction(servers.database.sessions) as session:
        case = session.scalars(select(Case)).one()
        one, other = supporter(session), supporter(session)

        def by(actor: Actor) -> Act:
            return act_on(session, servers, actor, "材料相符")

        desk.take(by(one), case.id, case.version)
        desk.review(by(one), case.id, case.version)
        deed = matter_of(session, case).deed
        if deed is not None and deed.takes_two:
            deciding.propose(by(one), case.id, case.version)
            deciding.confirm(by(other), case.id, case.version)
        else:
            deciding.approve(by(one), case.id, case.version)
        assert case.state is CaseState.APPROVED


def files_for_a_unit(visitor: Visitor, kind: FormKind, **typed: str) -> None:
    """From a page with the link to a kind's form: fill it in, with what evidence it needs."""
    page = visitor.page
    for label, value in typed.items():
        page.locator(f"#{label}").fill(value)
    for each in Settings(_env_file=None).evidence[kind.value]:
        page.locator(f"#file-{each}").set_input_files([PICTURE])
    visitor.click("提交申请")
    visitor.sees("已提交。")
