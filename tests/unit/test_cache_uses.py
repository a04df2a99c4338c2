"""What drafts ask for most: counted, kept for the next start, replayed against the corpus of that day."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from actors.cache_agent import CacheAgent
from actors.cache_key import EVERYTHING
from actors.cache_sealed import Asking, SealedReply
from actors.cache_uses import MOST_QUESTIONS, UseCounts, UsesFile
from actors.domain.authority import ResearchQuery
from actors.messages import EssentialData, Hop
from actors.neighbours import CacheNeighbour
from actors.ports import LocalAgent
from actors.research import ResearchAgent
from actors.step import NoVault
from actors.step_policy import StepPolicy
from tests.unit.research_samples import KEY, OTHER_KEY, PACKET, QUERY

HOP = Hop(draft_id="draft-0001", tenant="public", budget_s=60, essential_data=EssentialData(user_request=""))
LEASE = QUERY.model_copy(update={"task_type": "lease"})


def actor(file: Path | None = None) -> CacheAgent:
    return CacheAgent(3600.0, 10_000_000, None, uses_file=file)


async def look_up(cache: CacheAgent, key: str, query: ResearchQuery = QUERY, uses: int = 1) -> SealedReply:
    return SealedReply.unpacked(key, await cache.lookup(Asking(key, query, "public", uses).packed()))


async def names(cache: CacheAgent, count: int = 10) -> list[tuple[str, int]]:
    return [(use.asked.task_type, use.uses) for use in await cache.most_used(count)]


async def test_questions_are_counted_over_days_and_the_most_used_comes_first() -> None:
    counts = UseCounts()
    counts.note("lease", LEASE, "public")
    for day in (1, 2):
        query = QUERY.model_copy(update={"as_of": dt.date(2026, 1, day)})
        counts.note(f"day {day}", query, "public", uses=2)

    assert [(use.asked.task_type, use.uses) for use in counts.most_used(10)] == [
        ("nda_mutual", 4),
        ("lease", 1),
    ]
    assert len(counts.most_used(1)) == 1


def test_a_question_comes_back_for_the_day_that_is_asked_for() -> None:
    counts = UseCounts()
    counts.note("public", QUERY, "public")
    today = dt.date(2027, 5, 1)

    assert counts.most_used(1)[0].asked.on(today) == QUERY.model_copy(update={"as_of": today})


def test_tenants_are_counted_apart() -> None:
    counts = UseCounts()
    counts.note("acme", QUERY, "acme")
    counts.note("public", QUERY, "public")

    assert {use.asked.tenant for use in counts.most_used(10)} == {"acme", "public"}


def test_a_question_with_words_is_not_counted() -> None:
    counts = UseCounts()
    counts.note(KEY, QUERY.model_copy(update={"words": "Zanzibark Holdings"}), "public")

    assert counts.most_used(10) == []


def test_the_number_of_questions_is_bounded_and_the_rare_ones_leave() -> None:
    counts = UseCounts()
    counts.note("often", QUERY, "public", uses=100)
    for limit in range(MOST_QUESTIONS):
        counts.note(f"{limit}", QUERY.model_copy(update={"limit": limit + 100}), "public")

    kept = counts.most_used(10_000)
    assert len(kept) <= MOST_QUESTIONS
    assert kept[0].uses == 100


async def test_a_question_is_sent_once_and_then_counted_by_its_key() -> None:
    cache = actor()
    sent: list[object] = []

    class Port(LocalAgent):
        async def call(self, method: str, *args: object) -> Any:
            sent.append(Asking.unpacked(str(args[0])).query)
            return await super().call(method, *args)

    neighbour = CacheNeighbour(Port(cache))
    worded = QUERY.model_copy(update={"words": "w"})
    await cache.prewarm([(KEY, PACKET), (OTHER_KEY, PACKET)])
    for key, query in ((KEY, QUERY), (KEY, QUERY), (KEY, QUERY), (OTHER_KEY, worded), (OTHER_KEY, worded)):
        assert (await neighbour.lookup(key, query)).packet is not None

    assert sent == [QUERY, None, None, worded, worded]
    assert await names(cache) == [("nda_mutual", 3)]


async def test_an_actor_that_was_restarted_is_told_the_question_again() -> None:
    first, second = actor(), actor()
    neighbour = CacheNeighbour(LocalAgent(first))
    await first.prewarm([(KEY, PACKET)])
    await neighbour.lookup(KEY, QUERY)
    neighbour._port = LocalAgent(second)
    lease = await neighbour.lookup(KEY, QUERY)
    await neighbour.fulfil(KEY, lease.token or "", PACKET)
    for _ in range(2):
        await neighbour.lookup(KEY, QUERY)

    assert await names(second) == [("nda_mutual", 2)]


async def test_counts_outlive_the_actor_and_fade_by_half(tmp_path: Path) -> None:
    file = tmp_path / "home" / "uses.json"
    first = actor(file)
    await look_up(first, KEY)
    await look_up(first, KEY + "x", LEASE)
    await look_up(first, KEY + "y", QUERY, uses=9)
    assert await names(first) == [("nda_mutual", 10), ("lease", 1)]

    assert await names(actor(file)) == [("nda_mutual", 5), ("lease", 0)]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["uses.json"]


async def test_words_never_reach_the_file(tmp_path: Path) -> None:
    file = tmp_path / "uses.json"
    cache = actor(file)
    await look_up(cache, KEY, QUERY.model_copy(update={"words": "Zanzibark"}))
    await look_up(cache, KEY + "y")
    await cache.most_used(1)

    assert "Zanzibark" not in file.read_text(encoding="utf-8")
    assert set(json.loads(file.read_bytes())[0]["asked"]) == {
        *("tenant", "task_type", "families", "issues", "jurisdiction", "limit")
    }


@pytest.mark.parametrize("content", [b"", b"{}", b'[{"asked": 1}]', b"\x80"])
async def test_a_file_that_is_damaged_is_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "uses.json"
    file.write_bytes(content)

    assert await names(actor(file)) == []


def test_a_disk_that_takes_nothing_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    UsesFile(tmp_path / "file" / "uses.json").save([])

    assert "uses_not_saved" in caplog.text


async def test_the_most_used_questions_are_searched_anew_without_counting_as_asked() -> None:
    cache = actor()
    agent = ResearchAgent(StepPolicy(), NoVault(), CacheNeighbour(LocalAgent(cache)))
    queries = [QUERY, LEASE]

    assert await agent.warm("acme", queries) == 2
    stats = await cache.stats()
    assert (stats["total_entries"], stats["hits"], stats["misses"]) == (2, 0, 0)
    for tenant, outcome in (("acme", "exact"), ("public", "miss")):
        report, packet = await agent.research(HOP.model_copy(update={"tenant": tenant}), QUERY)
        assert (report.cache, bool(packet.hits)) == (outcome, True)


async def test_clearing_the_actor_keeps_the_counts() -> None:
    cache = actor()
    lease = await look_up(cache, KEY)
    await cache.fulfil(KEY, lease.reply.token or "", PACKET, False)
    await cache.clear(EVERYTHING)

    assert await names(cache) == [("nda_mutual", 1)]
    assert (await cache.stats())["total_entries"] == 0
