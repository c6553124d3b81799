"""Signing in at the portal: the way there, the way back, and everything that can go wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Response
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from admin_app.application import create_app
from admin_app.audit.models import AuditEntry
from admin_app.database import transaction
from admin_app.identity.models import Person, SignInSession
from admin_app.web import portal_client
from tests.builders_migration import legacy_account
from tests.databases import Database
from tests.web import fake_portal
from tests.web.conftest import settings_for
from tests.web.fake_portal import FakePortal
from tests.web.reading import Page
from tests.web.stage import COOKIE, Visitor


@dataclass
class Journey:
    """A sign-in under way."""

    portal: FakePortal
    visitor: Visitor

    def set_out(self, address: str = "/signin") -> dict[str, str]:
        """Press the button: what the portal is asked."""
        return self.portal.asked(self.visitor.get(address).headers["Location"])

    def come_back(self, **changes: str) -> Page:
        """The portal sends the browser back."""
        asked = self.set_out() if "state" not in changes else {}
        query = {"state": asked.get("state", ""), "code": "c"} | changes
        return self.visitor.open("/signin/callback", query_string=query)


@pytest.fixture
def journey(portal: FakePortal, browser: Visitor) -> Journey:
    return Journey(portal, browser)


def test_the_home_page_has_one_button_with_exactly_this_label(browser: Visitor) -> None:
    """R08, R14: 自然人与法人登录, and 立即注册 beside it."""
    page = browser.open("/")
    buttons = [a for a in page.root.all("a") if "button" in a["class"].split()]
    assert [button.text for button in buttons] == ["自然人与法人登录"]
    assert buttons[0]["href"] == "/signin"
    assert page.links("立即注册") != []
    assert page.links("主管部门与管理者登录") == ["/signin/staff"]


def test_the_home_page_says_which_desk_is_for_what(browser: Visitor) -> None:
    """R12, R21: registration problems to the portal's phones, the rest to the platform's."""
    sections = [n for n in browser.open("/").root.all("section") if n["class"] == "desk"]
    portal_desk, platform_desk = sections
    assert "注册、实名认证、企业绑定" in portal_desk
    assert "18951758659" in portal_desk
    assert "66777094" not in portal_desk.text
    assert "0531-66777094" in platform_desk
    assert "18951758659" not in platform_desk.text


def test_the_portal_is_asked_with_code_pkce_state_and_nonce(journey: Journey) -> None:
    asked = journey.set_out()
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost:8000/signin/callback"
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    assert journey.set_out()["state"] != asked["state"]


def test_where_to_come_back_to_never_follows_the_host_header(journey: Journey) -> None:
    answer = journey.visitor.get("/signin", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.headers["Location"]


def test_coming_back_lets_a_verified_person_in(journey: Journey) -> None:
    """R01, R08: one account, and one way in."""
    page = journey.come_back()
    assert (page.status, page.heading) == (200, "外人，您好")
    assert len(journey.portal.seen_token_request["code_verifier"]) >= 43


def test_what_only_staff_can_put_right_is_on_file_as_one_comes(
    journey: Journey, empty_town: Database
) -> None:
    """R40: nobody has to think of it."""
    with transaction(empty_town.sessions) as session:
        for _ in range(2):
            legacy_account(session, "外人", journey.portal.userinfo()["id_number"])
    page = journey.come_back()
    assert "存在多个原账号" in page
    assert "待补充材料" in journey.visitor.open("/cases/")


def test_signing_in_leads_back_to_the_page_first_asked_for(journey: Journey) -> None:
    assert journey.visitor.open("/sessions/").address == "/?next=/sessions/"
    asked = journey.set_out("/signin?next=/sessions/")
    assert journey.come_back(state=asked["state"]).heading == "我的登录"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "javascript:alert(1)",
        "/signout",
    ],
)
def test_signing_in_never_leads_off_the_site(journey: Journey, elsewhere: str) -> None:
    answer = journey.visitor.get("/signin", query_string={"next": elsewhere})
    state = journey.portal.asked(answer.headers["Location"])["state"]
    answer = journey.visitor.get("/signin/callback", query_string={"state": state, "code": "c"})
    assert answer.headers["Location"] == "/"


def test_each_sign_in_gets_a_new_token_and_ends_the_session_before(
    journey: Journey, empty_town: Database
) -> None:
    journey.come_back()
    first = journey.visitor.client.get_cookie(COOKIE)
    journey.come_back()
    second = journey.visitor.client.get_cookie(COOKIE)
    assert first is not None
    assert second is not None
    assert first.value != second.value
    with empty_town.sessions() as session:
        rows = session.scalars(select(SignInSession).order_by(SignInSession.id)).all()
        assert [row.ended_at is None for row in rows] == [False, True]


def test_the_token_is_kept_from_scripts_and_other_sites(journey: Journey) -> None:
    journey.come_back()
    cookie = journey.visitor.client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"


@pytest.mark.parametrize(("level", "label"), [("none", "未实名认证"), ("basic", "初级实名认证")])
def test_below_intermediate_verification_nobody_enters(
    journey: Journey, empty_town: Database, level: str, label: str
) -> None:
    """R10, R22: refused with the missing step, the portal's page and its desk (R12)."""
    journey.portal.person = {"assurance_level": level}
    page = journey.come_back()
    assert page.status == 403
    assert f"您目前是“{label}”" in page
    assert page.link("去省平台认证") == f"{journey.portal.issuer}/level"
    assert page.link("我已完成，重新登录") == "/signin"
    assert "18951758659" in page
    assert "66777094" not in page.html
    assert journey.visitor.open("/sessions/").address == "/?next=/sessions/"
    with empty_town.sessions() as session:
        assert session.scalars(select(Person)).all() == []
        (entry,) = session.scalars(select(AuditEntry)).all()
        assert entry.event == "session.refused"  # kept, although the answer is a refusal


def test_coming_back_after_the_missing_step_is_one_click(journey: Journey) -> None:
    journey.portal.person = {"assurance_level": "basic"}
    again = journey.come_back().link("我已完成，重新登录")
    journey.portal.person = {}
    assert journey.come_back(state=journey.set_out(again)["state"]).heading == "外人，您好"


def test_somebody_who_cancels_at_the_portal_is_told_so(journey: Journey) -> None:
    page = journey.come_back(error="access_denied", code="")
    assert (page.status, page.heading) == (400, "您取消了登录")
    assert page.link("重新登录") == "/signin"


@pytest.mark.parametrize("state", ["", "made-up", "x" * 5000])
def test_an_answer_nobody_in_this_browser_asked_for_is_refused(
    journey: Journey, state: str
) -> None:
    page = journey.come_back(state=state)
    assert (page.status, page.heading) == (400, "这次登录已经失效")
    assert page.link("重新登录") == "/signin"


def test_an_answer_is_taken_once(journey: Journey) -> None:
    state = journey.set_out()["state"]
    journey.come_back(state=state)
    assert journey.come_back(state=state).heading == "这次登录已经失效"


def test_a_portal_that_is_down_gets_a_plain_page(empty_town: Database) -> None:
    app = create_app(settings_for(empty_town.url, "http://127.0.0.1:9"))
    page = Visitor(app.test_client()).open("/signin?next=/sessions/")
    assert (page.status, page.heading) == (503, "省统一身份认证平台暂时没有响应")
    assert page.link("重新登录") == "/signin?next=/sessions/"
    assert "18951758659" in page
    assert "Traceback" not in page.html


def _slow() -> Any:
    time.sleep(3.5)
    return {}


def _drop_by_drop() -> Response:
    def drops() -> Any:
        for _ in range(12):
            time.sleep(0.3)
            yield b" "

    return Response(drops(), mimetype="application/json")


@pytest.mark.parametrize("answer", [_slow, _drop_by_drop, lambda: ("down", 503)])
def test_a_slow_or_broken_token_endpoint_is_a_portal_that_does_not_answer(
    journey: Journey, answer: Callable[[], Any]
) -> None:
    journey.portal.token_answer = answer
    began = time.monotonic()
    page = journey.come_back()
    assert (page.status, page.heading) == (503, "省统一身份认证平台暂时没有响应")
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    "answer",
    [
        lambda: "<html>hello</html>",
        lambda: ("[]", {"Content-Type": "application/json"}),
        lambda: ("null", {"Content-Type": "application/json"}),
        lambda: {"access_token": "a", "token_type": "Bearer"},
        lambda: {"access_token": "a", "token_type": "Bearer", "id_token": "a.b.c"},
        lambda: ({"error": "invalid_grant"}, 400),
        fake_portal.moved,
    ],
    ids=["a page", "a list", "nothing", "no token", "no JWT", "an error", "a redirect"],
)
def test_an_answer_that_makes_no_sense_is_refused_in_plain_words(
    journey: Journey, answer: Callable[[], Any]
) -> None:
    journey.portal.token_answer = answer
    page = journey.come_back()
    assert (page.status, page.heading) == (502, "省统一身份认证平台的答复无法核实")
    assert page.link("重新登录") == "/signin"
    assert "Traceback" not in page.html


def test_an_answer_without_end_is_not_read_to_the_end(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal_client, "_BODY_MOST", 10_000)
    journey.portal.token_answer = lambda: {"access_token": "a" * 20_000}
    assert journey.come_back().status == 503


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, dict | str) else type(value).__name__


OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})
SHARED = OctKey.import_key("demo-portal-secret-demo-portal-secret")


@pytest.mark.parametrize(
    "lie",
    [
        {"id_claims": {"iss": "https://somebody-else.example"}},
        {"id_claims": {"aud": "another-client"}},
        {"id_claims": {"aud": None}},
        {"id_claims": {"aud": []}},
        {"id_claims": {"aud": ["yihaotong", "another-client"]}},
        {"id_claims": {"nonce": "another"}},
        {"id_claims": {"nonce": None}},
        {"id_claims": {"exp": 1_000_000_000}},
        {"id_claims": {"exp": None}},
        {"id_claims": {"sub": None}},
        {"id_claims": {"sub": "somebody-else"}},
        {"signing_key": OTHER_KEY},
        {"signing_key": SHARED, "algorithm": "HS256"},
        {"algorithm": "RS512"},
        {"person": {"sub": "somebody-else"}},
        {"person": {"sub": None}},
        {"person": {"assurance_level": "splendid"}},
        {"person": {"id_number": "1234"}},
        {"person": {"enterprises": "many"}},
    ],
    ids=lambda lie: " ".join(f"{name}-{_shown(value)}" for name, value in lie.items()),
)
def test_a_portal_that_lies_lets_nobody_in(
    journey: Journey, empty_town: Database, lie: dict[str, Any]
) -> None:
    for name, value in lie.items():
        setattr(journey.portal, name, value)
    page = journey.come_back()
    assert (page.status, page.heading) == (502, "省统一身份认证平台的答复无法核实")
    with empty_town.sessions() as session:
        assert session.scalars(select(SignInSession)).all() == []


def test_an_unsigned_token_lets_nobody_in(journey: Journey) -> None:
    def unsigned() -> Any:
        _head, body, _signature = journey.portal.id_token().split(".")
        none = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
        return {"access_token": "a", "token_type": "Bearer", "id_token": f"{none}.{body}."}

    journey.portal.token_answer = unsigned
    assert journey.come_back().status == 502


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://somebody-else.example"},
        {"token_endpoint": "https://evil.example/token"},
        {"jwks_uri": "http://127.0.0.1:1/jwks"},
        {"userinfo_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "https://evil.example/logout"},
    ],
    ids=str,
)
def test_a_portal_whose_endpoints_lie_elsewhere_is_not_asked(
    journey: Journey, metadata: dict[str, Any]
) -> None:
    journey.portal.metadata = metadata
    assert journey.visitor.open("/signin").status == 502


def test_a_portal_is_believed_again_once_it_is_right(journey: Journey) -> None:
    journey.portal.metadata = {"issuer": "https://somebody-else.example"}
    journey.visitor.open("/signin")
    journey.portal.metadata = {}
    assert journey.come_back().heading == "外人，您好"


def test_clocks_may_differ_a_little(journey: Journey) -> None:
    journey.portal.id_claims = {"exp": int(time.time()) - 30}
    assert journey.come_back().heading == "外人，您好"


def test_an_abandoned_sign_in_leaves_no_room_problem(journey: Journey) -> None:
    """A cookie holds four kilobytes: the oldest attempts are forgotten."""
    states = [journey.set_out()["state"] for _ in range(12)]
    cookie = journey.visitor.client.get_cookie("yihaotong_page")
    assert cookie is not None
    assert len(cookie.value) < 3000
    assert journey.come_back(state=states[0]).heading == "这次登录已经失效"
    asked = journey.set_out()
    assert journey.come_back(state=asked["state"]).heading == "外人，您好"


def test_signing_out_ends_the_session_here_and_at_the_portal(journey: Journey) -> None:
    page = journey.come_back()
    form = page.form("退出登录")
    answer = journey.visitor.client.post(form.action, data=form.fields)
    address = answer.headers["Location"]
    assert address.startswith(f"{journey.portal.issuer}/logout?")
    assert "id_token_hint=" in address
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2F" in address
    assert journey.visitor.open("/sessions/").address == "/?next=/sessions/"


def test_signing_out_works_though_the_portal_offers_nothing_for_it(journey: Journey) -> None:
    journey.portal.metadata = {"end_session_endpoint": None}
    page = journey.visitor.submit(journey.come_back(), "退出登录")
    assert page.address == "/"
    assert "您已退出。" in page


def test_a_refusal_by_the_portal_is_logged_without_its_values(
    journey: Journey, capsys: pytest.CaptureFixture[str]
) -> None:
    journey.portal.person = {"id_number": "990001199001011234", "assurance_level": "splendid"}
    journey.come_back()
    written = capsys.readouterr().err
    assert "assurance_level" in written
    assert "990001199001011234" not in written
    assert "code=" not in written
