"""JSON out of what models say, and schemas in the form that binds them."""

import json
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from actors.llm.json_answer import json_object_in
from actors.llm.strict_schema import strict_schema

TERM = '{"heading": "Term", "words": {"count": 3}}'


@pytest.mark.parametrize(
    "said",
    [
        TERM,
        f"```json\n{TERM}\n```",
        f"```\n{TERM}\n```\nLet me know if you need more.",
        f"Here is the clause:\n\n{TERM}",
        f"\ufeff{TERM}",
        f"An empty object is {{}}, but yours is {TERM}.",
        f'<think>Perhaps {{"heading": "a much longer title, which was only considered"}}?</think>{TERM}',
        f"In the set {{a, b}} I found {TERM}",
    ],
)
def test_an_object_is_found_whatever_stands_around_it(said: str) -> None:
    assert json_object_in(said) == TERM


@pytest.mark.parametrize(
    "said",
    [
        "",
        "No.",
        "[1, 2]",
        TERM[:-1],
        TERM[:-1] + ",}",
        '{"a": {"b": 1}, "c": "half',
        '{"a": ' + "9" * 5000 + "}",
        "{heading: Term}",
        '{"a": 1',
        "{" * 50_000,
        '{"a":' * 50_000,
    ],
)
def test_what_holds_no_object_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="no complete JSON object"):
        json_object_in(said)


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text()), min_size=1))
def test_any_object_is_found_in_prose_without_braces(value: dict[str, object]) -> None:
    assert json.loads(json_object_in(f"Yes: {json.dumps(value)} and so on")) == value


class Party(BaseModel):
    name: str
    role: Literal["buyer", "seller"] = "buyer"


class Deal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    parties: list[Party]
    note: str | None = None


def test_a_schema_names_every_field_and_forbids_others() -> None:
    schema, strict = strict_schema(Deal.model_json_schema())

    assert strict
    assert schema["required"] == ["parties", "note"]
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Party"]["required"] == ["name", "role"]
    assert schema["$defs"]["Party"]["additionalProperties"] is False
    assert "default" not in json.dumps(schema)
    assert schema["properties"]["note"]["anyOf"] == [{"type": "string"}, {"type": "null"}]


def test_a_field_called_default_is_a_field() -> None:
    schema, _ = strict_schema({"type": "object", "properties": {"default": {"type": "string"}}})
    assert schema["properties"] == {"default": {"type": "string"}}


@pytest.mark.parametrize(
    "part",
    [
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "object"},
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    ],
)
def test_what_strict_mode_cannot_say_is_sent_as_it_is(part: dict[str, object]) -> None:
    given_schema = {"type": "object", "properties": {"a": {"type": "array", "items": part}}}
    assert strict_schema(given_schema) == (given_schema, False)
