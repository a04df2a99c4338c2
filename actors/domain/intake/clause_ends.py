"""Where a phrase in the user's own words ends."""

import re

from actors.domain.intake.spans import Claims

MOST_CHARS = 400
_SENTENCE_END = re.compile(r"[;\n]|[.!?](?=\s+[^a-z\s]|\s*$|[\"”])|\.(?=\s+(?:please|it|the)\b)")
_TURN = re.compile(
    r",?\s{1,3}(?:and\s{1,3})?(?:(?:is\s|are\s|to\sbe\s|be\s)?governed\sby|under\s(?:the\s)?(?:laws?\b|[A-Z]\w+(?:\s[A-Z]\w+)?\slaw)|"
    r"effective|starting|commencing|beginning|between|dated|lasting|"
    r"valid\sfor|for\s(?:a|an|the)?\s?(?:period|term|duration|total|fixed|monthly|flat)\b|for\s(?:[$£€\d]|one|two|three|four|five|"
    r"six|twelve)\S*[\s\-]?(?:years?|months?|days?|weeks?)?|signed\sby|in\sfavou?r\sof|subject\sto|with\s(?:a|an|no|the)\b|without|"
    r"excluding|except|carving|plus\s(?:a|an)\b|at\s[$£€\d]|from\s\d|until\b|reporting\sto|using\s\w+\slaw|please|payable|paid|"
    r"who\sis|which\sis)(?=\s|$|\d|[$£€])?",
    re.IGNORECASE,
)
_COMMA = re.compile(r",\s{1,3}")
_LIST_END = re.compile(
    r"(?:[^,;.\n]{1,60},\s){0,6}(?:and|or)\s[^,;.\n]{1,60}|[^,;.\n]{1,40}\s(?:and|or)\s[^,;.\n]{1,40}"
)
_LABEL = re.compile(r"\s(?:[A-Z][\w\-]*\s){0,3}[A-Z][\w\-]*\s?[:=]\s")
# What a phrase must not end with once something behind it is cut off.
_LOOSE_END = re.compile(
    r"(?:[\s,]+(?:for|with|at|a|an|the|of|and|or|under|in|from|to|by|on|as|is|are|be|within|per|plus|its|their|about|"
    r"between|which|that|will|shall|effective|starting|over|up))+$",
    re.IGNORECASE,
)


def phrase_end(text: str, start: int, claims: Claims, *, is_labelled: bool = False) -> int:
    """Return where the phrase that begins at `start` ends.

    It ends with its sentence, before words that something else has used, before words that begin another wish
    ("effective …", "governed by …"), and at a comma, unless the comma stands in a list that "and" or "or" closes.

    Args:
        text: The message.
        start: First character of the phrase.
        claims: What is used already.
        is_labelled: Whether a colon announces the phrase; then its commas belong to it.
    """
    limit = min(len(text), start + MOST_CHARS)
    for pattern in (_SENTENCE_END, _TURN, _LABEL):
        match = pattern.search(text, start, limit)
        limit = match.start() if match else limit
    limit = claims.next_taken(start, limit)
    comma = _COMMA.search(text, start, limit)
    if comma and not is_labelled and not _LIST_END.match(text, comma.end(), limit):
        limit = comma.start()
    phrase = text[start:limit]
    return start + len(_LOOSE_END.sub("", phrase.rstrip(" ,:-–")))
