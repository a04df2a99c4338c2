"""Subdivisions: which exist, and which one contains another."""

import re
from functools import lru_cache

from actors.domain.yaml_files import DATA, read_mapping

Pin = tuple[str, ...]


def contains(outer: Pin, inner: Pin) -> bool:
    """Tell whether `inner` is `outer` or lies in it: (b) contains (b)(3); () contains everything."""
    return _lowered(inner)[: len(outer)] == _lowered(outer)


def in_run(pin: Pin, first: Pin, last: str) -> bool:
    """Tell whether `pin` lies in or is one of a run of subdivisions such as `(2)-(3)`."""
    level = len(first) - 1
    if len(pin) <= level or not contains(first[:level], pin):
        return False
    return pin[level].lower() in members_of(first[-1], last)


def members_of(first: str, last: str) -> tuple[str, ...]:
    """Return the subdivisions of a run: `2` to `4`, `a` to `c`; its ends alone where it is neither."""
    first, last = first.lower(), last.lower()
    if first.isdigit() and last.isdigit():
        return tuple(str(number) for number in range(int(first), int(last) + 1))
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        return tuple(chr(code) for code in range(ord(first), ord(last) + 1))
    return (first, last)


def is_known(key: str, pin: Pin) -> bool:
    """Tell whether the project knows the section to have this subdivision; `False` means unknown, not absent."""
    return any(contains(pin, known) for known in _known().get(key, ()))


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[Pin, ...]]:
    content = read_mapping(DATA / "subdivisions.yaml")
    return {key: tuple(tuple(re.findall(r"\((\w+)\)", pin)) for pin in pins) for key, pins in content.items()}


def _lowered(pin: Pin) -> Pin:
    return tuple(part.lower() for part in pin)
