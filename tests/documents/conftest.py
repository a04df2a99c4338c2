"""Whole documents are drafted without Ray."""

from tests.unit.conftest import no_ray

__all__ = ["no_ray"]
