"""Virtual time for every async test, a home of its own for everything that writes to one, one Ray for the run."""

import asyncio
import os
import selectors
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from actors.config import Settings

# The same few examples in every run; fresh and many of them in `scripts/nightly`. No deadline on a busy machine.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=40)
settings.register_profile("nightly", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("LEXRAY_TEST_PROFILE", "repeatable"))


class InstantSelector(selectors.DefaultSelector):
    """Never sleeps: an idle wait moves the loop's clock instead."""

    loop: "VirtualTimeLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Poll, and jump to the next timer when nothing is ready."""
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(None if timeout is None else 0)
        if not ready and timeout:
            self.loop.now_s += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop in which an hour of `asyncio.sleep` takes no time.

    A pending timer fires before a real thread finishes: tests with threads, sockets or Ray live in `tests/integration`,
    on real time.
    """

    def __init__(self) -> None:
        self.now_s = 0.0
        selector = InstantSelector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        """Return the virtual now, in seconds."""
        return self.now_s


@pytest.fixture
def anyio_backend() -> tuple[str, Mapping[str, Any]]:
    """Run async tests on virtual time."""
    return "asyncio", {"loop_factory": VirtualTimeLoop}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the state of whoever runs it."""
    monkeypatch.setenv("LEXRAY_HOME", str(tmp_path / "lexray-home"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real material; tests that want it are skipped by name where it is absent."""
    folder = Path(__file__).parents[1].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real material (../shared/data) is absent")
    return folder


@pytest.fixture(scope="session")
def ray_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a home of the run's own."""
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def local_ray(ray_settings: Settings) -> Iterator[None]:
    """A local Ray, started once and stopped at the end: just that one."""
    from cluster.ray_session import own_ray  # imports Ray, which tests of Redis alone need not

    with own_ray(ray_settings):
        yield
