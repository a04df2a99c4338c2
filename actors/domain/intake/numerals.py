"""Numbers in words and digits, as requests write them."""

import re

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_TEN = "|".join(_TENS)
_ONE = "|".join(sorted(_UNITS, key=len, reverse=True))
WORDS = rf"(?:(?:{_TEN})(?:[\s\-](?:{_ONE}))?|(?:one|a)[\s]hundred|(?:{_ONE}))"
"""Pattern of a number in words up to one hundred."""
DIGITS = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,9}"
"""Pattern of a whole number in digits, with or without thousands commas."""


def whole(words: str) -> int:
    """Return the value of what `WORDS` or `DIGITS` matched."""
    text = words.casefold().replace(",", "")
    if text.isdecimal():
        return int(text)
    if text.endswith("hundred"):
        return 100
    parts = re.split(r"[\s\-]", text)
    return sum(_TENS.get(part, _UNITS.get(part, 0)) for part in parts)
