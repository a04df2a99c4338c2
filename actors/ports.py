"""How the coordinator sees an agent, wherever it runs: in this process or as a Ray actor."""

import importlib
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Parcel(Protocol):
    """Something that an agent made and another will read. It may be passed on without being opened."""

    async def open(self) -> Any:  # noqa: ANN401 (its type is the called method's)
        """Return what is inside."""


class AgentPort(Protocol):
    """An agent's mailbox."""

    async def call(self, method: str, *args: object) -> Any:  # noqa: ANN401
        """Return what `method(*args)` returns. Parcels among `args` arrive opened."""

    async def ask(self, method: str, *args: object, parts: int) -> tuple[Parcel, ...]:
        """Call a method that returns a tuple of `parts`, and return each as a parcel.

        Raises:
            LexrayError: The agent's error, or `AgentUnavailableError` where its process is gone.
        """

    def stream(self, method: str, *args: object) -> AsyncGenerator[Parcel, None]:
        """Iterate over an agent's stream. Closing the iterator stops the agent's work."""


class Neighbours(Protocol):
    """The other agents, by name, as far as they exist."""

    def port(self, name: str) -> AgentPort:
        """Return the port of a neighbour."""


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """How one agent runs: a row of the supervision table."""

    name: str
    agent: str
    """Where its class is: `actors.intake:IntakeAgent`."""
    arguments: Callable[[Neighbours], Mapping[str, Any]]
    """Constructor arguments, given the neighbours that it talks to."""
    max_concurrency: int = 64
    """Calls in flight within its actor."""
    num_cpus: float = 0.05
    """Held for life; small, since agents mostly wait."""
    niceness: int = 0
    """How far it gives way to others on a busy machine, if not further already; 0: not at all, 19: to everybody."""
    max_restarts: int = -1
    """Without limit: an agent that dies comes back."""


def load(path: str) -> type:
    """Return the class at `module:Class`."""
    module, _, name = path.partition(":")
    found: type = getattr(importlib.import_module(module), name)
    return found


@dataclass(frozen=True, slots=True)
class Opened:
    """A parcel whose content is in this process."""

    content: Any

    async def open(self) -> Any:  # noqa: ANN401
        """Return what is inside."""
        return self.content


class LocalAgent:
    """The port of an agent in this process: `lexray draft --inline`, cells, and tests."""

    def __init__(self, agent: object) -> None:
        self._agent = agent

    async def call(self, method: str, *args: object) -> Any:  # noqa: ANN401
        """Await the method."""
        return await getattr(self._agent, method)(*[await _content(arg) for arg in args])

    async def ask(self, method: str, *args: object, parts: int) -> tuple[Parcel, ...]:
        """Await the method and wrap each part of its result."""
        result = await self.call(method, *args)
        if len(result) != parts:
            raise TypeError(f"{method} returned {len(result)} parts, not {parts}")
        return tuple(Opened(part) for part in result)

    async def stream(self, method: str, *args: object) -> AsyncGenerator[Parcel, None]:
        """Iterate over the method's items."""
        items = getattr(self._agent, method)(*[await _content(arg) for arg in args])
        try:
            async for item in items:
                yield Opened(item)
        finally:
            await items.aclose()


async def _content(arg: Any) -> Any:  # noqa: ANN401
    return await arg.open() if isinstance(arg, Opened) else arg
