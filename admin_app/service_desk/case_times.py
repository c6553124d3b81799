"""How long the cases took that were decided in a period: from whole months, and the days beside."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from admin_app.migration.counts import Counted
from admin_app.service_desk.case_tallies import CaseMonth, CaseTally, month_of

_A_DAY = timedelta(days=1)


def times_taken(
    session: Session,
    nodes: Sequence[int],
    region: str,
    by: Sequence[str],
    first: date,
    last: date,
    about: Counted | None = None,
) -> dict[tuple[Any, ...], Counter[int]]:
    """How many took how many working days, of those decided from ``first`` to ``last``.

    Args:
        by: the tallies' columns to tell apart; the keys of what is found.
        about: of one kind alone, if not None.
    """
    parts = []
    for of, begins, ends in _spans(first, last):
        said = [getattr(of, name) for name in (*by, "taken", "number")]
        part = select(*said).where(
            of.unit_id.in_(nodes), of.region == region, of.day.between(begins, ends)
        )
        parts.append(part.where(of.about == about.value) if about else part)
    rows = union_all(*parts).subquery()
    keys = [rows.c[name] for name in (*by, "taken")]
    found: dict[tuple[Any, ...], Counter[int]] = {}
    for *key, taken, number in session.execute(
        select(*keys, func.sum(rows.c.number)).group_by(*keys)
    ):
        found.setdefault(tuple(key), Counter())[taken] += int(number)
    return found


def months_within(first: date, last: date) -> tuple[date, date] | None:
    """The first days of the first and the last month that lie wholly in a period, if any does."""
    begins = first if first.day == 1 else month_after(first)
    after = month_after(last) if (last + _A_DAY).day == 1 else month_of(last)
    return (begins, month_of(after - _A_DAY)) if begins < after else None


def month_after(day: date) -> date:
    """The first day of the next month."""
    return month_of(month_of(day) + timedelta(days=31))


def median_of(times: Counter[int]) -> float | None:
    """The middle one of values and how often each occurs, or between the two middle ones."""
    number = times.total()
    if number <= 0:
        return None
    middle = [_nth(times, (number - 1) // 2), _nth(times, number // 2)]
    return sum(middle) / 2


def _spans(first: date, last: date) -> Iterator[tuple[type[CaseTally | CaseMonth], date, date]]:
    """What to read of a period: the days before the first whole month, the months, and the rest.

    Each apart: asked for as "one or the other", SQLite goes through all days there are.
    """
    months = months_within(first, last)
    if months is None:
        yield CaseTally, first, last
        return
    if first < months[0]:
        yield CaseTally, first, months[0] - _A_DAY
    yield CaseMonth, *months
    after = month_after(months[1])
    if after <= last:
        yield CaseTally, after, last


def _nth(times: Counter[int], wanted: int) -> int:
    passed = 0
    for value in sorted(times):
        passed += times[value]
        if passed > wanted:
            return value
    raise IndexError(wanted)
