"""Section numbers: where a hyphen belongs to the number, and where it makes a range."""

import re

from actors.domain.citations.sources import Numbers

_PARTS = re.compile(r"[.:/-]")
_LEADING = re.compile(r"(\d*)(\D*)(\d*)")


def split_range(token: str, numbers: Numbers) -> tuple[str, str]:
    """Return the first and the last section that a token such as `5-1401` or `401-402` names; the last is "" for one.

    Args:
        token: Digits, letters and `.:/-`, as written after the sign.
        numbers: The source's way of numbering.
    """
    parts = token.split("-")
    own = _hyphens(parts, numbers)
    if len(parts) <= own + 1:
        return token, ""
    if len(parts) == 2 * own + 2:
        first, last = "-".join(parts[: own + 1]), "-".join(parts[own + 1 :])
        return _as_range(token, first, last, numbers)
    return token, ""


def complete_end(first: str, last: str) -> str:
    """Return the end of a range in full: `49.44.140` and `.150` give `49.44.150`, `7001` and `06` give `7006`."""
    if last.startswith("."):
        return first.rpartition(".")[0] + last
    if last.isdigit() and first.isdigit() and len(last) < len(first):
        return first[: -len(last)] + last
    return last


def order_of(number: str) -> tuple[tuple[int, str], ...]:
    """Return what section numbers sort by: `78dd-1` after `78a`, `1798.140` after `1798.99`."""
    return tuple(_component(part) for part in _PARTS.split(number))


def between(first: str, number: str, last: str) -> bool:
    """Tell whether `number` is one of the whole numbers from `first` to `last`.

    `2871` lies between `2870` and `2872`; `2870.5` does not, as a range says nothing of such insertions.
    """
    if number in (first, last):
        return True
    low, this, high = order_of(first), order_of(number), order_of(last)
    alike = len(low) == len(this) == len(high) and low[:-1] == this[:-1] == high[:-1]
    return alike and not this[-1][1] and low[-1][0] < this[-1][0] < high[-1][0]


def members(first: str, last: str, limit: int = 400) -> list[str]:
    """Return the whole numbers from `first` to `last`; none where the two do not span a run of at most `limit`."""
    low, high = order_of(first), order_of(last)
    run = range(low[-1][0], high[-1][0] + 1)
    plain = low[:-1] == high[:-1] and not low[-1][1] and not high[-1][1]
    if not plain or not 1 < len(run) <= limit:
        return []
    digits = len(_PARTS.split(first)[-1])
    return [f"{first[:-digits]}{number:0{digits}}" for number in run]


def _hyphens(parts: list[str], numbers: Numbers) -> int:
    """Return how many hyphens belong to one number here."""
    if isinstance(numbers, int):
        # A letter after the hyphen is a suffix everywhere: § 203-f, § 14-a.
        return max(numbers, 1) if "".join(parts[1:]).isalpha() else numbers
    # In Delaware, § 18-1101 is a section of chapter 18 and §§ 2701-2709 are nine.
    if numbers == "mixed" and re.match(r"\d{1,2}-\d{3,}", "-".join(parts)):
        return 1
    if numbers == "dotted" and not all("." in part for part in parts):
        return len(parts) - 1
    return 0


def _as_range(token: str, first: str, last: str, numbers: Numbers) -> tuple[str, str]:
    # § 78dd-1 and Rule 13a-18 are one each; §§ 78a-78pp are many.
    if order_of(first) < order_of(last) and not (first[-1].isalpha() and last.isdigit()):
        return first, last
    full = complete_end(first, last)
    # "2151-1" is one section, "7001-06" are six.
    if numbers == 0 and len(last) > 1 and full != last and order_of(first) < order_of(full):
        return first, full
    return token, ""


def _component(part: str) -> tuple[int, str]:
    match = _LEADING.match(part)
    digits, letters, rest = match.groups() if match else ("", part, "")
    return int(digits or 0), letters + rest
