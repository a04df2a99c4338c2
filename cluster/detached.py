"""A fleet that outlives whoever started it: that of a cluster on which only Ray Serve runs."""

import ray

from actors.config import Settings
from actors.errors import AgentUnavailableError
from actors.remote import RemoteAgent
from cluster.fleet import fleet
from cluster.launch import start_fleet
from cluster.metrics import RayMetrics
from cluster.ray_session import namespace


def ensure(settings: Settings) -> str:
    """Find this code's agents on the cluster that this process has joined, or start them there.

    The journal is a file on the node that runs the coordinator, and batches lie on the node of their agent: one that
    comes back on another node begins anew.

    Returns:
        Their namespace.

    Raises:
        ResourceMissingError: The cluster has not enough free CPU for them.
    """
    names = namespace()
    try:
        RemoteAgent("coordinator", names).handle  # noqa: B018 (looks it up)
    except AgentUnavailableError:
        journal = (settings.folder / "journal.sqlite").absolute()
        start_fleet(settings, journal, names, detached=True, batches=True)
    return names


def stop(settings: Settings) -> int:
    """End this code's agents on the joined cluster, wherever they came from; return how many there were."""
    ended = 0
    for spec in fleet(settings, None, RayMetrics(), "ray"):
        try:
            ray.kill(RemoteAgent(spec.name, namespace()).handle)
        except AgentUnavailableError:
            continue
        ended += 1
    return ended
