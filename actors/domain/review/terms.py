"""T1-T7: defined terms."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence

from actors.domain.review.capitals import undefined_terms
from actors.domain.review.definitions import Definition, introduced_terms, read_definitions
from actors.domain.review.outline import Outline
from actors.domain.review.remark import Remark
from actors.domain.review.vocabulary import COMMON_ACRONYMS
from actors.domain.review.words import TermFinder, Word, read_words, stems_of

_LEAST_DEFINITIONS = 3
_PHRASE = re.compile(r"[^,;.\n]{1,70}?(?=[;.\n]|\s(?:that|which|who|of|under|as|in)\b)(?![^;.\n]{0,3}\bor\b)")
_MAX_BODY_CHARS = 600
_DEFINITIONS_HEADING = re.compile(r"defin|interpret|glossary", re.IGNORECASE)
_BORROWED = re.compile(
    r"capitali[sz]ed (?:terms?|words)\b[^.]{0,120}\b(?:not|otherwise) (?:otherwise |expressly )?defined",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"(?<![\w.&/-])[A-Z]{3,6}(?![\w.&/-])")


def check_terms(text: str, outline: Outline) -> Iterator[Remark]:
    """Yield T1 to T7. A text with fewer than three definitions does not work with defined terms: T1, T2 are silent."""
    definitions = read_definitions(text)
    words = read_words(text)
    yield from _check_twice(text, definitions, outline)
    yield from _check_acronyms(text, words)
    if len(definitions) < _LEAST_DEFINITIONS:
        return
    uses = _read_uses(words, definitions)
    yield from _check_unused(definitions, uses)
    yield from _check_lower_case(definitions, uses)
    yield from _check_order(text, definitions, uses, outline)
    yield from _check_cycles(text, definitions)
    if (
        not _BORROWED.search(text)
        and sum(definition.form == "stated" for definition in definitions) >= _LEAST_DEFINITIONS - 1
    ):
        introduced = {stems_of(term) for term in introduced_terms(text)} | {
            stems_of(d.term) for d in definitions
        }
        yield from undefined_terms(text, words, introduced, outline)


_Uses = dict[tuple[str, ...], list[tuple[int, int, str]]]


def _read_uses(words: Sequence[Word], definitions: Sequence[Definition]) -> _Uses:
    """Return all occurrences by stems as (start, end, first word), the defining ones included."""
    uses: _Uses = {}
    for term, first, after in TermFinder({definition.term for definition in definitions}).find(words):
        place = (words[first].start, words[after - 1].end, words[first].text)
        uses.setdefault(stems_of(term), []).append(place)
    return uses


def _check_twice(text: str, definitions: Sequence[Definition], outline: Outline) -> Iterator[Remark]:
    """Yield T3: one term with two meanings in the main text; a pointer to the other place is no second meaning."""
    first: dict[str, Definition] = {}
    for definition in definitions:
        if definition.points or not definition.full or outline.section_at(definition.start).scope:
            continue
        earlier = first.setdefault(definition.term.casefold(), definition)
        if earlier is definition or _meaning(text, earlier) == _meaning(text, definition):
            continue
        if "*" in (text[definition.body : definition.body + 9] + text[earlier.body : earlier.body + 9]):
            continue  # redacted
        message = f"{definition.term!r} is defined twice, with different meanings."
        yield Remark("T3", "error", message, definition.start, definition.end)


def _meaning(text: str, definition: Definition) -> tuple[str, ...]:
    return stems_of(_body(text, definition))


def _body(text: str, definition: Definition) -> str:
    stop = text.find("\n", definition.body, definition.body + _MAX_BODY_CHARS)
    return text[definition.body : stop if stop >= 0 else definition.body + _MAX_BODY_CHARS]


def _check_unused(definitions: Sequence[Definition], uses: _Uses) -> Iterator[Remark]:
    """Yield T2."""
    defining = Counter(stems_of(definition.term) for definition in definitions)
    reported = set()
    for definition in definitions:
        key = stems_of(definition.term)
        if key in reported or not key or len(uses.get(key, ())) > defining[key] or definition.term.isdigit():
            continue
        reported.add(key)
        yield Remark(
            "T2",
            "warning",
            f"{definition.term!r} is defined and never used.",
            definition.start,
            definition.end,
        )


def _check_lower_case(definitions: Sequence[Definition], uses: _Uses) -> Iterator[Remark]:
    """Yield T4 once per term of two or more words: single words are used in their plain sense too often."""
    for definition in {stems_of(d.term): d for d in definitions}.values():
        key = stems_of(definition.term)
        places = uses.get(key, [])
        lower = [(start, end) for start, end, word in places if word.islower()]
        lower = [place for place in lower if abs(place[0] - definition.start) > _MAX_BODY_CHARS]
        capital = len(places) - len(lower)
        if len(key) >= 2 and lower and capital > 2 * len(lower) and definition.term[:1].isupper():  # noqa: PLR2004
            message = f"{definition.term!r} is a defined term; here it stands in lower case."
            yield Remark("T4", "info", message, *lower[0])


def _check_order(
    text: str, definitions: Sequence[Definition], uses: _Uses, outline: Outline
) -> Iterator[Remark]:
    """Yield T5 where a term is used in an earlier section and defined outside a section of definitions."""
    for definition in {stems_of(d.term): d for d in reversed(definitions)}.values():
        home = outline.section_at(definition.start)
        places = [use for use in uses.get(stems_of(definition.term), []) if use[2][:1].isupper()]
        if not home.number or not places or _DEFINITIONS_HEADING.search(home.heading):
            continue
        start, end, _ = places[0]
        earlier = outline.section_at(start)
        if not outline.trusted or re.search(r"\bdefined\b", text[end : end + 60]):
            continue
        if earlier.start < home.start and earlier.number and not home.scope:
            message = f"{definition.term!r} is used here and defined only in section {home.number}."
            yield Remark("T5", "info", message, start, end)


def _check_acronyms(text: str, words: Sequence[Word]) -> Iterator[Remark]:
    """Yield T6 for acronyms that occur at least twice and are never written out or quoted."""
    candidates = [match for match in _ACRONYM.finditer(text) if match[0] not in COMMON_ACRONYMS]
    if not candidates:
        return
    shouted = [match.span() for match in re.finditer(r"(?:\b[A-Z]{2,}\b\W{1,3}){3,}", text)]
    plain = {word.text.casefold() for word in words if not word.text.isupper()}
    counts: Counter[str] = Counter()
    first: dict[str, re.Match[str]] = {}
    position = 0
    for match in candidates:
        while position < len(shouted) and shouted[position][1] <= match.start():
            position += 1
        if match[0].casefold() in plain or (
            position < len(shouted) and shouted[position][0] <= match.start()
        ):
            continue
        counts[match[0]] += 1
        first.setdefault(match[0], match)
    explained = set(re.findall(r"[(\"“'‘*][ \"“*]{0,4}([A-Z]{3,6})s?\b", text))
    for acronym, count in counts.items():
        if count >= 2 and acronym not in explained:  # noqa: PLR2004
            yield Remark("T6", "info", f"{acronym} is not written out anywhere.", *first[acronym].span())


def _check_cycles(text: str, definitions: Sequence[Definition]) -> Iterator[Remark]:
    """Yield T7 where two meanings each begin with the other term: neither says anything."""
    stated = {stems_of(d.term): d for d in definitions if d.full and not d.points and stems_of(d.term)}
    opening = {}
    for key, definition in stated.items():
        phrase = _PHRASE.match(text, definition.body)
        words = stems_of(phrase[0]) if phrase else ()  # a list ("any Liability, loss or claim") says more
        opening[key] = set(_leading_terms(words, stated)) - {key}
    for key, definition in stated.items():
        for other in opening[key]:
            if key in opening[other] and stated[other].start < definition.start:
                message = f"{definition.term!r} and {stated[other].term!r} are defined by each other."
                yield Remark("T7", "warning", message, definition.start, definition.end)


def _leading_terms(words: tuple[str, ...], terms: Container[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the terms that a meaning opens with, behind at most two small words: "a Buyer", "any of the Affiliates"."""
    for at in range(3):
        for after in range(at + 1, len(words) + 1):
            if words[at:after] in terms:
                yield words[at:after]
