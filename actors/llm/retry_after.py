"""How long a server asks to be left alone."""

import email.utils
import math
from collections.abc import Iterable

CAP_S = 120.0
"""The longest wait that is believed: what a server asks beyond it is a mistake, or an outage."""

UNITS_S = {"retry-after": 1.0, "retry-after-ms": 0.001}
"""Headers that hold a wait, in lower case, and the unit of their numbers."""


def retry_after_s(headers: Iterable[tuple[str, str]], now_epoch_s: float) -> float | None:
    """Return the wait that the headers ask for, in seconds from 0 to `CAP_S`; `None` where they ask for none.

    Args:
        headers: All of the response, in any case and order. Of several waits the longest counts; what is neither a
            number from 0 on nor a date is passed over.
        now_epoch_s: The wall clock, against which dates are read; a date in the past is a wait of 0.

    Source:
        RFC 9110, section 10.2.3; `retry-after-ms` is a habit of some providers.
    """
    waits = [
        wait_s
        for name, value in headers
        if (unit_s := UNITS_S.get(name.lower())) is not None
        for part in (value, *value.split(","))
        if (wait_s := _wait_s(part.strip(), unit_s, now_epoch_s)) is not None
    ]
    return min(CAP_S, max(waits)) if waits else None


def _wait_s(value: str, unit_s: float, now_epoch_s: float) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return _until_s(value, now_epoch_s)
    return number * unit_s if number >= 0 and not math.isnan(number) else None


def _until_s(value: str, now_epoch_s: float) -> float | None:
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now_epoch_s)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
