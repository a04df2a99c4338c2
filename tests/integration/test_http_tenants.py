"""Tenants and roles on the guarded server: to a stranger's key there is no draft, no event, no cached answer."""

import asyncio
import itertools
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from actors.config import Settings
from actors.serve_settings import ServeSettings
from cluster.inline import InlineFleet
from serve.access import Role
from serve.key_writing import change_keys
from serve.keys import KeyFile
from tests.integration.guarded_api import ASKED, MESSAGE, Client, app_of, client_of, key_for

NOBODYS_ID = "0123456789abcdef0123456789abcdef"
OPEN_PATHS = {"/healthz", "/readyz"}
ROLE_OF = {
    ("GET", "/v1/status"): {"metrics", "admin"},
    ("GET", "/v1/cache"): {"admin"},
    ("POST", "/v1/cache/clear"): {"admin"},
}
"""Every other route wants `draft`."""
BODIES: dict[str, Any] = {"/v1/chat/completions": {"model": "lexray", "messages": []}}


@dataclass
class Server:
    app: ASGIApp
    settings: Settings
    fleet: InlineFleet

    def key(self, tenant: str, *roles: Role) -> str:
        return key_for(self.settings, tenant, *roles)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    settings = Settings(home=tmp_path, serve=ServeSettings(rate=1_000_000, burst=100_000))
    key_for(settings, "nobody")
    fleet = InlineFleet(settings, tmp_path / "journal.sqlite")
    return Server(app_of(settings, fleet), settings, fleet)


@pytest.fixture
async def acme(server: Server) -> AsyncIterator[Client]:
    async with client_of(server.app, server.key("acme")) as client:
        yield client


@pytest.fixture
async def zenith(server: Server) -> AsyncIterator[Client]:
    async with client_of(server.app, server.key("zenith")) as client:
        yield client


async def operations(client: Client) -> list[tuple[str, str]]:
    """Return every operation of the API's own document."""
    paths = (await client.get("/openapi.json")).json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def filled(path: str, draft_id: str) -> str:
    """Return a path with a draft's id wherever an id stands."""
    path = path.replace("{response_id}", f"resp_{draft_id}").replace("{model}", "lexray")
    return re.sub(r"\{[a-z_]+\}", draft_id, path)


async def drafted(client: Client) -> str:
    response = await client.post("/v1/drafts", json=ASKED)
    assert response.status_code == 200, response.text
    return str(response.json()["draft_id"])


# Drafts, events, documents.


async def test_on_every_route_with_an_id_a_stranger_s_draft_is_like_none(
    acme: Client, zenith: Client
) -> None:
    draft_id = await drafted(acme)
    with_id = [one for one in await operations(acme) if "_id}" in one[1]]
    assert {("GET", "/v1/drafts/{draft_id}/events"), ("GET", "/v1/responses/{response_id}")} <= set(with_id)
    for method, path in with_id:
        stranger, nobody = [
            await zenith.request(method, filled(path, known)) for known in (draft_id, NOBODYS_ID)
        ]
        assert stranger.status_code == nobody.status_code
        assert 400 <= stranger.status_code < 600, (method, path)
        assert stranger.text.replace(draft_id, NOBODYS_ID) == nobody.text, (method, path)
    assert (await acme.get(f"/v1/drafts/{draft_id}")).json()["status"] == "finished"


async def test_lists_hold_ones_own_drafts(acme: Client, zenith: Client) -> None:
    draft_id = await drafted(acme)
    assert (await zenith.get("/v1/drafts")).json() == {"drafts": []}
    assert [one["draft_id"] for one in (await acme.get("/v1/drafts")).json()["drafts"]] == [draft_id]


async def test_a_draft_under_way_is_neither_seen_followed_nor_stopped_by_a_stranger(
    acme: Client, zenith: Client
) -> None:
    begun = await acme.post("/v1/drafts", json=ASKED, headers={"Prefer": "respond-async"})
    place = begun.headers["location"]
    tried = [
        await zenith.get(place),
        await zenith.get(f"{place}/events"),
        await zenith.get(f"{place}/events", headers={"Last-Event-ID": "1-0-0-"}),
        await zenith.delete(place),
    ]
    assert {one.status_code for one in tried} == {404}
    while (await acme.get(place)).json()["status"] is None:
        await asyncio.sleep(0.05)
    assert (await acme.get(place)).json()["status"] == "finished"


async def test_two_keys_of_one_tenant_share_its_drafts(server: Server, acme: Client) -> None:
    draft_id = await drafted(acme)
    async with client_of(server.app, server.key("acme")) as other:
        assert (await other.get(f"/v1/drafts/{draft_id}")).status_code == 200


async def test_idempotency_keys_of_two_tenants_never_meet(acme: Client, zenith: Client) -> None:
    key = {"Idempotency-Key": "order-0001"}
    one = (await acme.post("/v1/drafts", json=ASKED, headers=key)).json()
    other = (await zenith.post("/v1/drafts", json={**ASKED, "jurisdiction": "US-CA"}, headers=key)).json()
    assert one["draft_id"] != other["draft_id"]
    assert (one["matter"]["jurisdiction"], other["matter"]["jurisdiction"]) == ("US-DE", "US-CA")


async def test_a_tenant_cannot_name_itself(server: Server) -> None:
    async with client_of(server.app, server.key("zenith")) as zenith:
        answer = await zenith.post(
            "/v1/drafts", json={**ASKED, "tenant": "acme"}, headers={"X-Tenant": "acme"}
        )
        assert answer.status_code == 422
        await drafted(zenith)
    async with client_of(server.app, server.key("acme")) as acme:
        assert (await acme.get("/v1/drafts")).json() == {"drafts": []}


# The cache.


async def test_no_cached_answer_serves_two_tenants(server: Server, acme: Client, zenith: Client) -> None:
    async with client_of(server.app, server.key("ops", "admin")) as ops:
        for client in (acme, zenith):
            report = (await client.post("/v1/drafts", json=ASKED)).json()
            assert report["cache"]["research"] == "miss"
            again = (await client.post("/v1/drafts", json=ASKED)).json()
            assert again["cache"]["research"] == "exact"
        figures = (await ops.get("/v1/cache")).json()
    assert (figures["total_entries"], figures["misses"]) == (2, 2)


async def test_clearing_one_tenant_s_answers_leaves_the_others(
    server: Server, acme: Client, zenith: Client
) -> None:
    for client in (acme, zenith):
        await drafted(client)
    async with client_of(server.app, server.key("ops", "admin")) as ops:
        assert (await ops.post("/v1/cache/clear", json={"tenant": "acme"})).status_code == 200
        assert (await ops.get("/v1/cache")).json()["total_entries"] == 1
    report = (await zenith.post("/v1/drafts", json=ASKED)).json()
    assert report["cache"]["research"] == "exact"


# Roles and keys.


async def test_without_a_key_no_route_tells_anything(server: Server) -> None:
    async with client_of(server.app) as nobody:
        for method, path in await operations(nobody):
            answer = await nobody.request(method, filled(path, NOBODYS_ID), content=b"{")
            assert (answer.status_code == 401) is (path not in OPEN_PATHS), (method, path, answer.status_code)
        for method in ("POST", "GET", "DELETE"):
            assert (await nobody.request(method, "/mcp", content=b"{")).status_code in {401, 405}


@pytest.mark.parametrize("role", ["draft", "admin", "metrics"])
async def test_a_role_opens_its_routes_and_no_others(server: Server, role: Role) -> None:
    async with client_of(server.app, server.key("acme", role)) as client:
        for method, path in await operations(client):
            if path in OPEN_PATHS:
                continue
            answer = await client.request(method, filled(path, NOBODYS_ID), content=b"{")
            may = role in ROLE_OF.get((method, path), {"draft"})
            assert (answer.status_code == 403) is not may, (method, path, answer.status_code)
        mcp = await client.post("/mcp", content=b"{", headers={"Content-Type": "application/json"})
        assert (mcp.status_code == 403) is (role != "draft")


async def test_openai_s_and_anthropic_s_clients_ways_to_send_a_key_both_work(server: Server) -> None:
    key = server.key("acme")
    async with client_of(server.app) as client:
        for headers in ({"Authorization": f"Bearer {key}"}, {"X-Api-Key": key}):
            assert (await client.get("/v1/models", headers=headers)).status_code == 200


async def test_a_key_that_is_revoked_is_refused_by_a_server_that_runs(server: Server, acme: Client) -> None:
    assert (await acme.get("/v1/types")).status_code == 200
    path = server.settings.serve.file_of_keys(server.settings.folder)
    ids = [one.id for one in KeyFile(path).ring().keys if one.tenant == "acme"]
    for key_id in ids:
        change_keys(path, lambda ring, key_id=key_id: ring.without_key(key_id, ring.keys[0].created_at))  # type: ignore[misc]
    answer = await acme.get("/v1/types")
    assert (answer.status_code, answer.json()["detail"]) == (401, "not authorised: this key is revoked")


async def test_rates_are_counted_for_each_key(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, serve=ServeSettings(rate=1, burst=3, replicas=1))
    keys = [key_for(settings, "acme"), key_for(settings, "acme")]
    app = app_of(settings)
    async with client_of(app, keys[0]) as one, client_of(app, keys[1]) as other:
        answers = [await one.get("/v1/types") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert int(answers[-1].headers["retry-after"]) in range(50, 61)
        assert answers[-1].json()["type"] == "urn:lexray:problem:too-many-requests"
        assert (await other.get("/v1/types")).status_code == 200
        told = (await one.post("/v1/responses", json={})).json()
        assert told["error"]["type"] == "rate_limit_error"


# Words.

MARKS = ("Zanzibark", "Quuxley", "7,654,321", "Kestrelgate", "Wobblethorpe")
CONFIDENTIAL = (
    "Services agreement between Zanzibark Holdings, Inc. and Quuxley LLC under Delaware law for a total fee of "
    "$7,654,321, services: repainting of the Kestrelgate bridge at Wobblethorpe"
)


def marks_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text]


def hostile_requests() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Requests that fail in every way there is, words of a draft wherever words can stand."""
    word, json_type = MARKS[0], {"Content-Type": "application/json"}
    broken = {"message": CONFIDENTIAL, "jurisdction": word, "type": word, "jurisdiction": [word]}
    for path in ("/v1/drafts", "/v1/review", "/v1/citations", "/v1/law/search", "/v1/responses"):
        yield "POST", path, {"json": broken}
        yield "POST", path, {"content": f'{{"message": "{word}', "headers": json_type}
        yield "POST", path, {"content": word.encode(), "headers": {"Content-Type": word}}
        yield (
            "POST",
            path,
            {"content": f'{{"message": "\\ud800{word}", "text": "{word}\\u0000"}}', "headers": json_type},
        )
    for field in ("type", "jurisdiction", "engine", "as_of", "budget_s", "facts", "session_id"):
        yield "POST", "/v1/drafts", {"json": {"message": CONFIDENTIAL, field: word}}
    yield "POST", "/v1/drafts", {"json": {"message": word}}
    yield "POST", "/v1/drafts", {"json": {**ASKED, "facts": {word.lower(): word, "term": word}}}
    yield "POST", "/v1/drafts", {"json": ASKED, "headers": {"Idempotency-Key": f"{word} {word}"}}
    yield "GET", f"/v1/drafts/{word}-0123456789", {}
    yield "GET", f"/v1/drafts/{word}!", {"headers": {"Last-Event-ID": word}}
    yield "GET", f"/v1/drafts/{NOBODYS_ID}/document", {"params": {"format": word}}
    yield "GET", "/v1/drafts", {"params": {"limit": word}}
    yield "GET", f"/{word}", {"params": {word: word}}
    yield "GET", f"/v1/models/{word}", {}
    yield (
        "POST",
        "/v1/chat/completions",
        {"json": {"model": word, "messages": [{"role": word, "content": word}]}},
    )
    yield (
        "POST",
        "/v1/chat/completions",
        {"json": {"model": "lexray", "messages": [{"role": "user", "content": word}]}},
    )
    yield "POST", "/mcp", {"content": word.encode(), "headers": json_type}
    yield (
        "POST",
        "/v1/drafts",
        {"json": ASKED, "headers": {"Cookie": word, "X-Request-Id": word, "Origin": f"http://{word}"}},
    )
    yield "GET", f"/{'x' * 3_000}{word}", {}


async def test_no_word_of_a_draft_is_in_logs_figures_or_errors(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx2", "httpcore2", "asyncio", "mcp"):
        logging.getLogger(name).setLevel(logging.WARNING)  # the client's own log is not the server's
    async with client_of(server.app, server.key("acme", "draft", "metrics", "admin")) as client:
        for message in (CONFIDENTIAL, CONFIDENTIAL.replace("Delaware", "California")):
            report = await client.post("/v1/drafts", json={"message": message, "session_id": "s"})
            assert len(marks_in(report.text)) == len(MARKS), "the words must reach the document"
            draft_id = report.json()["draft_id"]
            for part in ("", "/events", "/document?format=md"):
                assert marks_in((await client.get(f"/v1/drafts/{draft_id}{part}")).text)
        text = f"{CONFIDENTIAL}. See Wobblethorpe v. Quuxley, 925 F.3d 1339 (11th Cir. 2019)."
        for path in ("/v1/review", "/v1/citations"):
            assert (await client.post(path, json={"text": text})).status_code == 200
        assert (await client.post("/v1/law/search", json={"query": CONFIDENTIAL})).status_code == 200
        refused = 0
        for method, path, sent in hostile_requests():
            answer = await client.request(method, path, **sent)
            if answer.status_code >= 400:
                refused += 1
                assert not marks_in(answer.text), (method, path, answer.text)
                assert not marks_in(str(answer.headers)), (method, path)
        assert refused > 30
        figures = [await client.get(path) for path in ("/v1/status", "/v1/cache", "/readyz", "/openapi.json")]
    assert [one.status_code for one in figures] == [200, 200, 200, 200]
    assert not [mark for one in figures for mark in marks_in(one.text)]
    assert "route=/v1/drafts/{draft_id}/document" in caplog.text
    assert not marks_in(caplog.text), [line for line in caplog.text.splitlines() if marks_in(line)][:3]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("agent", "method"),
    list(
        itertools.chain(
            [("intake", "read"), ("draft", "section"), ("draft", "plan"), ("citations", "check_document")]
        )
    ),
)
async def test_a_defect_on_the_words_themselves_shows_none_of_them(
    server: Server,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    agent: str,
    method: str,
    stream: bool,
) -> None:
    caplog.set_level(logging.INFO)

    async def breaks(*_: object, **__: object) -> None:
        raise KeyError(CONFIDENTIAL)

    monkeypatch.setattr(server.fleet.agent(agent)._agent, method, breaks)
    async with client_of(server.app, server.key("acme")) as client:
        answer = await client.post("/v1/drafts", json={"message": MESSAGE, "stream": stream})
    if not stream and answer.status_code == 200:
        assert answer.json()["degraded"]
    assert not marks_in(caplog.text), [line for line in caplog.text.splitlines() if marks_in(line)][:3]
    assert not marks_in(answer.text), json.dumps(answer.text)[:300]
