"""What kinds of values settings have, and what is expected of each."""

import base64
import binascii
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator


def _web_address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", text):
        raise ValueError("expected an address that begins with http:// or https://")
    return text


def _known_database(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("expected sqlite:///… or postgresql+psycopg://…")
    return url


def _known_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("expected the name of a time zone, such as Asia/Shanghai")
    return name


def _existing_folder(text: str) -> str:
    if text and not Path(text).is_dir():
        raise ValueError("expected a folder that exists")
    return text


def _key(secret: SecretStr) -> SecretStr:
    try:
        raw = base64.b64decode(secret.get_secret_value(), validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != 32:
        raise ValueError("expected 32 random bytes in base64, as `openssl rand -base64 32` prints")
    return secret


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < 32:
        raise ValueError("expected at least 32 random characters")
    return secret


WebAddress = Annotated[str, AfterValidator(_web_address)]
DatabaseAddress = Annotated[str, AfterValidator(_known_database)]
TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
Folder = Annotated[str, AfterValidator(_existing_folder)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Secret = Annotated[SecretStr, AfterValidator(_long_enough)]
WorkingDays = Annotated[int, Field(ge=1, le=60)]

# Kinds of cases that have a change form, and of evidence; a test compares them with the desk's.
CaseName = Literal[
    "old_password",
    "several_accounts",
    "id_differs",
    "name_differs",
    "registered_by_passport",
    "disputed",
    "enterprise_not_on_platform",
    "unit_renamed",
    "uscc_changed",
    "representative_changed",
    "unit_missing",
    "administrator_unreachable",
]
EvidenceName = Literal["id_card", "passport", "signed_form", "licence", "authorisation", "other"]


class ClaimNames(BaseModel):
    """Which portal claims carry what the console needs; provinces differ."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("name", description="Claim with the person's name.")
    id_type: str = Field("id_type", description="Claim with the kind of identity document.")
    id_number: str = Field("id_number", description="Claim with the number of that document.")
    level: str = Field("assurance_level", description="Claim with the verification level.")
    enterprises: str = Field("enterprises", description="Claim with the list of enterprises.")
    enterprise_uscc: str = Field("uscc", description="An enterprise's credit code in that list.")
    enterprise_name: str = Field("name", description="An enterprise's name in that list.")
    levels: dict[str, Literal["none", "basic", "intermediate", "advanced"]] = Field(
        {level: level for level in ("none", "basic", "intermediate", "advanced")},
        description="The portal's words for the levels, each with ours.",
    )
    id_types: dict[str, Literal["resident_id", "foreign_permanent_residence", "passport"]] = Field(
        {kind: kind for kind in ("resident_id", "foreign_permanent_residence", "passport")},
        description="The portal's words for the documents, each with ours.",
    )


class Contacts(BaseModel):
    """Whom to call and where to go; the guide itself has changed these more than once."""

    model_config = ConfigDict(extra="forbid")

    portal_phones: list[str] = Field(
        ["18951758659", "18951758628"], description="Portal's desk: registration, verification."
    )
    portal_register_url: WebAddress = Field(
        "http://zwfw.sd.gov.cn/sdsfjis/front/login.do", description="Where people register."
    )
    portal_help_url: WebAddress = Field(
        "http://zwfw.sd.gov.cn/sdsfjis/front/login.do", description="The portal's own help."
    )
    platform_phones: list[str] = Field(
        ["0531-66777094", "0531-66777127"], description="Platform's desk: everything else."
    )
    platform_email: str = Field("kjtcloud@shandong.cn", description="Where forms are sent.")
    platform_host: str = Field("cloud.sdstc.gov.cn", description="The platform's own site.")


class SmsGateway(BaseModel):
    """The HTTP interface that takes text messages; without an address none are sent."""

    model_config = ConfigDict(extra="forbid")

    url: WebAddress = Field("", description="Where a message is sent to; without one, no SMS.")
    encoding: Literal["form", "json", "query"] = Field(
        "form", description="How the parameters travel: POST as a form or as JSON, or GET."
    )
    parameters: dict[str, str] = Field(
        {"mobile": "{number}", "content": "{text}", "extno": "{reference}"},
        description="The interface's parameters; {number}, {text}, {reference} are filled in.",
    )
    secrets: dict[str, SecretStr] = Field(
        {}, description="Further parameters that nobody may read, such as a password or a key."
    )
    headers: dict[str, SecretStr] = Field(
        {},
        description='Headers of each request, such as {"Authorization": "Bearer …"}; '
        "{reference} is filled in here too.",
    )
    success: str = Field(
        "", description='What an accepted answer contains, such as "code":0; empty: any 2xx.'
    )
    timeout_seconds: float = Field(
        10, gt=0, le=60, description="How long a worker waits for the interface."
    )


class MailServer(BaseModel):
    """The SMTP server that takes the console's mail; without a host none is sent."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field("", description="SMTP server; without one there is no mail.")
    port: int = Field(587, ge=1, le=65535, description="Its port: 587, or 465 for ssl.")
    security: Literal["starttls", "ssl", "none"] = Field(
        "starttls", description="How the connection is protected; none for the same machine only."
    )
    username: str = Field("", description="Name to sign in by; empty: the server asks for none.")
    password: SecretStr = Field(SecretStr(""), description="Password to that name.")
    sender: str = Field("yihaotong@localhost", description="Address the mail comes from.")
    timeout_seconds: float = Field(
        20, gt=0, le=60, description="How long a worker waits for the server."
    )


class Bucket(BaseModel):
    """An S3-compatible bucket for evidence; without a name a folder keeps it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$",
        description="Bucket of an S3-compatible storage that keeps evidence instead of the folder.",
    )
    endpoint: WebAddress = Field("", description="Its service's address; default: Amazon's own.")
    region: str = Field(
        "us-east-1", min_length=1, description="Region that requests are signed for."
    )
    access_key: str = Field(
        "",
        description="Name of the access key. It and its secret are read from here alone; no page "
        "or table has them. Empty: the machine's role or profile; without one the start stops.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="The secret to that access key; both or neither."
    )
    prefix: str = Field(
        "evidence/",
        pattern=r"^([A-Za-z0-9_.-]+/)*$",
        description="What its objects' names begin with; ends with a slash.",
    )
    timeout_seconds: float = Field(
        10, gt=0, le=60, description="How long one try waits for the service; there are three."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.access_key) != bool(self.secret_key.get_secret_value()):
            raise ValueError("expected both access_key and secret_key, or neither")
        if self.name and find_spec("boto3") is None:
            raise ValueError("needs boto3; install requirements-s3.lock (see docs/operating.md)")
        return self
