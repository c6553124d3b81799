"""What the portal reports of somebody, read into plain values whatever the province calls it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from admin_app.errors import DomainError
from admin_app.hierarchy.rules import clean_name, clean_uscc
from admin_app.identity.id_numbers import clean_id_number
from admin_app.identity.names import clean_person_name
from admin_app.identity.vocabulary import AssuranceLevel, IdType, PortalNonsense

SUBJECT_MOST = 200
_SUBJECT = "sub"  # fixed by OpenID Connect


class ClaimNames(Protocol):
    """Which claims carry what; the settings have such an object."""

    @property
    def name(self) -> str: ...
    @property
    def id_type(self) -> str: ...
    @property
    def id_number(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def enterprises(self) -> str: ...
    @property
    def enterprise_uscc(self) -> str: ...
    @property
    def enterprise_name(self) -> str: ...
    @property
    def levels(self) -> Mapping[str, str]: ...
    @property
    def id_types(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class ReportedEnterprise:
    """An enterprise or institution that the portal says somebody represents."""

    uscc: str
    name: str


@dataclass(frozen=True, slots=True)
class PortalIdentity:
    """Whom the portal vouches for, and how far.

    Name, ID type and number may be missing below intermediate verification only.
    ``unreadable`` counts the reported enterprises that could not be understood.
    """

    issuer: str
    subject: str
    name: str
    id_type: IdType | None
    id_number: str | None = field(repr=False)  # what is printed may end in a log
    level: AssuranceLevel
    enterprises: tuple[ReportedEnterprise, ...] = ()
    unreadable: int = 0


def read_identity(issuer: str, claims: Mapping[str, Any], names: ClaimNames) -> PortalIdentity:
    """Read the claims of a sign-in.

    Raises:
        PortalNonsense: naming the claims that are missing or make no sense, never their values.
    """
    subject = _text(claims, _SUBJECT)
    level = _level(claims, names)
    name = _name(claims, names)
    id_type = _id_type(claims, names)
    id_number = _id_number(claims, names, id_type)
    entries = claims.get(names.enterprises)
    wrong = [
        claim
        for claim, is_wrong in (
            (_SUBJECT, not subject or len(subject) > SUBJECT_MOST),
            (names.level, level is None),
            (names.name, not name and _is_verified(level)),
            (names.id_type, id_type is None and _is_verified(level)),
            (names.id_number, id_number is None and _is_verified(level)),
            (names.enterprises, not isinstance(entries, list | tuple | None)),
        )
        if is_wrong
    ]
    if wrong or level is None:
        raise PortalNonsense(", ".join(wrong))
    enterprises, unreadable = _enterprises(entries or (), names)
    return PortalIdentity(
        issuer=issuer,
        subject=subject,
        name=name,
        # One without the other identifies nobody.
        id_type=id_type if id_number else None,
        id_number=id_number,
        level=level,
        enterprises=enterprises,
        unreadable=unreadable,
    )


def _is_verified(level: AssuranceLevel | None) -> bool:
    return level is None or level >= AssuranceLevel.INTERMEDIATE


def _text(values: Mapping[str, Any], key: str) -> str:
    """A claim as text; some portals send levels, and worse, as numbers."""
    value = values.get(key)
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip() if is_plain else ""


def _level(claims: Mapping[str, Any], names: ClaimNames) -> AssuranceLevel | None:
    known = names.levels.get(_text(claims, names.level))
    return AssuranceLevel[known.upper()] if known else None


def _name(claims: Mapping[str, Any], names: ClaimNames) -> str:
    try:
        return clean_person_name(_text(claims, names.name))
    except DomainError:
        return ""


def _id_type(claims: Mapping[str, Any], names: ClaimNames) -> IdType | None:
    known = names.id_types.get(_text(claims, names.id_type))
    return IdType(known) if known else None


def _id_number(claims: Mapping[str, Any], names: ClaimNames, id_type: IdType | None) -> str | None:
    text = _text(claims, names.id_number)
    if id_type is None:
        return None
    try:
        return clean_id_number(id_type, text)
    except DomainError:
        return None


def _enterprises(
    entries: list[Any] | tuple[Any, ...], names: ClaimNames
) -> tuple[tuple[ReportedEnterprise, ...], int]:
    found: dict[str, ReportedEnterprise] = {}
    unreadable = 0
    for entry in entries:
        enterprise = _enterprise(entry, names)
        if enterprise is None:
            unreadable += 1
        else:
            found.setdefault(enterprise.uscc, enterprise)
    return tuple(found.values()), unreadable


def _enterprise(entry: Any, names: ClaimNames) -> ReportedEnterprise | None:
    if not isinstance(entry, Mapping):
        return None
    try:
        return ReportedEnterprise(
            uscc=clean_uscc(_text(entry, names.enterprise_uscc)),
            name=clean_name(_text(entry, names.enterprise_name)),
        )
    except DomainError:
        return None
