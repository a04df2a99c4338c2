"""Several Ray nodes on this machine, each with a raylet of its own; one can go without a word, and another join."""

import itertools
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ray.cluster_utils import Cluster

from actors.config import Settings
from actors.errors import ResourceMissingError
from cluster.chaos.processes import kill_all, titles_below
from cluster.ray_session import prepare_environment

logger = logging.getLogger(__name__)

MOST_STARTS = 3
"""Of one node."""
STORE_BYTES = 80_000_000
NODE_CPUS = 1
_TEMPORARY = "RAY_TMPDIR"


class Nodes:
    """A running cluster. `node-1` is the head, to which drivers connect: it is never killed."""

    def __init__(self, count: int) -> None:
        self._cluster = Cluster()
        self._nodes: dict[str, Any] = {}
        self._numbers = itertools.count(1)
        try:
            for _ in range(count):
                self.join()
        except ResourceMissingError:
            self.stop()
            raise

    @property
    def address(self) -> str:
        """Where drivers connect."""
        return str(self._cluster.address)

    def join(self) -> str:
        """Add a node; return its name when it is part of the cluster.

        Raises:
            ResourceMissingError: It does not come up.
        """
        name = f"node-{next(self._numbers)}"
        self._nodes[name] = self._started()
        return name

    def _started(self) -> Any:  # noqa: ANN401
        for _ in range(MOST_STARTS):
            ours = _servers()
            # Python takes signal handlers, which Ray sets for this, in its main thread alone. A node that was started
            # in another ends in `stop`, or by itself when it finds its head gone.
            self._cluster._shutdown_at_exit = threading.current_thread() is threading.main_thread()  # noqa: SLF001
            try:
                return self._cluster.add_node(
                    num_cpus=NODE_CPUS,
                    object_store_memory=STORE_BYTES,
                    include_dashboard=False,
                    dashboard_port=_free_port(),  # it listens all the same, by default where that of `lexray up` does
                )
            except Exception:
                # Ray raises the plainest of all exceptions where a node did not register within its fixed 30 s, as on
                # a machine that is busy with something else, and leaves what it had started.
                logger.info("a node did not come up", exc_info=True)
                for server in _servers() - ours:
                    kill_all([server, *titles_below(server)])
        raise ResourceMissingError("no Ray node comes up", "try it while the machine is less busy")

    def mortal(self) -> list[str]:
        """Return the names of the nodes that may be killed."""
        return [name for name in self._nodes if name != "node-1"]

    def kill(self, name: str) -> int:
        """Kill all of a node's processes at once, as a power cut would; return the raylet's id."""
        node = self._nodes.pop(name)
        raylet = _raylet(node)
        kill_all([raylet, *titles_below(raylet)])
        self._cluster.remove_node(node, allow_graceful=False)
        return raylet

    def actors(self, title: str) -> dict[str, int]:
        """Return the processes of actors of a class, by "node/process id"."""
        return {
            f"{name}/{pid}": pid
            for name, node in list(self._nodes.items())
            for pid, shown in titles_below(_raylet(node)).items()
            if shown.startswith(f"ray::{title}")
        }

    def stop(self) -> None:
        """End all nodes, and nothing else."""
        self._cluster.shutdown()


@contextmanager
def running_nodes(count: int, folder: Path, settings: Settings) -> Iterator[Nodes]:
    """Run a cluster whose every file lies in a folder: a Ray that was there before does not notice.

    Args:
        count: Nodes, the head included.
        folder: Short, since sockets lie below it.
        settings: Whose home gets the token.
    """
    prepare_environment(settings)
    logging.getLogger("ray").setLevel(logging.CRITICAL)  # it tells of each look that came too early
    before = os.environ.get(_TEMPORARY)
    # Ray notes in its default folder which cluster is "the" one, and clears that note at the end.
    os.environ[_TEMPORARY] = str(folder)
    try:
        nodes = Nodes(count)
        try:
            yield nodes
        finally:
            nodes.stop()
    finally:
        os.environ.pop(_TEMPORARY)
        if before is not None:
            os.environ[_TEMPORARY] = before


def _raylet(node: Any) -> int:  # noqa: ANN401
    pid: int = node.all_processes["raylet"][0].process.pid
    return pid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _servers() -> set[int]:
    """Return the raylets and control stores that this process has started."""
    found = titles_below(os.getpid())
    return {
        pid for pid, title in found.items() if title.partition(" ")[0].endswith(("/raylet", "/gcs_server"))
    }
