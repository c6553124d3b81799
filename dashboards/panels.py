"""Which charts the page shows, in order, and what feeds each."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from admin_app.rollups import queries
from dashboards.choice import period_of
from dashboards.figures import trial
from dashboards.reading import Reading

PARTS_MOST = 40
DEPARTMENTS_MOST = 20
LEVERS_MOST = 20
WEEK = 7


@dataclass(frozen=True)
class Panel:
    """A chart: its figure's module, and the reading of its data, which may find nothing to show."""

    name: str
    figure: ModuleType
    read: Callable[[Reading], Any]
    is_wide: bool = False
    is_cards: bool = False  # shown as the headline row rather than as a chart
    is_shown: Callable[[Reading], bool] | None = None


def _headlines(reading: Reading) -> Any:
    from datetime import timedelta

    since = reading.today - timedelta(days=WEEK)
    return queries.headlines(reading.session, reading.at, since, reading.today)


PANELS: dict[str, Panel] = {
    panel.name: panel
    for panel in (
        Panel("headlines", trial, _headlines, is_wide=True, is_cards=True),
        Panel("funnel", trial, lambda r: queries.funnel(r.session, r.at, r.choice.counted)),
    )
}
