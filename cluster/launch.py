"""The composition root: settings become a running fleet."""

import asyncio
from pathlib import Path
from typing import Any

import ray

from actors.config import Settings
from actors.errors import ResourceMissingError
from actors.ports import ChildSpec
from actors.remote import Fleet, rcall, spawn
from cluster.fleet import fleet
from cluster.metrics import RayMetrics
from cluster.ray_session import namespace

START_LIMIT_S = 120.0
"""How long all actors may take to answer for the first time."""


def start_fleet(
    settings: Settings,
    journal: Path | None,
    names: str | None = None,
    *,
    detached: bool = False,
    batches: bool = False,
) -> Fleet:
    """Create every actor, side by side; the first calls wait for those that are still starting.

    Args:
        settings: For the agents.
        journal: File of the event journal; `None` keeps events in memory.
        names: Namespace in which the actors have their names; by default the one of this code.
        detached: They outlive this process, and those that are there already are joined.
        batches: Whether they take batches over HTTP, and go on with those in the home folder.

    Raises:
        ResourceMissingError: The cluster has not enough free CPU for the table.
    """
    specs = fleet(settings, journal, RayMetrics(), "ray" if batches else None)
    check_resources(specs, ray.available_resources())
    running = Fleet(names or namespace(), detached=detached)
    for spec in specs:
        spawn(spec, running)
    return running


def check_resources(specs: tuple[ChildSpec, ...], free: dict[str, float]) -> None:
    """Say what is missing instead of waiting for it for ever.

    Raises:
        ResourceMissingError: The actors of the table together want more CPU than is free.
    """
    wanted = sum(spec.num_cpus for spec in specs)
    there = free.get("CPU", 0.0)
    if there < wanted:
        raise ResourceMissingError(
            f"the agents need {wanted:g} CPU and Ray has {there:g} free",
            "give Ray more CPU, or stop what holds it",
        )


async def ready(running: Fleet) -> None:
    """Wait until every actor answers.

    Raises:
        ResourceMissingError: One did not within the limit.
    """
    async with asyncio.TaskGroup() as group:
        for name, handle in running.handles.items():
            group.create_task(_answers(name, handle))


async def _answers(name: str, handle: Any) -> None:  # noqa: ANN401
    try:
        async with asyncio.timeout(START_LIMIT_S):
            await rcall(handle.actor_health.remote())
    except TimeoutError as error:
        raise ResourceMissingError(
            f"the {name} actor did not start within {START_LIMIT_S:g} s", "look at Ray's logs for its error"
        ) from error
