"""Numbers, shares and dates as the console writes them, in Chinese and English."""

from datetime import date

from admin_app.migration.counts import Counted
from admin_app.wording import Text

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNDER, _OVER = 0.0005, 0.9995  # what one decimal would round to nothing, or to everything

# How a number of each kind is said: "12 家企事业单位", "1 enterprise", "12 enterprises".
_NOUNS = {
    Counted.LEGAL_REPRESENTATIVES: (
        "位法定代表人",
        "legal representative",
        "legal representatives",
    ),
    Counted.ENTERPRISES: ("家企事业单位", "enterprise", "enterprises"),
    Counted.NATURAL_PERSONS: ("名自然人", "natural person", "natural persons"),
    Counted.ADMINISTRATORS: ("个单位的管理员", "unit's administrator", "units' administrators"),
}


def number(value: int) -> str:
    return f"{value:,}"


def signed(value: int) -> str:
    """With a real minus sign; none before 0."""
    return f"+{value:,}" if value > 0 else f"−{-value:,}" if value < 0 else "0"


def percent(part: int, whole: int) -> str:
    """One decimal at most; 0 % means none at all, and 100 % means all."""
    return share_text(part / whole) if whole else "–"


def share_text(share: float) -> str:
    if 0 < share < _UNDER:
        return "<0.1%"
    if _OVER <= share < 1:
        return ">99.9%"
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def quantity(counted: Counted, value: int) -> Text:
    """How many of a kind, with the word for them."""
    zh, one, several = _NOUNS[counted]
    return Text(f"{value:,} {zh}", f"{value:,} {one if value == 1 else several}")


def units(value: int) -> Text:
    return Text(f"{value:,} 个单位", f"{value:,} unit{'' if value == 1 else 's'}")


def days_long(value: int) -> Text:
    return Text(f"{value:,} 天", f"{value:,} day{'' if value == 1 else 's'}")


def day_text(day: date, of: date | None = None) -> Text:
    """11月25日, 25 Nov; with the year unless it is that of the other date."""
    zh, en = f"{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]}"
    if of is not None and of.year == day.year:
        return Text(zh, en)
    return Text(f"{day.year}年{zh}", f"{en} {day.year}")
