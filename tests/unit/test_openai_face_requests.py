"""What a request in OpenAI's form means here, and what it may not ask."""

import datetime
import time
from typing import Any

import pytest

from actors.errors import InvalidInputError
from actors.messages import DraftRequest
from serve.openai_face.chat import ChatBody
from serve.openai_face.conversation import Said, said
from serve.openai_face.model_names import model_names, type_of
from serve.openai_face.orders import created_at, timed_id
from serve.openai_face.parameters import NEUTRAL, understood
from serve.openai_face.refusals import RefusalError

USER = {"role": "user", "content": "an NDA"}


def drafted_as(draft_id: str) -> DraftRequest:
    return DraftRequest(draft_id=draft_id, message="an NDA", as_of=datetime.date(2026, 11, 1))


def test_every_document_type_is_a_model_and_back() -> None:
    assert type_of("lexray") is None
    assert type_of("lexray-nda-mutual") == "nda_mutual"
    assert all(type_of(model) == type_id for model, type_id in model_names().items())


@pytest.mark.parametrize("name", sorted(NEUTRAL))
def test_a_parameter_at_a_value_that_asks_for_nothing_is_taken(name: str) -> None:
    for value in NEUTRAL[name]:
        assert understood(ChatBody, {"model": "lexray", name: value}) == {"model": "lexray"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 1),
        ("n", 2),
        ("tools", [{}]),
        ("tool_choice", "required"),
        ("store", False),
        ("text", {"format": {"type": "json_schema"}}),
        ("functions", []),
    ],
)
def test_a_parameter_that_asks_for_something_else_is_refused(name: str, value: object) -> None:
    with pytest.raises(RefusalError) as refused:
        understood(ChatBody, {"model": "lexray", name: value})

    assert refused.value.param == name
    assert refused.value.status_code == 400


def test_a_parameter_that_is_null_counts_as_absent() -> None:
    assert understood(ChatBody, {"model": "lexray", "temperature": None}) == {"model": "lexray"}


def test_a_name_that_is_no_text_for_a_header_or_a_log_is_not_repeated() -> None:
    with pytest.raises(RefusalError) as refused:
        understood(ChatBody, {"\x1b[31m" + "ä" * 500: 1})

    assert len(refused.value.detail) < 700
    assert refused.value.detail.isascii()


def test_the_last_user_message_is_the_request() -> None:
    earlier = [{"role": "user", "content": "a lease"}, {"role": "assistant", "content": "# Lease"}]

    assert said([USER], "messages") == Said("an NDA", 0)
    assert said([*earlier, USER], "messages") == Said("an NDA", 2)


def test_parts_of_text_are_joined_and_an_empty_system_text_says_nothing() -> None:
    parts = [{"type": "text", "text": "an NDA"}, {"type": "input_text", "text": "under Ohio law"}]

    assert said([{"role": "system", "content": " "}, {"role": "user", "content": parts}], "m").request == (
        "an NDA\nunder Ohio law"
    )


@pytest.mark.parametrize(
    ("messages", "field"),
    [
        ([], "m"),
        ([USER, {"role": "assistant", "content": "x"}], "m"),
        ([{"role": "system", "content": "be brief"}, USER], "m[0]"),
        ([{"role": "wizard", "content": "x"}, USER], "m[0].role"),
        (["text"], "m[0]"),
        ([{"type": "function_call_output", "role": "user", "output": "x"}], "m[0]"),
        ([{**USER, "tool_calls": [{}]}], "m[0]"),
        ([{"role": "user", "content": 7}], "m[0].content"),
        ([{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}], "m[0].content[0]"),
    ],
)
def test_a_message_that_cannot_be_read_is_named(messages: list[Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        said(messages, "m")

    assert refused.value.field == field


def test_a_new_id_tells_when_it_was_made() -> None:
    before = int(time.time())
    ids = [timed_id() for _ in range(100)]

    assert len(set(ids)) == 100
    assert before <= created_at(drafted_as(ids[0])) <= time.time()


def test_an_id_without_a_time_stands_for_the_start_of_its_day() -> None:
    midnight = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC).timestamp()

    assert created_at(drafted_as("a" * 40)) == midnight
    assert created_at(drafted_as("6f1a2b3c4d5e4f60a1b2c3d4e5f60718")) == midnight
