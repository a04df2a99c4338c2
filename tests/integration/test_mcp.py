"""The official MCP client uses every tool of a real server, by the newest protocol and by the one before it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent

from actors.config import Settings
from actors.errors import SearchUnavailableError
from actors.ports import LocalAgent
from tests.integration.loopback_api import LoopbackApi, loopback_api

REQUEST = (
    "Create a mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
)
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[LoopbackApi]:
    async with loopback_api(Settings(), tmp_path / "journal.db") as running:
        yield running


@asynccontextmanager
async def assistant(api: LoopbackApi, mode: str = "auto") -> AsyncIterator[Client]:
    headers = {"Authorization": "Bearer key-of-acme"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{api.url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


def values(result: CallToolResult) -> dict[str, Any]:
    found: dict[str, Any] = result.structured_content
    return found


def first_text(result: CallToolResult) -> str:
    first = result.content[0]
    assert isinstance(first, TextContent)
    return first.text


class NoResearch:
    async def research(self, *_: object) -> Any:
        raise SearchUnavailableError("the index is away")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_an_assistant_drafts_a_document_and_sees_its_progress(api: LoopbackApi, mode: str) -> None:
    percents: list[float] = []

    async def told(progress: float, total: float | None, message: str | None) -> None:
        percents.append(progress)

    async with assistant(api, mode) as client:
        tools = (await client.list_tools()).tools
        result = await client.call_tool("draft", {"message": REQUEST}, progress_callback=told)

    assert [tool.name for tool in tools] == ["draft", "review", "check_citations", "search_law"]
    assert not result.is_error
    assert first_text(result).startswith("# ")
    assert "Acme Robotics, Inc." in first_text(result)
    assert values(result)["degraded"] is False
    assert values(result)["open_points"]
    assert await api.service.find("acme", values(result)["draft_id"])
    assert percents == sorted(percents)
    assert percents[-1] == 100


async def test_a_degraded_draft_says_so_in_its_text_and_values(api: LoopbackApi) -> None:
    api.service.agents._agents["research"] = LocalAgent(NoResearch())  # type: ignore[attr-defined]
    async with assistant(api) as client:
        result = await client.call_tool("draft", {"message": REQUEST})

    assert values(result)["status"] == "degraded"
    assert values(result)["degraded_steps"][0]["step"] == "research"
    assert "**Note.** Legal research was not available" in first_text(result)


async def test_an_assistant_reviews_a_document(api: LoopbackApi) -> None:
    text = "## 1. Term\n\nThis Agreement lasts for two (3) years."
    async with assistant(api) as client:
        result = await client.call_tool(
            "review", {"text": text, "type": "nda_mutual", "jurisdiction": "US-CA"}
        )

    found = values(result)
    assert found["jurisdiction"] == "US-CA"
    assert any(finding["quote"] == "two (3)" for finding in found["review"]["findings"])
    assert "validation" in found
    assert json.loads(first_text(result)) == found


async def test_an_assistant_checks_citations(api: LoopbackApi) -> None:
    text = (
        "See 18 U.S.C. § 1833(b) and Varghese v. China Southern Airlines Co., 925 F.3d 1339 (11th Cir. 2019)."
    )
    async with assistant(api) as client:
        found = values(await client.call_tool("check_citations", {"text": text}))["citations"]

    assert found[0]["state"] == "verified"
    assert found[1]["state"] != "verified"


async def test_an_assistant_searches_the_law(api: LoopbackApi) -> None:
    async with assistant(api) as client:
        found = values(
            await client.call_tool(
                "search_law", {"query": "non-compete after employment", "jurisdiction": "US-CA", "limit": 3}
            )
        )

    assert any("16600" in authority["citation"] for authority in found["authorities"])


@pytest.mark.parametrize(
    ("tool", "arguments", "word"),
    [
        ("draft", {"message": "Please write a poem about the sea"}, "type"),
        ("draft", {"massage": REQUEST}, "message"),
        ("draft", {"message": REQUEST, "as_of": "tomorrow"}, "as_of"),
        ("draft", {"message": REQUEST, "engine": "magic"}, "engine"),
        ("draft", {"message": "an NDA \0"}, "NUL"),
        ("review", {"text": "x", "type": "spell"}, "type"),
        ("search_law", {"query": "…"}, "query"),
        ("search_law", {"query": "lease", "limit": 1000}, "limit"),
    ],
)
async def test_arguments_that_are_wrong_are_named_and_not_repeated(
    api: LoopbackApi, tool: str, arguments: dict[str, Any], word: str
) -> None:
    async with assistant(api) as client:
        result = await client.call_tool(tool, arguments)

    assert result.is_error
    assert word in first_text(result)
    assert "spell" not in first_text(result)
    assert values(result)["status"] == 422


async def test_a_tool_that_does_not_exist_is_an_error_of_the_protocol(api: LoopbackApi) -> None:
    async with assistant(api) as client:
        with pytest.raises(MCPError, match="there is no such tool"):
            await client.call_tool("sue", {})


async def test_a_stranger_is_refused_before_the_protocol_begins(api: LoopbackApi) -> None:
    async with httpx2.AsyncClient() as http:
        stranger = await http.post(
            f"{api.url}/mcp", json=INITIALIZE, headers={"Authorization": "Bearer nobody"}
        )
        listening = await http.get(f"{api.url}/mcp")

    assert stranger.status_code == 401
    assert stranger.headers["www-authenticate"] == "Bearer"
    assert listening.status_code == 405
    assert listening.headers["allow"] == "POST"
