"""Bad input over HTTP, on the guarded server and a real socket: each has an answer with a name, and nothing breaks."""

import gzip
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp

from actors.config import Settings
from actors.serve_settings import ServeSettings
from serve.media_types import DOCX
from tests.integration.guarded_api import ASKED, MESSAGE, app_of, key_for
from tests.integration.threaded_server import threaded_server

CANARY = "CANARY7f3a"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Case:
    """A request, and what is said to it."""

    name: str
    status: int
    kind: str
    sent: dict[str, Any]
    path: str = "/v1/drafts"
    method: str = "POST"
    field: str | None = None

    def __str__(self) -> str:
        return self.name


def order(**fields: object) -> dict[str, Any]:
    return {"json": {**ASKED, **fields}}


def body(content: bytes | str, **headers: str) -> dict[str, Any]:
    raw = content.encode() if isinstance(content, str) else content
    return {
        "content": raw,
        "headers": {**JSON, **{name.replace("_", "-"): text for name, text in headers.items()}},
    }


def message(text: str) -> str:
    return json.dumps({"message": text})


WRONG = [
    # The body as JSON.
    Case("a lone surrogate", 422, "invalid-input", body('{"message": "\\ud800"}')),
    Case("a NUL", 422, "invalid-input", body('{"message": "a\\u0000b"}')),
    Case("a bell", 422, "invalid-input", body(message(MESSAGE + "\x07")), field="message"),
    Case("a steering sign of a terminal", 422, "invalid-input", body(message(MESSAGE + "\x1b[2J"))),
    Case("a C1 control", 422, "invalid-input", body(message(MESSAGE + "\x9b2J")), field="message"),
    Case("NaN", 422, "invalid-input", body('{"message": "x", "budget_s": NaN}')),
    Case("Infinity", 422, "invalid-input", body('{"message": "x", "budget_s": -Infinity}')),
    Case("a key twice", 422, "invalid-input", body('{"message": "x", "message": "y"}'), field="message"),
    Case("100,000 levels", 422, "invalid-input", body('{"message": ' + "[" * 100_000 + "]" * 100_000 + "}")),
    Case("a number of 5,000 digits", 422, "invalid-input", body('{"budget_s": ' + "9" * 5_000 + "}")),
    Case("UTF-16", 422, "invalid-input", body(message(MESSAGE).encode("utf-16"))),
    Case("UTF-32", 422, "invalid-input", body(message(MESSAGE).encode("utf-32"))),
    Case("a byte order mark", 422, "invalid-input", body(b"\xef\xbb\xbf" + message(MESSAGE).encode())),
    Case("Latin-1", 422, "invalid-input", body('{"message": "Café"}'.encode("latin-1"))),
    Case("an empty body", 422, "invalid-input", body(b"")),
    Case("null", 422, "invalid-input", body("null")),
    Case("a list", 422, "invalid-input", body("[]")),
    Case("a text", 422, "invalid-input", body('"x"')),
    Case("two documents", 422, "invalid-input", body('{"message": "x"}{"message": "x"}')),
    # The body as a body.
    Case("no type", 415, "unsupported-media-type", {"content": b"{}"}),
    Case("another type", 415, "unsupported-media-type", body("{}", Content_Type="text/plain")),
    Case("a form", 415, "unsupported-media-type", {"data": {"message": MESSAGE}}),
    Case("UTF-7", 415, "unsupported-media-type", body("{}", Content_Type="application/json; charset=utf-7")),
    Case("gzip", 415, "unsupported-media-type", body(gzip.compress(b"{}"), Content_Encoding="gzip")),
    Case("too large for an order", 413, "request-entity-too-large", body(b" " * 1_000_001)),
    Case("too large at all", 413, "request-entity-too-large", body(b" " * 3_000_001), "/v1/review"),
    Case("too large for MCP", 413, "request-entity-too-large", body(b" " * 3_000_001), "/mcp"),
    # Fields.
    Case("a field missing", 422, "invalid-fields", {"json": {"facts": {"ssn": CANARY}}}, field="message"),
    Case("a field misspelt", 422, "invalid-fields", order(jurisdicton="US-DE"), field="jurisdicton"),
    Case("10,000 unknown fields", 422, "invalid-fields", order(**{f"x{n}": CANARY for n in range(9_000)})),
    Case("a key of nearly a megabyte", 422, "invalid-fields", order(**{"x" * 900_000: CANARY})),
    Case(
        "a message of nearly a megabyte", 422, "invalid-fields", order(message="x" * 900_000), field="message"
    ),
    Case("a long list", 422, "invalid-input", order(facts={"options": [1] * 200_000})),
    Case("a long message", 422, "invalid-input", order(message=MESSAGE * 500), field="message"),
    # Names and texts.
    Case("text that runs backwards", 422, "invalid-input", order(message=MESSAGE + "\u202e" + CANARY)),
    Case(
        "a name with a zero-width sign",
        422,
        "invalid-input",
        order(facts={"parties": {"first": {"name": "Ac\u200bme"}}}),
    ),
    Case(
        "a name that runs backwards",
        422,
        "invalid-input",
        order(facts={"parties": {"first": {"name": "\u202eemcA"}}}),
    ),
    Case(
        "one party twice",
        422,
        "invalid-input",
        order(facts={"parties": {"first": {"name": "A"}, "second": {"name": "A"}}}),
    ),
    # Dates, amounts, places, times.
    Case("31 February", 422, "invalid-input", order(facts={"effective_date": "2026-02-31"})),
    Case("a thirteenth month", 422, "invalid-fields", order(as_of="2026-13-01"), field="as_of"),
    Case("the year nought", 422, "invalid-input", order(facts={"effective_date": "0000-01-01"})),
    Case("a year of two digits", 422, "invalid-input", order(facts={"effective_date": "01/02/26"})),
    Case("a place that is none", 422, "unknown-jurisdiction", order(jurisdiction=CANARY)),
    Case("a type that is none", 422, "unknown-document-type", order(type=CANARY)),
    Case(
        "an amount below nothing",
        422,
        "invalid-input",
        {"json": {"message": "x", "type": "employment", "facts": {"salary": "USD -1"}}},
    ),
    Case("an endless amount", 422, "invalid-input", body('{"message": "x", "facts": {"salary": 1e308}}')),
    *(
        Case(f"a budget of {told}", 422, "invalid-fields", order(budget_s=told), field="budget_s")
        for told in (0, -1, 1_000_000_000)
    ),
    # Headers, addresses, queries.
    Case("a key of 10 KB", 422, "invalid-input", {**order(), "headers": {"Idempotency-Key": "k" * 10_000}}),
    Case("a key with a blank", 422, "invalid-input", {**order(), "headers": {"Idempotency-Key": "a b"}}),
    Case(
        "two wishes at once",
        422,
        "invalid-input",
        {**order(stream=True), "headers": {"Prefer": "respond-async"}},
        field="stream",
    ),
    Case(
        "headers beyond measure",
        431,
        "request-header-fields-too-large",
        {**order(), "headers": {"X": "x" * 40_000}},
    ),
    Case("an address beyond measure", 414, "request-uri-too-long", {}, "/v1/" + "x" * 3_000, "GET"),
    Case("a draft that nobody has", 404, "draft-not-found", {}, f"/v1/drafts/{CANARY}00", "GET"),
    Case("a path for an id", 404, "not-found", {}, "/v1/drafts/..%2f..%2fetc%2fpasswd", "GET"),
    Case("an id of other signs", 404, "draft-not-found", {}, "/v1/drafts/%00%0d%0a;--", "GET"),
    Case("a limit that is no number", 422, "invalid-fields", {}, f"/v1/drafts?limit={CANARY}", "GET"),
    Case("a method that is not there", 405, "method-not-allowed", {}, "/v1/drafts", "PUT"),
    # Files.
    Case("an image", 415, "unsupported-media-type", body(b"\x89PNG", Content_Type="image/png"), "/v1/review"),
    Case("a DOCX that is none", 422, "invalid-input", body(b"PK\x03\x04", Content_Type=DOCX), "/v1/review"),
    Case(
        "a text that is none",
        422,
        "invalid-input",
        body(b"\x00\x01\x02", Content_Type="text/plain"),
        "/v1/citations",
    ),
]

FINE = [
    Case("signs beyond the basic plane", 200, "", order(message=MESSAGE.replace("Acme", "Acme 🏛️ 𝔄"))),
    Case("letters and their marks apart", 200, "", order(message=MESSAGE.replace("Acme", "Cafe\u0301"))),
    Case(
        "markup as a name",
        200,
        "",
        order(message=MESSAGE.replace("Acme Robotics", "<img src=x onerror=alert(1)>")),
    ),
    Case("a template as a name", 200, "", order(message=MESSAGE.replace("Acme Robotics", "{{7*7}}"))),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    using = Settings(
        home=tmp_path_factory.mktemp("home"),
        serve=ServeSettings(rate=1_000_000, burst=1_000_000, body_bytes=3_000_000),
    )
    key = key_for(using, "acme", "draft")

    def made() -> ASGIApp:
        return app_of(using)

    with threaded_server(made) as address:
        yield address, key


@pytest.fixture
def client(server: tuple[str, str]) -> Iterator[httpx2.Client]:
    with httpx2.Client(
        base_url=server[0], headers={"Authorization": f"Bearer {server[1]}"}, timeout=60
    ) as made:
        yield made


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_what_is_wrong_is_refused_by_name(client: httpx2.Client, case: Case) -> None:
    try:
        answer = client.request(case.method, case.path, **case.sent)
    except httpx2.WriteError:
        assert case.status == 413  # refused while it was still being sent
        return
    assert answer.status_code == case.status, answer.text
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"] == f"urn:lexray:problem:{case.kind}"
    assert case.field is None or told["field"] == case.field
    assert CANARY not in answer.text
    assert len(answer.content) < 10_000


@pytest.mark.parametrize("case", FINE, ids=str)
def test_what_is_only_unusual_is_drafted(client: httpx2.Client, case: Case) -> None:
    answer = client.request(case.method, case.path, **case.sent)
    assert answer.status_code == 200, answer.text
    if "{{" in str(case.sent):
        assert "{{7*7}}" in answer.json()["document"]["markdown"]


def test_a_misspelt_field_is_told_its_neighbour(client: httpx2.Client) -> None:
    answer = client.post("/v1/drafts", **order(jurisdicton="US-DE"))
    assert "jurisdiction" in answer.json()["errors"][0]["reason"]


# What only a raw connection can send.


def raw(address: str, content: bytes, wait_s: float = 5.0) -> bytes:
    """Send bytes, and return what comes until the server closes or falls silent."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=wait_s) as connection:
        connection.sendall(content)
        received = b""
        try:
            while chunk := connection.recv(65_536):
                received += chunk
                if b"\r\n\r\n" in received and b"100 Continue" not in received:
                    connection.settimeout(0.5)
        except TimeoutError:
            pass
        return received


def request(key: str, *lines: str, method: str = "POST", path: str = "/v1/drafts") -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {key}", *lines]
    return "\r\n".join((*head, "", "")).encode("latin-1")


def test_a_client_that_asks_first_is_told_to_go_on(server: tuple[str, str]) -> None:
    content = message(MESSAGE).encode()
    head = request(
        server[1], "Content-Type: application/json", f"Content-Length: {len(content)}", "Expect: 100-continue"
    )
    received = raw(server[0], head + content, 30)
    assert b"HTTP/1.1 200" in received


def test_a_body_of_unknown_length_is_counted(server: tuple[str, str]) -> None:
    head = request(server[1], "Content-Type: application/json", "Transfer-Encoding: chunked")
    chunk = b"%x\r\n" % 400_000 + b" " * 400_000 + b"\r\n"
    assert b" 413 " in raw(server[0], head + 3 * chunk)[:20]


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 5", "Content-Length: 50"),
        ("Content-Length: -5",),
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked, chunked",),
        ("X-Folded: a", " b"),
        ("Bad Name: x",),
    ],
)
def test_two_readings_of_one_request_are_not_taken(server: tuple[str, str], lines: tuple[str, ...]) -> None:
    received = raw(server[0], request(server[1], "Content-Type: application/json", *lines) + b"{}   ")
    status = int(received.split(b" ", 2)[1]) if received else 400
    assert 400 <= status < 500


def test_a_title_cannot_write_headers(client: httpx2.Client) -> None:
    name = "Acme\r\nSet-Cookie: x=1"
    answer = client.post("/v1/drafts", **order(facts={"parties": {"first": {"name": name}}}))
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_a_refusal_is_quick_however_large_the_body(client: httpx2.Client) -> None:
    begun = time.monotonic()
    for case in (
        one for one in WRONG if "10,000" in one.name or "100,000" in one.name or "megabyte" in one.name
    ):
        client.request(case.method, case.path, **case.sent)
    assert time.monotonic() - begun < 20, "nothing in them grows faster than its size"
