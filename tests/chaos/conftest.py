"""Chaos tests run on real time."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on real time: processes know no other."""
    return "asyncio"
