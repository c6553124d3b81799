"""Every scheme of the old platform is known, and a broken hash is nobody's password."""

import base64
import hashlib

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.identity.old_passwords import SCHEMES, is_old_password, is_well_formed

PASSWORD = "旧密码 old-pass-1"


def _digest(algorithm: str, text: str = PASSWORD) -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


def _pbkdf2(rounds: int = 1_000) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", rounds)


HASHES = [
    ("md5", _digest("md5")),
    ("md5", _digest("md5").upper()),
    ("md5_salted", "pepper$" + _digest("md5", PASSWORD + "pepper")),
    ("sha1", _digest("sha1")),
    ("sha256", _digest("sha256")),
    ("sm3", _digest("sm3")),
    ("pbkdf2_sha256", f"1000$salt${_pbkdf2().hex()}"),
    ("pbkdf2_sha256", f"1000$salt${base64.b64encode(_pbkdf2()).decode()}"),
    ("bcrypt", bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()),
    ("bcrypt", bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, b"2a")).decode()),
]
_ids = [f"{scheme}-{number}" for number, (scheme, _) in enumerate(HASHES)]


@pytest.mark.parametrize(("scheme", "stored"), HASHES, ids=_ids)
def test_the_right_password_is_known_and_no_other(scheme: str, stored: str) -> None:
    assert is_well_formed(scheme, stored)
    assert is_old_password(scheme, stored, PASSWORD)
    assert not is_old_password(scheme, stored, PASSWORD + "1")
    assert not is_old_password(scheme, stored, "")


def test_every_scheme_has_an_example_here() -> None:
    assert {scheme for scheme, _ in HASHES} == set(SCHEMES)


@pytest.mark.parametrize(
    ("scheme", "text", "digest"),
    [
        # GB/T 32905-2016, A.1; RFC 1321, A.5; FIPS 180-4, example of SHA-256.
        ("sm3", "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("md5", "abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ],
)
def test_the_digests_are_those_of_the_standards(scheme: str, text: str, digest: str) -> None:
    assert is_old_password(scheme, digest, text)


@pytest.mark.parametrize(
    ("scheme", "stored"),
    [
        ("rot13", "abc"),
        ("md5", ""),
        ("md5", _digest("sha1")),
        ("md5", "g" * 32),
        ("md5_salted", _digest("md5")),
        ("sha1", _digest("md5")),
        ("sm3", "xyz"),
        ("pbkdf2_sha256", "1000$salt"),
        ("pbkdf2_sha256", "2000001$salt$abcd"),
        ("pbkdf2_sha256", "0$salt$abcd"),
        ("pbkdf2_sha256", "many$salt$abcd"),
        ("bcrypt", "$2b$31$" + "a" * 53),  # would keep a server busy for a day
        ("bcrypt", "$2b$04$short"),
    ],
)
def test_a_hash_that_cant_be_one_is_nobodys(scheme: str, stored: str) -> None:
    assert not is_well_formed(scheme, stored)
    assert not is_old_password(scheme, stored, PASSWORD)


@given(scheme=st.sampled_from(sorted(SCHEMES)), stored=st.text(max_size=80), typed=st.text())
def test_no_stored_text_makes_the_check_fail_otherwise(
    scheme: str, stored: str, typed: str
) -> None:
    if not is_well_formed(scheme, stored):
        assert not is_old_password(scheme, stored, typed)
