"""The citation agent: whether what the text cites exists, as far as the index knows."""

import asyncio
import datetime

from actors.domain.assembly import body_of
from actors.domain.citation import Citation
from actors.domain.citations.check import check_citations
from actors.domain.citations.index import CitationIndex
from actors.domain.corpus import the_corpus
from actors.domain.matter import Matter
from actors.domain.sections import Section
from actors.messages import Hop, StepReport
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy


class CitationAgent:
    """Looks citations up. Its index is rebuilt from the corpus at a restart; nothing else is kept."""

    def __init__(self, policy: StepPolicy, vault: BreakerVault) -> None:
        self._step = GuardedStep("citations", policy, vault)
        self._index = CitationIndex.from_authorities(the_corpus().authorities)

    async def check_document(
        self, hop: Hop, matter: Matter, sections: tuple[Section, ...]
    ) -> tuple[StepReport, tuple[Citation, ...]]:
        """Return every citation of the document. Offsets count from the start of its body."""
        return await self._step.run(hop, self.text, body_of(sections), matter.as_of)

    async def check_text(
        self, hop: Hop, text: str, as_of: datetime.date
    ) -> tuple[StepReport, tuple[Citation, ...]]:
        """Return every citation of any text. Offsets are into `text`."""
        return await self._step.run(hop, self.text, text, as_of)

    async def text(self, text: str, as_of: datetime.date) -> tuple[Citation, ...]:
        """Look up: work inside the policies. A large text takes seconds, so it runs beside the loop."""
        return tuple(await asyncio.to_thread(check_citations, text, self._index, as_of))
