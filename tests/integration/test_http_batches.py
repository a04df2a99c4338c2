"""Batches over HTTP: rows in, documents out, on the bulk engine in this process."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.types import ASGIApp, Message, Scope

from actors.config import Settings
from actors.errors import AgentUnavailableError
from actors.model_settings import ModelSettings
from actors.serve_settings import ServeSettings
from cluster.bulk.batches import Batches
from cluster.inline import InlineFleet
from tests.integration.guarded_api import Client, app_of, client_of, key_for
from tests.integration.model_drafting import KEY, profiles
from tests.provider.process import running_provider

MESSAGE = "Mutual NDA between Acme {} Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
LINES = {"Content-Type": "application/x-ndjson"}
OVER = {"cancelled", "finished", "failed"}
CANARY = "CANARY7f3a"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Batches are drafted in a thread, on real time."""
    return "asyncio"


class Server:
    """The guarded server, which can be ended and started again over the same home folder."""

    def __init__(self, home: Path, llm: ModelSettings | None = None, **limits: Any) -> None:
        serve = ServeSettings(rate=1_000_000, burst=100_000, **limits)
        self.settings = Settings(home=home, serve=serve, llm=llm or ModelSettings())
        self.keys = {tenant: key_for(self.settings, tenant) for tenant in ("acme", "zenith")}
        self.start()

    def start(self) -> None:
        self.fleet = InlineFleet(self.settings)
        self.app: ASGIApp = app_of(self.settings, self.fleet)

    def stop(self) -> None:
        self.agent.close()

    @property
    def agent(self) -> Batches:
        agent = self.fleet.agent("batches")._agent
        assert isinstance(agent, Batches)
        return agent


@pytest.fixture
def server(tmp_path: Path) -> Any:
    running = Server(tmp_path / "home", batch_rows=60, batch_bytes=100_000, batches=2)
    yield running
    running.stop()


@pytest.fixture
async def acme(server: Server) -> AsyncIterator[Client]:
    async with client_of(server.app, server.keys["acme"]) as client:
        yield client


@pytest.fixture
async def zenith(server: Server) -> AsyncIterator[Client]:
    async with client_of(server.app, server.keys["zenith"]) as client:
        yield client


def rows(count: int, first: int = 1) -> bytes:
    """Return rows with the ids r1, r2 and so on."""
    return lines(*({"id": f"r{n}", "message": MESSAGE.format(n)} for n in range(first, first + count)))


def lines(*values: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


async def begun(client: Client, content: bytes, query: str = "", **headers: str) -> str:
    """Begin a batch and return its address."""
    answer = await client.post(f"/v1/batches{query}", content=content, headers={**LINES, **headers})
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


async def ended(client: Client, batch: str) -> dict[str, Any]:
    """Wait for the end of a batch, and return its state."""
    async with asyncio.timeout(90):
        while True:
            state: dict[str, Any] = (await client.get(batch)).json()
            if state["status"] in OVER:
                return state
            await asyncio.sleep(0.05)


async def settled(client: Client, batch: str, count: int) -> None:
    """Wait until so many rows are settled."""
    async with asyncio.timeout(90):
        while True:
            counts = (await client.get(batch)).json()["counts"]
            if counts["finished"] + counts["degraded"] + counts["failed"] >= count:
                return
            await asyncio.sleep(0.05)


async def listed(client: Client, address: str) -> list[dict[str, Any]]:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


# From rows to documents.


async def test_every_row_is_a_document(acme: Client) -> None:
    batch = await begun(acme, rows(3), "?formats=md,docx")
    state = await ended(acme, batch)
    assert state["status"] == "finished"
    assert state["counts"] == {"total": 3, "finished": 3, "degraded": 0, "failed": 0, "in_flight": 0}
    results = await listed(acme, f"{batch}/results")
    assert [one["id"] for one in results] == ["r1", "r2", "r3"]
    assert await listed(acme, f"{batch}/failures") == []
    for result in results:
        markdown, word = [await acme.get(file) for file in result["files"]]
        assert f"Acme {result['id'][1:]} Robotics" in markdown.text
        assert word.content.startswith(b"PK")
        assert f'filename="{result["id"]}-Mutual' in markdown.headers["content-disposition"]


async def test_rows_may_come_in_crumbs_and_leave_the_last_line_open(acme: Client) -> None:
    async def crumbs() -> AsyncIterator[bytes]:
        content = rows(2).removesuffix(b"\n")
        for start in range(0, len(content), 7):
            yield content[start : start + 7]

    answer = await acme.post("/v1/batches", content=crumbs(), headers=LINES)
    assert answer.status_code == 202, answer.text
    assert answer.json()["counts"]["total"] == 2
    assert (await ended(acme, answer.headers["location"]))["counts"]["finished"] == 2


async def test_options_are_for_rows_that_leave_them_open(acme: Client) -> None:
    content = lines({"id": "open", "first": "Acme Robotics, Inc.", "second": "Beta Labs LLC"})
    batch = await begun(acme, content, "?type=nda_mutual&jurisdiction=California&formats=md")
    assert (await ended(acme, batch))["status"] == "finished"
    result = (await listed(acme, f"{batch}/results"))[0]
    assert (result["type"], result["jurisdiction"]) == ("nda_mutual", "US-CA")
    assert len(result["files"]) == 1
    word = await acme.get(f"{batch}/documents/open?format=docx")
    assert (word.status_code, word.json()["field"]) == (422, "format")


async def test_bad_rows_are_named_by_their_number_and_cost_no_other(acme: Client) -> None:
    bad = b'{"id": "r2", "message": \n{"id": "../etc", "message": "Mutual NDA"}\n' + rows(1)
    answer = await acme.post("/v1/batches", content=rows(1) + bad + rows(1, 5), headers=LINES)
    assert answer.status_code == 202
    named = [(one["number"], one["place"]) for one in answer.json()["problems"]]
    assert named == [(2, "line 2"), (3, "line 3"), (4, "line 4")]
    assert answer.json()["problems"][2]["reason"] == "id: row 1 has it already"
    batch = answer.headers["location"]
    state = await ended(acme, batch)
    assert state["counts"] == {"total": 5, "finished": 2, "degraded": 0, "failed": 3, "in_flight": 0}
    failures = await listed(acme, f"{batch}/failures")
    assert [one["number"] for one in failures] == [2, 3, 4]
    assert [one["id"] for one in await listed(acme, f"{batch}/results")] == ["r1", "r5"]


async def test_models_write_batches_too_and_what_they_cost_is_told(tmp_path: Path) -> None:
    with running_provider(api_key=KEY) as provider:
        profiles(provider)
        models = ModelSettings(
            base_url=provider.base_url,
            api_key=SecretStr(KEY),
            model="writer",
            agents=("draft",),
            input_price=1.0,
            output_price=1.0,
        )
        server = Server(tmp_path / "home", models)
        try:
            async with client_of(server.app, server.keys["acme"]) as client:
                batch = await begun(client, rows(2), "?engine=model&formats=md")
                state = await ended(client, batch)
                results = await listed(client, f"{batch}/results")
        finally:
            server.stop()
    assert (state["counts"]["finished"], state["options"]["engine"]) == (2, "model")
    assert state["cost"] == pytest.approx(sum(one["cost"] for one in results), abs=1e-5)
    assert state["cost"] > 0


# What is refused.


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "body: it holds no rows"),
        (b"\n  \n\n", "body: it holds no rows"),
        (b'{"id": \n[1]\n', "line 1: "),
        (b"\xff\xfe{\x00}\x00", "body: it is UTF-16"),
        (rows(61), "body: it has more than 60 rows"),
        (b"PK\x03\x04" + b"\xfe" * 900, "line 1: it is not UTF-8"),
    ],
    ids=["empty", "blank", "no JSON", "UTF-16", "too many rows", "no text"],
)
async def test_what_holds_no_rows_begins_nothing(acme: Client, content: bytes, reason: str) -> None:
    answer = await acme.post("/v1/batches", content=content, headers=LINES)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert reason in answer.json()["detail"]
    assert (await acme.get("/v1/batches")).json() == {"batches": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("type=poem", "type"),
        ("jurisdiction=Atlantis", "jurisdiction"),
        ("formats=md,odt", "formats"),
        ("formats=", "formats"),
        ("engine=oracle", "engine"),
        ("as_of=2026-02-31", "as_of"),
        ("engine=model", "LEXRAY_LLM_BASE_URL"),
    ],
)
async def test_options_that_mean_nothing_are_refused_by_name(acme: Client, query: str, field: str) -> None:
    answer = await acme.post(f"/v1/batches?{query}", content=rows(1), headers=LINES)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"].removeprefix("query: ").startswith(field)


async def test_a_body_is_bounded_and_must_be_json_lines(acme: Client) -> None:
    large = lines({"id": "r1", "message": "x" * 110_000})

    async def unannounced() -> AsyncIterator[bytes]:
        yield large

    answers = [
        await acme.post("/v1/batches", content=large, headers=LINES),
        await acme.post("/v1/batches", content=unannounced(), headers=LINES),
        await acme.post("/v1/batches", json={"input_file_id": "file-1"}),
        await acme.post("/v1/batches", content=b"x", headers={**LINES, "Content-Encoding": "gzip"}),
    ]
    assert [one.status_code for one in answers] == [413, 413, 415, 415]
    assert {one.headers["content-type"] for one in answers} == {"application/problem+json"}
    assert (await acme.get("/v1/batches")).json() == {"batches": []}


async def test_a_tenant_has_so_many_batches_under_way_and_no_more(
    server: Server, acme: Client, zenith: Client
) -> None:
    first, second = await begun(acme, rows(30)), await begun(acme, rows(30))
    refused = await acme.post("/v1/batches", content=rows(1), headers=LINES)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:lexray:problem:too-many-batches")
    assert int(refused.headers["retry-after"]) > 1
    assert "acme" not in refused.text
    await begun(zenith, rows(1))
    assert (await acme.delete(second)).json()["status"] == "cancelled"
    await begun(acme, rows(1))
    await acme.delete(first)


async def test_no_word_of_a_row_is_in_an_error_or_a_log(
    acme: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client's own log is not the server's
    wrong = [
        {"id": f"{CANARY} {CANARY}", "message": "Mutual NDA"},
        {"id": "a", "message": f"{CANARY}\u202e"},
        {"id": "b", "type": CANARY},
        {"id": "c", "message": "Mutual NDA", "jurisdiction": CANARY},
        {"id": "d", "type": "nda_mutual", "effective_date": CANARY},
    ]
    refused = await acme.post("/v1/batches", content=lines(*wrong[:4]), headers=LINES)
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) == 4
    batch = await begun(acme, rows(1) + lines(*wrong))
    state = await ended(acme, batch)
    assert state["counts"]["failed"] == 5
    row = await acme.get(f"{batch}/documents/{CANARY}")
    for answer in (refused, row, await acme.get(batch), await acme.get(f"{batch}/events")):
        assert CANARY not in answer.text
    assert CANARY not in caplog.text
    assert CANARY in (await acme.get(f"{batch}/failures")).text, "to its owner a failure shows the row"


# Whose it is.


async def test_to_another_tenant_there_is_no_such_batch(acme: Client, zenith: Client) -> None:
    batch = await begun(acme, rows(2))
    state = await ended(acme, batch)
    nobodys = batch.replace(state["batch_id"], "0123456789abcdef0123456789abcdef")
    for method, path in (
        ("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("GET", "/events"), ("GET", "/results"),
        ("GET", "/failures"), ("GET", "/documents/r1"),
    ):  # fmt: skip
        stranger, nobody = [await zenith.request(method, f"{one}{path}") for one in (batch, nobodys)]
        assert (stranger.status_code, stranger.json()["type"]) == (404, "urn:lexray:problem:batch-not-found")
        assert stranger.content == nobody.content
    assert (await zenith.get("/v1/batches")).json() == {"batches": []}
    assert [one["batch_id"] for one in (await acme.get("/v1/batches")).json()["batches"]] == [
        state["batch_id"]
    ]


async def test_a_row_without_a_document_says_so(acme: Client) -> None:
    batch = await begun(acme, rows(1) + lines({"id": "bad"}))
    await ended(acme, batch)
    failed, unknown = [await acme.get(f"{batch}/documents/{row}") for row in ("bad", "r9")]
    assert (failed.status_code, failed.json()["detail"]) == (409, "this row has no document: it is failed")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:lexray:problem:row-not-found")


# The same again.


async def test_the_same_key_is_the_same_batch(acme: Client, zenith: Client) -> None:
    key = {"Idempotency-Key": "order-1"}
    batch = await begun(acme, rows(2), **key)
    assert await begun(acme, rows(2), **key) == batch
    await ended(acme, batch)
    assert await begun(acme, rows(2), **key) == batch, "also when it is over"
    others = [
        await acme.post("/v1/batches", content=rows(3), headers={**LINES, **key}),
        await acme.post("/v1/batches?formats=md", content=rows(2), headers={**LINES, **key}),
    ]
    assert {(one.status_code, one.json()["type"]) for one in others} == {
        (422, "urn:lexray:problem:batch-conflict")
    }
    assert len((await acme.get("/v1/batches")).json()["batches"]) == 1
    assert await begun(zenith, rows(2), **key) != batch


async def test_two_uploads_under_one_key_at_once_are_one_batch(acme: Client) -> None:
    key = {"Idempotency-Key": "order-2"}
    batches = await asyncio.gather(*(begun(acme, rows(2), **key) for _ in range(2)))
    assert len(set(batches)) == 1
    assert len((await acme.get("/v1/batches")).json()["batches"]) == 1


# While it runs.


async def test_cancelling_keeps_what_is_done_and_twice_is_once(acme: Client) -> None:
    batch = await begun(acme, rows(60))
    await settled(acme, batch, 2)
    assert (await acme.post(f"{batch}/cancel")).json()["status"] in {"cancelling", "cancelled"}
    assert (await acme.delete(batch)).json()["status"] in {"cancelling", "cancelled"}
    state = await ended(acme, batch)
    assert state["status"] == "cancelled"
    assert 2 <= state["counts"]["finished"] < 60
    results = await listed(acme, f"{batch}/results")
    assert len(results) == state["counts"]["finished"]
    assert (await acme.get(results[0]["files"][0])).status_code == 200
    again = (await acme.post(f"{batch}/cancel")).json()
    assert (again["status"], again["ended"]) == ("cancelled", state["ended"])


async def test_results_and_documents_are_there_while_it_runs(acme: Client) -> None:
    batch = await begun(acme, rows(60), "?formats=md")
    await settled(acme, batch, 1)
    results = await listed(acme, f"{batch}/results")
    state = (await acme.get(batch)).json()
    assert (state["status"], len(results) >= 1) == ("running", True)
    assert "Robotics" in (await acme.get(results[0]["files"][0])).text
    assert (await acme.get(f"{batch}/documents/r60?format=md")).status_code in {404, 409}
    await acme.delete(batch)


async def events_of(client: Client, batch: str, after: str = "") -> list[tuple[str, str, dict[str, Any]]]:
    """Follow a batch to its end: ids, names and data."""
    found = []
    answer = await client.get(f"{batch}/events", headers={"Last-Event-ID": after} if after else {})
    assert answer.status_code == 200, answer.text
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in fields:
            found.append((fields["id"], fields["event"], json.loads(fields["data"])))
    return found


async def test_its_events_tell_how_far_it_is_and_end_with_it(acme: Client) -> None:
    batch = await begun(acme, rows(20), "?formats=md")
    events = await events_of(acme, batch)
    assert {name for _, name, _ in events[:-1]} == {"batch.progress"}
    assert (events[-1][1], events[-1][2]["counts"]["finished"]) == ("batch.finished", 20)
    done = [data["counts"]["finished"] for _, _, data in events]
    assert done == sorted(done)
    assert all(data["type"] == name for _, name, data in events)
    assert len({one for one, _, _ in events}) == len(events)
    assert [name for _, name, _ in await events_of(acme, batch, events[0][0])] == ["batch.finished"]
    seen = await acme.get(f"{batch}/events", headers={"Last-Event-ID": events[-1][0]})
    assert seen.status_code == 204
    wrong = await acme.get(f"{batch}/events", headers={"Last-Event-ID": "1; DROP"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "Last-Event-ID")


async def test_a_batch_goes_on_where_it_stood_when_the_server_is_there_again(server: Server) -> None:
    key = server.keys["acme"]
    async with client_of(server.app, key) as client:
        batch = await begun(client, rows(12), "?formats=md")
        waiting = await begun(client, rows(1), "?formats=md")
        await settled(client, batch, 3)
    server.stop()
    server.start()
    async with client_of(server.app, key) as client:
        state = await ended(client, batch)
        assert state["counts"] == {"total": 12, "finished": 12, "degraded": 0, "failed": 0, "in_flight": 0}
        assert len(await listed(client, f"{batch}/results")) == 12
        assert (await ended(client, waiting))["status"] == "finished"
        starts = json.loads((folder_of(server, batch) / "manifest.json").read_text())
        assert len(starts["starts"]) == 2
        assert starts["starts"][1]["settled"] < 12


def folder_of(server: Server, batch: str) -> Path:
    return next(server.agent._home.folder.glob(f"*/{batch.rpartition('/')[2]}"))


async def test_two_servers_of_one_home_folder_do_not_meet_in_a_batch(server: Server, acme: Client) -> None:
    await begun(acme, rows(1))
    other = app_of(server.settings, InlineFleet(server.settings))
    async with client_of(other, server.keys["acme"]) as client:
        answer = await client.get("/v1/batches")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:lexray:problem:agent-unavailable")


async def test_tenants_have_their_turns(
    server: Server, acme: Client, zenith: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cluster.bulk.batch_runner.TURN_S", 0.0)
    long = await begun(acme, rows(40), "?formats=md")
    later = await begun(acme, rows(1), "?formats=md")
    await settled(acme, long, 1)
    short = await begun(zenith, rows(1), "?formats=md")
    assert (await ended(zenith, short))["status"] == "finished"
    assert (await acme.get(long)).json()["status"] in {"waiting", "running"}
    assert (await acme.get(later)).json()["status"] == "waiting"
    assert (await ended(acme, long))["counts"]["finished"] == 40


async def test_rows_that_the_agent_lost_with_its_process_are_asked_for_again(server: Server) -> None:
    upload = await server.agent.open("acme", "0123456789")
    await server.agent.append(upload, rows(1))
    server.stop()
    server.start()
    with pytest.raises(AgentUnavailableError, match="send them again"):
        await server.agent.append(upload, rows(1))
    assert await server.agent.recent("acme", 10) == []


async def test_what_an_upload_left_is_gone(server: Server, acme: Client) -> None:
    await acme.post("/v1/batches", content=rows(61), headers=LINES)
    assert await status_of_broken_upload(server, rows(3)) in {400, 499}
    assert (await acme.get("/v1/batches")).json() == {"batches": []}
    assert list((server.settings.folder / "batches" / ".uploads").iterdir()) == []
    assert (server.settings.folder / "batches").stat().st_mode & 0o077 == 0


async def status_of_broken_upload(server: Server, content: bytes) -> int:
    """Send some rows, leave before the end, and return the status."""
    coming: list[Message] = [
        {"type": "http.request", "body": content, "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = {**LINES, "Authorization": f"Bearer {server.keys['acme']}", "Host": "localhost"}
    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/batches",
        "raw_path": b"/v1/batches",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    await server.app(scope, receive, send)
    return int(sent[0]["status"])
