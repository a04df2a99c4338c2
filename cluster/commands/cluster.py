"""`lexray up`, `down`, `status` and `cache`: a cluster that stays, and what it says of itself."""

import asyncio
import codecs
import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from actors.cache_key import PUBLIC_TENANT, Scope
from actors.config import Settings
from actors.domain.authority import ResearchQuery
from actors.domain.jurisdictions import parse_jurisdiction
from actors.domain.library import load_type
from actors.errors import InvalidInputError, RequestError, ResourceMissingError
from actors.intake import query_for
from actors.messages import Message
from actors.ports import AgentPort
from cluster.commands.arguments import read_bounded
from cluster.state_file import UpState, process_start, read_state

UP_LIMIT_S = 180.0
MOST_WARM_BYTES = 1_000_000


class WarmLine(Message):
    """One line of a file of research to do beforehand."""

    type: str
    jurisdiction: str | None = None


def up(settings: Settings) -> tuple[UpState, bool]:
    """Start a cluster that outlives this command; return its state and whether it was started now.

    Raises:
        ResourceMissingError: It did not come up.
    """
    state = read_state(settings.folder)
    if state is not None:
        return state, False
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = settings.folder / "up.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "cluster.hold"],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    deadline = time.monotonic() + UP_LIMIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ResourceMissingError("the cluster did not start", f"its last words are in {log}")
        state = read_state(settings.folder)
        if state is not None:
            return state, True
        wait(0.2)
    process.terminate()
    raise ResourceMissingError(f"the cluster did not start within {UP_LIMIT_S:g} s", f"see {log}")


def down(settings: Settings) -> None:
    """Stop the cluster that `up` started, and nothing else.

    Raises:
        ResourceMissingError: There is none, or it does not stop.
    """
    state = _running(settings)
    os.kill(state.pid, signal.SIGINT)  # on SIGTERM Ray fills the log with a stack trace first
    deadline = time.monotonic() + 60
    while process_start(state.pid) == state.started:
        if time.monotonic() > deadline:
            raise ResourceMissingError(f"process {state.pid} did not stop within 60 s", "stop it by hand")
        wait(0.1)


def wait(seconds: float) -> None:
    """Block this command for a moment: it has no event loop."""
    asyncio.run(asyncio.sleep(seconds))


async def status(settings: Settings) -> dict[str, Any]:
    """Return what the running cluster says of itself.

    Raises:
        ResourceMissingError: No cluster is up.
    """
    state = _running(settings)
    agent = _joined(settings, state)
    cache, monitor = await asyncio.gather(_cache_stats(agent), agent("monitor").call("stats"))
    health = await agent("coordinator").call("health")
    return {
        "optimization_active": True,
        "address": state.address,
        "dashboard": state.dashboard_url,
        "drafts_in_flight": health["drafts_in_flight"],
        "cache_stats": cache,
        "performance_stats": monitor,
    }


async def cache_stats(settings: Settings) -> dict[str, Any]:
    """Return the figures of the running cluster's cache."""
    return await _cache_stats(_joined(settings, _running(settings)))


async def _cache_stats(agent: Callable[[str], AgentPort]) -> dict[str, Any]:
    """Return the cache actor's figures with those of the research agent's own memory; hits of both are hits."""
    shared, local = await asyncio.gather(agent("cache").call("stats"), agent("research").call("cache_stats"))
    return {**shared, **local, "hits": shared["hits"] + local["local_hits"]}


async def cache_clear(scope: Scope, settings: Settings) -> int:
    """Drop a scope from the running cluster's cache, Redis included; return how many values Redis deleted.

    Raises:
        AgentUnavailableError: Redis did not answer; the actors' memories have dropped it.
    """
    agent = _joined(settings, _running(settings))
    try:
        deleted: int = await agent("cache").call("clear", scope)
    finally:
        await agent("research").call("forget")
    return deleted


async def cache_warm_most_used(count: int, as_of: datetime.date, settings: Settings) -> int:
    """Research what drafts asked for most, earlier runs and corpus versions included, against today's corpus.

    Returns:
        How many questions were researched: at most `count`, and never one with words.
    """
    agent = _joined(settings, _running(settings))
    asked = [use.asked for use in await agent("cache").call("most_used", count)]
    for tenant in sorted({one.tenant for one in asked}):
        queries = [one.on(as_of) for one in asked if one.tenant == tenant]
        await agent("research").call("warm", tenant, queries)
    return len(asked)


async def cache_warm(file: Path, as_of: datetime.date, settings: Settings) -> int:
    """Research every line of a JSONL file (`{"type": …, "jurisdiction": …}`) before anybody asks.

    Raises:
        InvalidInputError: A line is wrong; nothing was researched.
    """
    queries = [_query(number, line, as_of) for number, line in _lines(file)]
    await _joined(settings, _running(settings))("research").call("warm", PUBLIC_TENANT, queries)
    return len(queries)


def _lines(file: Path) -> list[tuple[int, bytes]]:
    """Return the lines that hold something, each with its number in the file."""
    lines = read_bounded(file, "file", MOST_WARM_BYTES).removeprefix(codecs.BOM_UTF8).split(b"\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _query(number: int, line: bytes, as_of: datetime.date) -> ResearchQuery:
    field = f"line {number}"
    try:
        asked = WarmLine.model_validate_json(line)
        place = None if asked.jurisdiction is None else parse_jurisdiction(asked.jurisdiction)
        return query_for(load_type(asked.type), place, as_of)
    except ValidationError as error:
        wanted = 'an object such as {"type": "nda_mutual", "jurisdiction": "US-DE"}'
        raise InvalidInputError(field, f"it is not {wanted}") from error
    except RequestError as error:
        raise InvalidInputError(field, str(error)) from error


def _running(settings: Settings) -> UpState:
    state = read_state(settings.folder)
    if state is None:
        raise ResourceMissingError("no cluster is up", "start one with `lexray up`")
    return state


def _joined(settings: Settings, state: UpState) -> Any:  # noqa: ANN401
    from cluster.ray_session import find_agent, join_ray

    join_ray(settings, state.address)
    return find_agent
