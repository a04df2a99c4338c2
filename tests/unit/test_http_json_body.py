"""JSON bodies: what is no honest JSON is refused by name, and no value comes back."""

import gzip
import json
from decimal import Decimal
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp

from actors.errors import InvalidFieldsError, InvalidInputError
from serve.json_body import LIMIT_BYTES, READING_S, Sent, checked, encoded, json_body, parse_object
from serve.problems import install_problems
from serve.routes.orders import DraftBody
from tests.unit.asgi_connection import Connection, scope

CANARY = "CANARY-7f3a"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not JSON"),
        (b"null", "one JSON object"),
        (b"[]", "one JSON object"),
        (b'"x"', "one JSON object"),
        (b"1", "one JSON object"),
        (b'{"a": 1} {"b": 2}', "not JSON"),
        (b'{"a": 1, "a": 2}', "a: the key stands there twice"),
        (b'{"x": {"a": 1, "a": 1}}', "a: the key stands there twice"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": [Infinity]}', "Infinity is no number"),
        (b'{"a": -Infinity}', "-Infinity is no number"),
        (b'{"a": 1e308}', "more than 30 digits"),
        (b'{"a": ' + b"9" * 5000 + b"}", "more than 30 digits"),
        (b'{"a": 0.' + b"9" * 5000 + b"}", "more than 30 digits"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "nested deeper than 32"),
        (b'{"a": "\\ud800"}', "a: it holds half of a surrogate pair"),
        (b'{"\\udfff": 1}', "half of a surrogate pair"),
        (b'{"a": ["x", "\\u0000"]}', r"a\[1\]: it holds a NUL"),
        (b'{"a": "\x01"}', "not JSON"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        ('{"a": "é"}'.encode("latin-1"), "not UTF-8"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1,}', "not JSON"),
    ],
)
def test_what_is_no_honest_json_object_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        parse_object(content)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(10**20), 10**20)
            | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=5,
    )
)  # fmt: skip
def test_what_json_can_say_is_read_and_written_the_same(document: dict[str, Any]) -> None:
    assert parse_object(encoded(document).encode()) == document
    assert parse_object(json.dumps(document).encode()) == document


def test_fractions_keep_their_digits() -> None:
    read = parse_object(b'{"fee": 1250.10, "share": 0.1}')
    assert read == {"fee": Decimal("1250.10"), "share": Decimal("0.1")}
    assert encoded(read) == '{"fee":1250.10,"share":0.1}'


@pytest.mark.parametrize(
    ("document", "field", "reason"),
    [
        ({}, "message", "it is missing"),
        ({"message": "NDA", "jurisdicton": "US-DE"}, "jurisdicton", "nearest is jurisdiction"),
        ({"message": "NDA", "zzz": 1}, "zzz", "known are: message, type"),
        ({"message": 7}, "message", "string"),
        ({"message": None}, "message", "string"),
        ({"message": "NDA", "facts": []}, "facts", "object"),
        ({"message": "NDA", "as_of": "2026-02-31"}, "as_of", "date"),
        ({"message": "NDA", "as_of": "2026-13-01"}, "as_of", "date"),
        ({"message": "NDA", "as_of": "0000-01-01"}, "as_of", "date"),
        ({"message": "NDA", "as_of": "26-01-01"}, "as_of", "date"),
        ({"message": "NDA", "as_of": 0}, "as_of", "date"),
        ({"message": "NDA", "as_of": "2026-01-01T00:00:00Z"}, "as_of", "date"),
        ({"message": "NDA", "budget_s": 0}, "budget_s", "greater than 0"),
        ({"message": "NDA", "budget_s": -1}, "budget_s", "greater than 0"),
        ({"message": "NDA", "budget_s": 10**9}, "budget_s", "less than or equal to 3600"),
        ({"message": "NDA", "budget_s": "60"}, "budget_s", "number"),
        ({"message": "NDA", "stream": "yes"}, "stream", "boolean"),
        ({"message": "NDA", "sequential": 1}, "sequential", "boolean"),
        ({"message": "x" * 200_001}, "message", "at most 200000"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_what_is_wrong(
    document: dict[str, object], field: str, reason: str
) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        checked(DraftBody, document)
    assert caught.value.fields == [field]
    assert reason in caught.value.reasons[0]


@pytest.mark.parametrize("field", DraftBody.model_fields)
def test_no_value_comes_back_in_a_refusal(field: str) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        checked(DraftBody, {"message": 1, field: [CANARY], "other": CANARY})
    assert CANARY not in str(caught.value)


def test_ten_thousand_unknown_fields_are_refused_in_a_few_lines() -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        checked(DraftBody, {f"{'k' * 200}{n}": n for n in range(10_000)})
    assert len(caught.value.fields) == 20
    assert len(str(caught.value)) < 10_000


# Over the wire.


def app() -> ASGIApp:
    api = FastAPI()
    install_problems(api)

    @api.post("/")
    async def read(sent: Annotated[Sent[DraftBody], Depends(json_body(DraftBody))]) -> dict[str, str]:
        return {"message": sent.body.message}

    return api


async def answer(connection: Connection, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    await app()(scope("/", headers), connection.receive, connection.send)
    return connection.status, json.loads(connection.body)


async def test_a_body_in_pieces_without_a_length_is_read() -> None:
    connection = Connection([b'{"mess', b'age": "N', b'DA"}'], chunk_every_s=1.0)
    assert await answer(connection, JSON) == (200, {"message": "NDA"})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json; charset=utf-7"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {**JSON, "Content-Encoding": "gzip"},
        {**JSON, "Content-Encoding": "br"},
    ],
)
async def test_a_body_that_does_not_say_that_it_is_json_is_415(given: dict[str, str]) -> None:
    status, told = await answer(Connection([b'{"message": "NDA"}']), given)
    assert status == 415
    assert told["type"] == "urn:lexray:problem:unsupported-media-type"


async def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    status, _ = await answer(Connection([bomb]), {**JSON, "Content-Encoding": "gzip"})
    assert status == 415


async def test_a_body_in_utf8_by_name_is_read() -> None:
    given = {"Content-Type": 'Application/JSON; charset="UTF-8"'}
    assert (await answer(Connection([b'{"message": "NDA"}']), given))[0] == 200


async def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    connection = Connection([b"x"] * 3, chunk_every_s=1.0)
    status, _ = await answer(connection, {**JSON, "Content-Length": str(LIMIT_BYTES + 1)})
    assert status == 413
    assert len(connection._chunks) == 3


async def test_a_body_of_twenty_megabytes_is_refused_at_its_first_byte_too_many() -> None:
    connection = Connection([b" " * 100_000] * 200)
    status, _ = await answer(connection, JSON)
    assert status == 413
    assert len(connection._chunks) == 189


async def test_a_body_that_drips_is_given_up() -> None:
    connection = Connection([b" "] * 1000, chunk_every_s=1.0)
    status, told = await answer(connection, JSON)
    assert status == 408
    assert told["detail"] == f"the body did not arrive within {READING_S:g} s"


async def test_a_key_of_a_megabyte_is_answered_briefly() -> None:
    body = json.dumps({"message": "NDA", "k" * 900_000: 1}).encode()
    status, told = await answer(Connection([body]), JSON)
    assert status == 422
    assert len(json.dumps(told)) < 2_000
