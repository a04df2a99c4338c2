"""What a hit of each cache tier costs beside its floor in the same run, and what a Redis that is away costs."""

import argparse
import asyncio
import datetime
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray  # noqa: TID251 (the floor is a bare actor)
from redis.asyncio import Redis

from actors.cache import LegalSearchCache
from actors.cache_entry import encode_packet
from actors.cache_key import research_key
from actors.config import Settings
from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.domain.library import load_type
from actors.intake import query_for
from actors.messages import EssentialData, Hop
from actors.neighbours import CacheNeighbour
from actors.ports import ChildSpec
from actors.redis_tier import PREFIX, RedisTier
from actors.remote import Fleet, spawn
from actors.research import ResearchAgent
from actors.step import NoVault
from actors.step_policy import StepPolicy
from cluster.ray_session import own_ray

DAY = datetime.date(2026, 1, 31)
HOP = Hop(draft_id="benchmark", tenant="public", budget_s=60, essential_data=EssentialData(user_request=""))
QUERY = query_for(load_type("nda_mutual"), "US-DE", DAY)
OF_ACTOR, BARE_CALL = "exact hit through the actor", "bare actor call, same bytes"
TARGETS = {
    "L1 exact hit in the agent": ("p50_us", 30.0),
    OF_ACTOR: ("ratio", 1.3),
    "exact hit through Redis": ("p50_us", 500.0),
    "near hit": ("p95_us", 10_000.0),
    "Redis dead": ("first_us", 60_000.0),
    "Redis stalled": ("first_us", 60_000.0),
}
Call = Callable[[], Awaitable[object]]


class Bare:
    """The least that a cache actor could do: hand out bytes by a key."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    async def get(self, key: str) -> bytes:
        assert key
        return self._raw

    async def ping(self) -> None:
        return


async def timed(calls: dict[str, Call], rounds: int) -> dict[str, list[float]]:
    """Run the calls in turn, so that a busy moment hits them alike; return microseconds, each sorted."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        for _ in range(max(3, rounds // 20)):
            await call()
    for _ in range(rounds):
        for name, call in calls.items():
            begun = time.perf_counter()
            await call()
            taken[name].append((time.perf_counter() - begun) * 1e6)
    return {name: sorted(values) for name, values in taken.items()}


def figures(values: list[float]) -> dict[str, float]:
    """Return the percentiles of sorted values."""
    at = {"p50_us": 0.5, "p95_us": 0.95, "p99_us": 0.99}
    return {
        name: round(values[min(int(len(values) * share), len(values) - 1)], 1) for name, share in at.items()
    }


def pair(taken: dict[str, list[float]], ours: str, floor: str) -> dict[str, Any]:
    """Return our figures, the floor's, and the ratio of the medians."""
    mine, least = figures(taken[ours]), figures(taken[floor])
    return {ours: {**mine, "ratio": round(mine["p50_us"] / least["p50_us"], 2)}, floor: least}


async def packet_of(agent: ResearchAgent) -> ResearchPacket:
    """Return what research finds for the query of every measurement."""
    _, packet = await agent.research(HOP, QUERY)
    return packet


async def local_hits(rounds: int) -> dict[str, Any]:
    """Measure the whole of `ResearchAgent.research`, each time with an equal query of its own."""
    agent = ResearchAgent(StepPolicy(), NoVault(), LegalSearchCache())
    await packet_of(agent)
    queries = iter([QUERY.model_copy() for _ in range(2 * rounds + 100)])
    held = {QUERY: 1}

    async def floor() -> object:
        return held[QUERY]

    calls: dict[str, Call] = {
        "L1 exact hit in the agent": lambda: agent.research(HOP, next(queries)),
        "a dictionary of queries": floor,
    }
    return pair(await timed(calls, rounds), *calls)


async def actor_hits(rounds: int) -> dict[str, Any]:
    """Measure a look-up through the cache actor beside a bare call of an actor that does nothing."""
    with tempfile.TemporaryDirectory() as home, own_ray(Settings(home=Path(home))):
        made = Fleet("benchmark")
        arguments = {"ttl_s": 3600.0, "max_bytes": 10_000_000, "redis_url": None}
        spawn(ChildSpec("cache", "actors.cache_agent:CacheAgent", lambda _: arguments), made)
        cache = CacheNeighbour(made.port("cache"))
        packet = await packet_of(ResearchAgent(StepPolicy(), NoVault(), LegalSearchCache()))
        key = research_key(QUERY, packet.corpus_version, "bench")
        bare = ray.remote(Bare).options(num_cpus=0.05).remote(encode_packet(key, packet))
        await cache.prewarm([(key, packet)])

        async def hit() -> object:
            reply = await cache.lookup(key, QUERY)
            assert reply.packet is not None
            return reply

        async def call() -> object:
            return await bare.get.remote(key)

        async def ping() -> object:
            return await bare.ping.remote()

        calls: dict[str, Call] = {OF_ACTOR: hit, BARE_CALL: call, "bare actor call without a value": ping}
        taken = await timed(calls, rounds)
        found = pair(taken, OF_ACTOR, BARE_CALL)
        found["bare actor call without a value"] = figures(taken["bare actor call without a value"])
        made.stop()
    return found


async def redis_hits(rounds: int) -> dict[str, Any]:
    """Measure a hit through Redis, decoded and checked, beside a bare GET of the same value; then a Redis away."""
    agent = ResearchAgent(StepPolicy(), NoVault(), LegalSearchCache())
    packet = await packet_of(agent)
    key = research_key(QUERY, packet.corpus_version, "bench")
    with redis_server() as (url, process):
        tier = RedisTier(url)
        cache = LegalSearchCache(
            shared=tier, max_bytes=0
        )  # its memory takes nothing: every hit comes from Redis
        await cache.prewarm([(key, packet)])
        async with Redis.from_url(url, protocol=2) as client:

            async def hit() -> object:
                return await cache.lookup(key, QUERY)

            calls: dict[str, Call] = {
                "exact hit through Redis": hit,
                "bare Redis GET": lambda: client.get(PREFIX + key),
            }
            found = pair(await timed(calls, rounds), *calls)
            assert tier.stats().skipped == 0, "the machine is too busy to measure: Redis was left alone"
            found["exact hit through Redis"]["value_bytes"] = len(encode_packet(key, packet))
        process.send_signal(signal.SIGSTOP)
        try:
            found["Redis stalled"] = await away(RedisTier(url), packet)
        finally:
            process.send_signal(signal.SIGCONT)
        await tier.close()
    found["Redis dead"] = await away(RedisTier(url), packet)
    return found


async def away(tier: RedisTier, packet: ResearchPacket) -> dict[str, Any]:
    """Measure what a Redis that is away costs the first question, and those after it in the same breaker period."""
    taken = []
    for n in range(200):
        cache = LegalSearchCache(shared=tier)
        begun = time.perf_counter()
        lease = await cache.lookup(f"key-{n}")
        await cache.fulfil(f"key-{n}", lease.token or "", packet)
        taken.append((time.perf_counter() - begun) * 1e6)
    first, *others = taken
    calls = tier.stats().errors
    await tier.close()
    return {"first_us": round(first, 1), **figures(sorted(others)), "calls_made": calls}


async def near_hits(rounds: int) -> dict[str, Any]:
    """Measure a near hit, the encoding of its words included; nothing where the near tier or its model is absent."""
    try:
        from actors.cache_near import NearQuestions  # noqa: PLC0415
        from actors.retrieval.minilm import MiniLM  # noqa: PLC0415

        near = NearQuestions(MiniLM())
    except Exception as error:  # noqa: BLE001 (absent weights, an absent package: each has its own error)
        return {"near hit": {"absent": type(error).__name__}}
    cache = LegalSearchCache(near=near)
    asked = "Is a choice of law clause enforceable in a mutual NDA?"
    packet = await packet_of(ResearchAgent(StepPolicy(), NoVault(), LegalSearchCache()))

    async def ask(words: str) -> str:
        query: ResearchQuery = QUERY.model_copy(update={"words": words})
        key = research_key(query, packet.corpus_version, "bench")
        reply = await cache.lookup(key, query)
        if reply.token is not None:
            await cache.fulfil(key, reply.token, packet.model_copy(update={"query": query}))
        return reply.source

    await ask(asked)
    other = "Is a choice of law clause in a mutual NDA enforceable?"
    if (source := await ask(other)) != "near":
        return {"near hit": {"absent": f"the pair of the measurement is a {source}"}}
    return {"near hit": figures((await timed({"near hit": lambda: ask(other)}, rounds))["near hit"])}


@contextmanager
def redis_server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run a Redis of our own on loopback."""
    binary = os.environ.get("LEXRAY_TEST_REDIS_SERVER") or shutil.which("redis-server")
    if binary is None:
        sys.exit("no redis-server: scripts/redis_server installs one")
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            await_port(port)
            yield f"redis://127.0.0.1:{port}/0", process
        finally:
            process.terminate()
            process.wait(timeout=10)


def await_port(port: int) -> None:
    """Return when somebody listens there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.05)
    sys.exit("redis-server did not start")


def run(rounds: int = 2000) -> dict[str, dict[str, Any]]:
    """Return every figure by its name, in microseconds; those with a target say whether they reached it."""
    parts = (local_hits(rounds * 5), actor_hits(rounds), redis_hits(rounds), near_hits(max(rounds // 10, 50)))
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        found |= asyncio.run(part)
    for name, (figure, target) in TARGETS.items():
        if figure in found[name]:
            found[name] |= {"target": f"{figure} <= {target:g}", "reached": found[name][figure] <= target}
    return found


def table(found: dict[str, dict[str, Any]]) -> str:
    """Return the figures as lines."""
    columns = ("first_us", "p50_us", "p95_us", "p99_us", "ratio", "target", "reached")
    lines = [f"{'':<32}" + "".join(f"{name:>11}" for name in columns[:5]) + "  target"]
    for name, told in found.items():
        if "absent" in told:
            lines.append(f"{name:<32} absent: {told['absent']}")
            continue
        cells = "".join(f"{told[column]:>11.2f}" if column in told else " " * 11 for column in columns[:5])
        verdict = (
            f"  {told['target']}: {'reached' if told['reached'] else 'missed'}" if "target" in told else ""
        )
        lines.append(f"{name:<32}{cells}{verdict}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=2000)
    arguments.add_argument("--json", type=Path, help="also write the figures to this file")
    given = arguments.parse_args()
    found = run(given.rounds)
    print(table(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
