"""The library's own version of a planned document: what a model's sections are held against."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

from actors.domain.citations.grammar import find_citations
from actors.domain.markup import plain
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan
from actors.domain.prompting.party_names import folded
from actors.domain.prompting.values import ValueKey, key_of, stated_keys
from actors.domain.rendering import render_section
from actors.domain.review.definitions import introduced_terms, read_definitions
from actors.domain.review.words import stems_of
from actors.domain.sections import Blank, Section, plain_text
from actors.domain.wording_context import WordingContext

Stems = tuple[str, ...]

_REFERENCE = re.compile(r"""\bref\(\s*["'](?P<anchor>\w+)["']\s*\)""")
_RUN_IN = re.compile(r"\*\*((?:[^*\\]|\\.)+)\*\*")


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A document as the clause library would write it."""

    sections: tuple[Section, ...]
    blanks: Mapping[str, Blank]
    """All blanks of the document, by their label in lower case."""
    given: str
    """The words that the request gave: names, addresses, facts in words, exclusions; one a line."""
    given_values: frozenset[ValueKey]
    """The numbers that the request gave."""
    referred: frozenset[str]
    """Anchors to which some paragraph of the document refers."""
    numbers: frozenset[str]
    """Every number of a section, schedule or clause, as printed."""

    @cached_property
    def markdown(self) -> str:
        """The whole document."""
        return "\n\n".join(section.markdown for section in self.sections)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Each section's body as a reader sees it."""
        return tuple(plain_text(section) for section in self.sections)

    @cached_property
    def usual(self) -> str:
        """All words that the document has anyway: the library's and the request's."""
        titles = (section.title for section in self.sections)
        return "\n".join((*titles, *self.texts, self.given))

    @cached_property
    def usual_words(self) -> str:
        """The same, folded for comparing names."""
        return folded(self.usual)

    @cached_property
    def stated(self) -> tuple[frozenset[ValueKey], ...]:
        """The values that each section states."""
        return tuple(stated_keys([text]) for text in self.texts)

    @cached_property
    def values(self) -> frozenset[ValueKey]:
        """Every amount, percentage, date and length of time that the matter or the library states."""
        return self.given_values.union(stated_keys([self.given]), *self.stated)

    @cached_property
    def terms(self) -> frozenset[Stems]:
        """The stems of every defined term, and of every heading."""
        headings = (
            heading_of(paragraph.text) for section in self.sections for paragraph in section.paragraphs
        )
        titles = (section.heading for section in self.sections)
        return terms_of(self.markdown) | {stems_of(words) for words in (*headings, *titles)}

    @cached_property
    def definitions(self) -> tuple[str, ...]:
        """Every defined term as written, in reading order."""
        return tuple(dict.fromkeys(definition.term for definition in read_definitions(self.markdown)))

    @cached_property
    def citations(self) -> frozenset[str]:
        """The keys of the law that the library itself cites."""
        return citation_keys([self.markdown])


def skeleton(plan: DraftPlan) -> Skeleton:
    """Return the library's version of a plan, rendered once a plan.

    Raises:
        LibraryError: A template of the library is wrong.
    """
    known = _rendered.get(plan.context)
    if known is None:
        known = _rendered[plan.context] = _skeleton(plan)
    return known


# A plan cannot be hashed; its context, one object a plan, can, and takes its entry along when it goes.
_rendered: WeakKeyDictionary[WordingContext, Skeleton] = WeakKeyDictionary()


def _skeleton(plan: DraftPlan) -> Skeleton:
    sections = tuple(render_section(plan, index) for index in range(len(plan.sections)))
    sources = (paragraph.source for planned in plan.sections for paragraph in planned.paragraphs)
    labels = (p.label for section in sections for p in section.paragraphs if p.kind == "clause")
    matter = plan.context.matter
    keys = (key_of(value) for value in matter.facts.values())
    return Skeleton(
        sections=sections,
        blanks={blank.label.casefold(): blank for section in sections for blank in section.blanks},
        given="\n".join(_given_words(matter)),
        given_values=frozenset(key for key in keys if key is not None),
        referred=frozenset(found["anchor"] for source in sources for found in _REFERENCE.finditer(source)),
        numbers=frozenset([*(section.number for section in sections if section.number), *labels]),
    )


def _given_words(matter: Matter) -> Iterator[str]:
    details = (value for party in matter.parties for value in party.model_dump(exclude={"role"}).values())
    for text in (*details, *matter.facts.values(), *matter.carve_outs, matter.jurisdiction_named):
        if isinstance(text, str):
            yield " ".join(text.split())


def heading_of(text: str) -> str:
    """Return the run-in heading of a paragraph: `**Base Rent.** For the …` → `Base Rent`; `""` without one."""
    found = _RUN_IN.match(text)
    return plain(found[1]).rstrip(".:") if found else ""


def terms_of(markdown: str) -> frozenset[Stems]:
    """Return the stems of the terms that a text defines or sets apart."""
    terms = {definition.term for definition in read_definitions(markdown)} | introduced_terms(markdown)
    return frozenset(stems for term in terms if (stems := stems_of(term)))


def citation_keys(texts: Iterable[str]) -> frozenset[str]:
    """Return the keys of the citations in some texts, with those of the sources that they belong to."""
    return frozenset().union(*(_keys_of(text) for text in texts))


@lru_cache(maxsize=512)
def _keys_of(text: str) -> frozenset[str]:
    found = find_citations(text)
    return frozenset([*(citation.key for citation in found), *(citation.source for citation in found)])
