"""The drafting plan: which clauses a matter's document has, and how each is numbered.

Everything is decided before the first word is rendered, so that sections can be written in any order, and a
cross-reference in section 2 knows the number of a clause in section 9.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import TemplateError

from actors.domain.library import Clause, Definition, DocumentType, Item, SectionSpec, SharedLibrary
from actors.domain.matter import Matter
from actors.domain.sections import ParagraphKind
from actors.domain.spelling import Spelling
from actors.domain.template_engine import Names, holds
from actors.domain.wording import letter, roman
from actors.domain.wording_context import WordingContext
from actors.errors import LibraryError


@dataclass(frozen=True, slots=True)
class PlannedParagraph:
    """One paragraph before its text is rendered."""

    kind: ParagraphKind
    label: str
    source: str
    """Template text."""
    anchor: str = ""
    heading: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """One section before its text is rendered."""

    spec: SectionSpec
    number: str
    paragraphs: tuple[PlannedParagraph, ...]
    deed: bool = False


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """A whole document before its text is rendered."""

    document_type: DocumentType
    title: str
    sections: tuple[PlannedSection, ...]
    references: dict[str, str]
    """By anchor: how the text refers to it, e.g. `Section 4.2(b)`."""
    context: WordingContext
    names: Names
    spelling: Spelling
    """How the library's own words are spelled under the governing law."""


@dataclass(slots=True)
class _Numbering:
    word: str
    references: dict[str, str] = field(default_factory=dict)

    def note(self, anchor: str | None, number: str) -> None:
        if not anchor:
            return
        if anchor in self.references:
            raise LibraryError(anchor, "two parts of one document have this id")
        self.references[anchor] = number


def plan(document_type: DocumentType, shared: SharedLibrary, matter: Matter) -> DraftPlan:
    """Decide sections, clauses, definitions and numbers.

    Raises:
        LibraryError: A condition, an id or a shared clause in the library is wrong.
    """
    context = WordingContext(document_type, shared, matter)
    names = context.names()
    specs = [spec for given in document_type.sections for spec in _chosen_section(given, shared, names)]
    chosen = {
        spec.id: [c for clause in spec.clauses for c in _chosen(clause, shared, names)] for spec in specs
    }
    used = _used_definitions(specs, chosen, shared, names)
    numbering = _Numbering("clause" if context.uk else "Section")
    sections = []
    count = schedules = 0
    for spec in specs:
        number = ""
        if spec.kind == "clause":
            count += 1
            number = str(count)
            numbering.note(spec.id, f"{numbering.word} {number}")
        elif spec.kind == "schedule":
            schedules += 1
            number = f"Schedule {schedules}" if context.uk else f"Exhibit {letter(schedules - 1).upper()}"
            numbering.note(spec.id, number)
        paragraphs = tuple(
            _paragraphs(spec, number, chosen[spec.id], used.get(spec.id, []), numbering, names)
        )
        deed = spec.deed is not None and holds(spec.deed, names)
        sections.append(PlannedSection(spec, number, paragraphs, deed))
    spelling = Spelling(tuple(shared.spelling.get(matter.jurisdiction or "", {}).items()))
    return DraftPlan(
        document_type, context.title, tuple(sections), numbering.references, context, names, spelling
    )


def _chosen_section(spec: SectionSpec, shared: SharedLibrary, names: Names) -> Iterator[SectionSpec]:
    if not _wanted(spec.when, names):
        return
    if spec.use is None:
        yield spec
        return
    if spec.use not in shared.sections:
        raise LibraryError("shared.yaml", f"there is no section {spec.use!r}")
    found = shared.sections[spec.use]
    if _wanted(found.when, names):
        yield found.model_copy(update={"id": spec.id})


def _chosen(clause: Clause, shared: SharedLibrary, names: Names) -> Iterator[Clause]:
    """Resolve `when`, `use` and `variants` into at most one clause with a text."""
    if not _wanted(clause.when, names):
        return
    if clause.use is not None:
        if clause.use not in shared.clauses:
            raise LibraryError("shared.yaml", f"there is no clause {clause.use!r}")
        inner = shared.clauses[clause.use]
        update = {"id": clause.id or inner.id or clause.use, "heading": clause.heading or inner.heading}
        yield from _chosen(inner.model_copy(update=update), shared, names)
        return
    if not clause.variants:
        yield clause
        return
    for variant in clause.variants:
        if _wanted(variant.when, names):
            update = {
                "id": variant.id or clause.id,
                "heading": variant.heading or clause.heading,
                "when": None,
            }
            yield from _chosen(variant.model_copy(update=update), shared, names)
            return


def _used_definitions(
    specs: list[SectionSpec], chosen: dict[str, list[Clause]], shared: SharedLibrary, names: Names
) -> dict[str, list[Definition]]:
    """Keep the definitions whose term the document uses, in alphabetical order."""
    offered = {
        spec.id: [d for entry in spec.definitions if _wanted((d := _definition(entry, shared)).when, names)]
        for spec in specs
    }
    text = "\n".join(source for spec in specs for source in (spec.intro or "", *_sources(chosen[spec.id])))
    waiting = [d for found in offered.values() for d in found]
    kept: set[str] = set()
    while True:
        fresh = [d for d in waiting if d.term not in kept and (d.always or _mentions(text, d))]
        if not fresh:
            break
        kept |= {d.term for d in fresh}
        text = "\n".join([d.text + " " + " ".join(_item_sources(d.items)) + (d.tail or "") for d in fresh])
    return {
        section: sorted((d for d in found if d.term in kept), key=lambda d: d.term.lower())
        for section, found in offered.items()
    }


def _definition(entry: Definition | str, shared: SharedLibrary) -> Definition:
    if isinstance(entry, Definition):
        return entry
    if entry not in shared.definitions:
        raise LibraryError("shared.yaml", f"there is no definition {entry!r}")
    return shared.definitions[entry]


def _mentions(text: str, definition: Definition) -> bool:
    forms = "|".join(re.escape(form) for form in (definition.term, *definition.also))
    stem = re.escape(definition.term.removesuffix("y"))
    return re.search(rf"\b(?:{forms})(?:s|es|’s)?\b|\b{stem}ies\b", text) is not None


def _sources(clauses: list[Clause]) -> Iterator[str]:
    for clause in clauses:
        yield clause.text or ""
        yield from _item_sources(clause.items)
        yield clause.tail or ""


def _item_sources(items: tuple[Item | str, ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, str):
            yield item
        else:
            yield item.text
            yield from _item_sources(item.items)


def _paragraphs(
    spec: SectionSpec,
    number: str,
    clauses: list[Clause],
    definitions: list[Definition],
    numbering: _Numbering,
    names: Names,
) -> Iterator[PlannedParagraph]:
    if spec.intro:
        yield from _split("body", "", spec.intro)
    for definition in definitions:
        yield PlannedParagraph("definition", "", definition.text, term=definition.term)
        yield from _items(definition.items, "", numbering, names, spec.item_labels)
        if definition.tail:
            yield from _split("body", "", definition.tail)
    numbered = spec.kind == "clause" and (len(clauses) > 1 or bool(definitions))
    for position, clause in enumerate(clauses, start=1):
        label = f"{number}.{position}" if numbered else ""
        target = f"{numbering.word} {label or number}" if spec.kind == "clause" else number
        numbering.note(clause.id, target)
        kind: ParagraphKind = "clause" if label else "body"
        yield from _split(
            kind, label, clause.text or "", anchor=clause.id or "", heading=clause.heading or ""
        )
        yield from _items(clause.items, target, numbering, names, spec.item_labels)
        if clause.tail:
            yield from _split("body", "", clause.tail)


def _items(
    items: tuple[Item | str, ...],
    target: str,
    numbering: _Numbering,
    names: Names,
    style: str,
    depth: int = 0,
) -> Iterator[PlannedParagraph]:
    given = [item if isinstance(item, Item) else Item(text=item) for item in items]
    for index, item in enumerate(item for item in given if _wanted(item.when, names)):
        label = f"({_mark(index, style, depth)})"
        numbering.note(item.id, target + label)
        yield PlannedParagraph("subitem" if depth else "item", label, item.text, anchor=item.id or "")
        yield from _items(item.items, target + label, numbering, names, style, depth + 1)


def _mark(index: int, style: str, depth: int) -> str:
    if depth:
        return roman(index)
    return str(index + 1) if style == "1" else letter(index).upper() if style == "A" else letter(index)


def _split(
    kind: ParagraphKind, label: str, source: str, *, anchor: str = "", heading: str = ""
) -> Iterator[PlannedParagraph]:
    """Cut a text at its blank lines; the first paragraph carries the label."""
    first, *rest = re.split(r"\n\s*\n", source.strip())
    yield PlannedParagraph(kind, label, first, anchor=anchor, heading=heading)
    for more in rest:
        yield PlannedParagraph("body", "", more)


def _wanted(condition: str | None, names: Names) -> bool:
    if condition is None:
        return True
    try:
        return holds(condition, names)
    except TemplateError as error:
        raise LibraryError("condition", f"{condition!r}: {error}") from error
