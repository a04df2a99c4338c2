"""The whole fleet in this process, without Ray: a quick look, and the floor that benchmarks compare with."""

from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

from actors.config import Settings
from actors.monitor import NullMetrics
from actors.ports import AgentPort, LocalAgent, Parcel, load
from cluster.fleet import fleet


class InlineFleet:
    """The agents as plain objects, each made when it is first called.

    Args:
        settings: For the agents.
        journal: File of the event journal; `None` keeps events in memory.
        neighbours: Agents that live elsewhere, by name: these are asked there.
    """

    def __init__(
        self,
        settings: Settings,
        journal: Path | None = None,
        neighbours: Mapping[str, AgentPort] | None = None,
    ) -> None:
        self._neighbours = neighbours or {}
        self._specs = {spec.name: spec for spec in fleet(settings, journal, NullMetrics(), "inline")}
        self._agents: dict[str, LocalAgent] = {}

    def port(self, name: str) -> AgentPort:
        """Return the port of an agent."""
        return self._neighbours.get(name) or InlineAgent(self, name)

    def agent(self, name: str) -> LocalAgent:
        """Return the agent itself, made if need be."""
        if name not in self._agents:
            spec = self._specs[name]
            self._agents[name] = LocalAgent(load(spec.agent)(**spec.arguments(self)))
        return self._agents[name]


class InlineAgent:
    """The port of an agent that need not exist before the first call."""

    def __init__(self, home: InlineFleet, name: str) -> None:
        self._home, self._name = home, name

    async def call(self, method: str, *args: object) -> Any:  # noqa: ANN401
        """Return what the agent's method returns."""
        return await self._home.agent(self._name).call(method, *args)

    async def ask(self, method: str, *args: object, parts: int) -> tuple[Parcel, ...]:
        """Return each part of what the agent's method returns."""
        return await self._home.agent(self._name).ask(method, *args, parts=parts)

    def stream(self, method: str, *args: object) -> AsyncGenerator[Parcel, None]:
        """Iterate over the agent's stream."""
        return self._home.agent(self._name).stream(method, *args)
