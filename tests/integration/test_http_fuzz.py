"""The API against requests made from its own document: right ones, wrong ones, and none that brings it down."""

import json
import os
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp

from actors.config import Settings
from actors.serve_settings import ServeSettings
from cluster.inline import InlineFleet
from serve.access import OpenAccess
from serve.api import create_api
from serve.service import DraftService
from tests.integration.guarded_api import ASKED, MESSAGE, app_of, key_for
from tests.integration.threaded_server import threaded_server

EXAMPLES = 10 if os.environ.get("LEXRAY_TEST_PROFILE", "repeatable") == "repeatable" else 400
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def as_lines(_: object, value: object) -> bytes:
    return value.encode(errors="replace") if isinstance(value, str) else json.dumps(value).encode()


API = create_api(DraftService(InlineFleet(Settings()), Settings()), OpenAccess())
SCHEMA = schemathesis.openapi.from_dict(API.openapi())
DESCRIBED = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
OPERATIONS = {
    # What is not there yet answers 501, and says so.
    f"{one.method.upper()} {one.path}": one
    for one in DESCRIBED
    if "501" not in one.definition.raw["responses"]
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server, and a key that may do everything."""
    using = Settings(
        home=tmp_path_factory.mktemp("home"), serve=ServeSettings(rate=1_000_000, burst=1_000_000)
    )
    key = key_for(using, "acme", "draft", "admin", "metrics")

    def made() -> ASGIApp:
        return app_of(using)

    with threaded_server(made) as address:
        yield address, key


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_survives_what_its_document_allows_and_forbids(
    server: tuple[str, str], name: str, mode: GenerationMode
) -> None:
    address, key = server

    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    def run(case: "Case[Any]") -> None:
        case.call_and_validate(
            base_url=address, headers={"Authorization": f"Bearer {key}"}, checks=CHECKS, timeout=60
        )

    try:
        run()
    except Exception as error:
        if "Unsatisfiable" not in type(error).__name__:  # there is nothing wrong that could be sent
            raise


# Requests that nearly work: what is drawn at random seldom gets as far as the agents.

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.sampled_from(
        ["US-DE", "nda_mutual", "2026-02-31", "0001-01-01", "9999-12-31", "1e308", "-1", "{{7*7}}", "\u202e"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FACTS = (
    "parties",
    "effective_date",
    "term",
    "options",
    "carve_outs",
    "stance",
    "fees",
    "salary",
    "governing_law",
)
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
SEND = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-06-18",
}


def order(field: str, value: object) -> dict[str, object]:
    return {
        **ASKED,
        "type": "nda_mutual",
        **({"facts": {field: value}} if field in FACTS else {field: value}),
    }


def nearly(field: str, value: object) -> list[tuple[str, object]]:
    """Return requests with one wrong part: to the API, to OpenAI's face and to the MCP server."""
    chat = {"model": "lexray", "messages": [{"role": "user", "content": MESSAGE}]}
    return [
        ("/v1/drafts", order(field, value)),
        ("/v1/chat/completions", {**chat, field: value}),
        ("/v1/chat/completions", {**chat, "messages": [{"role": "user", "content": value}]}),
        ("/v1/responses", {"model": "lexray", "input": MESSAGE, field: value}),
        ("/v1/responses", {"model": "lexray", "input": value, "metadata": {"x": value}}),
        ("/mcp", {**CALL, "params": {"name": "draft", "arguments": order(field, value)}}),
        ("/mcp", {**CALL, "params": value}),
        ("/mcp", value),
    ]


@pytest.mark.parametrize(
    "field", [*FACTS, "as_of", "jurisdiction", "budget_s", "session_id", "stream", "temperature", "tools"]
)
def test_an_order_with_one_wrong_part_is_answered_without_a_defect(
    server: tuple[str, str], field: str
) -> None:
    address, key = server

    @given(value=VALUES)
    @settings(max_examples=EXAMPLES // 3, suppress_health_check=list(HealthCheck), database=None)
    def run(value: object) -> None:
        for path, body in nearly(field, value):
            answer = client.post(path, content=json.dumps(body).encode(), headers=SEND)
            assert answer.status_code < 500, (path, body, answer.text)
            assert "a defect here" not in answer.text, (path, body)

    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=60) as client:
        run()


def test_every_operation_of_the_document_is_tried() -> None:
    assert len(OPERATIONS) > 20
    assert len(DESCRIBED) == sum(len(methods) for methods in API.openapi()["paths"].values())
