"""The clause library as data: what a document type's file may say, and how it is loaded.

One YAML file a document type under `data/library/`, plus `shared.yaml` with what several types use. A new document type
costs one such file. `data/library/README.md` tells authors how to write one.
"""

import difflib
import re
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from actors.domain.matter import Value
from actors.domain.yaml_files import DATA, read_mapping
from actors.errors import LibraryError, UnknownDocumentTypeError

FOLDER = DATA / "library"
SHARED = "shared"

FactKind = Literal["text", "date", "money", "duration", "integer", "percent", "choice", "boolean", "address"]
T = TypeVar("T", bound=Value)
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Role(Value):
    """One side of the agreement."""

    id: Slug
    label: str
    """What the blank and the signature block call it: "Disclosing Party"."""
    term: str | None = None
    """The defined term in the text; `None`: the party's own short name ("Acme Robotics")."""
    article: bool = False
    """Whether the text says "the Client" rather than "Client"."""
    cues: tuple[str, ...] = ()
    """Words in a request that mark this role: "client", "customer", "engages"."""
    usually_individual: bool = False


class Fact(Value):
    """One fact that the document wants."""

    id: Slug
    kind: FactKind
    label: str
    question: str
    cues: tuple[str, ...] = ()
    primary: bool = False
    """Takes a value of its kind that no cue claims."""
    choices: tuple[str, ...] = ()
    after: Slug | None = None
    """For a date: the fact that must not lie later."""


class Option(Value):
    """Something that a request may ask for beyond the standard form."""

    id: Slug
    label: str
    cues: tuple[str, ...]
    issue: str | None = None
    """The legal issue that research looks up when the option is asked for."""


class Item(Value):
    """A list item below a clause, or below an item."""

    id: Slug | None = None
    when: str | None = None
    text: str
    items: tuple["Item | str", ...] = ()


class Clause(Value):
    """A numbered clause, or a choice between several wordings of it."""

    id: Slug | None = None
    heading: str | None = None
    when: str | None = None
    use: str | None = None
    """Id of a clause in the shared file, instead of a text."""
    text: str | None = None
    items: tuple[Item | str, ...] = ()
    tail: str | None = None
    """Text that closes the clause below its items."""
    variants: tuple["Clause", ...] = ()
    """The first whose `when` holds is taken; it may leave id and heading to this clause."""


class Definition(Value):
    """A defined term. It enters the document only where the document uses it, unless `always`."""

    term: str
    text: str
    when: str | None = None
    items: tuple[Item | str, ...] = ()
    tail: str | None = None
    always: bool = False
    also: tuple[str, ...] = ()
    """Other forms that count as a use: "Affiliated"."""


class SectionSpec(Value):
    """One section of the document."""

    id: Slug
    kind: Literal["preamble", "clause", "schedule", "signature"] = "clause"
    heading: str = ""
    when: str | None = None
    use: str | None = None
    intro: str | None = None
    """Unnumbered text below the heading."""
    item_labels: Literal["a", "A", "1"] = "a"
    """How the items of this section are marked: (a), (A) for recitals, (1) for the list of parties."""
    definitions: tuple[Definition | str, ...] = ()
    """A string names a definition of the shared file."""
    clauses: tuple[Clause, ...] = ()
    deed: str | None = None
    """For signatures: condition under which the document is executed as a deed."""


class EssentialClause(Value):
    """What a document of this type must contain, for the review of any text."""

    id: Slug
    label: str
    patterns: tuple[str, ...]
    severity: Literal["error", "warning", "info"] = "warning"
    when: str | None = None
    """Jurisdiction id for which alone it is essential."""


class DocumentType(Value):
    """A kind of document that lexray drafts."""

    id: Slug
    title: str
    titles: dict[str, str] = {}
    """Other titles by jurisdiction."""
    summary: str
    families: tuple[str, ...]
    """The names under which the law speaks of it: `nda`, `employment`."""
    names: tuple[str, ...]
    """Phrases in a request that mean this type, lower case; the longest match wins."""
    issues: tuple[str, ...]
    """Topics of law that research looks up."""
    roles: tuple[Role, ...]
    facts: tuple[Fact, ...]
    options: tuple[Option, ...] = ()
    sections: tuple[SectionSpec, ...]
    essential: tuple[EssentialClause, ...] = ()

    def fact(self, fact_id: str) -> Fact | None:
        """Return the fact of that id."""
        return next((fact for fact in self.facts if fact.id == fact_id), None)


class Place(Value):
    """How a governing law is written."""

    state: str
    """`the State of Delaware`."""
    law: str
    """`the laws of the State of Delaware`."""
    courts: str
    """`the state and federal courts located in the State of Delaware`."""


class SharedLibrary(Value):
    """What several document types use."""

    clauses: dict[str, Clause]
    sections: dict[str, SectionSpec] = {}
    definitions: dict[str, Definition] = {}
    places: dict[str, Place]
    words: dict[str, dict[str, str]] = {}
    """Terms by jurisdiction, for templates: `{licence: {default: license, UK-EW: licence}}`."""
    spelling: dict[str, dict[str, str]] = {}
    """By jurisdiction: how the library's own words are spelled there."""


@lru_cache
def type_ids() -> tuple[str, ...]:
    """Return the ids of all document types, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != SHARED))


@lru_cache
def load_type(type_id: str) -> DocumentType:
    """Load one document type.

    Raises:
        UnknownDocumentTypeError: No file has this name.
        LibraryError: The file breaks the form above.
    """
    if type_id not in type_ids():
        raise UnknownDocumentTypeError(type_id, nearest_types(type_id))
    document_type = _validated(DocumentType, f"{type_id}.yaml")
    if document_type.id != type_id:
        raise LibraryError(f"{type_id}.yaml", f"its id is {document_type.id!r}")
    return document_type


@lru_cache
def load_shared() -> SharedLibrary:
    """Load the shared clauses, definitions and wordings."""
    return _validated(SharedLibrary, f"{SHARED}.yaml")


def nearest_types(given: str) -> tuple[str, ...]:
    """Return up to three known ids that look like `given`, or all of them."""
    close = difflib.get_close_matches(given.lower().replace(" ", "_").replace("-", "_"), type_ids(), 3, 0.4)
    return tuple(close) or type_ids()


def _validated(model: type[T], name: str) -> T:
    try:
        return model.model_validate(_smart(read_mapping(FOLDER / name)))
    except ValidationError as error:
        raise LibraryError(name, str(error)) from error


_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_PROSE = frozenset({"text", "tail", "intro", "heading", "items"})


def _smart(node: Any, key: str = "") -> Any:  # noqa: ANN401
    """Set curly quotes in prose, outside template tags, so that authors may type straight ones."""
    if isinstance(node, dict):
        return {name: _smart(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [_smart(value, key) for value in node]
    if isinstance(node, str) and key in _PROSE:
        parts = _TAG.split(node.strip())
        return "".join(part if n % 2 else _curl(part, start=n == 0) for n, part in enumerate(parts))
    return node


def _curl(prose: str, *, start: bool) -> str:
    # A quote right behind a tag closes; at the start of the text, behind a space or a bracket it opens.
    opening = r"(^|(?<=[\s(\[—–]))" if start else r"(?<=[\s(\[—–])"
    prose = re.sub(opening + '"', "“", prose).replace('"', "”")
    return re.sub(opening + "'", "‘", prose).replace("'", "’")
