"""The whole fleet in this process, without Ray: a quick look, and the floor that benchmarks compare with."""

from pathlib import Path

from actors.config import Settings
from actors.monitor import NullMetrics
from actors.ports import LocalAgent
from cluster.fleet import fleet


class InlineFleet:
    """The agents as plain objects."""

    def __init__(self, settings: Settings, journal: Path | None = None) -> None:
        self._agents: dict[str, LocalAgent] = {}
        for spec in fleet(settings, journal, NullMetrics()):
            self._agents[spec.name] = LocalAgent(spec.agent(**spec.arguments(self)))

    def port(self, name: str) -> LocalAgent:
        """Return the port of an agent."""
        return self._agents[name]
