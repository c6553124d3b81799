"""A row of accounts, affiliations or history: as it stands in the file, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from admin_app.identity.vocabulary import IdType
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.vocabulary import AccountKind, RecordKind
from admin_app.wording import Text

DETAIL_MOST = 120


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of accounts as it stands in the file."""

    number: int
    external_id: str = ""
    kind: str = ""
    username: str = ""
    name: str = ""
    id_type: str = ""
    id_number: str = field(default="", repr=False)
    uscc: str = ""
    organisation_code: str = ""
    unit: str = ""
    password_scheme: str = ""
    password_hash: str = field(default="", repr=False)
    last_used: str = ""
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class AffiliationRow:
    """A row of affiliations; the account by its number or its user name."""

    number: int
    external_id: str = ""
    account: str = ""
    username: str = ""
    unit: str = ""
    position: str = ""
    since: str = ""
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of business history; the account by its number or its user name."""

    number: int
    external_id: str = ""
    kind: str = ""
    account: str = ""
    username: str = ""
    title: str = ""
    date: str = ""
    role: str = ""
    status: str = ""
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class AccountWords:
    """How the words of a file of accounts are meant; all in the form ``name_key`` gives."""

    kinds: Mapping[str, AccountKind] = field(default_factory=dict)
    id_types: Mapping[str, IdType] = field(default_factory=dict)
    schemes: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """What a row says, with the first reason not to take it and the changes if it is taken."""

    number: int
    external_id: str = ""
    name: str = ""
    refusal: RowCode | None = None
    detail: str | Text = ""
    changes: list[tuple[RowCode, str | Text]] = field(default_factory=list)

    def refuse(self, code: RowCode, detail: object = "") -> None:
        """Keep the first reason."""
        if self.refusal is None:
            self.refusal, self.detail = code, _short(detail)

    def change(self, code: RowCode, detail: object = "") -> None:
        self.changes.append((code, _short(detail)))


@dataclass(slots=True)
class AccountReading(Reading):
    """What a row of accounts says; ``is_code_right`` of the credit code's check character."""

    kind: AccountKind = AccountKind.PERSONAL
    username: str = ""
    id_type: IdType | None = None
    id_number: str | None = field(default=None, repr=False)
    id_check_wrong: bool = False
    uscc: str | None = None
    is_code_right: bool = False
    organisation_code: str | None = None
    unit: str = ""
    password_scheme: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    last_used_at: datetime | None = None


@dataclass(slots=True)
class AffiliationReading(Reading):
    account: str = ""
    username: str = ""
    unit: str = ""
    position: str = ""
    since: datetime | None = None


@dataclass(slots=True)
class HistoryReading(Reading):
    """``name`` is the title, as the report shows it."""

    kind: RecordKind = RecordKind.OTHER
    account: str = ""
    username: str = ""
    happened_on: date | None = None
    role: str = ""
    status: str = ""

    @property
    def key(self) -> tuple[RecordKind, str]:
        return self.kind, self.external_id


def _short(detail: object) -> str | Text:
    return detail if isinstance(detail, Text) else str(detail)[:DETAIL_MOST]
