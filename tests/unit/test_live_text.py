"""Several sections are written at once and read in document order."""

import asyncio

from actors.live_text import LiveText
from actors.messages import Piece


async def pieces_of(live: LiveText, batch_s: float = 0.02) -> list[Piece]:
    return [piece async for batch in live.pieces(batch_s) for piece in batch]


async def test_a_later_section_waits_until_the_ones_before_it_are_whole() -> None:
    live = LiveText()
    reading = asyncio.create_task(pieces_of(live))
    live.open(2, set())
    live.begin(1, "r.1.1", "")
    live.add(1, "second")
    live.complete(1)
    live.begin(0, "r.0.1", "")
    live.add(0, "fir")
    await asyncio.sleep(1)
    live.add(0, "st")
    live.complete(0)
    assert [(p.section, p.text) for p in await reading] == [(0, "fir"), (0, "st"), (1, "second")]


async def test_the_first_words_go_at_once_and_later_ones_in_batches() -> None:
    live, loop = LiveText(), asyncio.get_running_loop()
    live.open(1, set())
    live.begin(0, "r.0.1", "")
    told: list[tuple[float, str]] = []

    async def read() -> None:
        async for batch in live.pieces(0.02):
            told.extend((round(loop.time() - begun, 3), piece.text) for piece in batch)

    begun = loop.time()
    reading = asyncio.create_task(read())
    for word in "abcdefgh":
        live.add(0, word)
        await asyncio.sleep(0.005)
    live.complete(0)
    await reading
    assert told[0] == (0.0, "a")
    assert "".join(text for _, text in told) == "abcdefgh"
    assert len(told) <= 4


async def test_a_new_attempt_starts_from_its_beginning_and_says_why() -> None:
    live = LiveText()
    live.open(1, set())
    live.begin(0, "r.0.1", "")
    live.add(0, "half a sen")
    reading = asyncio.create_task(pieces_of(live))
    await asyncio.sleep(1)
    live.begin(0, "r.0.2", "the stream was cut")
    live.add(0, "a sentence")
    live.complete(0)
    [first, second] = await reading
    assert (first.attempt, first.offset) == ("r.0.1", 0)
    assert (second.attempt, second.offset, second.text) == ("r.0.2", 0, "a sentence")
    assert second.reason == "the stream was cut"


async def test_sections_that_the_reader_has_are_not_told_again() -> None:
    live = LiveText()
    live.open(2, {0})
    live.begin(1, "r.1.1", "")
    live.add(1, "new")
    live.complete(1)
    assert [(p.section, p.text) for p in await pieces_of(live)] == [(1, "new")]


async def test_a_reader_may_come_before_the_writing_and_leaves_with_its_end() -> None:
    live = LiveText()
    reading = asyncio.create_task(pieces_of(live))
    await asyncio.sleep(1)
    live.open(1, set())
    live.finish()
    assert await reading == []
