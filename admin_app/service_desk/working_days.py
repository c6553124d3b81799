"""Working days in China: public holidays, and the weekends worked in exchange.

The dates of a year's exchanged days are announced the autumn before; until the library knows
them, a due date may be a day or two off, and the rest of the year is right.
"""

from datetime import date, timedelta

import holidays

_CHINA = holidays.country_holidays("CN")


def is_working_day(day: date) -> bool:
    return bool(_CHINA.is_working_day(day))


def working_days_after(day: date, number: int) -> date:
    """The day so many working days later; the day itself doesn't count."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def working_days_before(day: date, number: int) -> date:
    """The latest day that lies so many working days before; the day itself doesn't count."""
    while number > 0:
        number -= is_working_day(day)
        day -= timedelta(days=1)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after the first and up to the last."""
    days = range((last - first).days)
    return sum(is_working_day(first + timedelta(days=each + 1)) for each in days)
