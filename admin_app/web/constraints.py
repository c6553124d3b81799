"""From a named constraint of the database to the sentence of the rule it guards.

Operations check first, so this is for the race they lose: two people at the same moment. SQLite
names the columns of a broken unique constraint instead of the constraint, so both lead here.
"""

import re
from collections.abc import Callable

from flask import request
from sqlalchemy.exc import IntegrityError

from admin_app.delegation.vocabulary import AlreadyAdministrator, AlreadyPending
from admin_app.errors import DomainError
from admin_app.hierarchy.vocabulary import CodeTaken, NameTaken
from admin_app.identity.vocabulary import UsernameTaken
from admin_app.service_desk.case_vocabulary import AlreadyOnFile, AlreadyProposed
from admin_app.service_desk.vocabulary import AlreadyApplied
from admin_app.wording import Text

_THIS_PERSON = Text("此人", "this person")
_THIS_UNIT = Text("该单位", "this unit")
_THE_PARENT = Text("上级单位", "the unit above")

_SENTENCES: dict[str, Callable[[], DomainError]] = {
    "uq_units_parent_id_name_key": lambda: NameTaken(
        field="name", parent=_THE_PARENT, name=_typed("name")
    ),
    "uq_units_uscc": lambda: CodeTaken(field="uscc", value=_typed("uscc")),
    "uq_appointments_current": lambda: AlreadyAdministrator(name=_THIS_PERSON, unit=_THIS_UNIT),
    "uq_appointments_pending": lambda: AlreadyPending(unit=_THIS_UNIT),
    "uq_staff_accounts_username": lambda: UsernameTaken(
        field="username", username=_typed("username")
    ),
    "uq_cases_open_account": AlreadyOnFile,
    "uq_cases_open_person": AlreadyOnFile,
    "uq_cases_open_unit": AlreadyOnFile,
    "uq_cases_open_uscc": AlreadyOnFile,
    "uq_case_proposals_waiting": AlreadyProposed,
    "uq_unit_applications_filed": lambda: AlreadyApplied(unit=_THIS_UNIT),
}

_BY_COLUMNS = {
    "units.parent_id, units.name_key": "uq_units_parent_id_name_key",
    "units.uscc": "uq_units_uscc",
    "appointments.unit_id, appointments.person_id": "uq_appointments_current",
    "appointments.unit_id, appointments.id_index": "uq_appointments_pending",
    "staff_accounts.username": "uq_staff_accounts_username",
    "cases.account_id, cases.person_id, cases.blocker": "uq_cases_open_account",
    "cases.person_id, cases.blocker": "uq_cases_open_person",
    "cases.unit_id, cases.form": "uq_cases_open_unit",
    "cases.uscc": "uq_cases_open_uscc",
    "case_proposals.case_id": "uq_case_proposals_waiting",
    "unit_applications.person_id, unit_applications.unit_id": "uq_unit_applications_filed",
}

_SQLITE = re.compile(r"UNIQUE constraint failed: (?:index ')?([\w., ]+)")


def broken_rule(error: IntegrityError) -> DomainError | None:
    """The rule behind a broken constraint; none for constraints nobody can break by typing."""
    make = _SENTENCES.get(constraint_of(error))
    return make() if make else None


def constraint_of(error: IntegrityError) -> str:
    """The constraint's name, or nothing if the database doesn't say."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    match = _SQLITE.search(str(error.orig))
    named = match[1].strip() if match else ""
    return _BY_COLUMNS.get(named, named)


def _typed(field: str) -> str:
    return request.form.get(field, "").strip()[:100] or "…"
