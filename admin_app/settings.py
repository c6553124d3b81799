"""Every setting, its meaning and its default; ``docs/settings.md`` is made from this file."""

import difflib
import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSetting

from admin_app.setting_kinds import (
    Bucket,
    CaseName,
    ClaimNames,
    Contacts,
    DatabaseAddress,
    EvidenceName,
    Folder,
    Key,
    MailServer,
    Secret,
    SmsGateway,
    TimeZone,
    WebAddress,
    WorkingDays,
)

PREFIX = "YIHAOTONG_"

DEMO_SECRET = "demo-only-not-a-secret-0123456789abcdef"  # noqa: S105 - production refuses it
DEMO_PORTAL_SECRET = "demo-portal-secret"  # noqa: S105 - production refuses it
DEMO_IDENTITY_KEY = "ZGVtby1vbmx5LWlkZW50aXR5LWtleS0wMTIzNDU2Nzg="


class Settings(BaseSettings):
    """What an operator decides; read from the environment, then from ``.env``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        extra="ignore",
        populate_by_name=True,
    )

    environment: Literal["demo", "test", "production"] = Field(
        "demo", description="Production refuses the demo's secrets, the simulator and plain HTTP."
    )
    database_url: DatabaseAddress = Field(
        "sqlite:///var/yihaotong.sqlite3",
        description="SQLAlchemy address of the database: sqlite:///… or postgresql+psycopg://…",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        8000,
        validation_alias=AliasChoices("PORT", "YIHAOTONG_PORT"),
        description="Port of the console.",
    )
    bind: str = Field("127.0.0.1", description="Address the console listens on.")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="Server processes; each has several threads."
    )
    portal_port: Annotated[int, Field(ge=1, le=65535)] = Field(
        8100,
        validation_alias=AliasChoices("PORTAL_PORT", "YIHAOTONG_PORTAL_PORT"),
        description="Port of the portal simulator (demo only).",
    )
    public_url: WebAddress = Field(
        "", description="Address people type, such as https://cloud.example; default: localhost."
    )
    secret_key: Secret = Field(
        SecretStr(DEMO_SECRET), description="Signs cookies; at least 32 characters."
    )
    identity_keys: list[Key] = Field(
        [SecretStr(DEMO_IDENTITY_KEY)],
        min_length=1,
        description="Keys that encrypt ID numbers, newest first; each 32 bytes in base64.",
    )
    index_key: Key = Field(
        SecretStr(DEMO_IDENTITY_KEY),
        description="Key of the blind index over ID numbers; 32 bytes in base64.",
    )
    proxies: Annotated[int, Field(ge=0, le=5)] = Field(
        0, description="Reverse proxies in front, whose X-Forwarded headers are believed."
    )
    language: Literal["zh_Hans_CN", "en"] = Field(
        "zh_Hans_CN", description="Language shown until somebody chooses."
    )
    time_zone: TimeZone = Field("Asia/Shanghai", description="Time zone of the times shown.")

    portal_issuer: WebAddress = Field(
        "", description="OpenID Connect issuer of the portal; default: the local simulator."
    )
    portal_client_id: str = Field("yihaotong", description="Client number at the portal.")
    portal_client_secret: SecretStr = Field(
        SecretStr(DEMO_PORTAL_SECRET), description="Client secret at the portal."
    )
    portal_algorithms: list[
        Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
    ] = Field(
        ["RS256", "ES256"],
        min_length=1,
        description="Signature algorithms accepted from the portal.",
    )
    portal_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        6, description="How long the console waits for the portal."
    )
    clock_skew_seconds: Annotated[int, Field(ge=0, le=600)] = Field(
        60, description="How far the portal's clock may differ."
    )
    portal_extra_origins: list[str] = Field(
        [], description="Origins besides the issuer's that the portal's endpoints may have."
    )
    claims: ClaimNames = Field(
        ClaimNames(), description="Which claims carry ID type, ID number, level, enterprises."
    )
    contacts: Contacts = Field(Contacts(), description="Telephone numbers, addresses, e-mail.")
    mail: MailServer = Field(MailServer(), description="SMTP server for notices by e-mail.")
    sms: SmsGateway = Field(SmsGateway(), description="HTTP interface for notices by SMS.")
    help_folder: Folder = Field(
        "", description="Folder of edited help articles, zh/….md and en/….md; default: ours alone."
    )

    session_idle_minutes: Annotated[int, Field(ge=1)] = Field(
        60, description="A session unused for this long ends."
    )
    session_hours: Annotated[int, Field(ge=1)] = Field(
        12, description="A session ends after this long in any case."
    )
    administrators_per_unit: Annotated[int, Field(ge=1, le=100)] = Field(
        3, description="Current and pending administrators a unit may have."
    )
    pending_days: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="A pending appointment expires after this many days."
    )
    urging_days: Annotated[int, Field(ge=1, le=365)] = Field(
        7, description="A unit is urged at most once in this many days, by whichever department."
    )

    case_days: dict[CaseName, WorkingDays] = Field(
        {
            "disputed": 2,
            "registered_by_passport": 5,
            "uscc_changed": 5,
            "representative_changed": 5,
            "administrator_unreachable": 5,
        },
        description="Working days within which the desk decides a case, by its kind.",
    )
    case_days_otherwise: WorkingDays = Field(3, description="The same for every other kind.")
    case_assignment: bool = Field(
        False, description="Whether new cases are given to members of support in turn."
    )
    case_escalation_days: WorkingDays = Field(
        3,
        description="Working days after which everybody at the desk is told of an overdue case.",
    )

    job_folder: str = Field(
        "var/jobs",
        description="Folder for the files of long jobs, encrypted; the console's and the workers'.",
    )
    job_days: Annotated[int, Field(ge=1, le=90)] = Field(
        7, description="A finished job and its files are deleted after this many days."
    )
    import_megabytes: Annotated[int, Field(ge=1, le=2000)] = Field(
        200, description="Size of a file that may be imported in the browser; larger: the command."
    )

    deadline: date | None = Field(
        None,
        description="Day by which all are to have moved, such as 2026-12-31; for the dashboard.",
    )
    dashboard_refresh_seconds: Annotated[int, Field(ge=10, le=86_400)] = Field(
        60, description="How often an open dashboard asks for new figures."
    )

    evidence_folder: str = Field(
        "var/evidence",
        description="Folder where evidence is kept, encrypted; no web server may serve it.",
    )
    evidence_bucket: Bucket = Field(
        Bucket(), description="S3-compatible storage of evidence, instead of the folder."
    )
    evidence: dict[CaseName, list[EvidenceName]] = Field(
        {
            "old_password": ["id_card"],
            "several_accounts": ["id_card"],
            "id_differs": ["id_card"],
            "name_differs": ["id_card"],
            "registered_by_passport": ["id_card", "passport"],
            "unit_renamed": ["licence"],
            "uscc_changed": ["licence"],
            "representative_changed": ["licence", "id_card"],
            "unit_missing": ["licence"],
            "administrator_unreachable": ["authorisation", "id_card"],
        },
        description="Which evidence each kind of case must bring before it is filed or approved.",
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.public_url = (self.public_url or f"http://localhost:{self.port}").rstrip("/")
        self.portal_issuer = self.portal_issuer or f"http://localhost:{self.portal_port}"
        if self.environment == "production":
            self._refuse_demo_values()
        return self

    def _refuse_demo_values(self) -> None:
        values = {
            "YIHAOTONG_SECRET_KEY": self.secret_key.get_secret_value() == DEMO_SECRET,
            "YIHAOTONG_IDENTITY_KEYS": any(
                key.get_secret_value() == DEMO_IDENTITY_KEY for key in self.identity_keys
            ),
            "YIHAOTONG_INDEX_KEY": self.index_key.get_secret_value() == DEMO_IDENTITY_KEY,
            "YIHAOTONG_PORTAL_CLIENT_SECRET": (
                self.portal_client_secret.get_secret_value() == DEMO_PORTAL_SECRET
            ),
        }
        for name, is_demo in values.items():
            if is_demo:
                raise ValueError(f"{name}: set a secret of your own; the demo's is public")
        if not self.portal_issuer.startswith("https://"):
            raise ValueError(
                "YIHAOTONG_PORTAL_ISSUER: expected the portal's https:// address; "
                "the simulator is for demos"
            )
        if not self.public_url.startswith("https://"):
            raise ValueError("YIHAOTONG_PUBLIC_URL: expected an https:// address")

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def offers_mail(self) -> bool:
        """Whether notices can be mailed; outside production the worker's log takes them."""
        return bool(self.mail.host) or not self.is_production

    @property
    def offers_sms(self) -> bool:
        """Whether notices can go out by SMS; outside production the worker's log takes them."""
        return bool(self.sms.url) or not self.is_production

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, if the database is a file."""
        prefix = "sqlite:///"
        if not self.database_url.startswith(prefix) or ":memory:" in self.database_url:
            return None
        return Path(self.database_url.removeprefix(prefix))


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message names it and what is expected."""


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: with one line a setting, safe to print (no values of secrets).
    """
    _refuse_unknown_names()
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # checked by pydantic itself
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(item) for item in error.errors())) from None
    except UnreadableSetting as error:
        found = re.search(r'field "(\w+)"', str(error))
        name = f"YIHAOTONG_{found[1].upper()}" if found else "YIHAOTONG_…"
        raise SettingsError(f'{name}: expected JSON, such as ["one", "two"]') from None


def variable_name(name: str, field: FieldInfo) -> str:
    """The environment variable a setting is read from."""
    alias = field.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else PREFIX + name.upper()


def _refuse_unknown_names() -> None:
    """A misspelt name would silently leave the default in force."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in sorted(os.environ):
        ours = name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_")
        if ours and name.split("__")[0] not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise SettingsError(f"{name}: there is no such setting{hint}")


def _explain(item: ErrorDetails) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    place = [str(part) for part in item["loc"] if not isinstance(part, int)]
    if not place:
        return message
    name = place[0] if place[0].isupper() else PREFIX + "__".join(place).upper()
    return f"{name}: {message[0].lower()}{message[1:]}"
