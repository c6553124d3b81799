"""Each fault can be played, and ends when it is told to."""

import time

import pytest
import requests
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet


def read(token, portal):
    return jwt.decode(
        token["id_token"], KeySet.import_key_set({"keys": portal.published_keys()}), ["RS256"]
    )


def test_a_portal_that_is_down_answers_503_everywhere_but_behind_the_scenes(portal, playing):
    playing("down")
    for path in ("/", "/signin", "/.well-known/openid-configuration", "/jwks", "/userinfo"):
        assert requests.get(portal.url + path, timeout=5).status_code == 503
    assert requests.get(portal.url + "/faults", timeout=5).status_code == 200
    playing("none")
    assert requests.get(portal.url + "/", timeout=5).status_code == 200


def test_a_slow_portal_answers_in_the_end(portal, console, playing):
    address = console.code_for("demo-teacher-1")
    playing("slow")
    began = time.monotonic()
    assert console.redeems(address)["id_token"]
    assert time.monotonic() - began >= portal.settings.slow_seconds


def test_nonsense_is_a_page_where_json_was_due(portal, playing):
    playing("nonsense")
    answer = requests.post(portal.url + "/token", timeout=5)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_the_wrong_issuer_is_in_the_token_only(portal, console, playing):
    playing("wrong-issuer")
    assert read(console.tokens_for("demo-teacher-1"), portal).claims["iss"] != portal.url
    assert portal.discovered()["issuer"] == portal.url


def test_the_bad_signature_claims_the_genuine_key(portal, console, playing):
    playing("bad-signature")
    token = console.tokens_for("demo-teacher-1")
    with pytest.raises(BadSignatureError):
        read(token, portal)


def test_a_fault_that_nobody_knows_is_refused(portal):
    answer = requests.post(
        portal.url + "/faults", data={"fault": "x"}, headers={"X-Portal-Test": "1"}, timeout=5
    )
    assert answer.status_code == 400
