"""Several sections are written at once and read in document order; all readers of a process share one stream."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager

from actors.live_audience import LiveAudience
from actors.live_reader import LiveReader
from actors.live_text import LiveText
from actors.messages import Piece
from actors.ports import LocalAgent


class Writing:
    """A drafting agent as its readers see it."""

    def __init__(self, batch_s: float = 0.02) -> None:
        self.audience = LiveAudience(batch_s)
        self.items = 0
        """That went to readers' processes."""

    async def listen(self, room: str, ear: str, key: str) -> None:
        self.audience.listen(room, ear, key)

    async def leave(self, ear: str) -> None:
        self.audience.leave(ear)

    async def read_along(self, room: str) -> AsyncIterator[object]:
        async with aclosing(self.audience.read(room)) as batches:
            async for batch in batches:
                self.items += 1
                yield batch


class Reading:
    """One reader, and when it heard what."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.at_s: list[float] = []

    @property
    def told(self) -> list[tuple[int, str]]:
        return [(piece.section, piece.text) for piece in self.pieces]


@asynccontextmanager
async def reading(reader: LiveReader, key: str = "d") -> AsyncIterator[Reading]:
    """Read along until the block ends."""
    heard, loop = Reading(), asyncio.get_running_loop()

    async def read() -> None:
        async with aclosing(reader.pieces(key)) as pieces:
            async for piece in pieces:
                heard.pieces.append(piece)
                heard.at_s.append(loop.time())

    task = asyncio.create_task(read())
    await asyncio.sleep(0.01)
    try:
        yield heard
        await asyncio.sleep(0.1)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def opened(writing: Writing, sections: int = 1, done: Iterable[int] = (), key: str = "d") -> LiveText:
    live = writing.audience.open(key)
    live.open(sections, set(done))
    return live


async def test_a_later_section_waits_until_the_ones_before_it_are_whole() -> None:
    writing = Writing()
    live = opened(writing, 2)
    async with reading(LiveReader(LocalAgent(writing))) as heard:
        live.begin(1, "r.1.1", "")
        live.add(1, "second")
        live.complete(1)
        live.begin(0, "r.0.1", "")
        live.add(0, "fir")
        await asyncio.sleep(1)
        live.add(0, "st")
        live.complete(0)
    assert heard.told == [(0, "fir"), (0, "st"), (1, "second")]


async def test_the_first_words_go_at_once_and_later_ones_in_batches() -> None:
    writing, loop = Writing(), asyncio.get_running_loop()
    live = opened(writing)
    live.begin(0, "r.0.1", "")
    async with reading(LiveReader(LocalAgent(writing))) as heard:
        begun = loop.time()
        for word in "abcdefgh":
            live.add(0, word)
            await asyncio.sleep(0.005)
    assert heard.pieces[0].text == "a"
    assert heard.at_s[0] == begun
    assert "".join(piece.text for piece in heard.pieces) == "abcdefgh"
    assert len(heard.pieces) <= 4


async def test_the_first_words_of_a_draft_do_not_wait_for_another_drafts_batch() -> None:
    writing, loop = Writing(batch_s=10.0), asyncio.get_running_loop()
    reader = LiveReader(LocalAgent(writing))
    first, second = opened(writing, key="one"), opened(writing, key="two")
    async with reading(reader, "one"), reading(reader, "two") as heard:
        first.begin(0, "r.0.1", "")
        first.add(0, "words")
        await asyncio.sleep(1)
        second.begin(0, "r.0.1", "")
        second.add(0, "other words")
        said = loop.time()
        await asyncio.sleep(0.1)
        assert heard.at_s == [said]


async def test_all_readers_of_a_process_share_one_stream() -> None:
    writing = Writing()
    reader = LiveReader(LocalAgent(writing))
    texts = {key: opened(writing, key=key) for key in "abc"}
    async with reading(reader, "a") as a, reading(reader, "b") as b, reading(reader, "c") as c:
        for word in ["some", "words", "of", "three", "drafts"]:
            for key, live in texts.items():
                if word == "some":
                    live.begin(0, f"{key}.0.1", "")
                live.add(0, f"{key}:{word} ")
            await asyncio.sleep(0.05)
    assert writing.items == 5
    for key, heard in zip("abc", (a, b, c), strict=True):
        assert "".join(piece.text for piece in heard.pieces).split() == [
            f"{key}:{word}" for word in ["some", "words", "of", "three", "drafts"]
        ]


async def test_a_new_attempt_starts_from_its_beginning_and_says_why() -> None:
    writing = Writing()
    live = opened(writing)
    live.begin(0, "r.0.1", "")
    live.add(0, "half a sen")
    async with reading(LiveReader(LocalAgent(writing))) as heard:
        await asyncio.sleep(1)
        live.begin(0, "r.0.2", "the stream was cut")
        live.add(0, "a sentence")
        live.complete(0)
    [first, second] = heard.pieces
    assert (first.attempt, first.offset) == ("r.0.1", 0)
    assert (second.attempt, second.offset, second.text) == ("r.0.2", 0, "a sentence")
    assert second.reason == "the stream was cut"


async def test_sections_that_the_reader_has_are_not_told_again() -> None:
    writing = Writing()
    live = opened(writing, 2, done=[0])
    async with reading(LiveReader(LocalAgent(writing))) as heard:
        live.begin(1, "r.1.1", "")
        live.add(1, "new")
    assert heard.told == [(1, "new")]


async def test_a_reader_may_come_before_the_writing_and_hears_a_draft_that_is_written_again() -> None:
    writing = Writing()
    async with reading(LiveReader(LocalAgent(writing))) as heard:
        first = opened(writing)
        first.begin(0, "r.0.1", "")
        first.add(0, "one")
        await asyncio.sleep(1)
        writing.audience.close("d", first)
        again = opened(writing)
        again.begin(0, "s.0.1", "")
        again.add(0, "two")
    assert [(piece.attempt, piece.text) for piece in heard.pieces] == [("r.0.1", "one"), ("s.0.1", "two")]


async def test_a_slow_reader_holds_up_nobody() -> None:
    writing = Writing(batch_s=0.0)
    reader = LiveReader(LocalAgent(writing))
    live, other = opened(writing), opened(writing, key="other")
    async with aclosing(reader.pieces("d")) as slow, reading(reader, "other") as heard:
        await asyncio.wait([asyncio.ensure_future(anext(slow))], timeout=0.01)
        live.begin(0, "r.0.1", "")
        for _ in range(2000):
            live.add(0, "word ")
            await asyncio.sleep(0.001)
        other.begin(0, "r.0.1", "")
        other.add(0, "heard")
    assert heard.told == [(0, "heard")]


async def test_who_left_is_forgotten() -> None:
    writing = Writing()
    async with reading(LiveReader(LocalAgent(writing))):
        pass
    assert not writing.audience._rooms
    assert not writing.audience._ears
    assert not writing.audience._ears_of
