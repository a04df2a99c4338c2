"""Runs the provider on loopback: `python -m tests.provider --port 0 --seed 1`. Prints its address as one JSON line."""

import argparse
import asyncio
import json
import resource
import sys

from aiohttp import web

from tests.provider.server import application
from tests.provider.simulation import TASK_PATTERN, Simulation

HOST = "127.0.0.1"


def main() -> None:
    """Read the command line and serve until the end."""
    given = argparse.ArgumentParser(prog="python -m tests.provider", description=__doc__)
    given.add_argument("--port", type=int, default=0, help="0: any free one")
    given.add_argument("--seed", type=int, default=1, help="of latencies and words")
    given.add_argument("--api-key", help="the only key that is taken; without it, any")
    given.add_argument("--concurrency", type=int, help="requests served at a time; without it, all")
    given.add_argument("--queue", type=int, help="requests that may wait for a place; without it, all")
    given.add_argument("--task-pattern", default=TASK_PATTERN, help="finds a request's task in its prompt")
    given.add_argument("--end-with-stdin", action="store_true", help="stop when stdin is closed")
    asyncio.run(serve(given.parse_args()))


async def serve(given: argparse.Namespace) -> None:
    """Listen, say where, and stay."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # one for each client that waits
    simulation = Simulation(given.seed, given.api_key, given.task_pattern)
    simulation.limit(given.concurrency, given.queue)
    # A client that leaves ends the work for it, and the log says so.
    runner = web.AppRunner(application(simulation), handler_cancellation=True, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, given.port, backlog=2048)
    await site.start()
    port = runner.addresses[0][1]
    print(json.dumps({"base_url": f"http://{HOST}:{port}/v1", "port": port}), flush=True)  # noqa: T201
    if given.end_with_stdin:
        await asyncio.to_thread(sys.stdin.read)
    else:
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
