"""Facts found by the words around them: which value a cue claims."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from actors.domain.intake.dates import MONTH
from actors.domain.intake.mentions import Mention, quoted
from actors.domain.intake.phrases import any_phrase, compiled
from actors.domain.intake.spans import Claims, Span
from actors.domain.library import DocumentType, Fact
from actors.domain.matter import Duration, FactValue

VALUE_KINDS = frozenset({"date", "money", "duration", "percent", "integer"})
_LEFT_CHARS, _RIGHT_CHARS, _FARTHEST, _BARE_FARTHEST = 64, 44, 46, 6
_BREAK = re.compile(r";|(?<![:=])\n|[.!?]\s(?=[A-Z])")
_RIGHT_BREAK = re.compile(
    r"[,;\n(]|[.!?](?=\s|$)|\s(?:and|plus|including|under|with|but|or|subject|starting|effective)\s"
)
_NOT_PRIMARY_BEFORE = re.compile(
    r"\b(?:within|upon|net|every|last|past|previous|next|exceed(?:ing)?|limit(?:ed)?\s(?:of|to)|cap\sof|capped\sat|up\sto|"
    r"due(?:\sby|\son)?|by|until|before|no\slater\sthan|deadline:?|expir(?:es?|ing)(?:\son)?|end(?:s|ing)?(?:\son)?|through|bonus\sof|deposit\sof|penalty\sof|worth|notice\sof|after|at\sleast|than|raised|raising|valued\sat)\s(?:the\s)?$",
    re.IGNORECASE,
)
_OTHER_MONEY = re.compile(
    r"\s(?:(?:signing|sign-on|annual|performance|security)\s)?(?:bonus|deposit|cap|limit|penalty|fine|expenses?|insurance|"
    r"cover|coverage|investment|valuation|revenue|turnover|budget)\b",
    re.IGNORECASE,
)
_OTHER_PERIOD = re.compile(
    r"['’]|[\s\-](?:notice|grace|cure|vacation|holiday|leave|prior|before|warranty|probation|severance|trial|warning|after|"
    r"later|from|each|per|payment)\b",
    re.IGNORECASE,
)
# "five years from 25 March 2027" is a term with its first day; "30 days from 1 June 2027" is a time limit.
_FROM_A_DAY = re.compile(rf"\sfrom\s(?:and\sincluding\s)?(?:\d|{MONTH}\b|today\b)", re.IGNORECASE)
_PREPOSITION = re.compile(r"\s(?:for|of|lasting|at|to|up\sto|in|on|within|from)$")


@dataclass(frozen=True, slots=True)
class Taken:
    """A fact's value and the words it came from."""

    fact: Fact
    mention: Mention
    words: Span


@dataclass(frozen=True, slots=True)
class _Claim:
    distance: float
    position: int
    fact: Fact
    words: Span


def take_values(
    text: str, document_type: DocumentType, mentions: Sequence[Mention], claims: Claims
) -> tuple[dict[str, FactValue], list[str]]:
    """Give the values in the message to the facts that their cues claim, nearest first; each is used once.

    What no cue claims goes to the primary fact of its kind. What is used is claimed.

    Returns:
        Values by fact id, and a notice for each date, amount and length of time that no fact took.
    """
    facts = [fact for fact in document_type.facts if fact.kind in VALUE_KINDS]
    bids = [bid for fact in facts for bid in _bids(text, fact, mentions)]
    taken: dict[int, Taken] = {}
    filled: set[str] = set()
    for bid in sorted(bids, key=lambda bid: (bid.distance, bid.position)):
        if bid.position not in taken and bid.fact.id not in filled:
            taken[bid.position] = Taken(bid.fact, mentions[bid.position], bid.words)
            filled.add(bid.fact.id)
    _fill_primary(text, document_type, mentions, taken, filled)
    for one in taken.values():
        claims.claim(one.words.start, one.words.end)
    bare = _bare_amounts(text, facts, filled, mentions)
    left = [mention for position, mention in enumerate(mentions) if position not in taken]
    return {one.fact.id: one.mention.value for one in taken.values()}, [*_unused(text, left), *bare]


def _bare_amounts(
    text: str, facts: Sequence[Fact], filled: Collection[str], mentions: Sequence[Mention]
) -> list[str]:
    """Tell the user of amounts without a currency: a number right behind the cue of an open money fact."""
    notices = []
    for fact in facts:
        if fact.kind != "money" or fact.id in filled:
            continue
        cue = compiled(fact.cues, plural=True)
        for position, mention in enumerate(mentions):
            if mention.kind == "integer" and any(
                bid.distance <= _BARE_FARTHEST for bid in _left_bid(text, cue, fact, position, mentions)
            ):
                words = text[mention.start : mention.end]
                notices.append(f"“{quoted(words)}” was left out: as {fact.label} it names no currency")
    return notices


def _unused(text: str, left: Sequence[Mention]) -> list[str]:
    said = [mention for mention in left if mention.kind in {"date", "money", "duration"}]
    return [
        f"“{quoted(text[mention.start : mention.end])}” was not used: the request does not say for what"
        for mention in said[:5]
    ]


def _fill_primary(
    text: str,
    document_type: DocumentType,
    mentions: Sequence[Mention],
    taken: dict[int, Taken],
    filled: set[str],
) -> None:
    other = _OtherClaims(document_type)
    for fact in document_type.facts:
        if not fact.primary or fact.id in filled:
            continue
        for position, mention in enumerate(mentions):
            if position in taken or mention.kind != fact.kind or not other.leaves(text, mention):
                continue
            taken[position] = Taken(fact, mention, Span(mention.start, mention.end))
            filled.add(fact.id)
            break


class _OtherClaims:
    """Tells whether the words around a value leave it to the primary fact of its kind."""

    def __init__(self, document_type: DocumentType) -> None:
        texts = [
            cue
            for fact in document_type.facts
            if fact.kind == "text"
            for cue in fact.cues
            if cue.endswith(" of")
        ]
        options = [cue for option in document_type.options for cue in option.cues]
        self._text_before = re.compile(any_phrase(texts) + r"\s{1,3}$", re.IGNORECASE)
        self._option_behind = re.compile(r"[\s\-]{1,3}" + any_phrase(options), re.IGNORECASE)
        self._option_before = re.compile(
            any_phrase(options) + r"\s(?:of|for|lasting)\s(?:a\s)?$", re.IGNORECASE
        )

    def leaves(self, text: str, mention: Mention) -> bool:
        before, behind = (
            text[max(0, mention.start - 50) : mention.start],
            text[mention.end : mention.end + 40],
        )
        if (
            _NOT_PRIMARY_BEFORE.search(before)
            or self._text_before.search(before)
            or self._option_before.search(before)
        ):
            return False
        if self._option_behind.match(behind):
            return False
        if isinstance(mention.value, Duration):
            # Business days are a time limit of something, never the length of the whole agreement.
            is_dated = mention.value.unit in {"month", "year"} and _FROM_A_DAY.match(behind) is not None
            return mention.value.unit != "business_day" and (is_dated or not _OTHER_PERIOD.match(behind))
        return not (mention.kind == "money" and _OTHER_MONEY.match(behind))


def _bids(text: str, fact: Fact, mentions: Sequence[Mention]) -> list[_Claim]:
    if not fact.cues:
        return []
    left = compiled(fact.cues, plural=True)
    # "non-compete of 12 months" and "a 12-month non-compete" are the same cue.
    right = compiled([_PREPOSITION.sub("", cue) for cue in fact.cues], plural=True)
    bids: list[_Claim] = []
    for position, mention in enumerate(mentions):
        if mention.kind == fact.kind:
            bids += _left_bid(text, left, fact, position, mentions)
            bids += _right_bid(text, right, fact, position, mention)
    return bids


def _left_bid(
    text: str, cue: re.Pattern[str], fact: Fact, position: int, mentions: Sequence[Mention]
) -> list[_Claim]:
    mention = mentions[position]
    start = max(0, mention.start - _LEFT_CHARS)
    start = max([start, *(match.end() for match in _BREAK.finditer(text, start, mention.start))])
    found = list(cue.finditer(text, start, mention.start))
    if not found:
        return []
    last = found[-1]
    gap = text[last.end() : mention.start]
    between = sum(
        1 for one in mentions[max(0, position - 3) : position + 4] if last.end() <= one.start < mention.start
    )
    distance: float = (
        len(gap) + 12 * gap.count(",") + 10 * len(re.findall(r"\b(?:and|or|with)\b", gap)) + 15 * between
    )
    distance -= min(len(last[0]), 20) / 10
    words = Span(last.start(), mention.end)
    return [_Claim(distance, position, fact, words)] if distance <= _FARTHEST else []


def _right_bid(text: str, cue: re.Pattern[str], fact: Fact, position: int, mention: Mention) -> list[_Claim]:
    end = min(len(text), mention.end + _RIGHT_CHARS)
    stop = _RIGHT_BREAK.search(text, mention.end, end)
    found = cue.search(text, mention.end, stop.start() if stop else end)
    if found is None:
        return []
    distance = found.start() - mention.end + 3 - min(len(found[0]), 20) / 10
    words = Span(mention.start, found.end())
    return [_Claim(distance, position, fact, words)] if distance <= _FARTHEST else []
