"""The story can be played through the pages, and the pages keep themselves safe."""

import pytest
import requests

from portal_simulator.store import Store

DUPLICATE = "990001197001010014"
NEWCOMER = {
    "name": "示例未注册癸",
    "id_type": "resident_id",
    "id_number": "990001198812310998",
    "mobile": "10100000088",
    "password": "demo-pass-2026",
}


@pytest.fixture
def _as_it_was(portal):
    yield
    portal.act("/start-over")


@pytest.mark.usefixtures("_as_it_was")
def test_somebody_registers_rises_binds_and_is_reported_with_all_of_it(visitor, console):
    """R09, R10, R24"""
    assert "注册成功" in visitor.post("/register", **NEWCOMER).text
    visitor.post("/level", method="mobile")
    page = visitor.post("/level", method="face")
    assert "中级实名" in page.text
    assert "返回科技云平台" in page.text
    visitor.post("/enterprises", uscc="919900019900000766", name="演示自建有限公司")
    address = visitor.get(console.asks()).headers["Location"]
    console.redeems(address)
    told = console.told().json()
    assert told["assurance_level"] == "intermediate"
    assert told["enterprises"] == [{"uscc": "919900019900000766", "name": "演示自建有限公司"}]


def test_a_registered_id_number_is_refused_in_words(visitor):
    """R25"""
    answer = visitor.post("/register", **{**NEWCOMER, "id_number": DUPLICATE})
    assert answer.status_code == 422
    assert "身份证号信息重复" in answer.text
    assert "18951758659" in answer.text


def test_the_passport_page_says_why_it_ends_there(visitor):
    """R44"""
    visitor.sign_in("demo-passport-1")
    assert "不支持护照认证" in visitor.get("/level").text
    assert visitor.post("/level", method="face").status_code == 422


@pytest.mark.usefixtures("_as_it_was")
def test_the_legal_representative_without_binding_can_make_it_up(visitor):
    visitor.sign_in("demo-legal-5")
    assert "91990001990000068B" in visitor.get("/enterprises").text
    visitor.post("/enterprises", uscc="91990001990000068B", name="演示海洋装备有限公司")
    assert "演示海洋装备有限公司" in visitor.get("/").text
    visitor.post("/enterprises/unbind", uscc="91990001990000068B")
    assert "尚未绑定单位" in visitor.get("/").text


def test_account_and_password_sign_in_too(visitor):
    visitor.post("/signin", account="10100000001", password="demo-pass-2026")
    assert "示例法人一" in visitor.get("/").text
    assert visitor.post("/signin", account="10100000001", password="wrong").status_code == 422


@pytest.mark.usefixtures("_as_it_was")
def test_one_click_is_not_for_people_who_registered_themselves(visitor, portal):
    visitor.post("/register", **NEWCOMER)
    with Store(portal.settings.database).transaction() as db:
        (sub,) = db.execute("select sub from person where name = '示例未注册癸'").fetchone()
    assert visitor.sign_in(sub).status_code == 404


@pytest.mark.parametrize("to", ["http://evil.invalid/", "//evil.invalid/authorize?", "/faults"])
def test_signing_in_leads_nowhere_but_to_the_authorization(visitor, to):
    assert "您好" in visitor.sign_in("demo-teacher-1", to).text


@pytest.mark.parametrize(
    "path", ["/signin", "/signin/ready-made", "/register", "/signout", "/faults", "/start-over"]
)
def test_a_form_without_its_token_is_refused(portal, path):
    answer = requests.post(portal.url + path, data={"fault": "down"}, timeout=5)
    assert answer.status_code == 400


def test_the_test_header_opens_nothing_but_the_scenes(portal):
    answer = requests.post(portal.url + "/register", headers={"X-Portal-Test": "1"}, timeout=5)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path", ["/", "/signin", "/register", "/registered", "/help", "/faults", "/logout", "/nowhere"]
)
def test_every_page_says_that_it_is_a_simulation_and_runs_no_script(visitor, path):
    answer = visitor.get(path)
    assert "模拟门户 · 仅供演示" in answer.text
    assert "<script" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_pages_speak_english_when_asked(visitor):
    assert "Sign in" in visitor.get("/signin", lang="en").text
    assert "Verification" in visitor.get("/help").text
