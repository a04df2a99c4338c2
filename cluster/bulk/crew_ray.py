"""Cells as Ray actors: one a core on every node, also on those that join while the run goes on."""

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from actors.config import Settings
from actors.errors import AgentUnavailableError, ResourceMissingError
from actors.ports import AgentPort
from actors.remote import Host, rcall
from cluster.bulk.crew import CellDiedError, Pace
from cluster.bulk.plan import BulkPlan
from cluster.bulk.work import Outcome, WorkRow

logger = logging.getLogger(__name__)

CELL_CPUS = 0.5
"""Of each core, so that the agents of `lexray up` find room beside the cells."""
LOOK_S = 2.0
"""How often the nodes are looked over."""
START_LIMIT_S = 120.0
MOST_FAILED_STARTS = 3
GRACE_S = 60.0
"""What a block may take beyond its rows' budgets, before its cell is taken to be stuck."""
NODE_LEFT = "ActorUnschedulableError"
"""How Ray says that the node is gone on which alone an actor may run."""


class BulkCell(Host):
    """The actor around a cell; its name is what the dashboard shows."""

    niceness = 19  # single drafts, for which somebody waits, go first


class RayCell:
    """One cell, and the actor in which it lives. Ray restarts the actor on its node."""

    def __init__(self, name: str, node: str, handle: Any, row_limit_s: float) -> None:  # noqa: ANN401
        self.name, self.node = name, node
        self._handle, self._row_limit_s = handle, row_limit_s

    async def draft(self, block: Sequence[WorkRow]) -> list[Outcome]:
        """Have rows drafted; a cell that is stuck is ended."""
        try:
            async with asyncio.timeout(GRACE_S + self._row_limit_s * len(block)):
                outcomes: list[Outcome] = await rcall(self._handle.ask.remote("draft", list(block)))
        except TimeoutError as error:
            ray.kill(self._handle, no_restart=False)
            raise CellDiedError(self.name, "it was stuck") from error
        except AgentUnavailableError as error:
            raise CellDiedError(self.name, error.reason, self._node_is_gone(error)) from error
        return outcomes

    async def back(self) -> bool:
        """Wait for the actor's first sign of life, or the next one after its death."""
        while True:
            try:
                await rcall(self._handle.actor_health.remote())
            except AgentUnavailableError as error:
                if error.reason in {"ActorDiedError", NODE_LEFT}:
                    return False
                await asyncio.sleep(LOOK_S / 4)
            else:
                return True

    def end(self) -> None:
        """End the actor."""
        ray.kill(self._handle)

    def _node_is_gone(self, error: AgentUnavailableError) -> bool:
        if error.reason == NODE_LEFT:
            return True
        return "node" in str(error.__cause__) and "died" in str(error.__cause__) and self.node not in _nodes()


class RayCrew:
    """The cells of a run on the joined cluster.

    Args:
        settings: For the cells.
        plan: The run.
        folder: Where its documents go.
        cache: The cache of research that the cells share.
        pace: How rows are handed to them.
        agent: What the cells are; another class measures what all else costs.
        arguments: Of its constructor, instead of a cell's.
    """

    def __init__(
        self,
        settings: Settings,
        plan: BulkPlan,
        folder: Path,
        cache: AgentPort | None,
        pace: Pace,
        agent: str = "cluster.bulk.cell:Cell",
        arguments: Mapping[str, object] | None = None,
    ) -> None:
        self._agent = agent
        self._arguments = arguments or {
            "settings": settings,
            "plan": plan,
            "folder": folder,
            "cache": cache,
            "at_once": pace.at_once,
        }
        # A block of rows is drafted one after the other; it may wait for the blocks before it.
        self._row_limit_s = plan.budget_s * pace.blocks if pace.at_once == 1 else plan.budget_s
        self._concurrency = pace.blocks + 2
        self._cells: list[RayCell] = []
        self._numbers = itertools.count(1)
        self._name = f"bulk-{plan.run_id[:8]}"

    async def joining(self) -> AsyncGenerator[RayCell, None]:
        """Yield each cell when it answers.

        Raises:
            ResourceMissingError: None comes up.
        """
        coming: dict[asyncio.Task[bool], RayCell] = {}
        failed, waited_s, ever = 0, 0.0, False
        try:
            while True:
                for cell in self._missing():
                    coming[asyncio.create_task(cell.back())] = cell
                done = await _some_of(coming)
                for task in done:
                    cell = coming.pop(task)
                    if task.result():
                        failed, ever = 0, True
                        yield cell
                    elif cell in self._cells:
                        self._cells.remove(cell)
                        # One whose node left while it came up says nothing about the others.
                        failed += cell.node in _nodes()
                waited_s += 0 if done else LOOK_S
                if failed >= MOST_FAILED_STARTS or (not ever and waited_s > START_LIMIT_S):
                    raise ResourceMissingError("no cell of the bulk run comes up", "look at Ray's logs")
        finally:
            for task in coming:
                task.cancel()
            await asyncio.gather(*coming, return_exceptions=True)

    async def dismiss(self) -> None:
        """End all cells."""
        for cell in self._cells:
            cell.end()
        self._cells.clear()

    def _missing(self) -> Iterator[RayCell]:
        """Create the cells that nodes lack; forget those of nodes that left."""
        cores = _nodes()
        self._cells = [cell for cell in self._cells if cell.node in cores]
        for node, count in cores.items():
            for _ in range(count - sum(cell.node == node for cell in self._cells)):
                cell = self._created(node)
                self._cells.append(cell)
                yield cell

    def _created(self, node: str) -> RayCell:
        hosted = ray.remote(concurrency_groups={"control": 2})(BulkCell)
        name = f"{self._name}-{next(self._numbers)}"
        handle = hosted.options(
            name=name,
            max_concurrency=self._concurrency,
            max_restarts=-1,
            max_task_retries=0,
            num_cpus=CELL_CPUS,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False),
        ).remote(self._agent, self._arguments)
        return RayCell(name, node, handle, self._row_limit_s)


async def _some_of(coming: dict[asyncio.Task[bool], RayCell]) -> set[asyncio.Task[bool]]:
    if not coming:
        await asyncio.sleep(LOOK_S)
        return set()
    done, _ = await asyncio.wait(coming, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
    return done


def _nodes() -> dict[str, int]:
    """Return the cores of every living node, by its id."""
    return {node["NodeID"]: int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]}
