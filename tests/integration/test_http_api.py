"""The HTTP API on a real server, with all agents behind it: what a client sees, and what happens when it leaves."""

import asyncio
import json
import re
import socket
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn

from actors.config import Settings
from actors.domain.sections import Section
from actors.errors import UnauthorisedError
from cluster.inline import InlineFleet
from serve.access import Caller, OpenAccess
from serve.api import create_api
from serve.service import DraftService
from tests.integration.model_drafting import profiles, settings
from tests.provider.process import Provider, running_provider
from tests.provider.turns import fault

MESSAGE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
ASKED = {"message": MESSAGE}
CANARY = "CANARY7f3a"
Client = httpx2.AsyncClient


class Tenants:
    """Every key is a tenant."""

    def caller(self, headers: Mapping[str, str]) -> Caller:
        key = headers.get("authorization", "").removeprefix("Bearer ")
        if not key:
            raise UnauthorisedError("there is no key")
        return Caller(key, frozenset(("draft",)))


@asynccontextmanager
async def loopback(using: Settings) -> AsyncIterator[str]:
    """Serve on a port of the system's choice, and return the address."""
    service = DraftService(InlineFleet(using), using)
    config = uvicorn.Config(create_api(service, Tenants()), log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


def client_of(address: str, key: str = "acme") -> Client:
    return Client(base_url=address, headers={"Authorization": f"Bearer {key}"} if key else {}, timeout=60)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for the module: its server begins once."""
    return "asyncio"


@pytest.fixture(scope="module")
async def api(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with loopback(Settings(home=tmp_path_factory.mktemp("home"))) as address:
        yield address


@pytest.fixture
async def acme(api: str) -> AsyncIterator[Client]:
    """A client of a tenant that has no draft yet."""
    async with client_of(api, f"acme-{uuid.uuid4().hex}") as client:
        yield client


@pytest.fixture
async def zenith(api: str) -> AsyncIterator[Client]:
    """Another."""
    async with client_of(api, f"zenith-{uuid.uuid4().hex}") as client:
        yield client


Event = tuple[str, dict[str, Any]]
"""An id, and what happened."""


async def events_of(response: httpx2.Response) -> AsyncIterator[Event]:
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            told = json.loads(fields["data"])
            assert told["type"] == fields["event"] or fields["event"] == "error"
            yield fields.get("id", ""), told
            fields = {}


async def stream_of(client: Client, draft: str, after: str = "", most: int = 10_000) -> list[Event]:
    """Follow a draft, and leave after so many events."""
    seen: list[Event] = []
    headers = {"Last-Event-ID": after} if after else {}
    async with client.stream("GET", f"{draft}/events", headers=headers) as response:
        if response.status_code == 204:
            return seen
        assert response.status_code == 200, (await response.aread(), after)
        async with aclosing(events_of(response)) as events:  # type: ignore[type-var]
            async for event in events:
                seen.append(event)
                if len(seen) == most:
                    break
    return seen


def text_of(events: list[Event]) -> dict[int, str]:
    """Return the text by section, as a client puts it together; a gap or a repetition shows."""
    texts: dict[int, str] = {}
    for _, event in events:
        if event["type"] == "token":
            assert event["offset"] == len(texts.get(event["section"], ""))
            texts[event["section"]] = texts.get(event["section"], "") + event["content"]
        elif event["type"] == "section.restarted":
            texts[event["section"]] = ""
    return texts


def complete_of(events: list[Event]) -> dict[int, str]:
    """Return the sections as they are in the end."""
    drafted = [
        Section.model_validate(event["section"]) for _, event in events if event["type"] == "section.drafted"
    ]
    return {section.index: section.markdown for section in drafted}


async def finished(client: Client, draft: str) -> dict[str, Any]:
    while True:
        report: dict[str, Any] = (await client.get(draft)).json()
        if report["status"]:
            return report
        await asyncio.sleep(0.05)


# One draft, in each manner.


async def test_a_draft_is_its_report(acme: Client) -> None:
    response = await acme.post("/v1/drafts", json=ASKED)

    report = response.json()
    assert response.status_code == 200
    assert (report["status"], report["degraded"]) == ("finished", False)
    assert report["document"]["title"] == "Mutual Non-Disclosure Agreement"
    assert "Acme Robotics, Inc." in report["document"]["markdown"]
    assert (await acme.get(response.headers["location"])).json() == report


@pytest.mark.parametrize("way", [{"stream": True}, {}], ids=["body", "header"])
async def test_a_streamed_draft_is_its_events_up_to_the_terminal_one(
    acme: Client, way: dict[str, Any]
) -> None:
    accept = {} if way else {"Accept": "text/event-stream"}
    async with acme.stream("POST", "/v1/drafts", json={**ASKED, **way}, headers=accept) as response:
        events = [event async for event in events_of(response)]

    kinds = [event["type"] for _, event in events]
    assert kinds[0] == "draft.started"
    assert kinds[-1] == "draft.finished"
    assert kinds.count("draft.finished") == 1
    assert len({cursor for cursor, _ in events}) == len(events)
    report = (await acme.get(response.headers["location"])).json()
    assert all(text in report["document"]["markdown"] for text in text_of(events).values())


async def test_a_draft_in_the_background_goes_on_without_a_reader(acme: Client) -> None:
    response = await acme.post("/v1/drafts", json=ASKED, headers={"Prefer": "respond-async"})

    assert response.status_code == 202
    assert response.headers["preference-applied"] == "respond-async"
    assert response.json()["status"] is None
    assert (await finished(acme, response.headers["location"]))["status"] == "finished"


async def test_type_place_day_and_facts_count(acme: Client) -> None:
    order = {
        "message": "An NDA, please",
        "type": "nda_mutual",
        "jurisdiction": "Texas",
        "as_of": "2026-01-02",
        "facts": {"parties": {"first": {"name": "Alpha Inc."}, "second": {"name": "Beta LLC"}}},
        "session_id": "s-1",
        "sequential": True,
        "budget_s": 60.5,
    }
    response = await acme.post("/v1/drafts", json=order)

    report = response.json()
    assert response.status_code == 200, report
    assert (report["as_of"], report["session_id"]) == ("2026-01-02", "s-1")
    assert report["matter"]["jurisdiction"] == "US-TX"
    assert "Alpha Inc." in report["document"]["markdown"]


@pytest.mark.parametrize(
    ("form", "begins", "media_type"),
    [
        ("md", b"", "text/markdown; charset=utf-8"),
        ("docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("pdf", b"%PDF-", "application/pdf"),
    ],
)
async def test_a_document_is_fetched_as_a_file(
    acme: Client, form: str, begins: bytes, media_type: str
) -> None:
    draft = (await acme.post("/v1/drafts", json=ASKED)).headers["location"]

    response = await acme.get(f"{draft}/document", params={"format": form})

    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.content.startswith(begins)
    assert f'filename="Mutual-Non-Disclosure-Agreement.{form}"' in response.headers["content-disposition"]


async def test_a_history_shows_the_latest_first(acme: Client) -> None:
    for name in ("Alpha LLC", "Gamma LLC"):
        await acme.post("/v1/drafts", json={"message": MESSAGE.replace("Beta Labs LLC", name)})

    drafts = (await acme.get("/v1/drafts", params={"limit": 5})).json()["drafts"]

    assert [re.findall("(Alpha|Gamma)", one["user_request"]) for one in drafts] == [["Gamma"], ["Alpha"]]
    assert {one["status"] for one in drafts} == {"finished"}
    assert (await acme.get("/v1/drafts", params={"limit": 0})).status_code == 422


# Idempotency.


async def test_the_same_key_is_the_same_draft(acme: Client) -> None:
    key = {"Idempotency-Key": "order-1"}
    first, again = [(await acme.post("/v1/drafts", json=ASKED, headers=key)).json() for _ in range(2)]
    assert first == again
    assert len((await acme.get("/v1/drafts")).json()["drafts"]) == 1


async def test_the_same_key_at_the_same_time_is_one_draft(acme: Client) -> None:
    asking = (acme.post("/v1/drafts", json=ASKED, headers={"Idempotency-Key": "order-2"}) for _ in range(4))
    answers = await asyncio.gather(*asking)
    assert {answer.json()["draft_id"] for answer in answers} == {answers[0].json()["draft_id"]}
    assert len((await acme.get("/v1/drafts")).json()["drafts"]) == 1


async def test_a_key_is_not_for_two_orders(acme: Client) -> None:
    key = {"Idempotency-Key": "order-3"}
    await acme.post("/v1/drafts", json=ASKED, headers=key)
    for way in ({}, {"Prefer": "respond-async"}, {"Accept": "text/event-stream"}):
        other = {**ASKED, "jurisdiction": "US-CA"}
        response = await acme.post("/v1/drafts", json=other, headers={**key, **way})
        assert response.status_code == 422
        assert response.json()["type"] == "urn:lexray:problem:draft-conflict"


async def test_two_orders_that_come_at_once_under_one_key_are_not_mixed(acme: Client) -> None:
    orders = [{**ASKED, "jurisdiction": place} for place in ("US-DE", "US-CA", "US-TX")]
    asking = (acme.post("/v1/drafts", json=order, headers={"Idempotency-Key": "order-4"}) for order in orders)
    answers = await asyncio.gather(*asking)
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422]


async def test_two_tenants_keys_never_meet(acme: Client, zenith: Client) -> None:
    key = {"Idempotency-Key": "order-5"}
    ours = (await acme.post("/v1/drafts", json=ASKED, headers=key)).json()["draft_id"]
    theirs = (await zenith.post("/v1/drafts", json=ASKED, headers=key)).json()["draft_id"]
    assert ours != theirs


# Tenants.


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("GET", "/events"), ("GET", "/document"), ("GET", "/document?format=pdf")],
)
async def test_another_tenants_draft_is_like_none(
    acme: Client, zenith: Client, method: str, path: str
) -> None:
    draft = (await acme.post("/v1/drafts", json=ASKED)).headers["location"]

    stranger = await zenith.request(method, draft + path)
    nobody = await zenith.request(method, "/v1/drafts/0123456789abcdef" + path)

    assert stranger.status_code == nobody.status_code == 404
    assert stranger.content == nobody.content
    assert (await zenith.get("/v1/drafts")).json() == {"drafts": []}
    assert (await acme.get(draft)).json()["status"] == "finished"


async def test_without_a_key_nothing_is_told(api: str) -> None:
    async with client_of(api, "") as nobody:
        for method, path in (
            ("POST", "/v1/drafts"), ("GET", "/v1/drafts"), ("GET", "/v1/drafts/0123456789"), ("GET", "/v1/types"),
            ("POST", "/v1/review"), ("POST", "/v1/citations"), ("POST", "/v1/law/search"), ("GET", "/v1/status"),
            ("GET", "/v1/cache"), ("POST", "/v1/cache/clear"), ("POST", "/v1/batches"), ("GET", "/v1/batches/1"),
        ):  # fmt: skip
            response = await nobody.request(method, path, content=b"{")
            assert response.status_code == 401, path
            assert response.headers["www-authenticate"] == "Bearer"
        assert (await nobody.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/status"), ("GET", "/v1/cache"), ("POST", "/v1/cache/clear")]
)
async def test_figures_and_cache_want_a_role_of_their_own(acme: Client, method: str, path: str) -> None:
    assert (await acme.request(method, path, json={})).status_code == 403


# Streams that are cut.


def check_told_once(events: list[Event]) -> None:
    """See that nothing is lost or repeated: neither an event nor a character."""
    numbers = [event["seq"] for _, event in events if event["seq"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert text_of(events) == complete_of(events)


async def test_a_draft_under_way_that_is_read_event_by_event_loses_and_repeats_nothing(acme: Client) -> None:
    begun = await acme.post("/v1/drafts", json=ASKED, headers={"Prefer": "respond-async"})
    draft, events = begun.headers["location"], list[Event]()
    while not events or events[-1][1]["type"] != "draft.finished":
        events += await stream_of(acme, draft, after=events[-1][0] if events else "", most=1)

    check_told_once(events)


@pytest.mark.parametrize("place", [1, 2, 5, 9, 14, 20, 28, 35])
async def test_a_draft_whose_only_reader_is_cut_off_goes_on_when_it_comes_back(
    acme: Client, place: int
) -> None:
    events: list[Event] = []
    async with acme.stream("POST", "/v1/drafts", json={**ASKED, "stream": True}) as response:
        draft = response.headers["location"]
        async with aclosing(events_of(response)) as told:  # type: ignore[type-var]
            async for event in told:
                events.append(event)
                if len(events) == place:
                    break
    events += await stream_of(acme, draft, after=events[-1][0])

    check_told_once(events)
    assert events[-1][1]["type"] == "draft.finished"


async def lone_reader(client: Client, most: int) -> list[Event]:
    """Begin a draft as its only reader, be cut off after so many events, and come back until its end."""
    events: list[Event] = []
    async with client.stream("POST", "/v1/drafts", json={**ASKED, "stream": True}) as response:
        draft = response.headers["location"]
        async with aclosing(events_of(response)) as told:  # type: ignore[type-var]
            async for event in told:
                events.append(event)
                if len(events) == most:
                    break
    while events[-1][1]["type"] != "draft.finished":
        events += await stream_of(client, draft, after=events[-1][0], most=most)
        assert len(events) < 3_000, [event["type"] for _, event in events[-8:]]
    return events


async def test_a_draft_whose_only_reader_is_cut_off_after_every_event_comes_to_its_end(acme: Client) -> None:
    check_told_once(await lone_reader(acme, most=1))


async def test_a_finished_draft_is_told_from_every_place_alike(acme: Client) -> None:
    draft = (await acme.post("/v1/drafts", json=ASKED)).headers["location"]
    whole = await stream_of(acme, draft)
    for place, (cursor, _) in enumerate(whole):
        assert await stream_of(acme, draft, after=cursor) == whole[place + 1 :]
    check_told_once(whole)


async def test_who_has_seen_the_end_need_not_come_back(acme: Client) -> None:
    draft = (await acme.post("/v1/drafts", json=ASKED)).headers["location"]
    last, _ = (await stream_of(acme, draft))[-1]
    response = await acme.get(f"{draft}/events", headers={"Last-Event-ID": last})
    assert response.status_code == 204


@pytest.mark.parametrize("cursor", ["999-0-0-", "abc", "1-0-0-\ud83d".encode("utf-8", "replace").decode()])
async def test_a_place_that_the_draft_does_not_have_is_refused(acme: Client, cursor: str) -> None:
    draft = (await acme.post("/v1/drafts", json=ASKED)).headers["location"]
    response = await acme.get(f"{draft}/events", headers={"Last-Event-ID": cursor})
    assert response.status_code == 422
    assert response.json()["field"] == "Last-Event-ID"


# The end of a draft.


async def test_a_draft_that_is_over_stays_as_it_is(acme: Client) -> None:
    draft = (await acme.post("/v1/drafts", json=ASKED)).headers["location"]
    response = await acme.delete(draft)
    assert (response.status_code, response.json()["status"]) == (200, "finished")


# What is refused.


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"message": ""}, "message"),
        ({"message": "   "}, "message"),
        ({"message": f"What is the weather in {CANARY}?"}, None),
        ({"message": MESSAGE + "\x1b[31m"}, "message"),
        ({"message": MESSAGE + "\x0b"}, "message"),
        ({"message": MESSAGE + "\u202e" + CANARY}, "message"),
        ({"message": MESSAGE * 300}, "message"),
        ({**ASKED, "type": CANARY}, None),
        ({**ASKED, "jurisdiction": CANARY}, None),
        ({**ASKED, "engine": CANARY}, "engine"),
        ({**ASKED, "engine": "model"}, None),
        ({**ASKED, "facts": {CANARY.lower(): 1}}, None),
        ({**ASKED, "facts": {"options": [CANARY]}}, "facts.options"),
        ({**ASKED, "facts": {"stance": CANARY}}, "facts.stance"),
        ({**ASKED, "facts": {"effective_date": f"{CANARY}-02-31"}}, "facts.effective_date"),
        ({**ASKED, "facts": {"effective_date": "2026-02-31"}}, "facts.effective_date"),
        ({**ASKED, "facts": {"effective_date": "0000-01-01"}}, "facts.effective_date"),
        ({**ASKED, "facts": {"effective_date": "01/02/26"}}, "facts.effective_date"),
        ({**ASKED, "facts": {"term": "-3 years"}}, None),
        ({**ASKED, "facts": {"term": CANARY}}, "facts.term"),
        (
            {"message": "employment", "type": "employment", "facts": {"salary": "USD -1"}},
            "facts.salary",
        ),
        (
            {"message": "employment", "type": "employment", "facts": {"salary": 1e30}},
            "facts.salary",
        ),
        (
            {**ASKED, "facts": {"parties": {"first": {"name": CANARY}, "second": {"name": CANARY}}}},
            "facts.parties.second",
        ),
    ],
    ids=lambda part: str(part)[:40],
)
async def test_an_order_that_cannot_be_drafted_is_refused_before_anything_begins(
    acme: Client, order: Mapping[str, Any], field: str | None
) -> None:
    response = await acme.post("/v1/drafts", json=order)

    told = response.json()
    assert response.status_code == 422, told
    assert response.headers["content-type"] == "application/problem+json"
    assert CANARY not in response.text
    assert field is None or told["field"] == field
    assert (await acme.get("/v1/drafts")).json() == {"drafts": []}


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"null", 422), (b"[]", 422), (b'{"message": "\\ud800"}', 422), (b"\xff\xfe{\x00}\x00", 422),
     (b'{"message": "a", "message": "b"}', 422), (b'{"budget_s": NaN}', 422), (b" " * 20_000_000, 413)],
    ids=["empty", "null", "list", "surrogate", "utf-16", "twice", "nan", "20 MB"],
)  # fmt: skip
async def test_a_body_that_is_no_honest_json_is_refused(acme: Client, content: bytes, status: int) -> None:
    try:
        response = await acme.post(
            "/v1/drafts", content=content, headers={"Content-Type": "application/json"}
        )
    except httpx2.WriteError:
        assert status == 413  # refused while it was still being sent
        return
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_path_or_method_that_is_not_there_is_a_problem_too(acme: Client) -> None:
    for method, path, status in (
        ("GET", "/v1/nothing", 404),
        ("PUT", "/v1/drafts", 405),
        ("GET", "/docs", 404),
    ):
        response = await acme.request(method, path)
        assert response.status_code == status
        assert response.json()["status"] == status


async def test_an_unknown_format_is_refused(acme: Client) -> None:
    draft = (await acme.post("/v1/drafts", json=ASKED)).headers["location"]
    response = await acme.get(f"{draft}/document", params={"format": CANARY})
    assert response.status_code == 422
    assert CANARY not in response.text


# Texts and law.


async def test_a_text_is_reviewed_against_the_rules_of_its_type(acme: Client) -> None:
    text = "The Receiving Party shall keep it secret for two (3) years."
    report = (await acme.post("/v1/review", json={"text": text, "type": "nda_mutual"})).json()

    found = next(finding for finding in report["review"]["findings"] if finding["quote"] == "two (3)")
    assert report["text"][found["start"] : found["end"]] == "two (3)"
    assert report["validation"].keys() >= {"findings", "for_lawyer", "passed"}


async def test_a_file_is_reviewed_as_it_is(acme: Client) -> None:
    draft = (await acme.post("/v1/drafts", json=ASKED)).headers["location"]
    word = await acme.get(f"{draft}/document", params={"format": "docx"})

    response = await acme.post(
        "/v1/review",
        params={"type": "nda_mutual", "jurisdiction": "US-DE"},
        content=word.content,
        headers={"Content-Type": word.headers["content-type"]},
    )

    assert response.status_code == 200
    assert response.json()["jurisdiction"] == "US-DE"
    assert "Acme Robotics, Inc." in response.json()["text"]


@pytest.mark.parametrize("path", ["/v1/review", "/v1/citations"])
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"text": ""}}, 422),
        ({"json": {"text": " \n"}}, 422),
        ({"json": {"text": "a\x07"}}, 422),
        ({"json": {"text": "a", "typ": "nda_mutual"}}, 422),
        ({"json": {"text": "a", "as_of": "2026-02-30"}}, 422),
        ({"json": {"text": "a"}, "params": {"type": "nda_mutual"}}, 422),
        ({"content": b"PK\x03\x04", "headers": {"Content-Type": "text/plain"}}, 422),
        ({"content": b"a", "headers": {"Content-Type": "image/png"}}, 415),
    ],
    ids=lambda part: str(part)[:40],
)
async def test_a_text_that_cannot_be_read_is_refused(
    acme: Client, path: str, sent: dict[str, Any], status: int
) -> None:
    assert (await acme.post(path, **sent)).status_code == status


async def test_citations_are_looked_up(acme: Client) -> None:
    text = "See Varghese v. China Southern Airlines Co., 925 F.3d 1339 (11th Cir. 2019)."
    found = (await acme.post("/v1/citations", json={"text": text})).json()["citations"]
    assert [one["state"] for one in found] == ["not_found"]


async def test_law_is_found_in_free_words(acme: Client) -> None:
    asked = {"query": "non-compete after employment", "jurisdiction": "California", "limit": 3}
    found = (await acme.post("/v1/law/search", json=asked)).json()["authorities"]
    assert 1 <= len(found) <= 3
    assert any("16600" in one["citation"] for one in found)
    assert (await acme.post("/v1/law/search", json={"query": "?!"})).status_code == 422


async def test_the_types_are_told(acme: Client) -> None:
    types = (await acme.get("/v1/types")).json()["types"]
    assert {"nda_mutual", "employment"} <= {one["id"] for one in types}


# Status and cache, where everybody may do everything.


@pytest.fixture
async def everybody(anyio_backend: str) -> AsyncIterator[Client]:
    fleet = InlineFleet(Settings())
    app = create_api(DraftService(fleet, Settings(), replicas={"draft": 3}), OpenAccess())
    async with Client(transport=httpx2.ASGITransport(app), base_url="http://test", timeout=60) as client:
        yield client


async def test_the_status_has_the_figures_and_the_agents(everybody: Client) -> None:
    await everybody.post("/v1/drafts", json=ASKED)

    status = (await everybody.get("/v1/status")).json()

    assert status["optimization_active"] is True
    assert status["performance_stats"]["total_requests"] == 1
    assert status["cache_stats"]["misses"] == 1
    assert status["unavailable"] == []
    agents = {agent["name"]: agent for agent in status["agents"]}
    assert agents["draft"] == {"name": "draft", "breaker": "closed", "replicas": 3}
    assert agents["research"]["replicas"] == 1


async def test_the_cache_is_told_and_cleared(everybody: Client) -> None:
    await everybody.post("/v1/drafts", json=ASKED)
    assert (await everybody.get("/v1/cache")).json()["total_entries"] == 1
    assert (await everybody.post("/v1/cache/clear", json={})).json() == {"deleted_in_redis": 0}
    assert (await everybody.get("/v1/cache")).json()["total_entries"] == 0
    assert (await everybody.post("/v1/cache/clear", json={"key": "x"})).status_code == 422


async def test_it_lives_and_is_ready(everybody: Client) -> None:
    assert (await everybody.get("/healthz")).json() == {"status": "ok"}
    assert (await everybody.get("/readyz")).json() == {"status": "ready"}


async def test_the_api_describes_itself(everybody: Client) -> None:
    document = (await everybody.get("/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    ours = {path: methods for path, methods in document["paths"].items() if "/openai" not in path}
    for path in ("/v1/drafts", "/v1/drafts/{draft_id}/events", "/v1/review", "/v1/law/search", "/v1/status"):
        for operation in ours[path].values():
            assert operation["summary"]
            assert operation["description"]
            assert "application/problem+json" in operation["responses"]["422"]["content"]
    body = ours["/v1/drafts"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["message"]
    assert "Problem" in document["components"]["schemas"]


# Drafts by a model.


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def provider(server: Provider) -> Provider:
    profiles(server)
    return server


@pytest.fixture
async def modelled(provider: Provider, anyio_backend: str) -> AsyncIterator[str]:
    using = settings(provider, agents=("draft",)).model_copy(update={"engine": "model"})
    async with loopback(using) as address:
        yield address


async def test_a_model_drafts_and_its_words_come_as_they_are_written(modelled: str) -> None:
    async with (
        client_of(modelled) as client,
        client.stream("POST", "/v1/drafts", json={**ASKED, "stream": True}) as r,
    ):
        events = [event async for event in events_of(r)]

    assert events[-1][1]["type"] == "draft.finished"
    assert text_of(events) == complete_of(events)
    live = [event for _, event in events if event["type"] == "token" and event["attempt"]]
    assert live, "no word came before its section was complete"


async def test_a_models_draft_that_is_cut_again_and_again_loses_and_repeats_nothing(
    modelled: str,
) -> None:
    async with client_of(modelled) as client:
        begun = await client.post("/v1/drafts", json=ASKED, headers={"Prefer": "respond-async"})
        draft, events = begun.headers["location"], list[Event]()
        while not events or events[-1][1]["type"] != "draft.finished":
            events += await stream_of(client, draft, after=events[-1][0] if events else "", most=3)

    check_told_once(events)


@pytest.mark.parametrize("most", [1, 7])
async def test_a_models_draft_whose_only_reader_is_cut_off_again_and_again_comes_to_its_end(
    modelled: str, most: int
) -> None:
    async with client_of(modelled) as client:
        check_told_once(await lone_reader(client, most))


async def calls_under_way(provider: Provider) -> int:
    """Wait until a model is asked; return how often by then."""
    await asyncio.to_thread(provider.wait, "received", 1, 20.0)
    await asyncio.sleep(0.5)
    return len(await asyncio.to_thread(provider.log))


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "result"])
async def test_a_client_that_leaves_stops_the_models_calls(
    modelled: str, provider: Provider, stream: bool
) -> None:
    provider.script(*[fault("hang") for _ in range(40)])
    async with client_of(modelled) as client:
        asking = asyncio.create_task(client.post("/v1/drafts", json={**ASKED, "stream": stream}))
        calls = await calls_under_way(provider)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        left_s = time.monotonic()

    await asyncio.to_thread(provider.wait, "left", calls, 20.0)
    assert time.monotonic() - left_s < 2.0
    assert len(provider.log()) == calls, "nobody asked again"


async def test_one_of_two_readers_may_leave(modelled: str, provider: Provider) -> None:
    async with AsyncExitStack() as stack:
        one, other = [await stack.enter_async_context(client_of(modelled)) for _ in range(2)]
        key = {"Idempotency-Key": "two-readers"}
        leaving = asyncio.create_task(one.post("/v1/drafts", json=ASKED, headers=key))
        staying = asyncio.create_task(other.post("/v1/drafts", json=ASKED, headers=key))
        await calls_under_way(provider)
        leaving.cancel()
        assert (await staying).json()["status"] == "finished"


async def test_a_cancelled_draft_stops_the_models_calls_and_stays_cancelled(
    modelled: str, provider: Provider
) -> None:
    provider.script(*[fault("hang") for _ in range(40)])
    async with client_of(modelled) as client:
        key = {"Idempotency-Key": "cancelled"}
        begun = await client.post("/v1/drafts", json=ASKED, headers={**key, "Prefer": "respond-async"})
        draft = begun.headers["location"]
        calls = await calls_under_way(provider)

        assert (await client.get(f"{draft}/document")).status_code == 409
        cancelled = await client.delete(draft)
        await asyncio.to_thread(provider.wait, "left", calls, 20.0)

        assert cancelled.json()["status"] == "cancelled"
        assert (await client.get(draft)).json()["status"] == "cancelled"
        assert (await stream_of(client, draft))[-1][1]["type"] == "draft.cancelled"
        assert (await client.post("/v1/drafts", json=ASKED, headers=key)).status_code == 409
        assert (await client.get(f"{draft}/document")).status_code == 409
        assert len(provider.log()) == calls


async def test_a_draft_that_fails_is_a_problem_or_ends_its_stream(provider: Provider) -> None:
    wrong = settings(provider, agents=("draft",), draft_model="no-such-model")
    using = wrong.model_copy(update={"engine": "model"})
    async with loopback(using) as api, client_of(api) as client:
        response = await client.post("/v1/drafts", json=ASKED)
        assert response.status_code == 502, response.text
        assert response.json()["type"] == "urn:lexray:problem:model-endpoint"

        async with client.stream("POST", "/v1/drafts", json={**ASKED, "stream": True}) as streamed:
            events = [event async for event in events_of(streamed)]
        assert streamed.status_code == 200
        assert events[-1][1]["type"] == "draft.failed"


async def test_a_degraded_draft_is_200_and_says_so(modelled: str, provider: Provider) -> None:
    provider.profile("writer", says="marked", pattern="nothing fits this", events=1)
    async with client_of(modelled) as client:
        response = await client.post("/v1/drafts", json={**ASKED, "budget_s": 60})
    assert response.status_code == 200, response.text
    assert response.json()["degraded"] is True
    assert response.json()["status"] == "degraded"
