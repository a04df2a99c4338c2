"""What integration tests share: real time, and real servers."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.redis_server import RedisServer


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on real time: sockets and processes know no other."""
    return "asyncio"


# Redis.


@pytest.fixture(scope="session")
def redis_binary() -> str:
    """The redis-server to start; tests that want one are skipped by name where there is none."""
    binary = os.environ.get("LEXRAY_TEST_REDIS_SERVER") or shutil.which("redis-server")
    if not binary:
        pytest.skip("no redis-server: LEXRAY_TEST_REDIS_SERVER is not set and none is on PATH")
    return binary


@pytest.fixture
def redis_server(redis_binary: str, tmp_path: Path) -> Iterator[RedisServer]:
    """A running server of the test's own."""
    server = RedisServer(redis_binary, tmp_path)
    server.start()
    yield server
    server.stop()


# End of the part for Redis.
