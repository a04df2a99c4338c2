"""One proxy profile of the benchmark of the HTTP server: a Ray, a fleet, the server, a bare echo, and all loads."""

import argparse
import asyncio
import datetime
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from draft import cpu_s, family
from pydantic import SecretStr
from ray import serve  # noqa: TID251 (the echo is a deployment of its own)
from serve_client import Call, Connection, Load, closed, opened, request
from serve_leaving import leaving

from actors.config import Settings
from actors.draft_reader import drafted
from actors.messages import DraftRequest
from actors.model_settings import ModelSettings
from actors.ports import AgentPort
from actors.serve_settings import ServeSettings
from cluster.commands.serve import quieten
from cluster.haproxy import free_port
from cluster.launch import ready, start_fleet
from cluster.ray_session import namespace, own_ray
from serve.app import BuildArguments, application
from tests.provider.process import Provider, running_provider

MESSAGE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
ORDER = json.dumps({"message": MESSAGE, "as_of": "2026-11-22"}).encode()
STREAMED = json.dumps({"message": MESSAGE, "as_of": "2026-11-22", "stream": True}).encode()
WIDE = ServeSettings(drafts=1000, model_drafts=1000, max_ongoing=1000, max_queued=1000)
"""Nobody is refused: the loads measure what the way there costs."""
OVERLOAD = 10
BATCH_ROWS = 2000
"""More than can be drafted while the others are measured."""


def servers() -> list[int]:
    """Return every process below this one: Ray's, the replicas, uvicorn."""
    return family()[1:]


async def measured(work: Coroutine[Any, Any, Load]) -> Load:
    """Return a load with the CPU that the servers spent on it."""
    pids = servers()
    before = cpu_s(pids)
    load = await work
    load.cpu_s = cpu_s(pids) - before
    return load


def counts(clients: int, share: float) -> dict[str, int]:
    """Return how many requests of each kind so many clients send: a draft takes half a second of CPU."""
    return {
        "echo": max(1, round(share * max(100, 4 * clients))),
        "replay": max(1, round(share * max(60, 2 * clients))),
        "draft": max(1, round(share * max(16, clients))),
    }


async def direct(port: AgentPort, requests: list[DraftRequest], clients: int) -> Load:
    """Ask the coordinator itself, without HTTP: the pipeline's own time."""
    load, waiting, begun = Load(), iter(requests), time.perf_counter()

    async def client() -> None:
        for asked in waiting:
            at = time.perf_counter()
            progress = await drafted(port, asked)
            took = (time.perf_counter() - at) * 1e3
            status = 200 if progress.status == "finished" else 500
            load.calls.append(Call(status, at - begun, took, took, 0))

    await asyncio.gather(*(client() for _ in range(clients)))
    load.seconds = time.perf_counter() - begun
    return load


def order(draft_id: str | None = None) -> DraftRequest:
    return DraftRequest(
        draft_id=draft_id or uuid.uuid4().hex,
        message=MESSAGE,
        as_of=datetime.date(2026, 11, 22),
        resumable=True,
    )


async def levels(
    ports: dict[str, int], coordinator: AgentPort, given: argparse.Namespace
) -> list[dict[str, Any]]:
    """Measure every contestant at every number of clients."""
    told = []
    finished = order()
    await drafted(coordinator, finished)
    again = {"Idempotency_Key": uuid.uuid4().hex}
    asked = {
        "echo": request("POST", "/echo", ORDER),
        "replay": request("POST", "/v1/drafts", ORDER, **again),
        "draft": request("POST", "/v1/drafts", STREAMED),
    }
    for who, port in ports.items():  # warm, and the draft that is replayed
        for kind in ("echo",) if who == "echo" else ("replay", "draft"):
            for _ in range(3):
                await Connection(port).ask(asked[kind], 0.0)
    for clients in given.clients:
        for kind, count in counts(clients, given.share).items():
            for who, port in ports.items():
                if (who == "echo") == (kind == "echo"):
                    load = await measured(closed(port, [asked[kind]] * count, clients))
                    told.append({"who": who, "kind": kind, "clients": clients, "load": load.raw()})
            if kind != "echo":
                requests = [finished if kind == "replay" else order() for _ in range(count)]
                load = await measured(direct(coordinator, requests, clients))
                told.append({"who": "pipeline", "kind": kind, "clients": clients, "load": load.raw()})
            print(f"{given.profile}: {clients} clients, {kind}: done", file=sys.stderr, flush=True)
    return told


async def overload(port: int, given: argparse.Namespace) -> dict[str, Any]:
    """Send ten times what it can, and look at who is refused, who is not, and what comes after."""
    plain = request("POST", "/v1/drafts", ORDER)
    count = max(2, round(20 * given.share))
    unloaded = await closed(port, [plain] * count, 1)
    full = await closed(port, [plain] * count, 2)
    per_s = max(1.0, full.answered() / full.seconds)
    seconds = max(2.0, 12 * given.share)
    flood = await measured(opened(port, plain, OVERLOAD * per_s, seconds))
    after = await closed(port, [plain] * max(2, count // 2), 1)
    loads = {"unloaded": unloaded, "full": full, "flood": flood, "after": after}
    return {"capacity_per_s": per_s, **{name: load.raw() for name, load in loads.items()}}


def beside_a_batch(port: int, count: int) -> dict[str, Any]:
    """Draft so many documents one after the other while a batch of rows runs; return their load and the batch's end."""
    rows = "".join(json.dumps({"id": f"r{n}", "message": MESSAGE}) + "\n" for n in range(BATCH_ROWS))
    post = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/batches?formats=md",
        rows.encode(),
        {"Content-Type": "application/x-ndjson"},
    )
    with urllib.request.urlopen(post, timeout=60) as reply:  # noqa: S310
        batch = reply.headers["Location"]
    url = f"http://127.0.0.1:{port}{batch}"
    while settled(url) < BATCH_ROWS // 20:
        time.sleep(0.2)  # noqa: TID251 (cells start)
    before, begun = settled(url), time.perf_counter()
    load = asyncio.run(closed(port, [request("POST", "/v1/drafts", ORDER)] * count, 1))
    rows_per_s = (settled(url) - before) / (time.perf_counter() - begun)
    stop = urllib.request.Request(url, method="DELETE")
    urllib.request.urlopen(stop, timeout=60).close()  # noqa: S310
    return {"load": load.raw(), "rows_per_s": rows_per_s}


def settled(batch_url: str) -> int:
    with urllib.request.urlopen(batch_url, timeout=60) as reply:  # noqa: S310
        counts = json.loads(reply.read())["counts"]
    return int(counts["finished"] + counts["degraded"] + counts["failed"])


def run(given: argparse.Namespace, folder: Path, provider: Provider) -> dict[str, Any]:
    models = ModelSettings(
        base_url=provider.base_url, api_key=SecretStr("benchmark"), model="sim", agents=("intake",)
    )
    wide = Settings(home=folder, serve=WIDE, dashboard_port=0, llm=models)
    port, plain_port = free_port(), free_port()

    @serve.deployment(num_replicas=2, ray_actor_options={"num_cpus": 0.1}, max_ongoing_requests=1000)
    class Echo:
        async def __call__(self, asked: Any) -> bytes:
            body: bytes = await asked.body()
            return body

    with own_ray(wide) as info:
        running = start_fleet(wide, folder / "journal.sqlite", batches=True)
        asyncio.run(ready(running))
        quieten()
        serve.start(http_options={"host": "127.0.0.1", "port": port}, proxy_location="HeadOnly")
        quieten()
        serve.run(application(BuildArguments(namespace=namespace()), wide), name="lexray")
        serve.run(Echo.bind(), name="echo", route_prefix="/echo")
        ports = {"echo": port, "lexray": port}
        plain = None
        if given.profile == "default":
            command = [
                sys.executable,
                Path(__file__).with_name("serve_plain.py"),
                "--address",
                info["gcs_address"],
            ]
            plain = subprocess.Popen([*command, "--port", str(plain_port)])
            ports["uvicorn"] = plain_port
            asyncio.run(listening(plain_port))
        try:
            told = {"levels": asyncio.run(levels(ports, running.port("coordinator"), given))}
        finally:
            if plain is not None:
                plain.terminate()
                plain.wait(20)
        serve.run(
            application(
                BuildArguments(namespace=namespace()), wide.model_copy(update={"serve": ServeSettings()})
            ),
            name="lexray",
        )
        time.sleep(2)  # noqa: TID251 (the old replicas end)
        told["overload"] = asyncio.run(overload(port, given))
        told["left"] = asyncio.run(leaving(port, provider, max(4, round(20 * given.share))))
        told["beside"] = beside_a_batch(port, max(2, round(20 * given.share)))
        running.handles.clear()
    return told


async def listening(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError(f"nobody listens on {port}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile", choices=("default", "haproxy"), required=True)
    parser.add_argument("--clients", type=lambda text: [int(part) for part in text.split(",")], required=True)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lexray-") as folder, running_provider() as provider:
        told = run(given, Path(folder), provider)
    given.out.write_text(json.dumps({"profile": given.profile, **told}), encoding="utf-8")


if __name__ == "__main__":
    main()
