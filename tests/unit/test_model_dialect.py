"""How a request is put, and how it gets plainer when a server names what it does not know."""

import json

import pytest

from actors.llm.call import ModelCall
from actors.llm.dialect import Dialect

SCHEMA = {"type": "object", "properties": {"heading": {"type": "string"}}}
CALL = ModelCall(
    task="review notes", system="You review.", user="Here.", json_schema=SCHEMA, max_output_tokens=77
)
RICH = Dialect("json_schema")


def test_a_request_binds_the_model_to_its_schema() -> None:
    body = RICH.request(CALL, "large")

    assert (body["model"], body["stream"], body["max_tokens"]) == ("large", True, 77)
    assert body["stream_options"] == {"include_usage": True}
    assert body["response_format"]["json_schema"]["name"] == "review_notes"
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["messages"] == [
        {"role": "system", "content": "You review."},
        {"role": "user", "content": "Here."},
    ]


def test_plain_text_is_asked_for_without_any_form() -> None:
    body = RICH.request(ModelCall(task="draft", system="s", user="u"), "large")
    assert "response_format" not in body


@pytest.mark.parametrize("structured", ["json_object", "none"])
def test_without_schema_support_the_schema_stands_in_the_prompt(structured: str) -> None:
    body = Dialect(structured).request(CALL, "large")  # type: ignore[arg-type]

    system = body["messages"][0]["content"]
    assert system.startswith("You review.")
    assert json.dumps(SCHEMA, separators=(",", ":")) in system
    assert "JSON" in system
    assert body.get("response_format") == ({"type": "json_object"} if structured == "json_object" else None)


def test_a_rejected_answer_is_said_back_as_the_models_own() -> None:
    again = ModelCall(task="t", system="s", user="u", rejected="Eh.", complaint="It is no JSON.")
    roles = [(message["role"], message["content"]) for message in RICH.request(again, "m")["messages"]]
    assert roles == [("system", "s"), ("user", "u"), ("assistant", "Eh."), ("user", "It is no JSON.")]


@pytest.mark.parametrize(
    ("refusal", "plainer"),
    [
        ("'response_format.type' json_schema is not supported", Dialect("json_object")),
        ("Invalid parameter: 'response_format' of type 'json_schema'", Dialect("json_object")),
        ("unknown field: stream_options", Dialect("json_schema", tells_usage=False)),
        (
            "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
            Dialect("json_schema", length="max_completion_tokens"),
        ),
    ],
)
def test_a_refusal_that_names_a_word_leads_to_a_plainer_request(refusal: str, plainer: Dialect) -> None:
    assert RICH.plainer(refusal) == plainer


@pytest.mark.parametrize(
    "refusal",
    ["This model's maximum context length is 8192 tokens", "max_tokens is too large: 4096", "No.", ""],
)
def test_a_refusal_about_something_else_leads_nowhere(refusal: str) -> None:
    assert RICH.plainer(refusal) is None


def test_a_dialect_gets_plainer_a_bounded_number_of_times() -> None:
    everything = "response_format and stream_options and max_tokens are unsupported"
    seen: list[Dialect] = []
    dialect: Dialect | None = RICH
    while dialect is not None:
        seen.append(dialect)
        dialect = dialect.plainer(everything)
    assert seen[-1] == Dialect("none", tells_usage=False, length="max_completion_tokens")
    assert len(seen) == 5
