"""A question, its answer and a clock, for the tests of the cache."""

import datetime as dt
from dataclasses import dataclass

from actors.cache_key import research_key
from actors.domain.authority import Authority, Hit, ResearchPacket, ResearchQuery

DAY = dt.date(2026, 1, 31)
QUERY = ResearchQuery(
    task_type="nda_mutual", families=("nda",), issues=("choice_of_law",), jurisdiction="US-DE", as_of=DAY
)
AUTHORITY = Authority(
    id="de-1",
    kind="clause_note",
    jurisdiction="US-DE",
    citation=None,
    applies_to=("nda",),
    statement="A residuals clause is a choice.",
    confidence="H",
    as_of=DAY,
)
PACKET = ResearchPacket(query=QUERY, hits=(Hit(authority=AUTHORITY, score=1.5),), corpus_version="c1")
EMPTY = PACKET.model_copy(update={"hits": ()})
KEY = research_key(QUERY, "c1", "r1")
OTHER_KEY = research_key(QUERY, "c2", "r1")


@dataclass
class Clock:
    """A clock that moves when told."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s

    def move(self, seconds: float) -> None:
        self.now_s += seconds
