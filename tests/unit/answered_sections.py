"""Sections by a model, for tests: a matter, its plan, and what a model's words become."""

from functools import lru_cache

from actors.domain.authority import ResearchPacket
from actors.domain.corpus import the_corpus
from actors.domain.corpus_search import CorpusSearch
from actors.domain.findings import Finding
from actors.domain.library import load_shared, load_type
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan, plan
from actors.domain.prompting.drafting import parse_section, section_complaints, section_findings
from actors.domain.prompting.skeleton import skeleton
from actors.domain.sections import Section
from actors.intake import query_for
from tests.documents.library_documents import AS_OF


class Answered:
    """The sections of one matter, as a model might write them."""

    def __init__(self, matter: Matter) -> None:
        self.matter = matter
        self.plan: DraftPlan = plan(load_type(matter.task_type), load_shared(), matter)
        self.sections = skeleton(self.plan).sections
        self.packet = packet_for(matter.task_type, matter.jurisdiction)

    def own(self, section_id: str) -> Section:
        """Return the library's version of a section."""
        return next(section for section in self.sections if section.id == section_id)

    def parsed(self, section_id: str, text: str) -> Section:
        """Return what a model's text becomes."""
        return parse_section(text, self.plan, self.own(section_id).index)

    def complaints(self, section_id: str, text: str) -> tuple[str, ...]:
        """Return the hard faults of a model's text."""
        return section_complaints(self.parsed(section_id, text), self.plan, self.matter, self.packet)

    def findings(self, section_id: str, text: str) -> tuple[Finding, ...]:
        """Return what a lawyer must look at in a model's text."""
        return section_findings(self.parsed(section_id, text), self.plan, self.matter, self.packet)


@lru_cache(maxsize=64)
def packet_for(type_id: str, jurisdiction: str | None) -> ResearchPacket:
    """Return what research finds for a type under a law."""
    return CorpusSearch(the_corpus()).search(query_for(load_type(type_id), jurisdiction, AS_OF))
