"""A missing or nonsensical setting stops the start, with its name and what is expected."""

import base64
from pathlib import Path

import pytest

from admin_app.settings import DEMO_IDENTITY_KEY, SettingsError, load_settings

OWN_KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "YIHAOTONG_ENVIRONMENT": "production",
    "YIHAOTONG_SECRET_KEY": "one long secret of the province's own",
    "YIHAOTONG_IDENTITY_KEYS": f'["{OWN_KEY}"]',
    "YIHAOTONG_INDEX_KEY": OWN_KEY,
    "YIHAOTONG_PORTAL_CLIENT_SECRET": "agreed with the portal",
    "YIHAOTONG_PORTAL_ISSUER": "https://portal.example",
    "YIHAOTONG_PUBLIC_URL": "https://cloud.example",
}


@pytest.fixture(autouse=True)
def bare_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No ``.env`` and no variable of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORT", "PORTAL_PORT", "YIHAOTONG_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def put(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "eighty", "valid integer"),
        ("PORT", "70000", "less than or equal to 65535"),
        ("PORTAL_PORT", "0", "greater than or equal to 1"),
        ("YIHAOTONG_ENVIRONMENT", "staging", "'demo', 'test' or 'production'"),
        ("YIHAOTONG_DATABASE_URL", "mysql://localhost/x", "sqlite:///… or postgresql+psycopg://…"),
        ("YIHAOTONG_WORKERS", "0", "greater than or equal to 1"),
        ("YIHAOTONG_PUBLIC_URL", "cloud.example", "begins with http:// or https://"),
        ("YIHAOTONG_PORTAL_ISSUER", "ftp://portal", "begins with http:// or https://"),
        ("YIHAOTONG_SECRET_KEY", "short", "at least 32 random characters"),
        ("YIHAOTONG_INDEX_KEY", "c2hvcnQ=", "32 random bytes in base64"),
        ("YIHAOTONG_IDENTITY_KEYS", '["no base64!"]', "32 random bytes in base64"),
        ("YIHAOTONG_IDENTITY_KEYS", OWN_KEY, "expected JSON"),
        ("YIHAOTONG_IDENTITY_KEYS", "[]", "at least 1 item"),
        ("YIHAOTONG_TIME_ZONE", "Mars/Olympus", "such as Asia/Shanghai"),
        ("YIHAOTONG_LANGUAGE", "fr", "'zh_Hans_CN' or 'en'"),
        ("YIHAOTONG_PORTAL_ALGORITHMS", '["HS256"]', "'RS256'"),
        ("YIHAOTONG_PORTAL_ALGORITHMS", '["none"]', "'RS256'"),
        ("YIHAOTONG_HELP_FOLDER", "/nowhere/at/all", "a folder that exists"),
        ("YIHAOTONG_CONTACTS__PORTAL_HELP_URL", "help", "begins with http:// or https://"),
        ("YIHAOTONG_EVIDENCE_BUCKET__NAME", "No Such Name", "match pattern"),
        ("YIHAOTONG_EVIDENCE_BUCKET__ENDPOINT", "storage:9000", "begins with http:// or https://"),
        ("YIHAOTONG_EVIDENCE_BUCKET__PREFIX", "evidence", "match pattern"),
        ("YIHAOTONG_EVIDENCE_BUCKET__TIMEOUT_SECONDS", "0", "greater than 0"),
        ("YIHAOTONG_CLAIMS__LEVELS", '{"3": "middle"}', "'intermediate'"),
        ("YIHAOTONG_CASE_DAYS", '{"headache": 3}', "'old_password'"),
        ("YIHAOTONG_CASE_DAYS", '{"disputed": 0}', "greater than or equal to 1"),
        ("YIHAOTONG_CASE_DAYS_OTHERWISE", "61", "less than or equal to 60"),
    ],
)
def test_a_nonsensical_setting_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    message = str(refused.value)
    assert message.startswith(name)
    assert expected in message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("YIHAOTONG_DATABSE_URL", "did you mean YIHAOTONG_DATABASE_URL?"),
        ("YIHAOTONG_NONSENSE", "there is no such setting"),
        ("YIHAOTONG_CLAIMS__NAMES", "not permitted"),
    ],
)
def test_a_misspelt_name_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    monkeypatch.setenv(name, "x")
    with pytest.raises(SettingsError, match=name) as refused:
        load_settings()
    assert hint in str(refused.value)


@pytest.mark.parametrize("name", ["YIHAOTONG_SECRET_KEY", "YIHAOTONG_INDEX_KEY"])
def test_a_refused_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "hush-hush")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "hush" not in str(refused.value)


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {"PORT": "0", "YIHAOTONG_WORKERS": "0"})
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "PORT",
        "YIHAOTONG_WORKERS",
    ]


def test_production_starts_with_secrets_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, PRODUCTION)
    assert load_settings().is_production


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "YIHAOTONG_ENVIRONMENT"])
def test_production_refuses_what_the_demo_starts_with(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    put(monkeypatch, PRODUCTION)
    monkeypatch.delenv(name)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value).startswith(name)
    assert DEMO_IDENTITY_KEY not in str(refused.value)


def test_production_refuses_the_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {**PRODUCTION, "YIHAOTONG_PORTAL_ISSUER": "http://localhost:8100"})
    with pytest.raises(SettingsError, match="the simulator is for demos"):
        load_settings()


def test_addresses_follow_the_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {"PORT": "9000", "PORTAL_PORT": "9100"})
    settings = load_settings()
    assert settings.public_url == "http://localhost:9000"
    assert settings.portal_issuer == "http://localhost:9100"


def test_a_bucket_without_its_library_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin_app.setting_kinds.find_spec", lambda _name: None)
    load_settings()  # a folder needs nothing
    monkeypatch.setenv("YIHAOTONG_EVIDENCE_BUCKET__NAME", "evidence")
    with pytest.raises(SettingsError, match=r"YIHAOTONG_EVIDENCE_BUCKET.*needs boto3"):
        load_settings()


@pytest.mark.parametrize("half", ["ACCESS_KEY", "SECRET_KEY"])
def test_half_of_a_key_is_not_enough(monkeypatch: pytest.MonkeyPatch, half: str) -> None:
    monkeypatch.setenv(f"YIHAOTONG_EVIDENCE_BUCKET__{half}", "hush-hush")
    with pytest.raises(SettingsError, match="both access_key and secret_key, or neither") as error:
        load_settings()
    assert "hush" not in str(error.value)
