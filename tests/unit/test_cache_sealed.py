"""Replies cross processes whole."""

import pytest

from actors.cache_entry import CacheReply, encode_packet
from actors.cache_sealed import Asking, SealedReply
from actors.cache_tiers import NearProvenance
from tests.unit.research_samples import KEY, PACKET, QUERY

NEAR = NearProvenance(
    matched_query="w", cosine=1.0, weakest_word=1.0, guards=("number",), age_s=1.0, embedder="e"
)
OUTLINE = CacheReply(
    source="exact",
    tier="memory",
    refresh_token="t",  # noqa: S106
    ttl_left_s=3.5,
    size_bytes=7,
    generation=2,
    degraded=True,
)


@pytest.mark.parametrize(
    "reply",
    [
        SealedReply(KEY, OUTLINE, encode_packet(KEY, PACKET)),
        SealedReply(KEY, CacheReply(source="miss", token="t", generation=3)),  # noqa: S106
        SealedReply(KEY, CacheReply(source="near", tier="near", packet=PACKET, near=NEAR)),
        SealedReply(KEY, CacheReply(source="exact", tier="flight", packet=PACKET, degraded=True)),
    ],
    ids=["from memory", "miss", "near", "flight"],
)
def test_a_reply_survives_the_way_to_another_process(reply: SealedReply) -> None:
    arrived = SealedReply.unpacked(KEY, reply.packed())

    assert arrived == reply.sealed()
    assert arrived.opened(QUERY).packet == reply.opened(QUERY).packet


def test_a_sealed_reply_opens_to_what_was_sealed_under_the_asker_s_own_words() -> None:
    asked = QUERY.model_copy(update={"words": "Ada"})
    reply = CacheReply(source="exact", tier="redis", packet=PACKET)

    opened = SealedReply(KEY, reply).sealed().opened(asked)

    assert opened.packet == PACKET.model_copy(update={"query": asked})
    assert opened.tier == "redis"


def test_the_words_of_an_exact_answer_do_not_travel() -> None:
    worded = PACKET.model_copy(update={"query": QUERY.model_copy(update={"words": "Zanzibark"})})

    assert b"Zanzibark" not in SealedReply(KEY, CacheReply(source="exact", packet=worded)).packed()


def test_bytes_that_hold_no_packet_open_to_a_miss() -> None:
    assert SealedReply(KEY, OUTLINE, b"{}").opened(QUERY) == CacheReply(source="miss")


@pytest.mark.parametrize("words", [None, "", "two words", 'a "quoted" line\nand another', "\u2028 é"])
def test_a_question_survives_the_way_to_another_process(words: str | None) -> None:
    query = None if words is None else QUERY.model_copy(update={"words": words})
    asking = Asking(KEY, query, "acme_1-b", 12)

    assert Asking.unpacked(asking.packed()) == asking
