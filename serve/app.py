"""The Ray Serve shell: the HTTP API in replicas, before agents that run as Ray actors.

serve run serve.app:build              # on a cluster of its own or one that runs
serve run serve.app:build replicas=4
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Annotated, Any

import ray
from pydantic import Field
from ray import serve
from ray.serve.config import BackpressureConfig
from ray.serve.context import _get_global_client
from ray.serve.schema import LoggingConfig

from actors.config import Settings
from actors.errors import AgentUnavailableError
from actors.messages import Engine, Message
from actors.ports import AgentPort, Parcel, load
from actors.remote import RemoteAgent
from actors.serve_settings import ServeSettings
from serve.access_log import write_access_log
from serve.admission import Gate, Lanes
from serve.admitted import AdmittedDrafts
from serve.guarded import create_app

NAME = "lexray"
"""Of the application, and in Ray's metrics."""
REPLICA_CPUS = 0.1
"""Held for life. A replica mostly waits; with Ray's own figure of 1 the third on two cores would never start."""
DRAIN_S = 30.0
"""How long a replica that is replaced may take to end what it has in hand."""
GRACE_S = 5.0
"""How long its readers may stay: most drafts of the library are over by then."""
WATCH_S = 0.25
MOST_LIBRARY_DRAFTS = 4
"""More at once only wait for each other: each agent is one process."""
EVERYWHERE = "0.0.0.0"  # noqa: S104 (what Serve means by no host)


class BuildArguments(Message):
    """What `serve run serve.app:build name=value` and `args` of a Serve config may say."""

    namespace: str | None = None
    """Of the agents; without it `fleet` finds or starts them."""
    replicas: Annotated[int, Field(ge=1)] | None = None
    """Default: `LEXRAY_SERVE_REPLICAS`."""
    fleet: str = "cluster.detached:ensure"
    """`module:function` that takes the settings and returns the namespace of running agents. A name, since `serve` does
    not know `cluster`: whoever keeps agents in another way names another."""


@serve.ingress()
class Api:
    """One replica: the whole API over the agents of one namespace. Keeps nothing that a restart could lose.

    Raises:
        InvalidInputError: Serve listens beyond this machine, and there are no keys.
        ResourceMissingError: There are no agents, and no room to start them.
    """

    def __init__(self, settings: Settings, args: BuildArguments) -> None:
        # Here and not in `build`, which `serve run` calls before it has joined a cluster.
        namespace = args.namespace or load(args.fleet)(settings)
        limits = settings.serve.model_copy(update={"host": listening_host(settings.serve.host)})
        self._settings = settings.model_copy(update={"serve": limits})
        gates: dict[Engine, Gate] = {
            "library": Gate("drafts by the clause library", share(limits.drafts or library_drafts(), limits)),
            "model": Gate("drafts by models", share(limits.model_drafts, limits)),
        }
        self._drafts = AdmittedDrafts(Agents(namespace), self._settings, gates)
        self._watching: asyncio.Task[None] | None = None

    async def __serve_build_asgi_app__(self) -> Any:  # noqa: ANN401 (Ray's name)
        """Return the app; called in the replica's own process, on the loop that answers requests."""
        write_access_log()
        self._watching = asyncio.create_task(self._watch(stopping_of_this_replica()))
        return Lanes(create_app(self._drafts, self._settings))

    async def check_health(self) -> None:
        """Answer on the loop that answers requests: a replica is replaced only when that is stuck."""

    async def _watch(self, stopping: Callable[[], bool]) -> None:
        """Once this replica is being replaced, give its readers a while, then send them away."""
        while not stopping():  # noqa: ASYNC110 (Ray only sets a mark)
            await asyncio.sleep(WATCH_S)
        await asyncio.sleep(GRACE_S)
        await self._drafts.leave()


def stopping_of_this_replica() -> Callable[[], bool]:
    """Return what tells whether Ray Serve has begun to stop this replica.

    Ray tells user code only after the last request has ended (`__del__`), which a stream of some minutes never hears.
    Its own mark is read instead; `tests/integration/test_ray_serve_redeploy.py` notices when Ray renames it.
    """
    worker = ray._private.worker.global_worker  # noqa: SLF001
    replica = worker.actors[worker.actor_id]._replica_impl  # noqa: SLF001
    return lambda: bool(replica._shutting_down)  # noqa: SLF001


def build(args: BuildArguments) -> serve.Application:
    """Return the application for the settings in the environment: what `serve run` and `serve deploy` call."""
    return application(args, Settings())


def application(args: BuildArguments, settings: Settings) -> serve.Application:
    """Return the application for these settings."""
    limits = settings.serve
    if args.replicas is not None:
        limits = limits.model_copy(update={"replicas": args.replicas})
    deployment = serve.deployment(
        Api,
        name="api",
        num_replicas=limits.replicas,
        ray_actor_options={"num_cpus": REPLICA_CPUS},
        max_ongoing_requests=limits.max_ongoing,
        max_queued_requests=limits.max_queued,
        backpressure_config=BackpressureConfig(status_code=429, retry_after_s=limits.retry_after_s),
        graceful_shutdown_timeout_s=DRAIN_S,
        graceful_shutdown_wait_loop_s=0.5,
        max_surge_percent=100,  # a redeploy: the old ones answer until the new ones do
        health_check_period_s=10,
        health_check_timeout_s=30,
        logging_config=LoggingConfig(enable_access_log=False),  # the app writes its own, by route and key
    )
    bound: serve.Application = deployment.bind(settings.model_copy(update={"serve": limits}), args)
    return bound


def library_drafts() -> int:
    """Return how many drafts of the clause library the cluster can write at once: they are processor time."""
    return max(1, min(MOST_LIBRARY_DRAFTS, int(ray.cluster_resources().get("CPU", 1))))


def share(total: int, limits: ServeSettings) -> int:
    """Return one replica's part of what all may have under way, at least 1."""
    return max(1, round(total / limits.replicas))


def listening_host(told: str) -> str:
    """Return the address that Serve listens on: a Serve config may say another than the settings do."""
    client = _get_global_client(raise_if_no_controller_running=False)
    return told if client is None else client.http_config.host or EVERYWHERE


class Agents:
    """The agents of one namespace. A port is looked up once, and again when its actor is gone."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._known: dict[str, AgentPort] = {}

    def port(self, name: str) -> AgentPort:
        """Return the port of an agent; it need not exist before the first call."""
        if name not in self._known:
            self._known[name] = LastingPort(name, self._namespace)
        return self._known[name]


class LastingPort:
    """The port of an actor that may be replaced by another of its name."""

    def __init__(self, name: str, namespace: str) -> None:
        self._name, self._namespace = name, namespace
        self._agent = RemoteAgent(name, namespace)

    async def call(self, method: str, *args: object) -> Any:  # noqa: ANN401
        """Return what the agent's method returns."""
        try:
            return await self._agent.call(method, *args)
        except AgentUnavailableError:
            self._forget()
            raise

    async def ask(self, method: str, *args: object, parts: int) -> tuple[Parcel, ...]:
        """Return each part of what the agent's method returns."""
        try:
            return await self._agent.ask(method, *args, parts=parts)
        except AgentUnavailableError:
            self._forget()
            raise

    async def stream(self, method: str, *args: object) -> AsyncGenerator[Parcel, None]:
        """Iterate over the agent's stream."""
        items = self._agent.stream(method, *args)
        try:
            async for item in items:
                yield item
        except AgentUnavailableError:
            self._forget()
            raise
        finally:
            await items.aclose()

    def _forget(self) -> None:
        self._agent = RemoteAgent(self._name, self._namespace)
