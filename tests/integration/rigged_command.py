"""The `lexray` command with one row of its table of agents changed: `rigged_command slow draft …`.

A rig acts on `--inline` runs of this process alone; nothing of it is in the product.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actors.citations import CitationAgent
from actors.draft import DraftAgent
from actors.errors import StepFailedError
from actors.ports import ChildSpec
from actors.research import ResearchAgent
from actors.validation import ValidationAgent


class DeafResearch(ResearchAgent):
    async def search(self, *_args: Any) -> Any:
        raise StepFailedError("research", 1, "the index is gone")


class DeafValidation(ValidationAgent):
    async def document(self, *_args: Any) -> Any:
        raise StepFailedError("validation", 1, "the rules are gone")


class DeafCitations(CitationAgent):
    async def text(self, *_args: Any) -> Any:
        raise StepFailedError("citations", 1, "the list of citations is gone")


class DeafDraft(DraftAgent):
    async def section(self, *_args: Any) -> Any:
        raise StepFailedError("draft", 1, "the clauses are gone")


HERE = "tests.integration.rigged_command"
RIGS: dict[str, tuple[str, str]] = {
    "slow": ("draft", "tests.chaos.slow_agents:SlowDraft"),
    "no-research": ("research", f"{HERE}:DeafResearch"),
    "no-validation": ("validation", f"{HERE}:DeafValidation"),
    "no-citations": ("citations", f"{HERE}:DeafCitations"),
    "no-draft": ("draft", f"{HERE}:DeafDraft"),
}
"""Which row of the table is changed, and the class that stands in it."""


def rig(name: str) -> None:
    """Change the table of this process."""
    from cluster import fleet, inline

    vars(inline)["fleet"] = rigged(fleet.fleet, *RIGS[name])


def rigged(
    table: Callable[..., tuple[ChildSpec, ...]], row: str, agent: str
) -> Callable[..., tuple[ChildSpec, ...]]:
    """Return the table with another class in one row."""

    def changed(*args: Any) -> tuple[ChildSpec, ...]:
        return tuple(replace(spec, agent=agent) if spec.name == row else spec for spec in table(*args))

    return changed


if __name__ == "__main__":
    from cluster.command_line import main

    rig(sys.argv.pop(1))
    main()
