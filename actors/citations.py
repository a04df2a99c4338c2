"""The citation agent: whether what the text cites exists, as far as the index knows."""

import asyncio
import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from actors.agent_model import AgentModel
from actors.corpus_store import CorpusStore
from actors.domain.assembly import body_of, section_offsets
from actors.domain.citation import Citation
from actors.domain.citations.check import check_citations
from actors.domain.matter import Matter
from actors.domain.sections import Section
from actors.llm.endpoint import Endpoint
from actors.messages import Hop, StepReport
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy

if TYPE_CHECKING:
    from actors.domain.prompting.citing import SpokenReference

Spoken = tuple["SpokenReference", ...]
"""Passages of one section."""


class CitationAgent:
    """Looks citations up. Its index is made again at a restart; nothing else is kept.

    Args:
        policy: How its work is guarded.
        vault: Where its breaker's state outlives it.
        corpus: Where imported law lies; without it the project's own corpus is all there is.
        chain: Models that find law cited in words only, first choice first; empty: only what has a form is found.
    """

    def __init__(
        self,
        policy: StepPolicy,
        vault: BreakerVault,
        corpus: CorpusStore | None = None,
        chain: Sequence[Endpoint] = (),
    ) -> None:
        self._step = GuardedStep("citations", policy, vault)
        self._model = AgentModel("citations", chain, policy, vault)
        self._corpus = (corpus or CorpusStore(None)).ready("citations")

    async def check_document(
        self, hop: Hop, matter: Matter, sections: tuple[Section, ...], spoken: Mapping[int, Spoken]
    ) -> tuple[StepReport, tuple[Citation, ...]]:
        """Return every citation of the document. Offsets count from the start of its body.

        Args:
            hop: The envelope.
            matter: Whose law counts.
            sections: The document.
            spoken: By section, passages that refer to law in words, from `read_section`.
        """
        return await self._step.run(hop, self.document, sections, spoken, matter.as_of)

    async def read_section(self, hop: Hop, _matter: Matter, section: Section) -> tuple[StepReport, Spoken]:
        """Return the passages that refer to law in words, as a model finds them; none without a model."""
        if not self._model.serves(hop):
            return StepReport(agent="citations", attempts=0, seconds=0.0), ()
        from actors.consulting import spoken  # noqa: PLC0415 (prompts take time to load)

        return await spoken(self._model, hop, section)

    async def document(
        self, sections: tuple[Section, ...], spoken: Mapping[int, Spoken], as_of: datetime.date
    ) -> tuple[Citation, ...]:
        """Look up a whole document: work inside the policies."""
        body = body_of(sections)
        found = await self.text(body, as_of)
        if not any(spoken.values()):
            return found
        from actors.domain.prompting.citing import spoken_citations  # noqa: PLC0415

        starts = dict(zip((section.index for section in sections), section_offsets(sections), strict=True))
        more = [
            citation
            for index, passages in spoken.items()
            if index in starts
            for citation in spoken_citations(passages, body, starts[index])
            if not any(known.start < citation.end and citation.start < known.end for known in found)
        ]
        return tuple(sorted((*found, *more), key=lambda citation: citation.start))

    async def check_text(
        self, hop: Hop, text: str, as_of: datetime.date
    ) -> tuple[StepReport, tuple[Citation, ...]]:
        """Return every citation of any text. Offsets are into `text`."""
        return await self._step.run(hop, self.text, text, as_of)

    async def text(self, text: str, as_of: datetime.date) -> tuple[Citation, ...]:
        """Look up: work inside the policies. A large text takes seconds, so it runs beside the loop."""
        index = self._corpus.current().citations
        return tuple(await asyncio.to_thread(check_citations, text, index, as_of))
