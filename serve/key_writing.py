"""Changes of the key file: one at a time, each at once or not at all, for its owner's eyes."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from serve.keys import KeyFile, KeyRing


def read_keys(path: Path) -> KeyRing:
    """Return the keys of a file; none where there is no file yet.

    Raises:
        ResourceMissingError: The file is no key file.
    """
    file = KeyFile(path)
    return file.ring() if file.exists else KeyRing()


def change_keys(path: Path, change: Callable[[KeyRing], KeyRing]) -> None:
    """Replace the keys of a file by what `change` makes of them.

    Raises:
        ResourceMissingError: The file is no key file.
        OSError: It cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The lock is a file of its own: the key file itself is another after every change.
    with path.with_name(f"{path.name}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _replace(path, change(read_keys(path)).model_dump_json(indent=2) + "\n")


def _replace(path: Path, content: str) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
