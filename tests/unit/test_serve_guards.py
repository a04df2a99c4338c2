"""What stands before the routes: limits, rates, origins, headers, the access log. Against a small app, as ASGI."""

import asyncio
import datetime
import json
import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from actors.serve_settings import ServeSettings
from serve.access import Access, OpenAccess
from serve.edge import OVERRIDES, WithoutOverrides, middlewares
from serve.guarded import guarded
from serve.keys import KeyAccess, KeyRing, new_key
from serve.rate_limit import TokenBuckets
from tests.unit.asgi_connection import Connection, scope

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
ACME, ACMES = new_key("acme", ("draft",), NOW)
ZENITH, ZENITHS = new_key("zenith", ("draft",), NOW)
KEYED = KeyAccess(lambda: KeyRing(keys=(ACMES, ZENITHS)), lambda: NOW)
SETTINGS = ServeSettings(replicas=1, rate=60, burst=3, body_bytes=1_000, header_bytes=1_000, header_fields=20)
OURS = {"host": "localhost:8000"}
CANARY = "CANARY7f3a"


class SmallApp:
    """Reads the body, and remembers what reached it."""

    def __init__(self) -> None:
        self.headers: list[bytes] = []
        self.read = 0
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        self.headers = [name for name, _ in scope["headers"]]
        scope["endpoint"] = self
        while (message := await receive())["type"] == "http.request":
            self.read += len(message["body"])
            if not message["more_body"]:
                break
        if scope["path"] == "/page":
            await HTMLResponse("<p>")(scope, receive, send)
        elif scope["path"] == "/defect":
            raise KeyError(CANARY)
        elif scope["path"] == "/late-defect":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            raise ValueError(CANARY)
        else:
            await PlainTextResponse("there")(scope, receive, send)


async def asked(
    app: ASGIApp,
    headers: Mapping[str, str] | None = None,
    path: str = "/v1/types",
    chunks: Iterable[bytes] = (b"",),
    method: str = "POST",
    client: str = "127.0.0.1",
    **more: object,
) -> Connection:
    connection = Connection(chunks)
    request = {**scope(path, {**OURS, **(headers or {})}, method), "client": (client, 1), **more}
    await app(request, connection.receive, connection.send)
    return connection


def server(small: SmallApp, access: Access = KEYED, settings: ServeSettings = SETTINGS) -> ASGIApp:
    return guarded(small, access, settings)


def bearer(key: str = ACME) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


# What steers Ray Serve.


async def test_no_client_steers_ray_serve() -> None:
    steering = {name.decode(): "?1" for name in OVERRIDES} | {"x-request-id": CANARY}
    assert repr(middlewares()) == "[Middleware(WithoutOverrides)]", "Serve's proxy takes them away itself"
    small = SmallApp()
    await asked(WithoutOverrides(small), {**steering, "accept": "*/*"})
    assert small.headers == [b"host", b"accept"]
    small = SmallApp()
    await asked(server(small), {**steering, **bearer()})
    assert small.headers == [b"host", b"authorization"]


async def test_a_request_id_that_is_a_number_stays() -> None:
    small = SmallApp()
    await asked(WithoutOverrides(small), {"x-request-id": "9d1c1c9c-8a9b-4d0c-8e2f-4a6b7c8d9e0f"})
    assert b"x-request-id" in small.headers


# Limits.


@pytest.mark.parametrize(
    ("headers", "path", "chunks", "status"),
    [
        ({}, "/v1/types", (b"x" * 1_000,), 200),
        ({}, "/v1/types", (b"x" * 600, b"x" * 401), 413),
        ({"content-length": "1001"}, "/v1/types", (b"",), 413),
        ({"content-length": "9" * 5_000}, "/v1/types", (b"",), 431),
        ({"content-length": "9" * 500}, "/v1/types", (b"",), 413),
        ({"content-length": "-1"}, "/v1/types", (b"",), 400),
        ({"content-length": "1e3"}, "/v1/types", (b"",), 400),
        ({"x": "y" * 1_000}, "/v1/types", (b"",), 431),
        ({f"x{n}": "y" for n in range(20)}, "/v1/types", (b"",), 431),
        ({}, "/v1/types" + "/x" * 2_000, (b"",), 414),
    ],
)
async def test_a_request_that_is_too_large_is_refused_by_name(
    headers: dict[str, str], path: str, chunks: Iterable[bytes], status: int
) -> None:
    small = SmallApp()
    answer = await asked(server(small, OpenAccess()), headers, path, chunks)
    assert answer.status == status
    if status != 200:
        told = json.loads(answer.body)
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["status"] == status
        assert "xx" not in told["detail"]
        assert small.read <= 1_000


async def test_a_body_that_drips_in_is_given_up() -> None:
    small = SmallApp()
    connection = Connection([b"x"] * 1_000, chunk_every_s=1.0)
    await server(small, OpenAccess())(
        {**scope("/v1/types", OURS), "client": ("127.0.0.1", 1)}, connection.receive, connection.send
    )
    assert connection.status == 408
    assert small.read < 40


async def test_a_query_counts_as_header() -> None:
    answer = await asked(server(SmallApp(), OpenAccess()), query_string=b"q=" + b"x" * 1_000)
    assert answer.status == 431


async def test_openai_s_paths_are_refused_in_openai_s_words() -> None:
    answer = await asked(server(SmallApp(), OpenAccess()), {"x": "y" * 1_000}, "/v1/chat/completions")
    assert answer.status == 431
    assert json.loads(answer.body)["error"]["message"]


# Rates.


async def test_a_key_that_asks_too_often_is_told_when_to_come_back() -> None:
    small = SmallApp()
    app = server(small)
    answers = [await asked(app, bearer()) for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[3].headers["retry-after"] == "1"
    assert small.asked == 3
    assert (await asked(app, bearer(ZENITH))).status == 200, "another key has a bucket of its own"


async def test_keys_cannot_be_tried_out_fast() -> None:
    app = server(SmallApp())
    tried = [await asked(app, bearer(f"lxr_{n}")) for n in range(5)]
    assert [one.status for one in tried] == [200, 200, 200, 429, 429], "the routes themselves answer 401"
    assert (await asked(app, bearer("lxr_9"), client="10.0.0.9")).status == 200, "another address may go on"
    assert (await asked(app, bearer())).status == 200, "and so may a known key at the same one"


async def test_health_and_the_page_are_asked_without_count() -> None:
    app = server(SmallApp())
    paths = ("/healthz", "/readyz", "/", "/assets/1/page.css")
    assert {(await asked(app, path=path)).status for path in paths * 20} == {200}


async def test_a_key_s_share_is_divided_among_the_replicas() -> None:
    app = server(SmallApp(), settings=SETTINGS.model_copy(update={"replicas": 3}))
    assert [(await asked(app, bearer())).status for _ in range(2)] == [200, 429]


def test_a_bucket_fills_at_its_rate_and_no_higher_than_its_rim() -> None:
    now_s = [0.0]
    buckets = TokenBuckets(2.0, 4, lambda: now_s[0])
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 0, 0.5]
    now_s[0] = 0.25
    assert buckets.take("a") == 0.25, "asking in vain costs nothing"
    now_s[0] = 0.5
    assert buckets.take("a") == 0
    now_s[0] = 1_000.0
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 0, 0.5]


def test_buckets_are_bounded() -> None:
    buckets = TokenBuckets(1.0, 1, lambda: 0.0, most=100)
    for number in range(10_000):
        buckets.take(f"address {number}")
    assert len(buckets) == 100


# Origins.


@pytest.mark.parametrize(
    "origin", ["http://localhost:8000", "https://localhost:8000", "HTTP://LOCALHOST:8000"]
)
async def test_the_server_s_own_page_may_ask(origin: str) -> None:
    assert (await asked(server(SmallApp()), {**bearer(), "origin": origin})).status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9999", "http://[", ""])
async def test_another_page_may_not_even_ask(origin: str) -> None:
    small = SmallApp()
    answer = await asked(server(small), {**bearer(), "origin": origin})
    assert (answer.status, small.asked) == (403, 0)
    assert "access-control-allow-origin" not in answer.headers


async def test_a_page_that_the_settings_name_may_ask() -> None:
    settings = SETTINGS.model_copy(update={"cors_origins": ("https://desk.example",)})
    asking = {"origin": "https://desk.example"}
    app = server(SmallApp(), settings=settings)
    before = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    preflight = await asked(app, {**asking, **before}, method="OPTIONS")
    answer = await asked(app, {**asking, **bearer()})
    assert preflight.status == answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "https://desk.example"
    assert "access-control-allow-credentials" not in answer.headers
    assert (await asked(app, {"origin": "https://other.example"})).status == 403


@pytest.mark.parametrize(
    ("headers", "client", "status"),
    [
        ({"host": "127.0.0.1:8000"}, "127.0.0.1", 200),
        ({"host": "[::1]:8000"}, "::1", 200),
        ({"host": "localhost"}, "127.0.0.1", 200),
        ({"host": "evil.example"}, "127.0.0.1", 403),
        ({"host": "localhost.evil.example"}, "127.0.0.1", 403),
        ({"host": "["}, "127.0.0.1", 403),
        ({"host": "localhost"}, "10.0.0.9", 403),
        ({"x-forwarded-for": "10.0.0.9"}, "127.0.0.1", 403),
        ({"forwarded": "for=10.0.0.9"}, "127.0.0.1", 403),
    ],
)
async def test_without_keys_nobody_beyond_this_machine_is_answered(
    headers: dict[str, str], client: str, status: int
) -> None:
    assert (await asked(server(SmallApp(), OpenAccess()), headers, client=client)).status == status
    assert (await asked(server(SmallApp()), {**bearer(), **headers}, client=client)).status == 200, (
        "with a key"
    )


# Headers.


async def test_every_answer_has_the_headers_of_a_careful_server() -> None:
    app = server(SmallApp())
    for path, headers in (
        ("/page", bearer()),
        ("/v1/types", bearer()),
        ("/x" * 2_000, {}),
        ("/defect", bearer(ZENITH)),
    ):
        answer = await asked(app, headers, path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert ("script-src 'self'" in policy) is (path == "/page")
        assert "strict-transport-security" not in answer.headers


async def test_over_tls_browsers_are_told_to_stay_there() -> None:
    answer = await asked(server(SmallApp()), bearer(), scheme="https")
    assert answer.headers["strict-transport-security"].startswith("max-age=")


# The log.


async def test_a_line_says_who_asked_what_and_how_it_went(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await asked(
        server(SmallApp()),
        {**bearer(), "x-other": CANARY},
        chunks=(CANARY.encode(),),
        query_string=CANARY.encode(),
    )
    assert len(caplog.messages) == 1
    line = f"method=POST route=/v1/types status=200 ms=\\d+ key={ACMES.id}"
    assert re.fullmatch(line, caplog.messages[0])


@pytest.mark.parametrize("path", ["/defect", "/late-defect"])
async def test_a_defect_is_told_by_its_places_without_its_words(
    caplog: pytest.LogCaptureFixture, path: str
) -> None:
    answer = await asked(server(SmallApp()), bearer(), path)
    assert answer.status == (500 if path == "/defect" else 200)
    assert CANARY.encode() not in answer.body
    assert CANARY not in caplog.text
    assert "test_serve_guards.py" in caplog.text
    assert answer.ended is (path == "/defect"), "what was begun stays cut off"


async def test_a_request_that_is_left_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(asked(guarded(waits, KEYED, SETTINGS), bearer()))
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert "status=499" in caplog.text


async def test_what_is_no_request_passes() -> None:
    seen: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    connection = Connection()
    await guarded(app, KEYED, SETTINGS)({"type": "lifespan"}, connection.receive, connection.send)
    assert seen == ["lifespan"]
