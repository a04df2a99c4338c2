"""The question for one section of a document."""

from collections.abc import Iterator, Mapping

from actors.domain.authority import ResearchPacket
from actors.domain.jurisdictions import jurisdictions
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan
from actors.domain.prompting.fence import fenced, fenced_values
from actors.domain.prompting.prompt import Prompt
from actors.domain.prompting.skeleton import Skeleton, heading_of, skeleton
from actors.domain.prompting.texts import prompt_of
from actors.domain.sections import Section
from actors.domain.wording import written

_LEAST_TOKENS, _MOST_TOKENS = 1_000, 8_000
_CHARS_A_TOKEN = 2
"""Half of what English takes: a section may grow to twice the library's length."""
_MOST_AUTHORITIES = 24


def ask_for_section(plan: DraftPlan, index: int, matter: Matter, packet: ResearchPacket) -> Prompt:
    """Return the question for the section at `index`; see `section_prompt`."""
    known = skeleton(plan)
    own = known.sections[index]
    slots = {
        "title": plan.title,
        "law": law_line(matter),
        "stance": stance_line(plan, matter),
        "options": _options_line(plan, matter),
        "outline": fenced("outline", "\n".join(_outline(known))),
        "terms": fenced("defined terms", "; ".join(known.definitions) or "none"),
        "references": fenced("names for references", "\n".join(_references(plan, known)) or "none"),
        "parties": fenced_values("parties", _parties(plan, matter)),
        "facts": fenced_values("facts of the matter", _facts(plan, matter)),
        "carve_outs": fenced("exclusions asked for", _bullets(matter.carve_outs)),
        "authorities": fenced("authorities that may be cited", "\n".join(_authorities(packet)) or "none"),
        "blanks": fenced("blanks that stay", "\n".join(f"[{blank.label}]" for blank in own.blanks) or "none"),
        "wording": fenced("approved wording of this section", own.text),
        "section": name_of(plan, index),
    }
    longest = max(_LEAST_TOKENS, min(_MOST_TOKENS, len(own.text) // _CHARS_A_TOKEN))
    return prompt_of("draft", slots, max_output_tokens=longest)


def name_of(plan: DraftPlan, index: int) -> str:
    """Return how the plan calls a section, in words that hold no value of the matter."""
    planned = plan.sections[index]
    return planned.number or planned.spec.id


def law_line(matter: Matter) -> str:
    """Return a sentence on the governing law; a place that the request named in its own words is not repeated."""
    if matter.jurisdiction:
        return f"Governing law: {jurisdictions()[matter.jurisdiction].name}."
    named = (
        "as the facts of the matter name it" if matter.jurisdiction_named else "not settled; it stays a blank"
    )
    return f"Governing law: {named}."


def stance_line(plan: DraftPlan, matter: Matter) -> str:
    """Return a sentence on whom the document favours."""
    labels = {role.id: role.label for role in plan.document_type.roles}
    if matter.stance in labels:
        return f"The document favours this side: {labels[matter.stance]}."
    return "The document is balanced between the parties."


def _options_line(plan: DraftPlan, matter: Matter) -> str:
    labels = [option.label for option in plan.document_type.options if option.id in matter.requests]
    return f"Asked for beyond the standard form: {', '.join(labels) or 'nothing'}."


def _outline(known: Skeleton) -> Iterator[str]:
    for section in known.sections:
        yield section.title or f"({section.kind})"


def _references(plan: DraftPlan, known: Skeleton) -> Iterator[str]:
    for section in known.sections:
        for paragraph in section.paragraphs:
            name = plan.references.get(paragraph.anchor)
            if name:
                yield f"{name}: {heading_of(paragraph.text) or paragraph.anchor.replace('_', ' ')}"


def _parties(plan: DraftPlan, matter: Matter) -> Mapping[str, object]:
    roles = {role.id: role.label for role in plan.document_type.roles}
    given = {
        party.role: party.model_dump(mode="json", exclude={"role"}, exclude_none=True)
        for party in matter.parties
    }
    return {label: given.get(role) or "not known" for role, label in roles.items()}


def _facts(plan: DraftPlan, matter: Matter) -> Mapping[str, object]:
    facts = {fact.id: fact.label for fact in plan.document_type.facts}
    values = {
        facts.get(fact_id, fact_id): written(value, uk=plan.context.uk, us=plan.context.us)
        for fact_id, value in matter.facts.items()
    }
    return {**values, **({"Governing law": matter.jurisdiction_named} if matter.jurisdiction_named else {})}


def _authorities(packet: ResearchPacket) -> Iterator[str]:
    for hit in packet.hits[:_MOST_AUTHORITIES]:
        authority = hit.authority
        yield f"{authority.citation or 'drafting practice, not to be cited'}: {' '.join(authority.statement.split())}"


def _bullets(texts: tuple[str, ...]) -> str:
    return "\n".join(" ".join(text.split()) for text in texts) or "none"


def fenced_section(section: Section) -> str:
    """Return a section as a block, in the Markdown in which quotes are looked up."""
    return fenced("section", section.markdown)
