"""Streams of events: first event at once, heartbeats, one end, bounded memory, no work for a client that left."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from actors.document_stream import Cursor
from actors.errors import AgentUnavailableError, DraftConflictError
from actors.events import AnyEvent, DraftFailed, DraftFinished, LayerStarted, Token
from serve import sse
from serve.frame_queue import MOST_BYTES, MOST_FRAMES, FrameQueue
from serve.sse import BATCH_S, HEARTBEAT_S, STALLED_S, EventStream
from tests.unit.asgi_connection import Connection, scope

END = DraftFinished(seq=9, status="finished", title="NDA", seconds=1.0)


class Source:
    """Events with pauses between them; says how far it was read, and whether it was closed."""

    def __init__(self, *steps: AnyEvent | float | Exception, endless: bool = False) -> None:
        self.told, self.closed = 0, False
        self._steps, self._endless = steps, endless

    async def events(self) -> AsyncGenerator[tuple[Cursor, AnyEvent], None]:
        try:
            for step in self._steps:
                match step:
                    case Exception():
                        raise step
                    case float():
                        await asyncio.sleep(step)
                    case _:
                        self.told += 1
                        yield Cursor(step.seq), step
            while self._endless:
                self.told += 1
                yield Cursor(1), Token(seq=0, section=0, content="x" * 1000)
        finally:
            self.closed = True


async def run(stream: EventStream, connection: Connection) -> None:
    connection._chunks.clear()  # the route has read the body
    await stream(scope("/", {}), connection.receive, connection.send)


def frames(body: bytes) -> list[dict[str, Any]]:
    found = []
    for block in body.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            found.append({"id": fields.get("id"), "event": fields["event"], **json.loads(fields["data"])})
    return found


async def test_every_event_comes_with_the_cursor_behind_it() -> None:
    source, client = Source(LayerStarted(seq=2, layer="intake"), END), Connection()

    await run(await EventStream.begun(source.events()), client)

    assert [(one["id"], one["event"]) for one in frames(client.body)] == [
        ("2-0-0-", "layer.started"),
        ("9-0-0-", "draft.finished"),
    ]
    assert client.headers["content-type"].startswith("text/event-stream")
    assert client.headers["cache-control"] == "no-store"
    assert client.body.startswith(b"retry: ")
    assert client.ended
    assert source.closed


async def test_events_that_come_close_together_travel_together_and_the_first_and_the_last_at_once() -> None:
    layers = [LayerStarted(seq=n, layer="intake") for n in range(1, 7)]
    source = Source(
        layers[0], *(step for layer in layers[1:] for step in (BATCH_S / 10, layer)), BATCH_S / 10, END
    )
    client, begun = Connection(), asyncio.get_running_loop().time()

    await run(await EventStream.begun(source.events()), client)

    told = [[frame["event"] for frame in frames(piece)] for piece in client.pieces]
    assert told == [["layer.started"], [*["layer.started"] * 5, "draft.finished"], []]
    assert asyncio.get_running_loop().time() - begun == pytest.approx(6 * BATCH_S / 10)


async def test_events_that_go_on_come_as_often_as_the_time_of_a_batch() -> None:
    steps = [step for n in range(1, 41) for step in (BATCH_S / 4, LayerStarted(seq=n, layer="intake"))]
    client = Connection()

    await run(await EventStream.begun(Source(*steps, END).events()), client)

    assert len(frames(client.body)) == 41
    assert len(client.pieces) == pytest.approx(40 / 4 + 2, abs=2)


async def test_a_quiet_stream_says_that_it_is_still_there() -> None:
    source, client = Source(LayerStarted(seq=1, layer="intake"), 4.5 * HEARTBEAT_S, END), Connection()

    await run(await EventStream.begun(source.events()), client)

    assert client.body.count(b": still here\n\n") == 4


async def test_a_first_event_that_is_late_does_not_hold_the_headers_back() -> None:
    source, client = Source(3.0, END), Connection()
    begun = asyncio.get_running_loop().time()

    stream = await EventStream.begun(source.events())

    assert asyncio.get_running_loop().time() - begun == pytest.approx(sse.PROMPT_S)
    await run(stream, client)
    assert [one["event"] for one in frames(client.body)] == ["draft.finished"]


async def test_an_error_before_the_first_event_is_raised_for_the_status() -> None:
    source = Source(DraftConflictError("0123456789"))
    with pytest.raises(DraftConflictError):
        await EventStream.begun(source.events())
    assert source.closed


@pytest.mark.parametrize(
    ("error", "told"),
    [(AgentUnavailableError("coordinator", "gone"), "agent-unavailable"), (KeyError("secret"), "defect")],
)
async def test_an_error_after_the_first_event_is_told_in_the_stream_and_ends_it(
    error: Exception, told: str
) -> None:
    source, client = Source(LayerStarted(seq=1, layer="intake"), 1.0, error), Connection()

    await run(await EventStream.begun(source.events()), client)

    last = frames(client.body)[-1]
    assert (last["event"], last["id"]) == ("error", None)
    assert last["type"] == f"urn:lexray:problem:{told}"
    assert b"secret" not in client.body
    assert client.ended


async def test_nothing_comes_after_the_terminal_event() -> None:
    failed = DraftFailed(seq=2, status="failed", step="draft", error="E", message="m")
    source, client = Source(failed, END), Connection()

    await run(await EventStream.begun(source.events()), client)

    assert [one["event"] for one in frames(client.body)] == ["draft.failed"]


async def test_a_client_that_leaves_closes_the_source_at_once() -> None:
    source, client = Source(LayerStarted(seq=1, layer="intake"), 1000.0, END), Connection()
    running = asyncio.create_task(run(await EventStream.begun(source.events()), client))
    await asyncio.sleep(1.0)

    client.left.set()
    left_s = asyncio.get_running_loop().time()
    await running

    assert source.closed
    assert asyncio.get_running_loop().time() == left_s


async def test_a_server_that_stops_the_request_closes_the_source() -> None:
    source, client = Source(LayerStarted(seq=1, layer="intake"), 1000.0, END), Connection()
    running = asyncio.create_task(run(await EventStream.begun(source.events()), client))
    await asyncio.sleep(1.0)

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert source.closed


async def test_a_client_that_never_reads_costs_a_bounded_number_of_events_and_is_given_up() -> None:
    source, client = Source(endless=True), Connection()
    client.reads.clear()
    running = asyncio.create_task(run(await EventStream.begun(source.events()), client))

    await asyncio.sleep(STALLED_S - 1)
    assert not running.done()
    assert source.told < 2 * MOST_FRAMES

    client.reads.set()
    await asyncio.sleep(0)
    client.reads.clear()
    await asyncio.sleep(STALLED_S + 1)
    assert running.done()
    assert source.closed
    assert source.told < 4 * MOST_FRAMES


async def test_one_connection_carries_a_bounded_number_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LIMIT_BYTES", 200_000)
    source, client = Source(endless=True), Connection()

    await run(await EventStream.begun(source.events()), client)

    assert len(client.body) < 201_000
    last = frames(client.body)[-1]
    assert (last["event"], last["type"]) == ("error", "urn:lexray:problem:stream-limit")
    assert source.closed


async def test_events_that_wait_together_go_together() -> None:
    tokens = [Token(section=0, content=f"{n}") for n in range(50)]
    source, client = Source(*tokens, END), Connection()
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))
        await client.send(message)

    client._chunks.clear()
    stream = await EventStream.begun(source.events())
    await stream(scope("/", {}), client.receive, send)

    assert len(frames(client.body)) == 51
    assert len(sent) < 20


async def test_what_waits_for_a_slow_client_is_bounded_in_bytes_too() -> None:
    queue = FrameQueue()
    put = 0

    async def fill() -> None:
        nonlocal put
        while True:
            await queue.put(b"x" * 100_000)
            put += 1

    filling = asyncio.create_task(fill())
    await asyncio.sleep(1)
    assert put * 100_000 < MOST_BYTES + 100_000
    before = put
    await queue.get()
    await asyncio.sleep(1)
    assert put == before + 1
    filling.cancel()


async def test_a_frame_larger_than_the_bound_still_passes() -> None:
    queue = FrameQueue(most_bytes=10)
    async with asyncio.timeout(1):
        for size in (100, 100):
            await queue.put(b"x" * size)
            assert len(await queue.get() or b"") == size
