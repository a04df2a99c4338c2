"""The validation agent: the law of the jurisdiction, held against the text."""

import asyncio
import datetime
from collections.abc import Sequence
from functools import lru_cache, partial

from actors.agent_model import AgentModel
from actors.domain.assembly import body_of
from actors.domain.corpus import in_force, the_corpus
from actors.domain.findings import Finding
from actors.domain.library import load_type
from actors.domain.matter import Matter
from actors.domain.rules.checking import check_document, check_section
from actors.domain.rules.report import RuleReport
from actors.domain.rules.rule import Rule, applicable
from actors.domain.sections import Section
from actors.llm.endpoint import Endpoint
from actors.messages import Hop, StepReport
from actors.resilience.parallel import both
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy

PACKS_KEPT = 256
"""Rules by families, place and day: a day's documents share a few dozen."""


class ValidationAgent:
    """Checks texts against the rule pack. The pack is reloaded at a restart; nothing else is kept."""

    def __init__(self, policy: StepPolicy, vault: BreakerVault, chain: Sequence[Endpoint] = ()) -> None:
        self._step = GuardedStep("validation", policy, vault)
        self._model = AgentModel("validation", chain, policy, vault)
        self._pack = lru_cache(maxsize=PACKS_KEPT)(partial(applicable, the_corpus()))

    async def validate_section(
        self, hop: Hop, matter: Matter, section: Section
    ) -> tuple[StepReport, tuple[Finding, ...]]:
        """Report what a section alone violates. Offsets count from the start of the section's Markdown."""
        checking = self._step.run(hop, self.section, matter, section)
        if not self._model.serves(hop):
            return await checking
        from actors.consulting import validated  # noqa: PLC0415 (prompts take time to load)

        rules = self._rules(matter.task_type, matter.jurisdiction, matter.as_of)
        law = tuple(rule.authority for rule in rules if in_force(rule.authority, matter.as_of))
        asking = validated(self._model, hop, matter, section, law)
        (told, more), (report, found) = await both(asking, checking)
        return report.joined(told), (*found, *more)

    async def validate_document(
        self, hop: Hop, matter: Matter, sections: tuple[Section, ...]
    ) -> tuple[StepReport, RuleReport]:
        """Check all rules that apply. Offsets count from the start of the document's body."""
        return await self._step.run(hop, self.document, matter, sections)

    async def validate_text(
        self, hop: Hop, text: str, task_type: str, jurisdiction: str | None, as_of: datetime.date
    ) -> tuple[StepReport, RuleReport]:
        """Check any text. Offsets are into `text`."""
        return await self._step.run(hop, self.text, text, task_type, jurisdiction, as_of)

    async def section(self, matter: Matter, section: Section) -> tuple[Finding, ...]:
        """Check one section: work inside the policies."""
        rules = self._rules(matter.task_type, matter.jurisdiction, matter.as_of)
        return tuple(check_section(rules, section.markdown, section.number))

    async def document(self, matter: Matter, sections: tuple[Section, ...]) -> RuleReport:
        """Check the whole: work inside the policies."""
        rules = self._rules(matter.task_type, matter.jurisdiction, matter.as_of)
        return check_document(rules, body_of(sections), matter, matter.requests)

    async def text(
        self, text: str, task_type: str, jurisdiction: str | None, as_of: datetime.date
    ) -> RuleReport:
        """Check a file: work inside the policies. A large one takes seconds, so it runs beside the loop."""
        rules = self._rules(task_type, jurisdiction, as_of)
        return await asyncio.to_thread(check_document, rules, text, None)

    def _rules(self, task_type: str, jurisdiction: str | None, as_of: datetime.date) -> Sequence[Rule]:
        return self._pack(load_type(task_type).families, jurisdiction, as_of)
