"""Servers that are no model's, or a broken one's; and what none of them may get or make public."""

import logging
import traceback
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from actors.errors import LexrayError, ModelAnswerError, ModelEndpointError, ModelUnavailableError
from actors.llm.call import ModelCall
from actors.llm.endpoint import Endpoint
from actors.llm.openai_model import OpenAIModel
from tests.integration.canned_server import canned, events, response

CALL = ModelCall(task="draft", system="You draft.", user="Write a clause.", max_output_tokens=50)
KEY = "sk-0123456789-hush"
STOP = '{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}'


def piece(text: str) -> str:
    return f'{{"choices": [{{"index": 0, "delta": {{"content": "{text}"}}}}]}}'


async def outcome(base_url: str, key: str | None = None, **fields: object) -> str | LexrayError:
    """Return what one call gives: its text, or its error."""
    given = {"base_url": base_url, "model": "m", "api_key": SecretStr(key) if key else None}
    model = OpenAIModel(Endpoint.model_validate(given | {"first_token_s": 1.0, "idle_s": 1.0} | fields))
    try:
        return (await model.complete(CALL)).text
    except LexrayError as error:
        return error
    finally:
        await model.aclose()


@pytest.mark.parametrize(
    ("served", "kind", "told"),
    [
        (
            response("<!doctype html><p>Log in</p>", "text/html; charset=utf-8"),
            ModelEndpointError,
            "a web page",
        ),
        (
            response("", "text/plain", "301 Moved", "Location: http://127.0.0.1:1/v1"),
            ModelEndpointError,
            "elsewhere",
        ),
        (response("no", "text/plain", "404 Not Found"), ModelEndpointError, "nothing answers"),
        (response('{"error": "boom"}', "application/json", "500 Oops"), ModelUnavailableError, "status 500"),
        (response("", "text/plain"), ModelUnavailableError, "broke off"),
        (response("{", "application/json"), ModelUnavailableError, "nobody can read"),
        (response("[]", "application/json"), ModelUnavailableError, "broke off"),
        (
            response('{"error": {"code": "model_not_found"}}', "application/json"),
            ModelEndpointError,
            "no model",
        ),
        (
            events('{"choices": [{"index": 0, "delta": {"content": [1]}, "finish_reason": []}]}'),
            LexrayError,
            "cut",
        ),
        (response('{"choices": []}', "application/json"), ModelUnavailableError, "cut off"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", ModelUnavailableError, "connection broke"),
        (b"", ModelUnavailableError, "connection broke"),
        (events("nonsense"), ModelUnavailableError, "nobody can read"),
        (events("{"), ModelUnavailableError, "nobody can read"),
        (events("[1, 2]"), ModelUnavailableError, ""),
        (events('"text"'), ModelUnavailableError, ""),
        (events("null"), ModelUnavailableError, ""),
        (events('{"choices": 7}'), ModelUnavailableError, ""),
        (events('{"choices": [null]}'), ModelUnavailableError, "cut off"),
        (events('{"choices": [{"delta": null}]}'), ModelUnavailableError, "cut off"),
        (events(piece("half")), ModelUnavailableError, "cut off"),
        (events('{"error": {"message": "slow down", "code": "rate_limit_exceeded"}}'), LexrayError, "wait"),
        (events('{"error": {"code": "insufficient_quota", "message": ""}}'), LexrayError, "quota"),
        (
            events('{"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}'),
            ModelAnswerError,
            "call a tool",
        ),
    ],
)
async def test_what_is_no_answer_is_one_sentence(served: bytes, kind: type[LexrayError], told: str) -> None:
    async with canned(served) as server:
        error = await outcome(server.base_url)

    assert isinstance(error, kind), error
    assert told in str(error)
    assert str(error).startswith(f"m at {server.base_url}: ")
    assert len(server.requests) == 1


async def test_a_server_that_does_not_stream_is_read_all_the_same() -> None:
    body = """{"choices": [{"index": 0, "message": {"content": "Done."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2}}"""
    async with canned(response(body, "application/json")) as server:
        assert await outcome(server.base_url) == "Done."


async def test_a_server_that_does_not_exist_is_unavailable() -> None:
    for base_url, told in (
        ("http://127.0.0.1:9/v1", "the connection is refused"),
        ("http://no-such-host.invalid/v1", "its host is not known"),
    ):
        error = await outcome(base_url)
        assert isinstance(error, ModelUnavailableError)
        assert error.reason == told


async def test_tls_where_there_is_none_is_told_as_such() -> None:
    async with canned(response("")) as server:
        error = await outcome(server.base_url.replace("http:", "https:"))
    assert isinstance(error, ModelUnavailableError)
    assert error.reason == "it does not speak TLS there"


async def test_an_answer_without_end_is_ended() -> None:
    def endless() -> Iterator[bytes]:
        yield events()
        while True:
            yield f"data: {piece('word ' * 20)}\n\n".encode()

    async with canned(endless()) as server:
        error = await outcome(server.base_url)

    assert isinstance(error, ModelAnswerError)
    assert error.reason == "its answer does not end"


async def test_empty_pieces_and_comments_are_no_signs_of_life() -> None:
    def silent() -> Iterator[bytes]:
        yield events(piece(""))
        while True:
            yield f": still here\n\ndata: {piece('')}\n\n".encode()

    async with canned(silent()) as server:
        error = await outcome(server.base_url, first_token_s=0.3)

    assert "no answer within 0.3 s" in str(error)


async def test_half_surrogates_and_nul_do_not_get_through() -> None:
    async with canned(events(piece(r"a\ud83db\u0000c"), STOP, "[DONE]")) as server:
        assert await outcome(server.base_url) == "a\N{REPLACEMENT CHARACTER}bc"


async def test_usage_fields_of_any_kind_do_no_harm() -> None:
    usage = '{"choices": [], "usage": {"prompt_tokens": "many", "completion_tokens": -1}}'
    async with canned(events(piece("Done."), STOP, usage, "[DONE]")) as server:
        assert await outcome(server.base_url) == "Done."


# Secrets.


async def test_a_server_gets_the_key_that_is_configured_for_it_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("API_KEY", "ORG_ID", "PROJECT_ID", "ADMIN_KEY"):
        monkeypatch.setenv(f"OPENAI_{name}", "theirs-and-nobody-elses")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer theirs-and-nobody-elses")
    async with canned(events(piece("Done."), STOP)) as server:
        assert await outcome(server.base_url) == "Done."
        assert await outcome(server.base_url, KEY) == "Done."
        assert await outcome(server.base_url.replace("//", "//clerk:pass@")) == "Done."

    bare, keyed, login = server.requests
    assert "authorization" not in bare.lower()
    assert f"Bearer {KEY}" in keyed
    assert "Basic Y2xlcms6cGFzcw==" in login
    assert "theirs" not in "".join(server.requests)


async def test_neither_key_nor_password_nor_draft_is_printed_anywhere(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_LOG", "debug")
    caplog.set_level(logging.DEBUG)
    echoed = f'{{"error": {{"message": "wrong key {KEY} for clerk:hush in Write a clause."}}}}'
    told: list[str] = []
    for status in ("400 Bad", "401 No", "404 No", "429 Slow", "500 Oops", "200 OK"):
        content = "text/event-stream" if status == "200 OK" else "application/json"
        body = f"data: {echoed}\n\n" if status == "200 OK" else echoed
        async with canned(response(body, content, status)) as server:
            base_url = server.base_url.replace("//", "//clerk:hush-hush@")
            error = await outcome(base_url, KEY)
            assert isinstance(error, LexrayError)
            told += traceback.format_exception(error)
            told += [repr(error), repr(error.args)]
    told += [caplog.text, *capfd.readouterr()]
    found = [text for text in told if KEY in text or "hush" in text or "Write a clause" in text]
    assert not found
