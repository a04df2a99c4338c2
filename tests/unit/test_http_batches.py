"""Batches, part by part: bodies that come slowly, rows counted and looked at as they come, lines that nobody reads."""

import asyncio
import datetime
import json
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from actors.batches import BatchCounts, BatchOptions, BatchState, Status
from actors.errors import AgentUnavailableError, BatchNotFoundError, InvalidFieldsError, InvalidInputError
from cluster.bulk.batch import Batch
from cluster.bulk.batch_folder import BatchFolder, BatchRecord
from cluster.bulk.batch_home import BatchHome
from cluster.bulk.batch_upload import Upload
from cluster.bulk.checks import Defaults
from cluster.bulk.figures import Figures
from serve.json_lines import JsonLines
from serve.limits import RequestLimits
from tests.unit.asgi_connection import Connection, scope

MESSAGE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law"


def row(**fields: object) -> bytes:
    return json.dumps({"message": MESSAGE, **fields}).encode() + b"\n"


# Bodies that go to disk as they come.


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive())["more_body"]:
        pass
    await PlainTextResponse("there")(scope, receive, send)


async def sent(path: str, chunks: Iterable[bytes], chunk_every_s: float) -> int:
    app = RequestLimits(reads_all, 100, 10_000, 50, {"/v1/batches": 1_000})
    connection = Connection(chunks, chunk_every_s)
    await app(scope(path, {}), connection.receive, connection.send)
    return connection.status


@pytest.mark.parametrize(
    ("path", "chunks", "chunk_every_s", "status"),
    [
        ("/v1/batches", [b"x" * 100] * 10, 20.0, 200),
        ("/v1/batches", [b"x" * 100] * 11, 0.0, 413),
        ("/v1/batches", [b"x"] * 3, 31.0, 408),
        ("/v1/drafts", [b"x"] * 3, 20.0, 408),
        ("/v1/drafts", [b"x" * 100] * 2, 0.0, 413),
    ],
    ids=["slow", "too large", "at rest", "another slow", "another large"],
)
async def test_a_streamed_body_may_be_large_and_slow_but_must_not_rest(
    path: str, chunks: list[bytes], chunk_every_s: float, status: int
) -> None:
    assert await sent(path, chunks, chunk_every_s) == status


# Rows as they come.


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    return Upload(tmp_path / "upload", "acme", most_rows=10)


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_rows_are_counted_wherever_a_piece_ends(upload: Upload, size: int) -> None:
    content = b"\n" + row(id="a") + b"  \r\n" + row(id="b") + b"\n" + row(id="c").strip()
    for start in range(0, len(content), size):
        upload.add(content[start : start + size])
    assert upload.rows == 3
    assert upload.complete(Defaults()) == ()
    assert upload.run.spool.read_bytes() == content


def test_one_row_too_many_is_refused_before_it_is_on_disk(upload: Upload) -> None:
    upload.add(b"".join(row(id=f"r{n}") for n in range(10)))
    with pytest.raises(InvalidInputError, match="more than 10 rows"):
        upload.add(b"x")
    assert upload.run.spool.read_bytes().count(b"\n") == 10


def test_the_first_look_names_bad_rows_without_their_words(upload: Upload) -> None:
    upload.add(row(id="a") + row(id="x/y") + b'{"id"\n' + row(id="A") + row(id="b", type="secret plan"))
    problems = upload.complete(Defaults())
    assert [one.place for one in problems] == ["line 2", "line 3", "line 4", "line 5"]
    assert problems[2].reason == "id: row 1 has it already"
    assert not any("x/y" in one.reason or "secret" in one.reason for one in problems)


def test_where_no_row_is_good_there_is_no_batch(upload: Upload) -> None:
    upload.add(b"[1]\n" + row(id="x/y"))
    with pytest.raises(InvalidFieldsError) as caught:
        upload.complete(Defaults())
    assert list(caught.value.fields) == ["line 1", "line 2"]


# What a batch is between its coming and its end.


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    state = BatchState(
        batch_id="0123456789",
        status="waiting",
        created=datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC),
        options=BatchOptions(),
        counts=BatchCounts(total=9),
    )
    return Batch(BatchFolder(tmp_path), BatchRecord(tenant="acme", sha256="0" * 64, state=state))


def on_disk(batch: Batch) -> Status:
    return batch.folder.record().state.status


def test_a_batch_that_waits_is_cancelled_at_once_and_never_begins(batch: Batch) -> None:
    assert batch.cancel()
    assert batch.state().ended is not None
    assert not batch.begin(Figures())
    assert on_disk(batch) == "cancelled"


def test_a_cancel_while_it_is_drafted_outlives_a_restart(batch: Batch) -> None:
    assert batch.begin(Figures())
    assert not batch.cancel()
    assert on_disk(batch) == "cancelling"
    batch.pause()
    assert on_disk(batch) == "cancelled"


def test_a_turn_never_tells_less_than_the_one_before(batch: Batch) -> None:
    batch.begin(Figures(finished=4, in_flight=2))
    batch.pause()
    assert batch.state().counts == BatchCounts(total=9, finished=4)
    batch.begin(Figures())
    assert batch.state().counts.finished == 4
    batch.pause()
    batch.begin(Figures(total=9, finished=8, failed=1))
    batch.end("finished")
    assert (batch.state().mark, on_disk(batch)) == ("9-finished", "finished")


def test_a_disk_that_is_full_ends_no_batch(batch: Batch, caplog: pytest.LogCaptureFixture) -> None:
    batch.folder.path.rmdir()
    assert batch.begin(Figures())
    assert batch.state().status == "running"
    assert "its state is not on disk" in caplog.text


def test_a_home_folder_is_one_agent_s_and_what_is_damaged_in_it_harms_nothing_else(
    tmp_path: Path, batch: Batch
) -> None:
    folder = tmp_path / "home"
    (folder / "acme" / "damaged").mkdir(parents=True)
    (folder / "acme" / "damaged" / "batch.json").write_text("{")
    BatchFolder(folder / "acme" / "damaged").path.with_name("good").mkdir()
    BatchFolder(folder / "acme" / "good").save(batch.record)
    home, other = BatchHome(folder), BatchHome(folder)
    assert [one.state().batch_id for one in home.take_up()] == ["0123456789"]
    with pytest.raises(AgentUnavailableError):
        other.take_up()
    home.close()
    assert len(other.take_up()) == 1
    other.close()


# Lines that somebody reads, or not.


class Source:
    """Pieces without end, which know whether somebody still wants them."""

    def __init__(self) -> None:
        self.given = 0
        self.closed = False

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        try:
            while True:
                self.given += 1
                yield b"{}\n"
                await asyncio.sleep(0.01)
        finally:
            self.closed = True


@pytest.mark.parametrize("how", ["leaves", "stops to read"])
async def test_lines_that_nobody_reads_are_not_read_either(how: str) -> None:
    source, client = Source(), Connection()
    response = await JsonLines.begun(source.pieces())
    running = asyncio.create_task(response(scope("/", {}), client.receive, client.send))
    await asyncio.sleep(1)
    if how == "leaves":
        client.left.set()
    else:
        client.reads.clear()
        await asyncio.sleep(61)
    await asyncio.wait_for(running, 1)
    assert source.closed
    assert not client.ended


async def test_lines_are_sent_whole() -> None:
    async def two() -> AsyncGenerator[bytes, None]:
        yield b"1\n"
        yield b"2\n"

    client = Connection()
    response = await JsonLines.begun(two())
    await response(scope("/", {}), client.receive, client.send)
    assert (client.status, client.body, client.ended) == (200, b"1\n2\n", True)


async def test_what_is_wrong_before_the_first_line_still_has_a_status() -> None:
    async def none() -> AsyncGenerator[bytes, None]:
        raise BatchNotFoundError("0123456789")
        yield b""

    with pytest.raises(BatchNotFoundError):
        await JsonLines.begun(none())
