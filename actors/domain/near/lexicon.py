"""The words that questions share, by meaning: read from the YAML files beside the authorities."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from actors.domain.intake.word_lists import words_of
from actors.domain.jurisdictions import FILE as JURISDICTIONS
from actors.domain.near.inflection import Inflections, lemma
from actors.domain.near.question import Kind
from actors.domain.near.tokens import Token, split
from actors.domain.yaml_files import DATA, read_mapping
from actors.errors import LibraryError

FOLDER = DATA / "near"
HOLDERS = words_of(
    """
    party parties company companies entity entities side spouse bank person persons firm employee employees
    employer employers worker workers contractor contractors tenant tenants landlord landlords owner owners
    partner partners member members shareholder shareholders director directors lawyer lawyers attorney
    attorneys agent agents business businesses corporation corporations parent parents state states school
    schools
    """
)
CLAUSE_ENDINGS = ("", "clause", "provision", "covenant", "agreement", "contract", "term")
ARTICLES = words_of("a an the this that these those such its their your my our")

Part = Kind | Literal["empty", "negation", "scope", "anybody", "lead", "aside", "fresh", "drafting"]
"""What a phrase does: names a concept, or plays a part in the grammar."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase stands for."""

    concept: str
    part: Part
    negated: bool = False
    """The phrase says that the concept is absent: "unpaid"."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by their words' dictionary forms, articles left out."""

    inflections: Inflections
    phrases: Mapping[tuple[str, ...], Meaning]
    longest: Mapping[str, int]
    """Words in the longest phrase that begins with a word."""
    leads: frozenset[tuple[str, ...]]
    """What may stand before a question and says nothing."""
    capitals: Mapping[str, Meaning]
    """Places in short, as written."""
    words: frozenset[str]
    """Every word of every phrase."""
    acronyms: frozenset[str]
    law_names: frozenset[str]
    months: frozenset[str]
    fresh: Mapping[str, Sequence[tuple[str, ...]]]
    drafting: Mapping[str, Sequence[tuple[str, ...]]]

    def key(self, phrase: str) -> tuple[str, ...]:
        """Return the dictionary forms of a phrase's words."""
        return _key(phrase, self.inflections)


@cache
def the_lexicon() -> Lexicon:
    """Return the lexicon of this installation.

    Raises:
        LibraryError: A phrase is listed under two concepts.
    """
    files = {
        name: read_mapping(FOLDER / f"{name}.yaml")
        for name in ("concepts", "parties", "forms", "words", "places")
    }
    words, ways = files["words"], files["forms"]
    listed = [*_listed(files), *_places(files["places"], read_mapping(JURISDICTIONS))]
    inflections = _inflections(words, [phrase for phrase, _ in listed])
    phrases = _phrases(listed, inflections)
    return Lexicon(
        inflections=inflections,
        phrases=phrases,
        longest=_longest(phrases),
        leads=_keys(ways["lead"], inflections),
        capitals={short: Meaning(place, "place") for short, place in files["places"]["capitals"].items()}
        | _state_codes(),
        words=frozenset(token.text for phrase, _ in listed for token in split(phrase)),
        acronyms=frozenset(words["acronyms"]),
        law_names=frozenset(words["law_names"]),
        months=frozenset(words["months"]),
        fresh=_written(ways["fresh"]),
        drafting=_written(ways["drafting"]),
    )


def _listed(files: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Meaning]]:
    """Return every phrase of the lists with its meaning; an earlier list wins over a later one."""
    words, ways = files["words"], files["forms"]
    for concept in words["negated"].items():
        yield concept[0], Meaning(concept[1], _kind_of(concept[1], files), negated=True)
    yield from _grouped({"modal": {k: ways["asks"][k] for k in ("may", "must", "should")}})
    yield from _grouped(
        {"ask": {k: v for k, v in ways["asks"].items() if k not in ("may", "must", "should")}}
    )
    yield from _grouped({"comparator": words["comparator"], "scope": words["scope"], "unit": words["unit"]})
    yield from _grouped(files["parties"])
    yield from _grouped({"thing": files["concepts"]["clause"]}, CLAUSE_ENDINGS)
    yield from _grouped({part: files["concepts"][part] for part in ("thing", "verb", "adjective")})
    for part in ("light", "anybody", "negation", "empty"):
        yield from ((word, Meaning(word, part)) for word in words[part])
    yield from ((phrase, Meaning(phrase, "aside")) for phrase in ways["aside"])


def _kind_of(concept: str, files: Mapping[str, Mapping[str, Any]]) -> Kind:
    for part in ("thing", "verb", "adjective"):
        if concept in files["concepts"][part]:
            return part
    return "other"


def _grouped(
    parts: Mapping[str, Mapping[str, Sequence[str]]], endings: Sequence[str] = ("",)
) -> Iterator[tuple[str, Meaning]]:
    for part, concepts in parts.items():
        for concept, variants in concepts.items():
            for phrase in dict.fromkeys((concept.replace("-", " "), *variants)):
                for ending in endings:
                    yield f"{phrase} {ending}".strip(), Meaning(concept, part)  # type: ignore[arg-type]


def _places(own: Mapping[str, Any], gazetteer: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for name, place in (own["names"] | own["adjectives"]).items():
        yield name, Meaning(place, "place")
    for place in (*gazetteer["states"], *gazetteer["places"]):
        yield place, Meaning(place, "place")
    for name, place in gazetteer["other_names"].items():
        yield name, Meaning(place, "place")
    for place in ("Delaware", "New York", "California", "Texas"):
        yield place, Meaning(place, "place")


def _state_codes() -> dict[str, Meaning]:
    states = read_mapping(JURISDICTIONS)["states"] | {
        "Delaware": "DE",
        "New York": "NY",
        "California": "CA",
        "Texas": "TX",
    }
    return {code: Meaning(name, "place") for name, code in states.items()}


def _inflections(words: Mapping[str, Any], phrases: Iterable[str]) -> Inflections:
    """Return the inflections; the vocabulary is every single word of the lists."""
    single = {phrase.casefold() for phrase in phrases if len(split(phrase)) == 1}
    spelled = {word for word in words["spellings"].values() if not word.endswith(("ed", "ing", "s"))}
    vocabulary = single | set(words["irregular"].values()) | spelled
    return Inflections(
        words["spellings"], words["irregular"], frozenset(words["whole"]), vocabulary.__contains__
    )


def _phrases(
    listed: Iterable[tuple[str, Meaning]], inflections: Inflections
) -> dict[tuple[str, ...], Meaning]:
    phrases: dict[tuple[str, ...], Meaning] = {}
    for phrase, meaning in listed:
        known = phrases.setdefault(_key(phrase, inflections), meaning)
        if known != meaning and {known.part, meaning.part} <= {"party", "thing", "verb", "adjective"}:
            raise LibraryError(
                FOLDER.name, f"{phrase!r} is listed as {known.concept!r} and {meaning.concept!r}"
            )
    phrases.pop((), None)
    return phrases


def _longest(phrases: Iterable[tuple[str, ...]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for phrase in phrases:
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return longest


def _written(phrases: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Return phrases as they are written, by their first word."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(token.text for token in split(phrase))
        by_first.setdefault(words[0], []).append(words)
    return by_first


def _keys(phrases: Iterable[str], inflections: Inflections) -> frozenset[tuple[str, ...]]:
    return frozenset(_key(phrase, inflections) for phrase in phrases)


def _key(phrase: str, inflections: Inflections) -> tuple[str, ...]:
    return tuple(form for form in forms(split(phrase), inflections) if form not in ARTICLES)


def forms(tokens: Sequence[Token], inflections: Inflections) -> list[str]:
    """Return the dictionary form of each token.

    "Disclosing party" and "disclosed party" are different persons: before such a word the participle stays as it is.
    """
    following = [*(token.text for token in tokens[1:]), ""]
    return [
        token.text
        if token.number or (after in HOLDERS and token.text.endswith(("ing", "ed")))
        else lemma(token.text, inflections)
        for token, after in zip(tokens, following, strict=True)
    ]
