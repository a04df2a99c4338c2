"""The near tier within the cache: partitions, lives, failures, provenance."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from actors.cache import LegalSearchCache
from actors.cache_agent import CacheAgent
from actors.cache_entry import CacheReply
from actors.cache_key import Scope, research_key
from actors.cache_near import NearQuestions
from actors.cache_near_start import NearWhenAsked
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.errors import ResourceMissingError
from actors.messages import EssentialData, Hop
from actors.neighbours import CacheNeighbour
from actors.ports import LocalAgent
from actors.research import ResearchAgent
from actors.step import NoVault
from actors.step_policy import StepPolicy
from tests.unit.research_samples import PACKET, QUERY, Clock

FIRST = "Is a non-compete enforceable against a nurse in Ohio?"
AGAIN = "Will Ohio courts enforce a covenant not to compete against a nurse?"
OTHER = "Is a non-compete enforceable against a nurse in Iowa?"


class Alike:
    """An encoder to which everything looks the same: the guards alone tell questions apart."""

    id = "alike"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode_query(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32], list[str]]:
        self.texts.append(text)
        vector = np.array([1.0, 0.0], dtype=np.float32)
        return vector, np.stack([vector]), ["question"]


class Unlike(Alike):
    """An encoder to which no two questions look alike."""

    def encode_query(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32], list[str]]:
        self.texts.append(text)
        vector = np.array([1.0, 0.0] if len(self.texts) % 2 else [0.0, 1.0], dtype=np.float32)
        return vector, np.stack([vector]), ["question"]


class Broken(Alike):
    """An encoder that fails from its second text on."""

    def encode_query(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32], list[str]]:
        if self.texts:
            raise RuntimeError("the model is gone")
        return super().encode_query(text)


def asking(words: str) -> ResearchQuery:
    return QUERY.model_copy(update={"words": words})


async def ask(
    cache: LegalSearchCache, query: ResearchQuery, *, corpus: str = "1", tenant: str = "public"
) -> CacheReply:
    """Look up as a research agent does, and compute on a miss."""
    key = research_key(query, corpus, "r", tenant)
    reply = await cache.lookup(key, query, tenant)
    if reply.token:
        packet = PACKET.model_copy(update={"query": query, "corpus_version": corpus})
        await cache.fulfil(key, reply.token, packet)
    return reply


def cache_with(
    encoder: Alike, clock: Callable[[], float] = lambda: 0.0, max_questions: int = 100
) -> LegalSearchCache:
    near = NearQuestions(encoder, max_questions, clock)
    return LegalSearchCache(60, near=near, jitter=0, clock=clock)


async def test_other_words_for_an_answered_question_are_answered_with_provenance() -> None:
    clock = Clock()
    cache = cache_with(Alike(), clock)
    await ask(cache, asking(FIRST))
    clock.now_s += 7

    reply = await ask(cache, asking(AGAIN))

    assert (reply.source, reply.tier) == ("near", "near")
    assert reply.near is not None
    assert (reply.near.matched_query, reply.near.age_s, reply.near.embedder) == (FIRST, 7, "alike")
    assert {"place", "person", "negation and scope"} <= set(reply.near.guards)
    assert isinstance(reply.packet, ResearchPacket)
    assert reply.packet.hits == PACKET.hits


async def test_another_question_is_computed_however_alike_it_looks() -> None:
    cache = cache_with(Alike())
    await ask(cache, asking(FIRST))

    assert (await ask(cache, asking(OTHER))).source == "miss"


async def test_what_passes_the_guards_and_does_not_look_alike_is_computed() -> None:
    cache = cache_with(Unlike())
    await ask(cache, asking(FIRST))

    assert (await ask(cache, asking(AGAIN))).source == "miss"


@pytest.mark.parametrize(
    "change",
    [
        {"jurisdiction": "US-TX"},
        {"task_type": "lease"},
        {"families": ("lease",)},
        {"issues": ("wages",)},
        {"as_of": QUERY.as_of.replace(year=2001)},
        {"limit": 3},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_every_other_field_of_the_query_parts_the_questions(change: dict[str, object]) -> None:
    cache = cache_with(Alike())
    await ask(cache, asking(FIRST))

    assert (await ask(cache, asking(AGAIN).model_copy(update=change))).source == "miss"


async def test_tenants_and_corpus_versions_are_apart() -> None:
    cache = cache_with(Alike())
    await ask(cache, asking(FIRST), tenant="a")

    assert (await ask(cache, asking(AGAIN), tenant="b")).source == "miss"
    assert (await ask(cache, asking(AGAIN), tenant="a", corpus="2")).source == "miss"
    assert (await ask(cache, asking(AGAIN), tenant="a")).source == "near"


async def test_an_encoder_that_fails_makes_a_miss() -> None:
    cache = cache_with(Broken())
    await ask(cache, asking(FIRST))

    assert (await ask(cache, asking(AGAIN))).source == "miss"
    assert cache.get_stats()["near_errors"] > 0


async def test_a_near_answer_ends_with_the_exact_one() -> None:
    clock = Clock()
    cache = cache_with(Alike(), clock)
    await ask(cache, asking(FIRST))
    clock.now_s += 61

    assert (await ask(cache, asking(AGAIN))).source == "miss"


async def test_a_clear_forgets_the_questions_of_its_scope() -> None:
    cache = cache_with(Alike())
    await ask(cache, asking(FIRST), tenant="a")
    await ask(cache, asking(FIRST), tenant="b")
    cache.clear(Scope(tenant="a"))

    assert (await ask(cache, asking(AGAIN), tenant="a")).source == "miss"
    assert (await ask(cache, asking(AGAIN), tenant="b")).source == "near"


async def test_the_number_of_questions_is_bounded() -> None:
    cache = cache_with(Alike(), max_questions=1)
    await ask(cache, asking(FIRST))
    await ask(cache, asking(OTHER))

    assert (await ask(cache, asking(AGAIN))).source == "miss"


async def test_a_question_that_is_not_eligible_is_neither_found_nor_encoded() -> None:
    encoder = Alike()
    cache = cache_with(encoder)
    await ask(cache, asking("Is the FTC rule currently in force?"))

    assert (await ask(cache, asking("Is the FTC rule in force currently?"))).source == "miss"
    assert encoder.texts == []


async def test_a_research_query_of_a_draft_never_loads_the_near_tier() -> None:
    near = NearWhenAsked(Alike())
    cache = LegalSearchCache(60, near=near)
    await ask(cache, asking(""))

    assert near._near is None


async def test_the_first_question_in_words_loads_the_near_tier() -> None:
    near = NearWhenAsked(Alike())
    cache = LegalSearchCache(60, near=near)
    await ask(cache, asking("Is an oral contract binding?"))
    await near.loaded()
    await ask(cache, asking(FIRST))

    assert (await ask(cache, asking(AGAIN))).source == "near"


async def test_a_near_tier_that_cannot_be_loaded_leaves_exact_answers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    encoder = Broken()
    encoder.texts.append("spent")
    near = NearWhenAsked(encoder)
    cache = LegalSearchCache(60, near=near)
    await ask(cache, asking(FIRST))
    await near.loaded()

    assert (await ask(cache, asking(FIRST))).source == "exact"
    assert (await ask(cache, asking(AGAIN))).source == "miss"
    assert "near_tier_not_loaded error=RuntimeError" in caplog.text


async def test_where_a_near_answer_comes_from_reaches_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actors.cache_agent.MiniLM", Alike)
    actor = CacheAgent(60, 1_000_000, None, near=True)
    agent = ResearchAgent(StepPolicy(), NoVault(), CacheNeighbour(LocalAgent(actor)))
    hop = Hop(draft_id="d", tenant="public", budget_s=60, essential_data=EssentialData(user_request=""))
    await agent.research(hop, asking("Is an oral contract binding?"))
    assert actor._near is not None
    await actor._near.loaded()
    assert (await actor.stats())["near_tier"] == "on"
    await agent.research(hop, asking("Is a residuals clause enforceable?"))

    report, packet = await agent.research(hop, asking("Will courts enforce residuals clauses?"))

    assert (report.cache, bool(packet.hits)) == ("near", True)
    assert report.near is not None
    assert report.near["matched_query"] == "Is a residuals clause enforceable?"


async def test_without_weights_the_cache_says_that_it_answers_exact_questions_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent() -> None:
        raise ResourceMissingError("MiniLM's weights are not installed", "install them")

    monkeypatch.setattr("actors.cache_agent.MiniLM", absent)
    agent = CacheAgent(60, 1_000_000, None, near=True)

    assert "not installed" in (await agent.stats())["near_tier"]


async def test_the_near_tier_can_be_switched_off() -> None:
    assert (await CacheAgent(60, 1_000_000, None, near=False).stats())["near_tier"] == "off"
