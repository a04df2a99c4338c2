"""Pairs of questions, and the look-up of one after the other was answered, through the cache itself."""

import datetime
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actors.cache import LegalSearchCache
from actors.cache_key import research_key
from actors.domain.authority import Authority, Hit, ResearchPacket, ResearchQuery

DAY = datetime.date(2026, 1, 31)
VERSION = "benchmark"
Z = 1.959964
"""Of a two-sided interval of 95 %."""
_AUTHORITY = Authority(
    id="benchmark",
    kind="clause_note",
    jurisdiction="GENERAL",
    citation=None,
    applies_to=("all",),
    statement="An answer.",
    confidence="V",
    as_of=DAY,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One question, with what else a caller says of it."""

    words: str
    jurisdiction: str | None = None
    task_type: str = "nda_mutual"
    tenant: str = "public"

    def query(self) -> ResearchQuery:
        return ResearchQuery(
            task_type=self.task_type,
            families=(),
            issues=(),
            jurisdiction=self.jurisdiction,
            as_of=DAY,
            words=self.words,
        )

    def key(self) -> str:
        return research_key(self.query(), VERSION, VERSION, self.tenant)


@dataclass(frozen=True, slots=True)
class Pair:
    """The question that was answered, and the one that is looked up."""

    a: Side
    b: Side
    same: bool
    kind: str
    base: str


class KnownVectors:
    """An encoder that remembers: the suite asks the same questions again and again. Not for measuring time."""

    def __init__(self, encoder: Any) -> None:
        self.id = encoder.id
        self._encoder = encoder
        self._known: dict[str, Any] = {}

    def encode_query(self, text: str) -> Any:
        if text not in self._known:
            self._known[text] = self._encoder.encode_query(text)
        return self._known[text]


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a file of JSON lines.

    `a` and `b` are questions, or objects with `words` (or `query`, `text`) and optionally `jurisdiction`, `task_type`
    and `tenant`; those may also stand on the row, for both, or as `a_jurisdiction` and so on.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_pair(json.loads(line)) for line in lines if line.strip()]


def _pair(row: Mapping[str, Any]) -> Pair:
    return Pair(
        _side(row, "a"),
        _side(row, "b"),
        bool(row["same"]),
        str(row.get("class", "all")),
        str(row.get("base", "")),
    )


def _side(row: Mapping[str, Any], name: str) -> Side:
    value = row[name]
    fields = {"words": value} if isinstance(value, str) else dict(value)
    words = next(fields[key] for key in ("words", "query", "text", "question") if key in fields)
    said = {}
    for key in ("jurisdiction", "task_type", "tenant"):
        told = fields.get(key, row.get(f"{name}_{key}", row.get(key)))
        if told is not None:
            said[key] = str(told)
    return Side(words, **said)


def packet_for(side: Side) -> ResearchPacket:
    """Return an answer to store; what it says does not matter here."""
    return ResearchPacket(
        query=side.query(), hits=(Hit(authority=_AUTHORITY, score=1.0),), corpus_version=VERSION
    )


async def answer(cache: LegalSearchCache, side: Side) -> None:
    """Ask a question and have it answered, as a research agent does."""
    reply = await cache.lookup(side.key(), side.query(), side.tenant)
    if reply.token is not None:
        await cache.fulfil(side.key(), reply.token, packet_for(side))


async def served(cache: LegalSearchCache, side: Side) -> str | None:
    """Return the words whose answer is served for a question, or `None`; nothing is stored."""
    reply = await cache.lookup(side.key(), side.query(), side.tenant)
    if reply.token is not None:
        await cache.abandon(side.key(), reply.token)
        return None
    return reply.near.matched_query if reply.near else side.words


async def try_pairs(cache: LegalSearchCache, pairs: Iterable[Pair]) -> list[bool]:
    """Tell for each pair, each in an empty cache, whether the answer to `a` is served for `b`."""
    outcomes = []
    for pair in pairs:
        cache.clear()
        await answer(cache, pair.a)
        outcomes.append(await served(cache, pair.b) is not None)
    return outcomes


async def try_crowded(cache: LegalSearchCache, pairs: Sequence[Pair]) -> dict[str, int]:
    """Answer every `a` first, then look every `b` up: is it the right one among all that is served?"""
    cache.clear()
    for pair in pairs:
        await answer(cache, pair.a)
    asked = {pair.a.words for pair in pairs}
    counts = {"paraphrases": 0, "served": 0, "served_by_another": 0, "traps": 0, "traps_served": 0}
    for pair in pairs:
        if pair.b.words in asked:  # a trap may be another question's first wording: an exact hit, and right
            continue
        by = await served(cache, pair.b)
        counts["paraphrases" if pair.same else "traps"] += 1
        if by is not None and pair.same:
            counts["served" if by == pair.a.words else "served_by_another"] += 1
        elif by is not None:
            counts["traps_served"] += 1
    return counts


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a rate; the whole range where nothing was tried."""
    if n == 0:
        return 0.0, 1.0
    rate, square = hits / n, Z * Z
    middle = (rate + square / (2 * n)) / (1 + square / n)
    half = Z * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def rates(pairs: Sequence[Pair], outcomes: Sequence[bool]) -> dict[str, Any]:
    """Return the rates over all pairs and by class, each with its interval."""

    def over(chosen: Iterable[tuple[Pair, bool]]) -> dict[str, Any]:
        outcomes_here = [outcome for _, outcome in chosen]
        n, hits = len(outcomes_here), sum(outcomes_here)
        low, high = wilson(hits, n)
        return {"n": n, "served": hits, "rate": hits / n if n else None, "low": low, "high": high}

    tried = list(zip(pairs, outcomes, strict=True))
    kinds = sorted({(not pair.same, pair.kind) for pair in pairs})
    same, others = over(t for t in tried if t[0].same), over(t for t in tried if not t[0].same)
    return {
        "hit_rate": same["rate"],
        "false_hit_rate": others["rate"],
        "same": same,
        "others": others,
        "per_class": {
            kind: {**over(t for t in tried if t[0].kind == kind and t[0].same != trap), "same": not trap}
            for trap, kind in kinds
        },
    }
