"""CSV files of personal accounts, affiliations and history, as an old platform hands them over."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from admin_app.identity.vocabulary import IdType
from admin_app.migration.vocabulary import AccountKind, RecordKind
from benchmarks.migration.population import PASSWORD, id_number, name_of

KINDS = tuple(kind.value for kind in RecordKind)
RECORDS_EACH = 5  # of one account, of two kinds

# The columns in their order; the headers are fields of the rows the imports read.
ACCOUNTS = (
    *("external_id", "kind", "username", "name", "id_type", "id_number", "unit"),
    *("password_scheme", "password_hash", "last_used"),
)
AFFILIATIONS = ("external_id", "account", "unit", "position", "since")
HISTORY = ("external_id", "kind", "account", "title", "date", "role", "status")


def write_accounts(path: Path, size: int, codes: list[str]) -> None:
    """Personal accounts, each of a unit known by its credit code."""
    stored = hashlib.sha256(PASSWORD.encode()).hexdigest()
    kind, id_type = AccountKind.PERSONAL.value, IdType.RESIDENT_ID.value
    _write(
        path,
        ACCOUNTS,
        (
            (
                *(f"bench:{n}", kind, f"bench{n}", name_of(n), id_type, id_number(n)),
                *(codes[n % len(codes)], "sha256", stored, "2023-05-06 07:08:09"),
            )
            for n in range(1, size + 1)
        ),
    )


def write_affiliations(path: Path, size: int, codes: list[str]) -> None:
    """One an account."""
    _write(
        path,
        AFFILIATIONS,
        (
            (f"aff:{n}", f"bench:{n}", codes[n % len(codes)], "研究员", "2019-09-01")
            for n in range(1, size + 1)
        ),
    )


def write_history(path: Path, size: int) -> None:
    """Some records an account, in the order in which accounts follow each other."""
    _write(
        path,
        HISTORY,
        (
            (
                *(f"rec:{n}", KINDS[n % 2], f"bench:{n // RECORDS_EACH + 1}"),
                *(f"示例业务第{n}号", "2021-03-04", "负责人", "已结题"),
            )
            for n in range(size)
        ),
    )


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows by field, with the standard library alone."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        for values in rows:
            yield dict(zip(header, values, strict=True))


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
