"""Importing a package without one of its optional dependencies."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unimported(name: str) -> Iterator[None]:
    """Let imports of `name` fail inside the block, as if it were not installed; no effect where it is loaded."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # the import system's own sign for "not there"
    try:
        yield
    finally:
        del sys.modules[name]
