"""The portal keeps to OpenID Connect: what a relying party may rely on, and what it is refused."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet


def sent_back(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def claims_of(token, keys):
    return jwt.decode(token["id_token"], KeySet.import_key_set({"keys": keys}), ["RS256"]).claims


def test_discovery_names_every_endpoint_under_the_issuer(portal):
    found = portal.discovered()
    assert found["issuer"] == portal.url
    for name in ("authorization", "token", "userinfo", "end_session"):
        assert found[f"{name}_endpoint"].startswith(portal.url + "/")
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]


def test_published_keys_hold_no_private_part(portal):
    assert all("d" not in key for key in portal.published_keys())


def test_a_sign_in_ends_with_a_verifiable_id_token_that_echoes_the_nonce(portal, console):
    claims = claims_of(
        console.tokens_for("demo-teacher-1", nonce="once-only"), portal.published_keys()
    )
    assert claims["iss"] == portal.url
    assert claims["aud"] == "yihaotong"
    assert claims["nonce"] == "once-only"
    assert {"sub", "sid", "auth_time", "at_hash", "exp", "iat"} <= set(claims)


def test_the_id_token_says_nothing_about_the_identity(portal, console):
    claims = claims_of(console.tokens_for("demo-teacher-1"), portal.published_keys())
    assert not {"name", "id_number", "enterprises", "phone_number"} & set(claims)


def test_state_comes_back_as_it_was_sent(console):
    assert sent_back(console.code_for("demo-teacher-1", state="st-1"))["state"] == "st-1"


def test_userinfo_tells_identity_level_and_enterprises(console):
    """R07, R53: a legal representative of several companies."""
    console.tokens_for("demo-legal-2")
    assert console.told().json() == {
        "sub": "demo-legal-2",
        "name": "示例法人二",
        "id_type": "resident_id",
        "id_number": "990001197202020024",
        "assurance_level": "intermediate",
        "enterprises": [
            {"uscc": "91990001990000025X", "name": "演示星海科技有限公司"},
            {"uscc": "91990001990000033Q", "name": "演示蓝湾生物有限公司"},
        ],
        "phone_number": "+8610100000002",
    }


def test_userinfo_without_a_token_is_refused(portal):
    answer = requests.get(portal.url + "/userinfo", timeout=5)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"code_challenge": "a" * 43, "code_challenge_method": "plain"},
        {"code_challenge": "a" * 43},
    ],
    ids=["none", "plain", "method left out"],
)
def test_a_request_without_s256_is_sent_back_with_an_error(portal, visitor, parameters):
    console_asks = {
        "client_id": "yihaotong",
        "response_type": "code",
        "redirect_uri": "http://localhost:8000/signin/callback",
        "scope": "openid",
        "state": "kept",
    }
    answer = visitor.get("/authorize", **console_asks, **parameters)
    back = sent_back(answer.headers["Location"])
    assert (back["error"], back["state"]) == ("invalid_request", "kept")


def test_the_wrong_verifier_is_refused_and_spends_the_code(console):
    address = console.code_for("demo-teacher-1")
    with pytest.raises(OAuthError, match="invalid_grant"):
        console.redeems(address, code_verifier="w" * 48)
    with pytest.raises(OAuthError, match="invalid_grant"):
        console.redeems(address)


def test_a_code_used_twice_is_refused_and_revokes_what_it_bought(console):
    address = console.code_for("demo-teacher-1")
    console.redeems(address)
    assert console.told().status_code == 200
    with pytest.raises(OAuthError, match="invalid_grant"):
        console.redeems(address)
    assert console.told().status_code == 401


def test_the_wrong_client_secret_is_refused(console):
    address = console.code_for("demo-teacher-1")
    console.client_secret = "guessed"
    with pytest.raises(OAuthError, match="invalid_client"):
        console.redeems(address)


@pytest.mark.parametrize("address", ["http://evil.invalid/", "http://localhost:8000/", 'x"é'])
def test_an_unregistered_redirect_uri_is_shown_and_never_followed(console, visitor, address):
    console.redirect_uri = address
    answer = visitor.get(console.asks())
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "模拟门户" in answer.text


def test_an_unknown_client_is_shown_and_never_followed(visitor):
    asked = {
        "client_id": "stranger",
        "response_type": "code",
        "redirect_uri": "http://evil.invalid/",
    }
    answer = visitor.get("/authorize", **asked)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
def test_other_faults_go_back_to_the_client_by_name(console, visitor, parameters, error):
    answer = visitor.get(console.asks(**parameters))
    assert sent_back(answer.headers["Location"])["error"] == error


def test_who_is_signed_in_goes_straight_back(console, visitor):
    visitor.sign_in("demo-teacher-2")
    assert "code" in sent_back(visitor.get(console.asks()).headers["Location"])


@pytest.mark.parametrize("parameters", [{"prompt": "login"}, {"max_age": 0}])
def test_a_fresh_sign_in_is_demanded_and_then_accepted(console, visitor, parameters):
    visitor.sign_in("demo-teacher-2")
    page = visitor.get(console.asks(**parameters))
    assert page.status_code == 200
    to = parse_qs(urlsplit(page.url).query)["to"][0]
    assert "code" in sent_back(visitor.sign_in("demo-teacher-3", to).headers["Location"])


def test_old_tokens_verify_after_a_rotation_until_the_key_is_dropped(portal, console):
    old = console.tokens_for("demo-teacher-1")
    portal.act("/keys/rotate")
    new = console.tokens_for("demo-teacher-1")
    both = portal.published_keys()
    assert claims_of(old, both)["sub"] == claims_of(new, both)["sub"]
    portal.act("/keys/drop")
    assert claims_of(new, portal.published_keys())
    with pytest.raises(InvalidKeyIdError):
        claims_of(old, portal.published_keys())


def test_logging_out_returns_with_state_and_ends_session_and_access(portal, console):
    tokens = console.tokens_for("demo-teacher-1")
    answer = requests.get(
        portal.url + "/logout",
        params={
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": "http://localhost:8000/",
            "state": "bye",
        },
        allow_redirects=False,
        timeout=5,
    )
    assert answer.headers["Location"] == "http://localhost:8000/?state=bye"
    assert console.told().status_code == 401


def test_logging_out_to_an_unregistered_address_stays_at_the_portal(portal, console):
    hint = console.tokens_for("demo-teacher-1")["id_token"]
    query = {"id_token_hint": hint, "post_logout_redirect_uri": "http://evil.invalid/"}
    answer = requests.get(portal.url + "/logout", params=query, allow_redirects=False, timeout=5)
    assert answer.status_code == 200
    assert "您已退出门户" in answer.text


def test_logging_out_without_a_hint_asks_first(console, visitor):
    visitor.sign_in("demo-teacher-1")
    assert "退出门户？" in visitor.get("/logout").text
    assert "示例教师甲" in visitor.get("/").text
    visitor.post("/logout")
    assert "示例教师甲" in visitor.get("/").text


def test_a_hint_that_the_portal_never_issued_is_refused(visitor):
    assert visitor.get("/logout", id_token_hint="a.b.c").status_code == 400
