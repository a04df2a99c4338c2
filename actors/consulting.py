"""What agents ask models beside their own work; code decides what of the answers counts.

Imported by the first draft that asks a model: prompts take time to load.
"""

from actors.agent_model import AgentModel
from actors.domain.authority import Authority, ResearchQuery
from actors.domain.findings import Finding
from actors.domain.intake.facts import read_facts
from actors.domain.intake.understand import Understanding
from actors.domain.matter import Matter
from actors.domain.prompting.citing import CitationAnswer, SpokenReference, citation_prompt, spoken_references
from actors.domain.prompting.merging import merged
from actors.domain.prompting.researching import ResearchAnswer, expanded, research_prompt
from actors.domain.prompting.reviewing import ReviewAnswer, findings_of, review_prompt
from actors.domain.prompting.understanding import IntakeAnswer, intake_prompt, type_of
from actors.domain.prompting.validating import ValidationAnswer, validation_findings, validation_prompt
from actors.domain.sections import Section
from actors.messages import DraftRequest, Hop, StepReport

UNASKED = {
    "intake": "The request was read by the program alone: the model did not answer.",
    "research": "Legal research went by the document type's own issues: the model did not add any.",
    "review": "A model did not review every section; the program's own review is whole.",
    "validation": "A model did not hold every section against the law; the program's own rules did.",
    "citations": "Law that is cited in words only was not looked for in every section.",
}
"""What the reader is told where a model did not answer."""


async def placed(model: AgentModel, hop: Hop, message: str) -> tuple[StepReport, str | None]:
    """Return the document type of a request whose words name none that code knows."""
    told, answer = await model.consult(hop, intake_prompt(message), IntakeAnswer, UNASKED["intake"])
    return told, None if answer is None else type_of(answer)


async def understood_better(
    model: AgentModel, hop: Hop, understood: Understanding, request: DraftRequest
) -> tuple[StepReport, Understanding]:
    """Return the understanding with what a model finds in the request besides."""
    prompt = intake_prompt(request.message, understood.matter.task_type)
    told, answer = await model.consult(hop, prompt, IntakeAnswer, UNASKED["intake"])
    if answer is None:
        return told, understood
    facts = read_facts(request.facts_json) if request.facts_json else None
    return told, merged(understood, answer, request.message, facts=facts)


async def widened(model: AgentModel, hop: Hop, query: ResearchQuery) -> tuple[StepReport, ResearchQuery]:
    """Return the query with the issues that a model adds."""
    told, answer = await model.consult(hop, research_prompt(query), ResearchAnswer, UNASKED["research"])
    return told, query if answer is None else expanded(query, answer)


async def reviewed(
    model: AgentModel, hop: Hop, matter: Matter, section: Section
) -> tuple[StepReport, tuple[Finding, ...]]:
    """Return a model's remarks on a section, those whose quote stands there."""
    told, answer = await model.consult(hop, review_prompt(matter, section), ReviewAnswer, UNASKED["review"])
    return told, () if answer is None else findings_of(answer, section)[0]


async def validated(
    model: AgentModel, hop: Hop, matter: Matter, section: Section, law: tuple[Authority, ...]
) -> tuple[StepReport, tuple[Finding, ...]]:
    """Return the conflicts that a model sees between a section and the law given."""
    prompt = validation_prompt(matter, section, law)
    told, answer = await model.consult(hop, prompt, ValidationAnswer, UNASKED["validation"])
    return told, () if answer is None else validation_findings(answer, section, law)[0]


async def spoken(
    model: AgentModel, hop: Hop, section: Section
) -> tuple[StepReport, tuple[SpokenReference, ...]]:
    """Return the passages of a section that refer to law in words."""
    told, answer = await model.consult(hop, citation_prompt(section), CitationAnswer, UNASKED["citations"])
    return told, () if answer is None else spoken_references(answer, section)[0]
