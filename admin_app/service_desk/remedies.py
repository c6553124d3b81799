"""Which change forms put right what a line of the reconciliation shows; pure."""

from typing import NamedTuple

from admin_app.hierarchy.rules import name_key
from admin_app.migration.reconciliation import Line
from admin_app.migration.reconciliation_rules import FoundBy, Verdict
from admin_app.service_desk.form_vocabulary import FormKind


class Remedy(NamedTuple):
    """A form, and what it can be filled in with from the line."""

    kind: FormKind
    name: str = ""
    uscc: str = ""


def remedies_of(line: Line) -> list[Remedy]:
    """What a change form would solve. Where only the portal can do something there is none."""
    reported = line.reported_name or ""
    if line.unit is None:
        is_missing = line.verdict is Verdict.NOT_ON_PLATFORM
        return [Remedy(FormKind.UNIT_MISSING, reported, line.uscc)] if is_missing else []
    if line.verdict is Verdict.PROBABLY_THE_SAME:
        found = [Remedy(FormKind.USCC_CHANGED, uscc=line.uscc)]
    elif line.verdict in (Verdict.REPORTED_FOR_ANOTHER, Verdict.HELD_BY_ANOTHER):
        found = [Remedy(FormKind.REPRESENTATIVE_CHANGED)]
    else:
        found = []
    renamed = reported and name_key(reported) != line.unit.name_key
    if renamed and line.found_by is FoundBy.CODE:
        found.append(Remedy(FormKind.UNIT_RENAMED, name=reported))
    return found
