"""How facts are written in a contract, by the custom of the governing law."""

import datetime
from decimal import Decimal

from actors.domain.matter import Duration, FactValue, Money

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "US$"}
_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNITS = {"day": "day", "business_day": "Business Day", "week": "week", "month": "month", "year": "year"}


def written(value: FactValue, *, uk: bool, us: bool) -> str:
    """Return a fact as a contract states it.

    Args:
        value: Any fact.
        uk: Whether the governing law is that of England and Wales.
        us: Whether it is that of an American state.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return money(value, us=us)
    if isinstance(value, Duration):
        return duration(value)
    if isinstance(value, datetime.date):
        return date(value, uk=uk)
    if isinstance(value, Decimal):
        return f"{number(value)}%"
    return f"{value:,}" if isinstance(value, int) else value


def money(value: Money, *, us: bool) -> str:
    """Return `$5,000`, `US$5,000.50`, `£5,000` or `CHF 5,000`."""
    sign = "$" if us and value.currency == "USD" else _SIGNS.get(value.currency, f"{value.currency} ")
    digits = f"{value.amount:,.2f}"
    return sign + digits.removesuffix(".00")


def duration(value: Duration) -> str:
    """Return `two years` or `30 days`."""
    count = _SMALL[value.count] if value.count < len(_SMALL) else f"{value.count:,}"
    return f"{count} {_UNITS[value.unit]}{'' if value.count == 1 else 's'}"


def duration_adjective(value: Duration) -> str:
    """Return `two-year` or `30-day`."""
    count = _SMALL[value.count] if value.count < len(_SMALL) else f"{value.count:,}"
    return f"{count}-{_UNITS[value.unit]}"


def date(value: datetime.date, *, uk: bool) -> str:
    """Return `January 5, 2027`, or `5 January 2027` where `uk`."""
    month = value.strftime("%B")
    return f"{value.day} {month} {value.year}" if uk else f"{month} {value.day}, {value.year}"


def number(value: Decimal) -> str:
    """Return a decimal without trailing zeros and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def letter(index: int) -> str:
    """Return the label of an item: 0 → `a`, 25 → `z`, 26 → `aa`."""
    return chr(ord("a") + index % 26) * (index // 26 + 1)


def roman(index: int) -> str:
    """Return the label of a sub-item: 0 → `i`, 3 → `iv`."""
    left, out = index + 1, ""
    for value, sign in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        while left >= value:
            out, left = out + sign, left - value
    return out
