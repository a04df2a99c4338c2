"""`lexray serve`: the HTTP API on Ray Serve, over the agents of `lexray up` or over agents of its own."""

import asyncio
import io
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import Annotated, Literal

import typer

from actors.config import Settings
from actors.errors import AgentUnavailableError, InvalidInputError, ResourceMissingError
from actors.ports import AgentPort
from cluster.commands.arguments import read_settings
from cluster.haproxy import free_port, haproxy_environment
from cluster.state_file import read_state

Proxy = Literal["default", "haproxy"]
DRAIN_S = 60.0
"""How long drafts in the background may go on when the server ends."""
EXAMPLE = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(command)


def command(
    host: Annotated[str | None, typer.Option("--host", help="Default: LEXRAY_SERVE_HOST, loopback.")] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="Default: LEXRAY_SERVE_PORT; 0: a free one."),
    ] = None,
    replicas: Annotated[
        int | None, typer.Option("--replicas", min=1, help="Processes that answer; LEXRAY_SERVE_REPLICAS.")
    ] = None,
    proxy: Annotated[
        str, typer.Option("--proxy", help="default: Ray's own; haproxy: less CPU for each request.")
    ] = "default",
) -> None:
    """Serve the HTTP API until Ctrl-C, over the agents of `up` or over agents of its own."""
    given = {"host": host, "port": port, "replicas": replicas}
    settings = read_settings()
    limits = settings.serve.model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    serve(settings.model_copy(update={"serve": limits}), proxy_of(proxy))


def proxy_of(name: str) -> Proxy:
    """Return the proxy of this name.

    Raises:
        InvalidInputError: There is none.
    """
    match name:
        case "default" | "haproxy":
            return name
    raise InvalidInputError("proxy", f"{name[:40]!r} is neither default nor haproxy")


def serve(settings: Settings, proxy: Proxy) -> None:
    """Serve until SIGINT or SIGTERM, then end what is in hand.

    Raises:
        InvalidInputError: The address cannot be listened on.
        ResourceMissingError: Something that it needs is not there.
    """
    from serve.guarded import access_of, notice  # FastAPI: `--help` need not wait for it

    keys = notice(access_of(settings))
    settings = on_free_port(settings)
    with (
        ExitStack() as until_the_end,
        agents_of(settings, proxy) as (namespace, coordinator),
        served(settings, namespace),
    ):
        show(settings, proxy, keys)
        asyncio.run(told_to_stop())
        # Ray reports the end of its own controller on stdout, as a failure.
        until_the_end.enter_context(redirect_stdout(io.StringIO()))
        say("ending what is in hand (Ctrl-C again: at once)")
        stop_serving()
        asyncio.run(drafts_over(coordinator))


def on_free_port(settings: Settings) -> Settings:
    """Return the settings with a port that can be listened on.

    Raises:
        InvalidInputError: There is none.
    """
    limits = settings.serve
    try:
        port = free_port(limits.host.strip("[]"), limits.port)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InvalidInputError(
            "port", f"{limits.host}:{limits.port} cannot be listened on ({reason})"
        ) from error
    return settings.model_copy(update={"serve": limits.model_copy(update={"port": port})})


@contextmanager
def agents_of(settings: Settings, proxy: Proxy) -> Iterator[tuple[str, AgentPort]]:
    """Join the Ray of `lexray up`, or that of `RAY_ADDRESS`, or start one.

    Yields:
        The namespace of the agents, and the port of their coordinator.
    """
    state = read_state(settings.folder)
    from cluster.ray_session import address_given  # imports Ray: not before HAProxy's variables are set

    address = address_given() if state is None else state.address
    if address is None:
        with own_agents(settings, proxy) as found:
            yield found
        return
    if proxy == "haproxy":
        raise ResourceMissingError(
            "a cluster that runs has chosen its proxy when it started",
            "end it first (`lexray down`), or start its nodes with RAY_SERVE_ENABLE_HA_PROXY=1",
        )
    say(f"joining the cluster at {address}")
    from cluster import detached, ray_session

    ray_session.join_ray(settings, address)
    namespace = ray_session.namespace() if state is not None else detached.ensure(settings)
    yield namespace, ray_session.find_agent("coordinator")


@contextmanager
def own_agents(settings: Settings, proxy: Proxy) -> Iterator[tuple[str, AgentPort]]:
    """Run Ray and agents that end with this command."""
    say("starting Ray and the agents (a few seconds; `lexray up` keeps them running)")
    folder = Path(tempfile.mkdtemp(prefix="lexray-"))
    if proxy == "haproxy":
        # What the caller's environment says of HAProxy wins.
        os.environ |= haproxy_environment(folder) | os.environ
    from cluster.launch import ready, start_fleet
    from cluster.ray_session import namespace, own_ray

    try:
        with own_ray(settings):
            running = start_fleet(settings, settings.folder / "journal.sqlite", batches=True)
            asyncio.run(ready(running))
            yield namespace(), running.port("coordinator")
            running.handles.clear()  # until here they kept the actors alive
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served(settings: Settings, namespace: str) -> Iterator[None]:
    """Run the application on the joined Ray.

    Raises:
        ResourceMissingError: It is served there already, or does not come up.
    """
    from ray import serve as ray_serve

    from serve.app import NAME

    quieten()
    if NAME in ray_serve.status().applications:
        raise ResourceMissingError("this cluster serves lexray already", "end that server first")
    limits = settings.serve
    ray_serve.start(
        http_options={"host": limits.host.strip("[]"), "port": limits.port}, proxy_location="HeadOnly"
    )
    quieten()
    try:
        start_application(settings, namespace)
        yield
    finally:
        ray_serve.shutdown()


def start_application(settings: Settings, namespace: str) -> None:
    """Run the application, and wait until its replicas answer.

    Raises:
        ResourceMissingError: They do not.
    """
    from ray import serve as ray_serve

    from serve.app import NAME, BuildArguments, application

    try:
        ray_serve.run(application(BuildArguments(namespace=namespace), settings), name=NAME)
    except RuntimeError as error:
        raise ResourceMissingError(
            f"the replicas did not start ({error})", "their reasons are in Ray's logs, under serve/"
        ) from error


def stop_serving() -> None:
    """Let the replicas end what they have in hand; streams tell their readers to come back."""
    from ray import serve as ray_serve

    from serve.app import NAME

    ray_serve.delete(NAME)


def quieten() -> None:
    """Leave only errors of Serve's talk."""
    for name in ("ray.serve", "ray"):
        logging.getLogger(name).setLevel(logging.ERROR)


async def told_to_stop() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


async def drafts_over(coordinator: AgentPort) -> None:
    """Wait until no draft is under way, for a time; what is not over then waits in the journal."""
    told = None
    try:
        async with asyncio.timeout(DRAIN_S):
            while count := (await coordinator.call("health"))["drafts_in_flight"]:
                if count != told:
                    say(f"{count} {'draft is' if count == 1 else 'drafts are'} still under way")
                told = count
                await asyncio.sleep(0.2)
    except TimeoutError:
        say(f"{told} not over; whoever asks for them later goes on with them")
    except AgentUnavailableError:
        say("the coordinator is gone; its drafts are in the journal")


def show(settings: Settings, proxy: Proxy, keys: str) -> None:
    """Say where it is, who may ask, and how."""
    limits = settings.serve
    host = "127.0.0.1" if limits.host in {"0.0.0.0", "::"} else limits.host  # noqa: S104 (what a client writes)
    address = f"http://{host}:{limits.port}"
    behind = "HAProxy" if proxy == "haproxy" else "Ray's proxy"
    processes = "1 replica" if limits.replicas == 1 else f"{limits.replicas} replicas"
    print(f"serving at {address} ({processes} behind {behind}); Ctrl-C ends it")  # noqa: T201
    print(keys)  # noqa: T201
    order = json.dumps({"stream": True, "message": EXAMPLE})
    print(  # noqa: T201
        f"try: curl -N {address}/v1/drafts -H 'Content-Type: application/json' -d '{order}'", flush=True
    )


def say(line: str) -> None:
    """Tell on stderr what goes on."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201
