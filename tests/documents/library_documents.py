"""Builds matters for tests of the clause library, and checks what holds in every document that it drafts."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product

from actors.domain import markup
from actors.domain.library import Fact, load_shared, load_type
from actors.domain.matter import Duration, EntityKind, FactValue, Matter, Money, Party
from actors.domain.planning import DraftPlan, plan
from actors.domain.rendering import render_section
from actors.domain.sections import Section, open_points

JURISDICTIONS = ("US-DE", "US-NY", "US-CA", "US-TX", "UK-EW", None)
AMERICAN = ("US-DE", "US-NY", "US-CA", "US-TX")
AS_OF = datetime.date(2026, 11, 22)

_NAMES: tuple[tuple[str, EntityKind, str], ...] = (
    ("Northwind Robotics, Inc.", "corporation", "Delaware"),
    ("Blue Heron Works LLC", "llc", "Texas"),
)
_VALUES: dict[str, FactValue] = {
    "text": "an agreed description",
    "address": "1 Main Street, Dover, DE 19901",
    "date": datetime.date(2027, 1, 5),
    "money": Money(amount=Decimal(400000)),
    "duration": Duration(count=18, unit="month"),
    "integer": 25,
    "percent": Decimal(5),
    "boolean": True,
}
_STATUTES_OF_A_STATE = re.compile(r"Del\. C\.|N\.Y\.|Cal\.|Tex\.")
_AMERICAN_LAW = re.compile(r"U\.S\.C\.|C\.F\.R\.|U\.C\.C\.|attorney|\bfederal\b", re.IGNORECASE)
_AMERICAN_SPELLING = re.compile(
    r"\b(?!siz|priz|seiz)\w+(?:iz|yz)(?:e[ds]?|ing|ations?|ational)\b|\b(?:favor|labor|honor)"
)
_ENGLISH_LAW = re.compile(r"UK GDPR|\bAct (?:19|20)\d\d|England|\bclauses? \d")


# The documents of one type share most of their paragraphs, and parsing Markdown is what costs time here.
plain = lru_cache(maxsize=50_000)(markup.plain)


@dataclass(frozen=True, slots=True)
class Drafted:
    """One document, planned and rendered."""

    plan: DraftPlan
    sections: tuple[Section, ...]

    text: str
    """The whole document as a reader sees it, without Markdown signs."""

    @property
    def markdown(self) -> str:
        """The whole document as Markdown."""
        return "\n\n".join(section.markdown for section in self.sections)


def matter_for(
    type_id: str,
    jurisdiction: str | None = None,
    *,
    named: bool = True,
    facts: dict[str, FactValue] | None = None,
    requests: tuple[str, ...] = (),
    stance: str = "balanced",
    carve_outs: tuple[str, ...] = (),
    individual: str | None = None,
) -> Matter:
    """Return a matter of that type.

    Args:
        type_id: Id of a document type.
        jurisdiction: Id of a jurisdiction with a rule pack, or `None`.
        named: Whether the parties are known; otherwise all their details are blanks.
        facts: By fact id.
        requests: Ids of options.
        stance: `balanced` or a role id.
        carve_outs: Exclusions in words.
        individual: Role of a party that is a natural person, Jane Roe.
    """
    roles = load_type(type_id).roles
    companies = (
        Party(role=role.id, name=name, entity_kind=kind, formed_in=formed_in)
        for role, (name, kind, formed_in) in zip(roles, _NAMES, strict=True)
    )
    jane = (
        {individual: Party(role=individual, name="Jane Roe", entity_kind="individual")} if individual else {}
    )
    parties = tuple(jane.get(party.role, party) for party in companies) if named else ()
    return Matter(
        task_type=type_id,
        jurisdiction=jurisdiction,
        parties=parties,
        facts=facts or {},
        requests=requests,
        stance=stance,
        carve_outs=carve_outs,
        as_of=AS_OF,
    )


def every_fact(type_id: str, choice: int = 0) -> dict[str, FactValue]:
    """Return a value for each fact of the type; `choice` is the position of the choice taken."""
    return {fact.id: _value(fact, choice) for fact in load_type(type_id).facts}


def _value(fact: Fact, choice: int) -> FactValue:
    return fact.choices[choice % len(fact.choices)] if fact.kind == "choice" else _VALUES[fact.kind]


def draft(matter: Matter) -> Drafted:
    """Plan and render a whole document."""
    planned = plan(load_type(matter.task_type), load_shared(), matter)
    sections = tuple(render_section(planned, n) for n in range(len(planned.sections)))
    return Drafted(planned, sections, "\n\n".join(_lines(sections)))


def _lines(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if section.title:
            yield section.title
        yield from (f"{p.label} {plain(p.text)}".strip() for p in section.paragraphs)


def matters(type_id: str) -> Iterator[Matter]:
    """Yield matters: places x (nothing known, all known) x stances x (no options, all), and each other choice."""
    document_type = load_type(type_id)
    stances = ("balanced", *(role.id for role in document_type.roles))
    options = tuple(option.id for option in document_type.options)
    for jurisdiction, known, stance, asked in product(JURISDICTIONS, (False, True), stances, ((), options)):
        yield matter_for(
            type_id,
            jurisdiction,
            named=known,
            facts=every_fact(type_id) if known else {},
            requests=asked,
            stance=stance,
            carve_outs=("the existence of a patent application", "price lists") if asked else (),
        )
    for choice in range(1, max((len(fact.choices) for fact in document_type.facts), default=0)):
        for jurisdiction in JURISDICTIONS:
            yield matter_for(type_id, jurisdiction, facts=every_fact(type_id, choice))


def matter_label(matter: Matter) -> str:
    """Return a short name of a matter for test ids."""
    known = "facts" if matter.facts else "blank"
    asked = "options" if matter.requests else "plain"
    return f"{matter.jurisdiction or 'nowhere'}-{known}-{matter.stance}-{asked}"


def missing_essentials(drafted: Drafted, jurisdiction: str | None) -> list[str]:
    """Return the ids of the type's essential clauses that its own document does not seem to have."""
    return [
        clause.id
        for clause in drafted.plan.document_type.essential
        if clause.when in {None, jurisdiction}
        and not any(re.search(pattern, drafted.text, re.IGNORECASE) for pattern in clause.patterns)
    ]


def faults(matter: Matter, drafted: Drafted) -> list[str]:
    """Say what is wrong with the form of a document, whatever its type; empty when nothing is."""
    return [
        *_residue(drafted.text),
        *_empty(drafted.sections),
        *_unlisted_blanks(drafted),
        *_broken_lists(drafted.sections),
        *_undefined_or_unused(drafted),
        *_strange_law(matter.jurisdiction, drafted.text),
    ]


def _residue(text: str) -> Iterator[str]:
    for name, pattern in {
        "template tag": r"\{\{|\{%|%\}|\}\}",
        "missing value": r"\bNone\b|\bUndefined\b",
        "two spaces": r"  ",
        "two stops": r"\.\.|,,|;;|;\.|,\.",
        "space before a stop": r" [.,;:](?!\w)",
        "wrong article": r"(?<!Exhibit )\b[Aa] (?:\[[AEIO]|(?!one|eu)[aeio]\w)|\b[Aa]n [b-dfgj-np-tv-z]\w\w",
        "straight quote": r"[\"']",
        "double word": r"\b(\w+) \1\b",
        "sentence without a capital": r"(?:^|[.] )(?!e\.g\.|acting by)[a-z]\w+ [a-z0-9(]",
    }.items():
        for match in re.finditer(pattern, text, re.MULTILINE):
            yield f"{name}: …{text[max(0, match.start() - 40) : match.end() + 40]}…"


def _empty(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if not any(paragraph.text.strip() for paragraph in section.paragraphs):
            yield f"empty section: {section.title or section.id}"
        for paragraph in section.paragraphs:
            if not paragraph.text.strip():
                yield f"empty paragraph in {section.title or section.id}"


def _unlisted_blanks(drafted: Drafted) -> Iterator[str]:
    listed = {point.label for point in open_points(drafted.sections)}
    for label in re.findall(r"\[([^\]]+)\]", drafted.text):
        if label not in listed:
            yield f"blank without open point: {label}"


def _broken_lists(sections: Iterable[Section]) -> Iterator[str]:
    """Items end with `;`, the last but one with `; and` or `; or`, and the last with a full stop."""
    for section in sections:
        run: list[str] = []
        for paragraph in (*section.paragraphs, None):
            if paragraph is not None and paragraph.kind == "item":
                run.append(paragraph.text)
                continue
            if run and section.kind != "preamble":
                yield from _broken_list(section.title, run)
            run = []


def _broken_list(title: str, items: list[str]) -> Iterator[str]:
    if all(item.endswith(".") for item in items):
        return
    if not items[-1].endswith("."):
        yield f"list in {title} does not end with a full stop: {items[-1][-50:]}"
    if len(items) == 1:
        yield f"list in {title} has one item: {items[0][:50]}"
    if len(items) > 1 and not items[-2].endswith(("; and", "; or")):
        yield f"list in {title} lacks its last conjunction: {items[-2][-50:]}"
    for item in items[:-2]:
        if not item.endswith(";"):
            yield f"list in {title}: item ends {item[-30:]!r}"


def _undefined_or_unused(drafted: Drafted) -> Iterator[str]:
    body = drafted.text
    for section in drafted.sections:
        for paragraph in section.paragraphs:
            for term in re.findall(r"[“]\*\*(.+?)\*\*[”]", paragraph.text):
                if body.count(term.removesuffix("y")) < 2:
                    yield f"defined but not used: {term}"


def _strange_law(jurisdiction: str | None, text: str) -> Iterator[str]:
    own = {"US-DE": "Del. C.", "US-NY": "N.Y.", "US-CA": "Cal.", "US-TX": "Tex."}.get(jurisdiction or "", "")
    patterns = [_STATUTES_OF_A_STATE]
    if jurisdiction == "UK-EW":
        patterns += [
            _AMERICAN_LAW,
            re.compile(r"\bSections? \d|\bthis Section\b|\bExhibit\b"),
            _AMERICAN_SPELLING,
        ]
    else:
        patterns.append(_ENGLISH_LAW)
    if jurisdiction is None:
        patterns += [re.compile(r"U\.S\.C\.|C\.F\.R\.|U\.C\.C\.|§")]
    for pattern in patterns:
        for match in pattern.finditer(text):
            if match[0] != own:
                yield f"law of another place: …{text[max(0, match.start() - 40) : match.end() + 40]}…"
