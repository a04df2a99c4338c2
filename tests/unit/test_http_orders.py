"""How a draft is asked for: the headers that are read, and those that are refused; the names of files."""

import re
from typing import get_args
from urllib.parse import unquote

import pytest
from fastapi import Request

from actors.document_stream import Cursor
from actors.errors import DraftNotFoundError, InvalidInputError
from serve.routes.drafts import attachment, draft_id
from serve.routes.orders import (
    DraftBody,
    Manner,
    accepts,
    idempotency_key,
    last_event_id,
    manner_of,
)
from serve.service import keyed_id
from tests.unit.asgi_connection import scope


def request(*headers: tuple[str, str]) -> Request:
    asked = scope("/", {})
    asked["headers"] = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return Request(asked)


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("text/event-stream", True),
        ("application/json, Text/Event-Stream;q=0.5", True),
        ("text/event-stream;q=0", False),
        ("*/*", False),
        ("text/*", False),
        ("", False),
        (",;,", False),
    ],
)
def test_a_stream_is_sent_to_who_names_it(header: str, named: bool) -> None:
    assert accepts(header, "text/event-stream") is named


@pytest.mark.parametrize(
    ("stream", "headers", "manner"),
    [
        (False, [], "result"),
        (True, [], "stream"),
        (False, [("Accept", "text/event-stream")], "stream"),
        (False, [("Prefer", "respond-async")], "background"),
        (False, [("Prefer", "wait=10"), ("Prefer", "Respond-Async; x=1")], "background"),
    ],
)
def test_body_and_headers_say_how_the_answer_comes(
    stream: bool, headers: list[tuple[str, str]], manner: Manner
) -> None:
    assert manner in get_args(Manner)
    assert manner_of(request(*headers), DraftBody(message="NDA", stream=stream)) == manner


def test_a_stream_in_the_background_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="follow its events"):
        manner_of(request(("Prefer", "respond-async")), DraftBody(message="NDA", stream=True))


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "a\x01", "k" * 256, "k" * 10_000, '""', "a\tb"])
async def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(InvalidInputError, match="Idempotency-Key"):
        await idempotency_key(request(("Idempotency-Key", key)))


async def test_two_keys_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="one key"):
        await idempotency_key(request(("Idempotency-Key", "a"), ("Idempotency-Key", "b")))


@pytest.mark.parametrize(
    "key", ["8e03978e-40d5-43e8-bc93-6894a57f9324", '"8e03978e-40d5-43e8-bc93-6894a57f9324"']
)
async def test_a_key_is_read_with_and_without_quotes(key: str) -> None:
    assert await idempotency_key(request(("Idempotency-Key", key))) == "8e03978e-40d5-43e8-bc93-6894a57f9324"


async def test_no_key_is_no_key() -> None:
    assert await idempotency_key(request()) is None


def test_two_tenants_may_use_one_key() -> None:
    assert keyed_id("a", "bc") != keyed_id("ab", "c")
    assert keyed_id("a", "key") != keyed_id("b", "key")


@pytest.mark.parametrize(
    "text", ["7", "abc", "1-2-3", "1-2-3-x-y", "-1-0-0-", "1-0-0-\x00", "9" * 40 + "-0-0-"]
)
async def test_an_id_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="Last-Event-ID"):
        await last_event_id(request(("Last-Event-ID", text)))


async def test_an_id_is_read_back_as_it_was_given_out() -> None:
    cursor = Cursor(7, 2, 130, "a.1")
    assert await last_event_id(request(("Last-Event-ID", str(cursor)))) == cursor
    assert await last_event_id(request()) == Cursor()


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "../../etc/passwd", "a b c d e f", "draft\x00id12", "ünïcödé1"]
)
async def test_an_id_that_no_draft_can_have_is_not_found(given: str) -> None:
    with pytest.raises(DraftNotFoundError):
        await draft_id(given)


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Mutual Non-Disclosure Agreement", "Mutual-Non-Disclosure-Agreement.pdf"),
        ('A"; filename="evil.exe', "A-filename-evil-exe.pdf"),
        ("a\r\nSet-Cookie: x=1", "a-Set-Cookie-x-1.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("Café Müller", "Cafe-Muller.pdf"),
        ("契約書", "document.pdf"),
        ("", "document.pdf"),
        ("x" * 500, "x" * 100 + ".pdf"),
    ],
)
def test_a_file_name_is_plain_ascii_and_whole_beside_it(title: str, plain: str) -> None:
    header = attachment(title, "pdf")

    match = re.fullmatch(
        r"attachment; filename=\"([A-Za-z0-9.-]+)\"; filename\*=UTF-8''([A-Za-z0-9%._~-]+)", header
    )
    assert match
    assert match[1] == plain
    assert unquote(match[2]) == f"{title[:100]}.pdf"
