"""The one door to Ray inside `actors/`: plain classes become actors, handles become ports, Ray's errors become ours.

Nothing else in the product awaits an object reference. Ray does not cancel a child's work when its caller times out,
is cancelled, or leaves a stream: `rcall` and `rstream` do, recursively.
"""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import ray
from ray.actor import ActorHandle
from ray.exceptions import (
    ActorDiedError,
    ActorUnschedulableError,
    ObjectLostError,
    OutOfMemoryError,
    RayActorError,
    RayTaskError,
    TaskCancelledError,
    WorkerCrashedError,
)

from actors.errors import AgentUnavailableError, LexrayError
from actors.ports import ChildSpec, Opened, Parcel, load

logger = logging.getLogger(__name__)

BACKPRESSURE = 2
"""Items that a stream's producer may be ahead of its reader."""
GONE = (
    RayTaskError,
    RayActorError,
    ActorUnschedulableError,  # no RayActorError: the node to which an actor is bound has left
    ObjectLostError,
    WorkerCrashedError,
    OutOfMemoryError,
)
"""How a call ends that its callee did not answer well."""


class Fleet:
    """The actors of one namespace, by name."""

    def __init__(self, namespace: str, *, detached: bool = False) -> None:
        self.namespace, self.detached = namespace, detached
        """Detached actors live until they are stopped, whatever becomes of the process that created them."""
        self.handles: dict[str, ActorHandle] = {}
        """Those that this process created, and so keeps alive."""

    def port(self, name: str) -> "RemoteAgent":
        """Return the port of an actor; it need not exist before the first call."""
        return RemoteAgent(name, self.namespace)

    def stop(self) -> None:
        """End the actors that this process created."""
        for handle in self.handles.values():
            ray.kill(handle)
        self.handles.clear()


class Host:
    """Any agent inside an actor.

    The agent's module is imported here, in the actor's own process: whoever creates a fleet need not load what all its
    agents know.
    """

    niceness = 0
    """That of the thread in which the agent works, where Ray's is lower."""

    def __init__(self, agent: str, arguments: Mapping[str, Any]) -> None:
        self._agent = load(agent)(**arguments)
        self._gives_way = False

    async def ask(self, method: str, *args: object) -> Any:  # noqa: ANN401
        """Return what the agent's method returns."""
        self._give_way()
        return await getattr(self._agent, method)(*args)

    async def stream(self, method: str, *args: object) -> AsyncGenerator[Any, None]:
        """Iterate over what the agent's method yields."""
        self._give_way()
        async with aclosing(getattr(self._agent, method)(*args)) as items:
            async for item in items:
                yield item

    def _give_way(self) -> None:
        """Let others go first on a busy machine: those who answer and pass on must not wait for those who compute.

        Only this thread, which is the one that computes, and those that it starts: Ray's own in this process carry the
        messages.
        """
        if not self._gives_way and sys.platform == "linux":
            thread = threading.get_native_id()
            if os.getpriority(os.PRIO_PROCESS, thread) < self.niceness:
                os.setpriority(os.PRIO_PROCESS, thread, self.niceness)
        self._gives_way = True

    @ray.method(concurrency_group="control")  # type: ignore[untyped-decorator]
    async def actor_health(self) -> dict[str, object]:
        """Answer from a loop of its own, which a busy agent cannot block."""
        return {"pid": os.getpid(), "actor_id": ray.get_runtime_context().get_actor_id()}


def spawn(spec: ChildSpec, fleet: Fleet) -> None:
    """Create the actor of one row. It starts in the background; `actor_health` answers when it is ready."""
    name = spec.agent.rpartition(":")[2]
    # A class of its own for each agent: its name is what the dashboard and the logs show.
    hosted = ray.remote(concurrency_groups={"control": 2})(
        type(name, (Host,), {"__module__": Host.__module__, "niceness": spec.niceness})
    )
    fleet.handles[spec.name] = hosted.options(
        name=spec.name,
        namespace=fleet.namespace,
        lifetime="detached" if fleet.detached else None,
        # Of two that create the same fleet at once, the second finds the first one's actors.
        get_if_exists=fleet.detached,
        max_concurrency=spec.max_concurrency,
        max_restarts=spec.max_restarts,
        max_task_retries=0,
        num_cpus=spec.num_cpus,
    ).remote(spec.agent, spec.arguments(fleet))


async def rcall(reference: Any) -> Any:  # noqa: ANN401
    """Await an object reference; whoever stops waiting stops the work.

    Raises:
        LexrayError: The callee's own error, or `AgentUnavailableError` where its process is gone.
    """
    done = False
    try:
        result = await reference
        done = True
    except GONE as error:
        done = True
        raise translated(error) from error
    finally:
        if not done:
            ray.cancel(reference)
    return result


async def rstream(references: Any) -> AsyncGenerator[Any, None]:  # noqa: ANN401
    """Iterate over the references of a stream; whoever leaves it stops the producer.

    Raises:
        LexrayError: As `rcall`.
    """
    done = False
    try:
        async for reference in references:
            yield reference
        done = True
    except GONE as error:
        done = True
        raise translated(error) from error
    finally:
        if not done:
            ray.cancel(references)


def translated(error: Exception, agent: str = "agent") -> BaseException:
    """Return Ray's error as one of ours. An error of our own that Ray wrapped is given back as itself."""
    if isinstance(error, TaskCancelledError):
        return asyncio.CancelledError()
    if isinstance(error, RayTaskError):
        cause = error.cause
        if isinstance(cause, TaskCancelledError):
            return asyncio.CancelledError()
        if isinstance(cause, RayActorError | ObjectLostError | WorkerCrashedError):
            return AgentUnavailableError(agent, type(cause).__name__)
        return cause if isinstance(cause, LexrayError) else error
    if isinstance(error, ActorDiedError):
        # Dead for good: only Ray's text says why (a constructor that raised, say), and nobody else will tell it.
        logger.warning("an actor is dead: %s", error)
    return AgentUnavailableError(agent, type(error).__name__)


@dataclass(frozen=True, slots=True)
class RemoteParcel:
    """Something in Ray's object store. Passed on, it travels to the next agent without a stop here."""

    reference: Any

    async def open(self) -> Any:  # noqa: ANN401
        """Fetch it."""
        return await rcall(self.reference)


class RemoteAgent:
    """The port of an agent that runs as a Ray actor.

    It crosses processes as a name: a handle that is pickled into a constructor's arguments outlives no restart.
    """

    def __init__(self, name: str, namespace: str) -> None:
        self.name, self.namespace = name, namespace
        self._handle: ActorHandle | None = None

    def __reduce__(self) -> tuple[type["RemoteAgent"], tuple[str, str]]:
        return RemoteAgent, (self.name, self.namespace)

    @property
    def handle(self) -> ActorHandle:
        """The actor's handle.

        Raises:
            AgentUnavailableError: No actor of this name exists.
        """
        if self._handle is None:
            try:
                self._handle = ray.get_actor(self.name, namespace=self.namespace)
            except ValueError as error:
                raise AgentUnavailableError(self.name, "there is no such actor") from error
        return self._handle

    async def health(self) -> dict[str, Any]:
        """Return the process and the actor behind this port; answers even while the agent is busy."""
        with _named(self.name):
            told: dict[str, Any] = await rcall(self.handle.actor_health.remote())
        return told

    async def call(self, method: str, *args: object) -> Any:  # noqa: ANN401
        """Return what the actor's method returns."""
        with _named(self.name):
            return await rcall(self.handle.ask.remote(method, *map(_reference, args)))

    async def ask(self, method: str, *args: object, parts: int) -> tuple[Parcel, ...]:
        """Call a method that returns a tuple; each part stays where it is until somebody opens it."""
        references = self.handle.ask.options(num_returns=parts).remote(method, *map(_reference, args))
        with _named(self.name):
            first = await rcall(references[0])
        return (Opened(first), *(RemoteParcel(reference) for reference in references[1:]))

    async def stream(self, method: str, *args: object) -> AsyncGenerator[Parcel, None]:
        """Iterate over the actor's stream."""
        bound = self.handle.stream.options(
            num_returns="streaming", _generator_backpressure_num_objects=BACKPRESSURE
        )
        references = rstream(bound.remote(method, *map(_reference, args)))
        try:
            with _named(self.name):
                async for reference in references:
                    yield RemoteParcel(reference)
        finally:
            await references.aclose()


class _named:  # noqa: N801 (a context manager used as a word)
    """Writes the agent's name into an error that only knows that a process is gone."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, AgentUnavailableError) and error.agent != self._name:
            raise AgentUnavailableError(self._name, error.reason) from error


def _reference(arg: object) -> object:
    if isinstance(arg, RemoteParcel):
        return arg.reference
    return arg.content if isinstance(arg, Opened) else arg
