"""Clients that never read, on a real server: what they cost, and that others are served beside them."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from tests.integration.lexray_command import ROOT

CLIENTS = 30
MOST_BYTES_EACH = 1_000_000
MOST_TOLD_EACH = 12_000_000
"""The kernel's own buffers hold most of it."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.integration.endless_stream"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        server.kill()


async def figures(address: str) -> dict[str, int]:
    async with httpx2.AsyncClient(timeout=30) as client:
        told: dict[str, int] = (await client.get(f"{address}/figures")).json()
        return told


async def at_rest(address: str) -> dict[str, int]:
    """Wait until nothing more is told to anybody, and return the figures."""
    before, now = -1, await figures(address)
    while now["told_bytes"] != before or now["open_streams"] < CLIENTS:
        await asyncio.sleep(0.3)
        before, now = now["told_bytes"], await figures(address)
    return now


def never_reading(address: str) -> socket.socket:
    port = int(address.rpartition(":")[2])
    asking = socket.create_connection(("127.0.0.1", port))
    asking.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return asking


async def test_clients_that_never_read_cost_bounded_memory_and_hold_up_nobody(address: str) -> None:
    async with asyncio.timeout(60):
        first = await figures(address)
        with ExitStack() as clients:
            for _ in range(CLIENTS):
                clients.enter_context(never_reading(address))
            rest = await at_rest(address)

            assert rest["told_bytes"] - first["told_bytes"] < CLIENTS * MOST_TOLD_EACH
            assert rest["resident_bytes"] - first["resident_bytes"] < CLIENTS * MOST_BYTES_EACH
        while (await figures(address))["open_streams"]:
            await asyncio.sleep(0.1)  # they left, and are noticed


async def test_a_client_that_reads_gets_its_events_and_a_clear_end(address: str) -> None:
    async with (
        asyncio.timeout(60),
        httpx2.AsyncClient(timeout=30) as client,
        client.stream("GET", f"{address}/events") as response,
    ):
        size, last = 0, ""
        async for line in response.aiter_lines():
            size += len(line)
            last = line or last
    assert 15_000_000 < size < 17_000_000
    assert json.loads(last.removeprefix("data: "))["type"] == "urn:lexray:problem:stream-limit"
