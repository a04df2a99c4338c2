"""`lexray corpus`: the law that is held."""

import datetime
from typing import Any

from actors import questions
from actors.config import Settings
from cluster.commands.agents import hop, neighbours

types = questions.types


async def corpus_stats(settings: Settings) -> dict[str, Any]:
    """Return the corpus's version and size."""
    async with neighbours(settings) as agents:
        stats: dict[str, Any] = await agents.port("research").call("corpus_stats")
    return stats


async def corpus_search(
    words: str,
    jurisdiction: str | None,
    task_type: str | None,
    as_of: datetime.date,
    limit: int,
    settings: Settings,
) -> dict[str, Any]:
    """Return the authorities that answer free words, best first, and how they were searched for.

    Raises:
        RequestError: There is no word, or no such type or place.
    """
    query = questions.search_query(words, jurisdiction, task_type, as_of, limit)
    async with neighbours(settings) as agents:
        packet = await questions.found(agents, hop(settings), query)
    return {"hits": questions.told(packet), "retrieval": packet.retrieval}
