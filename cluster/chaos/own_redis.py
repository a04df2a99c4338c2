"""A Redis of a chaos run's own: on a socket in its folder, and it keeps what it has answered to through any kill."""

import shutil
import subprocess
import time
from pathlib import Path

from actors.errors import ResourceMissingError

START_LIMIT_S = 60.0


def find_redis() -> str | None:
    """Return the path of a redis-server; `None` where there is none."""
    return shutil.which("redis-server")


class OwnRedis:
    """One redis-server process.

    Args:
        binary: The redis-server.
        folder: Of its socket and its file; short, since the path of a socket is.
    """

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary, self._folder = binary, folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self._socket}"

    @property
    def _socket(self) -> Path:
        return self._folder / "redis.sock"

    def start(self) -> None:
        """Start it, and return when it takes connections.

        Raises:
            ResourceMissingError: It does not come up.
        """
        self._socket.unlink(missing_ok=True)
        command = [self._binary, "--port", "0", "--unixsocket", str(self._socket), "--dir", str(self._folder)]
        # An answer that was given is on disk: a bulk run's ledger asks no less of its Redis.
        command += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        log = self._folder / "redis.log"
        with log.open("ab") as file:
            self._process = subprocess.Popen(  # noqa: S603 (ours)
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True
            )
        deadline = time.monotonic() + START_LIMIT_S
        while not self._socket.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
                raise ResourceMissingError(
                    "redis-server does not start", f"its last words: {lines[-1] if lines else 'none'}"
                )
            time.sleep(0.02)

    def kill(self) -> int:
        """Kill it; return its process's id."""
        if self._process is None:
            raise ResourceMissingError("there is no Redis to kill", "start it first")
        self._process.kill()
        self._process.wait()
        return self._process.pid

    def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
