"""The parties of a case: finding them in front of its reference, and comparing two spellings."""

import re

_TOKEN = re.compile(r"(\([^()\x00]{1,30}\)|[^\s\x00]+)\s*$")
_YEAR_IN_FRONT = re.compile(r"[,\s]*[\[(]?\d{4}[\])]?\s*$")
_VERSUS = frozenset(["v", "v.", "vs", "vs."])
_JOINING = re.compile(r"of|and|&|the|for|de|la|van|von|der|du|ex|rel\.?|on", re.IGNORECASE)
_SIGNAL = re.compile(
    r"see|cf|compare|accord|but|under|in|and|also|the|citing|quoting|e\.g|with|contra|per|held|following"
    r"|overrul(?:ing|ed)|affirming"
)
_SUFFIX = re.compile(r"inc|llc|ltd|co|corp|lp|llp|na|sa|plc|pc|nv|bv|gmbh|ag")
_NOT_TELLING = re.compile(
    rf"{_SUFFIX.pattern}|vs?|the|of|and|in|re|for|an?|de|la|company|corporation|limited|incorporated|holdings?"
    r"|group|international|ex|parte|rel|state|united|states|people|commonwealth"
)
_LONGEST_CHARS = 180
_LEAST_PREFIX = 3


def name_before(folded: str, position: int, floor: int = 0) -> tuple[int, str]:
    """Return where the case name in front of `position` begins, and the name; `(position, "")` where there is none.

    Args:
        folded: The text.
        position: Where the reference begins: `[2015] UKSC 67` or `853 S.W.2d 505`.
        floor: The name does not begin before this offset.
    """
    floor = max(floor, position - _LONGEST_CHARS)
    year = _YEAR_IN_FRONT.search(folded, max(floor, position - 10), position)
    end = year.start() if year else position
    words = _words_back(folded, end, floor)
    while words and _signal(words):
        words.pop()
    spoken = [word for _, word in words]
    if not words or not (_VERSUS & set(spoken[1:-1]) or spoken[-1].lower() in ("re", "in", "ex")):
        return position, ""
    start = words[-1][0]
    return start, " ".join(folded[start:end].split()).rstrip(" ,(").removesuffix(" (")


def names_agree(one: str, other: str) -> bool:
    """Tell whether two names can be of one case: each side of the "v" shares a telling word with its counterpart.

    Words count as equal when one begins the other (`Constr.`, `Construction`).
    """
    sides, others = _sides(one), _sides(other)
    if len(sides) != len(others):
        return _share(" ".join(sides), " ".join(others))
    return all(_share(*pair) for pair in zip(sides, others, strict=True))


def _words_back(folded: str, end: int, floor: int) -> list[tuple[int, str]]:
    """Collect the words that can belong to a name, last first, as (offset, word)."""
    words: list[tuple[int, str]] = []
    position, seen_versus = end, False
    while match := _TOKEN.search(folded, floor, position):
        word = match[1]
        if not _belongs(word, words, seen_versus):
            break
        seen_versus = seen_versus or word in _VERSUS
        words.append((match.start(1), word))
        position = match.start(1)
    return words


def _belongs(word: str, words: list[tuple[int, str]], seen_versus: bool) -> bool:
    lowered = word.lower()
    if word in _VERSUS:
        return bool(words) and not seen_versus
    if _JOINING.fullmatch(lowered) or lowered in ("in", "re", "ex", "parte"):
        return bool(words)
    if word.startswith("("):
        return word.endswith(")") and not word[1:-1].isdigit()
    if seen_versus and word.endswith(","):
        return bool(_SUFFIX.fullmatch(words[-1][1].lower().strip(".,")))
    return bool(re.fullmatch(r"[\"']?[A-Z0-9&][\w.'&/-]*,?", word)) and not re.fullmatch(r"\d+,?", word)


def _signal(words: list[tuple[int, str]]) -> bool:
    first = words[-1][1].lower().strip(".,'\"")
    after = words[-2][1].lower() if len(words) > 1 else ""
    if first in ("in", "ex") and after in ("re", "parte"):
        return False
    return bool(_SIGNAL.fullmatch(first) or _JOINING.fullmatch(first)) or words[-1][1].startswith("(")


def _sides(name: str) -> list[str]:
    return re.split(r"\s+vs?\.?\s+", name.lower(), maxsplit=1)


def _share(one: str, other: str) -> bool:
    left, right = _telling(one), _telling(other)
    return not left or not right or any(_alike(a, b) for a in left for b in right)


def _telling(side: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", side.replace("'", "").replace(".", " ").replace("&", ""))
    return [word for word in words if not _NOT_TELLING.fullmatch(word) and len(word) > 1]


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _LEAST_PREFIX and long.startswith(short))
