"""The report of an import, put aside until its transaction ends; it may be as long as the file."""

import json
from collections.abc import Iterator
from typing import IO, Any

from admin_app.hierarchy.register_import import Counts as UnitCounts
from admin_app.hierarchy.register_import import ReportLine as UnitLine
from admin_app.migration.import_report import Counts as MigrationCounts
from admin_app.migration.import_report import ReportLine as MigrationLine

Counts = UnitCounts | MigrationCounts
ReportLine = UnitLine | MigrationLine


class KeptReport:
    """Lines of a report in a file of the caller's."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.count = 0

    def __call__(self, line: ReportLine) -> None:
        self._file.write(json.dumps(_as_json(line), ensure_ascii=False) + "\n")
        self.count += 1

    def lines(self) -> Iterator[dict[str, Any]]:
        self._file.seek(0)
        return (json.loads(line) for line in self._file)


def _as_json(line: ReportLine) -> dict[str, Any]:
    return {
        "row": line.row,
        "external_id": line.external_id,
        "name": line.name,
        "outcome": line.outcome.value,
        "code": line.code.value,
        "reason": line.reason.zh,
        "reason_en": line.reason.en,
    }
