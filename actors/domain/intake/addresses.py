"""How far a postal address reaches."""

import re

from actors.domain.intake.spans import Span

_MOST_CHARS = 220
_POST_CODE = re.compile(
    r"(?<=\s)(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2})(?![\w\-])"
    r"(?:,?\s(?:U\.?S\.?A\.?|United\sStates(?:\sof\sAmerica)?|U\.?K\.?|United\sKingdom|England|Germany|France))?"
)
_WORD = (
    r"(?:and|or|for|under|governed|with|effective|starting|from|as|is|are|will|shall|who|which|signed|"
    r"represented|between|commencing|beginning|subject|to|a|an|rent|term|dated|by|email|e-mail|that|whose|of|until|"
    r"leases?|engages?|hires?|licenses?|on)"
)
_END = re.compile(
    rf"[;\n\"“”]|[!?](?=\s|$)|\.(?=\s+[^\W\d_]|\s*$)|\s?[()\[\]]|\s{_WORD}\s|,\s{{1,3}}(?:{_WORD}|in)\s"
    r"|\s[-–—]\s|,\s{1,3}[^,;\n]{0,30}[$£€:]"
    r"|,\s{1,3}(?:\d{1,3}|[a-z]+|One|Two|Three|Four|Five|Ten)[\s\-](?:years?|months?|days?|weeks?)\b"
    r"|,\s{1,3}(?:[A-Z]\w+\s){1,3}(?:law|courts?)\b|,\s{1,3}(?!c/o|suite|floor|unit|apt)[a-z]{2,}\s(?!\d)"
    r"|,\s{1,3}[\w.+\-]{1,64}@"
)
_ABBREVIATIONS = ("st", "ave", "rd", "blvd", "dr", "ln", "ste", "no", "apt", "p.o", "o", "bldg", "fl", "sq", "ct", "pl",
                  "hwy", "n", "s", "e", "w", "mt", "ft", "nw", "ne", "sw", "se", "pkwy", "rm", "dept")  # fmt: skip
_SENTENCE = re.compile(
    r"\s+(?:The|It|This|Rent|Term|We|He|She|They|Governing|Under|For|An?|In|Payment|Please|Use)\b"
)
_HOUSE = re.compile(r"[^;\n]{0,50}?\d|P\.?\s?O\.?\sBox", re.IGNORECASE)


def read_address(text: str, at: int) -> Span | None:
    """Return the address that begins at `at` (white space is passed over), or `None` where none begins.

    An address begins with a capital or a digit and has a digit near its start.
    """
    start = at + len(text[at : at + 8]) - len(text[at : at + 8].lstrip())
    window = text[start : start + _MOST_CHARS]
    if not window or not (window[0].isupper() or window[0].isdigit()):
        return None
    end = _end(window)
    code = _POST_CODE.search(window, 4, end)
    end = code.end() if code else end
    words = window[:end].rstrip(" ,")
    if not _HOUSE.match(words) or not re.search(r"[^\W\d_]{2}", words):
        return None
    return Span(start, start + len(words))


def _end(window: str) -> int:
    for match in _END.finditer(window):
        if (
            match[0] == "."
            and _abbreviated(window[: match.start()])
            and not _SENTENCE.match(window, match.end())
        ):
            continue
        return match.start()
    return len(window)


def _abbreviated(before: str) -> bool:
    last = before.replace(",", " ").split()[-1:]
    return bool(last) and last[0].casefold() in _ABBREVIATIONS
