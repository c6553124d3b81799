"""A rehearsed migration as commands play it: step by step, with each day's figures that day's."""

from collections.abc import Callable

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.migration.rehearsal.play import play
from admin_app.migration.rehearsal.script import Script
from admin_app.migration.rehearsal.stage import Stage, set_up, the_day_before
from admin_app.rollups.upkeep import fold


def rehearse(
    act: Act,
    root: Unit,
    script: Script,
    days: int,
    show: tuple[Callable[[], None], Callable[[], None]],
) -> Stage:
    """Let a script happen under a unit, until the day before ``act.at``.

    ``show`` is called for each account that is made, and for each step that is played.
    """
    made, played = show
    stage = set_up(the_day_before(act, days), script, root, made)

    def next_step() -> None:
        fold(act.session)  # though one transaction plays all
        played()

    play(act, script, stage, days, next_step)
    return stage
