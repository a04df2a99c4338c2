"""Hard faults of a model's section: each sends it back for repair."""

import re
from collections.abc import Iterator

from actors.domain.authority import ResearchPacket
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan
from actors.domain.prompting.party_names import folded, says, wrong_names
from actors.domain.prompting.skeleton import Skeleton, heading_of, skeleton
from actors.domain.prompting.values import impossible_values, key_of, stated_keys, whole_numbers
from actors.domain.review.outline import read_outline
from actors.domain.review.references import References
from actors.domain.sections import Section, plain_text
from actors.domain.wording import written

MOST_COMPLAINTS = 12
_LEAST_SHARE = 0.25
_LEAST_WORDS = 40
_HIGHEST_SECTION = 100
_MOST_QUOTE_CHARS = 80

_PLACEHOLDER = re.compile(
    r"\b(?:INSERT|TBD|TBC|TODO|FIXME|XXX+|LOREM IPSUM|Lorem ipsum)\b|\[[\s●•_.…*-]*\]|\{\{|\}\}|_{4,}"
    r"|[\[<](?:insert|enter|fill|your|tbd|tbc|to be (?:added|agreed|completed|confirmed|inserted))\b"
    r"[^\]>\n]{0,80}[\]>]",
)
_CHAT = re.compile(
    r"(?m:^\s*(?:Sure|Certainly|Of course|Absolutely|Okay|OK|Great|Understood)\b[,!.:]|^\s*Here(?:['’]s| is| are)\b"
    r"|^\s*(?:Note|Disclaimer|Explanation|Summary of changes):)"
    r"|\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b"
    r"|(?<!Annex )(?<!Article )(?<!Part )(?<!Schedule )(?<!Title )\bI(?:['’](?:m|ve|d|ll)| am| can(?:not|['’]t|not)?\b"
    r"| have (?:drafted|written|added|kept|included)| hope| apologi[sz]e| must (?:decline|refuse)| will not)"
    r"|\b(?:let me know|feel free to|happy to help|hope this helps)\b"
    r"|\bconsult (?:a|an|your) (?:qualified )?(?:lawyer|attorney)\b"
    r"|\b(?:approved wording|data block)s?\b",
    re.IGNORECASE,
)
_ATTACHMENT = re.compile(
    r"\b(?:Schedule|Exhibit|Annex|Appendix|Attachment) (?:\d{1,2}|[A-Z])\b(?! (?:of|to) the\b)"
)


def checks(
    section: Section, plan: DraftPlan, matter: Matter, packet: ResearchPacket
) -> tuple[Iterator[str], ...]:
    """Return what looks for faults in a section, each doing its work when it is read, with a sentence a fault.

    Raises:
        LibraryError: A template of the library is wrong.
    """
    known = skeleton(plan)
    own = known.sections[section.index]
    text, given = plain_text(section), known.texts[section.index]
    return (
        _length(text, given),
        _talk(text, known.usual),
        _blanks(section, own),
        _names(text, given, known, plan, matter, packet),
        _facts(text, known, section.index, plan, matter),
        _structure(section, own, known),
        _references(section, known),
    )


def _length(text: str, given: str) -> Iterator[str]:
    words, usual = len(text.split()), len(given.split())
    if not any(char.isalpha() for char in text):
        yield "The section has no text."
    elif usual >= _LEAST_WORDS and words < _LEAST_SHARE * usual:
        yield f"The section has {words} words where the approved wording has {usual}: it is not complete."


def _talk(text: str, usual: str) -> Iterator[str]:
    for pattern, what in (
        (_PLACEHOLDER, "is a placeholder; a fact that is not known is a blank with a label, such as [Fee]"),
        (_CHAT, "is no part of a contract; write the section and nothing else"),
    ):
        found = (match[0].strip() for match in pattern.finditer(text))
        for words in dict.fromkeys(words for words in found if words not in usual):
            yield f"“{_short(words)}” {what}."


def _blanks(section: Section, own: Section) -> Iterator[str]:
    kept = {blank.id for blank in section.blanks}
    for blank in own.blanks:
        if blank.id not in kept:
            yield f"The blank [{blank.label}] must stay visible: nobody has given this fact."


def _names(
    text: str, given: str, known: Skeleton, plan: DraftPlan, matter: Matter, packet: ResearchPacket
) -> Iterator[str]:
    names = [party.name for party in matter.parties if party.name]
    shorts = [view.defined for view, role in zip(plan.context.parties, plan.document_type.roles, strict=True)
              if role.term is None and view.kind != "individual"]  # fmt: skip
    for name in names:
        if says(given, name) and not says(text, name):
            yield f"The party “{_short(name)}” is not named; the approved wording names it here."
    cited = folded("\n".join(hit.authority.citation or "" for hit in packet.hits))
    for words, name in wrong_names(text, [*names, *shorts], known.usual_words + cited):
        yield f"“{_short(words)}” should read “{_short(name)}”: a party's name is written as given."
    for party in matter.parties:
        for detail in (party.address, party.email):
            if detail and says(given, detail) and not says(text, detail):
                yield f"“{_short(detail)}” is missing or was changed; it is written as given."


def _facts(text: str, known: Skeleton, index: int, plan: DraftPlan, matter: Matter) -> Iterator[str]:
    here, expected, given = stated_keys([text]), known.stated[index], known.texts[index]
    for fact_id, value in matter.facts.items():
        fact = plan.document_type.fact(fact_id)
        key = key_of(value)
        label = fact.label if fact else fact_id
        shown = written(value, uk=plan.context.uk, us=plan.context.us)
        if key is not None:
            missing = key in expected and key not in here
        elif isinstance(value, int) and not isinstance(value, bool):
            missing = value in whole_numbers(given) and value not in whole_numbers(text)
        else:
            is_verbatim = fact is not None and fact.kind == "address"
            missing = is_verbatim and says(given, shown) and not says(text, shown)
        if missing:
            yield f"{label} is {_short(shown)}; the section does not state it, or states another value."
    usual = impossible_values(given)
    for reason in dict.fromkeys(impossible_values(text)):
        if reason not in usual:
            yield f"{reason[:1].upper()}{reason[1:]}."


def _structure(section: Section, own: Section, known: Skeleton) -> Iterator[str]:
    """Yield what other sections count on and do not find."""
    anchors = {paragraph.anchor for paragraph in section.paragraphs}
    headings = {heading_of(p.text).casefold(): p.label for p in section.paragraphs if heading_of(p.text)}
    for paragraph in own.paragraphs:
        if paragraph.anchor not in known.referred:
            continue
        heading = heading_of(paragraph.text)
        name = f"{paragraph.label} {heading}".strip() or own.title
        if paragraph.anchor not in anchors:
            yield f"“{name}” is missing: other clauses refer to it."
        elif headings.get(heading.casefold(), paragraph.label) != paragraph.label:
            yield f"“{name}” must keep its number: other clauses refer to it."
    for term in dict.fromkeys(re.findall(r"“\*\*(.+?)\*\*”", own.text)):
        if f"“**{term}**”" not in section.text:
            yield f"The definition of “{term}” is missing: the document uses the term."


def _references(section: Section, known: Skeleton) -> Iterator[str]:
    text = section.markdown
    numbers = known.numbers | {paragraph.label for paragraph in section.paragraphs if paragraph.label}
    for reference in References(text, read_outline(text)).own:
        base = reference.number.partition("(")[0]
        if base not in numbers and not (base.isdigit() and int(base) >= _HIGHEST_SECTION):
            yield f"There is no section or clause {base} in the outline."
    for name in dict.fromkeys(_ATTACHMENT.findall(text)):
        if name not in numbers and name not in known.usual:
            yield f"There is no {name} in the outline."


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= _MOST_QUOTE_CHARS else f"{flat[:_MOST_QUOTE_CHARS]}…"
