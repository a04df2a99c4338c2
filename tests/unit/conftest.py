"""Unit tests run without Ray."""

from typing import NoReturn

import pytest


@pytest.fixture(autouse=True)
def no_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make starting Ray an error."""

    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        raise AssertionError("a unit test must not start Ray")

    monkeypatch.setattr("ray.init", refuse)
