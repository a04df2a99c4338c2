"""The citation agent: whether what the text cites exists, as far as the index knows."""

import asyncio
import datetime
from collections.abc import Mapping

from actors.corpus_store import CorpusStore
from actors.domain.assembly import body_of
from actors.domain.citation import Citation
from actors.domain.citations.check import check_citations
from actors.domain.matter import Matter
from actors.domain.sections import Section
from actors.messages import Hop, StepReport
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy


class CitationAgent:
    """Looks citations up. Its index is made again at a restart; nothing else is kept.

    Args:
        policy: How its work is guarded.
        vault: Where its breaker's state outlives it.
        corpus: Where imported law lies; without it the project's own corpus is all there is.
    """

    def __init__(self, policy: StepPolicy, vault: BreakerVault, corpus: CorpusStore | None = None) -> None:
        self._step = GuardedStep("citations", policy, vault)
        self._corpus = (corpus or CorpusStore(None)).ready("citations")

    async def check_document(
        self, hop: Hop, matter: Matter, sections: tuple[Section, ...], spoken: Mapping[int, tuple[str, ...]]
    ) -> tuple[StepReport, tuple[Citation, ...]]:
        """Return every citation of the document. Offsets count from the start of its body.

        Args:
            hop: The envelope.
            matter: Whose law counts.
            sections: The document.
            spoken: By section, passages that refer to law in words, from `read_section`.
        """
        return await self._step.run(hop, self.document, sections, spoken, matter.as_of)

    async def read_section(
        self, hop: Hop, matter: Matter, section: Section
    ) -> tuple[StepReport, tuple[str, ...]]:
        """Return the passages that refer to law in words, as a model finds them; none without a model."""
        return StepReport(agent="citations", attempts=0, seconds=0.0), ()

    async def document(
        self, sections: tuple[Section, ...], spoken: Mapping[int, tuple[str, ...]], as_of: datetime.date
    ) -> tuple[Citation, ...]:
        """Look up a whole document: work inside the policies."""
        return await self.text(body_of(sections), as_of)

    async def check_text(
        self, hop: Hop, text: str, as_of: datetime.date
    ) -> tuple[StepReport, tuple[Citation, ...]]:
        """Return every citation of any text. Offsets are into `text`."""
        return await self._step.run(hop, self.text, text, as_of)

    async def text(self, text: str, as_of: datetime.date) -> tuple[Citation, ...]:
        """Look up: work inside the policies. A large text takes seconds, so it runs beside the loop."""
        index = self._corpus.current().citations
        return tuple(await asyncio.to_thread(check_citations, text, index, as_of))
