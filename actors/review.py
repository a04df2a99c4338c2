"""The review agent: what a careful proofreader of contracts would mark."""

import asyncio
from collections.abc import Sequence

from actors.agent_model import AgentModel
from actors.domain.assembly import body_of
from actors.domain.findings import Finding
from actors.domain.library import load_type
from actors.domain.matter import Matter
from actors.domain.review.completeness import EssentialClause, missing_clauses
from actors.domain.review.known import KnownFacts
from actors.domain.review.lint import lint, lint_document, lint_section
from actors.domain.sections import Section
from actors.llm.endpoint import Endpoint
from actors.messages import Hop, StepReport
from actors.resilience.parallel import both
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy


class ReviewAgent:
    """Reviews sections, documents and any text. Keeps nothing, so a restart loses at most the review in flight."""

    def __init__(self, policy: StepPolicy, vault: BreakerVault, chain: Sequence[Endpoint] = ()) -> None:
        self._step = GuardedStep("review", policy, vault)
        self._model = AgentModel("review", chain, policy, vault)

    async def review_section(
        self, hop: Hop, matter: Matter, section: Section
    ) -> tuple[StepReport, tuple[Finding, ...]]:
        """Report what the section alone can tell. Offsets count from the start of the section's Markdown."""
        checking = self._step.run(hop, self.section, matter, section)
        if not self._model.serves(hop):
            return await checking
        from actors.consulting import reviewed  # noqa: PLC0415 (prompts take time to load)

        asking = reviewed(self._model, hop, matter, section)
        (told, more), (report, found) = await both(asking, checking)
        return report.joined(told), (*found, *more)

    async def review_document(
        self, hop: Hop, matter: Matter, sections: tuple[Section, ...]
    ) -> tuple[StepReport, tuple[Finding, ...]]:
        """Report what only the whole can tell. Offsets count from the start of the document's body."""
        return await self._step.run(hop, self.document, matter, sections)

    async def review_text(
        self, hop: Hop, text: str, task_type: str | None, jurisdiction: str | None
    ) -> tuple[StepReport, tuple[Finding, ...]]:
        """Review any text. Offsets are into `text`."""
        return await self._step.run(hop, self.text, text, task_type, jurisdiction)

    async def section(self, matter: Matter, section: Section) -> tuple[Finding, ...]:
        """Check one section: work inside the policies."""
        return tuple(lint_section(section.markdown, section.number, known_facts(matter, (section,))))

    async def document(self, matter: Matter, sections: tuple[Section, ...]) -> tuple[Finding, ...]:
        """Check the whole: work inside the policies."""
        body = body_of(sections)
        known = known_facts(matter, sections)
        missing = missing_clauses(body, essential_of(matter.task_type, matter.jurisdiction))
        return (*lint_document(body, known), *missing)

    async def text(self, text: str, task_type: str | None, jurisdiction: str | None) -> tuple[Finding, ...]:
        """Check a file: work inside the policies. A large one takes seconds, so it runs beside the loop."""
        found = await asyncio.to_thread(lint, text)
        missing = missing_clauses(text, essential_of(task_type, jurisdiction)) if task_type else []
        return (*found, *missing)


def known_facts(matter: Matter, sections: tuple[Section, ...]) -> KnownFacts:
    """Return what the matter says, for the checks of names and blanks."""
    labels = {role.id: role.term or role.label for role in load_type(matter.task_type).roles}
    return KnownFacts(
        parties={labels[party.role]: party.name for party in matter.parties if party.name},
        open_blanks=frozenset(blank.label for section in sections for blank in section.blanks),
    )


def essential_of(task_type: str, jurisdiction: str | None) -> list[EssentialClause]:
    """Return the clauses that a document of this type must have."""
    return [
        EssentialClause(clause.id, clause.label, clause.patterns, clause.severity)
        for clause in load_type(task_type).essential
        if clause.when is None or clause.when == jurisdiction
    ]
