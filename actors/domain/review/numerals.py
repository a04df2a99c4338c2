"""Roman, alphabetic and spelled-out numbers."""

import re

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_WORTHS = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_ROMAN_FORM = re.compile(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")

_SMALL = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: n for n, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
HUNDRED = 100
NUMBER_WORDS = frozenset(_VALUES) | frozenset(_SCALES) | {"hundred", "and"}


def roman_value(numeral: str) -> int | None:
    """Return 4 for "IV" or "iv", and `None` for what is no canonical numeral below 400."""
    upper = numeral.upper()
    if not upper or not _ROMAN_FORM.fullmatch(upper):
        return None
    values = [_ROMAN[letter] for letter in upper]
    return sum(
        -value if following > value else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def to_roman(value: int) -> str:
    """Return "IV" for 4; values from 1 to 3,999."""
    numeral = ""
    for worth, letters in _WORTHS:
        count, value = divmod(value, worth)
        numeral += letters * count
    return numeral


def letter_value(letters: str) -> int | None:
    """Return 1 for "a", 26 for "z", 27 for "aa" (lists double the letter), `None` for anything else."""
    lower = letters.lower()
    if not lower.isascii() or not lower.isalpha() or len(set(lower)) != 1:
        return None
    return 26 * (len(lower) - 1) + ord(lower[0]) - ord("a") + 1


def words_value(words: list[str]) -> int | None:
    """Return the value of an English number, e.g. `["one", "hundred", "and", "twenty"]`.

    Returns:
        `None` where the words are no well-formed number ("thirty fifteen"), so that a caller stays silent.
    """
    total, group, room = 0, 0, 100  # room: the next word must be worth less
    last_scale = 10**12
    for word in words:
        if word == "and":
            continue
        if word in _SCALES:
            if group == 0 or _SCALES[word] >= last_scale:
                return None
            last_scale = _SCALES[word]
            total, group, room = total + group * last_scale, 0, 100
        elif word == "hundred":
            if not 0 < group < HUNDRED:
                return None
            group, room = group * HUNDRED, HUNDRED
        elif _VALUES[word] < room:
            group += _VALUES[word]
            room = 10 if _VALUES[word] >= _VALUES["twenty"] else 0
        else:
            return None
    return total + group
