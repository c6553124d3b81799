"""Every page as whoever uses it: on a phone and on a desk, in both languages, light and dark."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from admin_app.audit.act import PLATFORM
from admin_app.cli.worker import Worker
from admin_app.identity.names import mask_name
from admin_app.service_desk.form_vocabulary import FormKind
from tests.browser.belongings import TITLES
from tests.browser.desk import files_a_change_form, files_for_a_unit, starts_review
from tests.browser.servers import Servers
from tests.browser.test_dashboard import figures_are_there
from tests.browser.town import PEOPLE, STAFF, USCC
from tests.browser.visitor import Visitor
from tests.builders_migration import PASSWORD as OLD_PASSWORD

pytestmark = pytest.mark.browser

WIDTHS = (390, 1440)
# What axe finds follows from the width and the colours, not from the language, and each look takes
# its time.
AXE_AT = {"zh": 390, "en": 1440}
COLOURS: dict[str, Literal["light", "dark"]] = {"zh": "light", "en": "dark"}
_A_MOMENT = 600  # milliseconds
# With a folder named here, every page is also kept as a picture.
_PICTURES = os.environ.get("YIHAOTONG_SCREENSHOTS", "")
# Those of a visitor's pages that have a number in them say what it is a number of.
Address = str | Callable[[Servers], str]


def _of(unit: str, rest: str = "") -> Callable[[Servers], str]:
    return lambda servers: f"/unit/{servers.units[unit]}/{rest}"


def _appoint(unit: str) -> Callable[[Servers], str]:
    return lambda servers: f"/office/unit/{servers.units[unit]}/appoint"


def _binds(visitor: Visitor) -> None:
    visitor.sign_in("示例法人二")
    visitor.bind(OLD_PASSWORD)
    visitor.is_at("绑定的回执")


def _files(visitor: Visitor) -> None:
    visitor.sign_in("示例外籍己")
    files_a_change_form(visitor, "Two of them")
    visitor.sees("已提交。")


def _works_on_a_case(visitor: Visitor) -> None:
    _files(visitor)
    visitor.sign_out()
    visitor.sign_in_locally("support")
    starts_review(visitor)


def _asks_for_evidence(visitor: Visitor) -> None:
    _works_on_a_case(visitor)
    visitor.page.get_by_label("内容").fill("Please send it again")
    visitor.click("请本人补充材料")
    visitor.sees("暂停计时")
    visitor.sign_out()
    visitor.sign_in("示例外籍己")


def _proposes(visitor: Visitor) -> None:
    _works_on_a_case(visitor)
    visitor.page.get_by_label("理由").fill("All there")
    visitor.click("提出办理，请人复核")
    visitor.sees("待复核")


def _change(unit: str, kind: FormKind | None = None) -> Callable[[Servers], str]:
    asked = f"?kind={kind.value}" if kind else ""
    return lambda servers: f"/changes/unit/{servers.units[unit]}/{asked}"


def _asks_for_a_successor(visitor: Visitor) -> None:
    """Over the heads of 演示大学; 示例院长辛 is in office there."""
    kind, row = FormKind.ADMINISTRATOR_UNREACHABLE, PEOPLE["示例教师甲"]
    visitor.sign_in("示例法人一")
    visitor.open(_change("演示大学", kind)(visitor.servers))
    visitor.page.get_by_label("示例院长辛").check()
    files_for_a_unit(visitor, kind, name=row["name"], id_number=row["id_number"])


def _looks_into_a_successor(visitor: Visitor) -> None:
    _asks_for_a_successor(visitor)
    visitor.sign_out()
    visitor.sign_in_locally("support")
    starts_review(visitor)


def _urges(visitor: Visitor) -> None:
    """示例法人二, who hasn't bound yet, and 演示大学, whose colleges lack administrators."""
    visitor.sign_in("示例法人二")
    visitor.sign_out()
    visitor.sign_in_locally("bureau")
    visitor.open("/urging/")
    for box in visitor.page.get_by_role("checkbox").all():
        box.check()
    visitor.page.get_by_label("附言").fill("Two of them")
    visitor.click("督办所选")
    visitor.sees("督办的结果")


def _is_urged(visitor: Visitor) -> None:
    _urges(visitor)
    visitor.sign_out()
    visitor.sign_in("示例法人一")


def _is_told(visitor: Visitor) -> None:
    """Of the binding, which is told by a worker; an address waits for its link."""
    visitor.sign_in("示例法人二")
    visitor.bind(OLD_PASSWORD)
    visitor.is_at("绑定的回执")
    servers = visitor.servers
    Worker(servers.database.sessions, servers.settings).run(once=True)
    visitor.open("/notices/mail/")
    visitor.page.get_by_label("邮箱地址").fill("example@mail.example")
    visitor.click("寄确认邮件")
    visitor.sees("待确认")


def _desk_is_told(visitor: Visitor) -> None:
    """Of an answer to what was asked for; support has left an address."""
    _asks_for_evidence(visitor)
    visitor.open("/cases/1/")
    visitor.page.get_by_label("内容").fill("Here it is")
    visitor.click("提交")
    visitor.sees("已提交")
    visitor.sign_out()
    servers = visitor.servers
    Worker(servers.database.sessions, servers.settings).run(once=True)
    visitor.sign_in_locally("support")
    visitor.open("/notices/mail/")
    visitor.page.get_by_label("邮箱地址").fill("desk@mail.example")
    visitor.click("寄确认邮件")
    visitor.sees("待确认")


def _has_a_form_filed_for_them(visitor: Visitor) -> None:
    """The desk files that 演示大学 has another name; its representative is told."""
    kind = FormKind.UNIT_RENAMED
    visitor.sign_in_locally("support")
    visitor.open(_change("演示大学", kind)(visitor.servers))
    visitor.page.get_by_label("新的单位名称").fill("Ocean University")
    visitor.page.get_by_label("情况说明").fill("By mail")
    visitor.click("提交申请")
    visitor.sees("已提交。")
    visitor.sign_out()
    servers = visitor.servers
    Worker(servers.database.sessions, servers.settings).run(once=True)
    visitor.sign_in("示例法人一")


def _has_jobs(visitor: Visitor) -> None:
    """One table that is written, and one that waits."""
    visitor.sign_in_locally("support")
    for wanted in ("Excel 表格", "CSV 表格"):
        visitor.open("/units/")
        visitor.page.locator("summary", has_text="后台导出").click()
        visitor.click(wanted)
        visitor.sees("已提交后台任务。")
        if wanted == "Excel 表格":
            servers = visitor.servers
            Worker(servers.database.sessions, servers.settings).run(once=True)


def _apply(unit: str) -> Callable[[Servers], str]:
    return lambda servers: f"/apply/unit/{servers.units[unit]}/"


def _diagnosed(unit: str) -> Callable[[Servers], str]:
    return lambda servers: f"/diagnosis/unit/{servers.units[unit]}/"


_EVERYBODY: tuple[Address, ...] = ("/", "/sessions/")
_READERS: tuple[Address, ...] = ("/tree/", "/units/", "/vacancies/", "/search/?q=学院")

# All articles are one template: the longest, the one with most links, those with lists and numbers.
_ARTICLES = ("binding", "contacts", "register", "several-accounts")

# How somebody comes in, and what they then look at. The appointments are those of ``town``: the
# second is 示例主任壬's at 海洋学院, the third waits for 示例教师乙.
ROLES: dict[str, tuple[Callable[[Visitor], None], tuple[Address, ...]]] = {
    "anybody": (
        lambda visitor: None,
        (
            *("/", "/?next=/tree/", "/signin/staff", "/signin/callback", "/no-such-page"),
            *("/help/", "/help/?q=360", "/help/?q=qq"),
            *(f"/help/{slug}/" for slug in _ARTICLES),
        ),
    ),
    "somebody whose level is too low": (
        lambda visitor: visitor.sign_in("示例新人丁"),
        (),
    ),
    "natural person": (
        lambda visitor: visitor.sign_in("示例教师甲"),
        (*_EVERYBODY, "/tree/", "/help/"),
    ),
    "natural person without an old account": (
        lambda visitor: visitor.sign_in("示例教师甲"),
        ("/apply/", "/apply/?q=学院", "/apply/?q=qq", _apply("海洋学院"), "/history/", "/me/"),
    ),
    "natural person who is told": (
        _is_told,
        ("/notices/", "/notices/mail/", "/notices/sms/"),
    ),
    "support who is told": (_desk_is_told, ("/notices/", "/notices/mail/")),
    "legal representative for whom a form was filed": (
        _has_a_form_filed_for_them,
        ("/notices/", "/changes/", "/cases/", "/cases/1/"),
    ),
    "support with jobs": (_has_jobs, ("/jobs/", "/imports/")),
    "natural person who has applied": (
        lambda visitor: visitor.sign_in("示例主任壬"),
        ("/apply/?q=学院", "/apply/1/withdraw", "/members/"),
    ),
    "administrator who has moved in": (
        lambda visitor: visitor.sign_in("示例院长辛"),
        (
            "/",
            "/members/",
            "/history/",
            "/history/?q=qq",
            "/me/",
            _of("演示大学", "members"),
            _of("海洋学院", "members"),
        ),
    ),
    "new administrator": (
        lambda visitor: visitor.sign_in("示例教师乙"),
        ("/", _of("物理学院"), "/search/?q=qq"),
    ),
    "administrator": (
        lambda visitor: visitor.sign_in("示例院长辛"),
        ("/", _of("演示大学"), _appoint("演示大学"), "/office/appointment/1/resign"),
    ),
    "legal representative, reading": (
        lambda visitor: visitor.sign_in("示例法人一"),
        (
            *_READERS,
            *_EVERYBODY,
            _of("化学学院"),
            _of("海洋学院", "history"),
            "/search/?q=一",
            "/units/?state=archived",
        ),
    ),
    "legal representative, writing": (
        lambda visitor: visitor.sign_in("示例法人一"),
        (
            _appoint("数学学院"),
            "/office/appointment/2/reassign",
            "/office/appointment/2/end",
            "/office/appointment/3/withdraw",
            _of("演示大学", "create"),
            _of("数学学院", "rename"),
            _of("数学学院", "move?q=学院"),
            _of("数学学院", "archive"),
        ),
    ),
    "legal representative without a unit here": (
        lambda visitor: visitor.sign_in("示例法人四"),
        ("/", "/changes/", "/changes/missing"),
    ),
    "legal representative with something to change": (
        lambda visitor: visitor.sign_in("示例法人一"),
        (
            "/changes/",
            _change("演示大学"),
            *(_change("演示大学", kind) for kind in FormKind if kind is not FormKind.UNIT_MISSING),
        ),
    ),
    "legal representative with a form on file": (_asks_for_a_successor, ("/cases/", "/cases/1/")),
    "support with a unit's form": (
        _looks_into_a_successor,
        ("/desk/1/", "/changes/?q=学院", _change("海洋学院"), "/changes/missing"),
    ),
    "passport holder turned away": (
        lambda visitor: visitor.sign_in("示例护照庚"),
        (),
    ),
    "natural person with an old account": (
        lambda visitor: visitor.sign_in("示例教师丙"),
        ("/", "/binding/", "/cases/"),
    ),
    "legal representative with old accounts": (
        lambda visitor: visitor.sign_in("示例法人二"),
        ("/", "/binding/"),
    ),
    "somebody who has bound": (_binds, ("/", "/binding/", "/binding/receipt/1")),
    "somebody with several old accounts": (
        lambda visitor: visitor.sign_in("示例外籍己"),
        ("/", "/binding/", "/cases/", "/cases/form?about=several_accounts:4"),
    ),
    "somebody with a case on file": (_files, ("/", "/cases/", "/cases/1/")),
    "somebody asked for evidence": (_asks_for_evidence, ("/cases/", "/cases/1/")),
    "support working on a case": (
        _works_on_a_case,
        ("/desk/", "/desk/?q=核实&state=all", "/desk/1/"),
    ),
    "support having proposed": (_proposes, ("/desk/?state=all&whose=mine", "/desk/1/")),
    "department": (
        lambda visitor: visitor.sign_in_locally("bureau"),
        (
            "/",
            *_READERS,
            "/urging/?region=3701",
            _of("演示市科学技术局"),
            _of("演示大学", "members"),
            _appoint("演示海洋装备有限公司"),
            _diagnosed("海洋学院"),
            *("/dashboard/", "/dashboard/?kind=administrators", "/administration/", "/urging/"),
            *("/persons/", "/enterprises/?stage=imported"),
        ),
    ),
    "department that has urged": (_urges, ("/urging/?region=9900", "/urging/")),
    "legal representative who is urged": (_is_urged, ("/",)),
    "manager": (
        lambda visitor: visitor.sign_in_locally("manager"),
        (*_EVERYBODY, "/dashboard/", "/dashboard/?compare=2026-11-01", "/urging/"),
    ),
    "support": (
        lambda visitor: visitor.sign_in_locally("support"),
        (
            "/",
            "/tree/",
            "/units/",
            "/urging/",
            "/diagnosis/",
            _diagnosed("演示大学"),
            _diagnosed("演示星海科技有限公司"),
            *(f"/diagnosis/account/{number}/" for number in range(1, 6)),
            "/legacy-accounts/",
            "/legacy-accounts/?state=migrated&kind=unit",
            "/enterprises/",
            "/desk/",
            "/desk/views/",
            "/desk/turns/",
            "/persons/",
            "/persons/?state=stuck",
            "/diagnosis/person/1/",
            "/reconciliation/",
            "/reconciliation/?q=qq",
        ),
    ),
    "security": (lambda visitor: visitor.sign_in_locally("security"), ("/", "/staff/")),
    "auditor": (
        lambda visitor: visitor.sign_in_locally("auditor"),
        ("/", "/audit/", "/audit/details/?id=1"),
    ),
}

# Names are nobody's to translate; the trail records what the platform did under its own.
_NAMES = sorted(
    {
        PLATFORM.name,
        *PEOPLE,
        *map(mask_name, PEOPLE),
        *USCC,
        *(name for name, _role in STAFF.values()),
        "示例未注册癸",
        "示例某",
        "示例理由",
        "身份证.jpg",
        *map(mask_name, PEOPLE),
        *TITLES,
    },
    key=len,
    reverse=True,
)
_CHINESE = re.compile(r"[㐀-鿿][㐀-鿿，。、：；！？“”（） ]*")

# What a reader sees or hears, but for what is marked as Chinese and what somebody typed.
_WORDS = """() => {
  const said = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { said.push(node.data); return; }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("script, style")) return;
    if ((node.getAttribute("lang") ?? "").startsWith("zh") || node.matches(".face")) return;
    // A name on a bar may stand in several lines.
    if (node.matches("svg text")) { said.push(node.textContent); return; }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      if (node.hasAttribute(name)) said.push(node.getAttribute(name));
    }
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return [document.title, ...said];
}"""

# Of what axe would load anew before each look, style sheets serve a rule that is off: that screens
# may be turned. Loading them took a third of the time.
_SERIOUS = """async () => {
  const found = await axe.run({ resultTypes: ["violations"], preload: { assets: ["media"] } });
  return found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}"""

_TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.outerHTML.slice(0, 80)).slice(0, 3)"""


@pytest.mark.parametrize("role", ROLES)
def test_every_page_fits_reads_aloud_and_speaks_both_languages(visitor: Visitor, role: str) -> None:
    """§6: axe finds nothing serious, nothing sticks out, English is English."""
    come_in, addresses = ROLES[role]
    visitor.context.add_init_script(AXE_SCRIPT)
    come_in(visitor)
    visitor.page.wait_for_load_state()
    faults: list[str] = []
    for language in ("zh", "en"):
        visitor.page.emulate_media(color_scheme=COLOURS[language])
        for address in addresses or (None,):
            where = _go(visitor, address, language)
            name = f"{role} {where} {language}"
            faults += [f"{name} {fault}" for fault in _faults(visitor, language, name)]
    assert not faults, "\n".join(faults)


def _go(visitor: Visitor, address: Address | None, language: str) -> str:
    """Open a page in a language; None is the page one has got to, which no address leads to."""
    if address is None:
        if language == "en":
            visitor.open("/?lang=en")
            visitor.page.get_by_role("main").get_by_role("link").first.click()
            visitor.page.wait_for_load_state()
        return "(after signing in)"
    path = address if isinstance(address, str) else address(visitor.servers)
    answer = visitor.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer is not None
    assert answer.status < 500, f"{path} answers {answer.status}"
    _let_settle(visitor)
    return path


def _faults(visitor: Visitor, language: str, name: str) -> list[str]:
    page, found = visitor.page, []
    if language == "en":
        found += [f"says {words}" for words in _untranslated(visitor)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        _let_settle(visitor)
        if width == AXE_AT[language]:
            found += [f"at {width}: {each}" for each in page.evaluate(_SERIOUS)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"at {width} is too wide: {page.evaluate(_TOO_WIDE)}")
        if _PICTURES:
            file = re.sub(r"\W+", "-", f"{name} {width}")
            page.screenshot(path=Path(_PICTURES, f"{file}.png"), full_page=True)
    return found


def _let_settle(visitor: Visitor) -> None:
    """The dashboard draws itself anew for another width, after a moment; the rest is there."""
    if visitor.page.locator(".board-page").count():
        visitor.page.wait_for_timeout(_A_MOMENT)
        figures_are_there(visitor)


def _untranslated(visitor: Visitor) -> list[str]:
    names = [*_NAMES, *sorted(visitor.servers.units, key=len, reverse=True)]
    left = []
    for text in visitor.page.evaluate(_WORDS):
        for name in names:
            text = text.replace(name, "")
        left += _CHINESE.findall(text)
    return sorted(set(left))
