"""Moved to `actors.draft_reader`."""

from actors.draft_reader import drafted, failure, follow

__all__ = ["drafted", "failure", "follow"]
