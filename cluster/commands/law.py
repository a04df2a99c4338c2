"""`lexray types` and `lexray corpus`: what can be drafted, and the law that is held."""

import datetime
from typing import Any

from actors.config import Settings
from actors.domain.authority import ResearchQuery
from actors.domain.intake.task_types import parse_task_type
from actors.domain.jurisdictions import parse_jurisdiction
from actors.domain.library import load_type, type_ids
from actors.errors import InvalidInputError
from cluster.commands.agents import hop, neighbours


def types() -> list[dict[str, Any]]:
    """Return every document type with the facts that it wants."""
    return [
        {
            "id": found.id,
            "title": found.title,
            "summary": found.summary,
            "roles": [{"id": role.id, "label": role.label} for role in found.roles],
            "facts": [
                {
                    "id": fact.id,
                    "kind": fact.kind,
                    "label": fact.label,
                    "question": fact.question,
                    **({"choices": list(fact.choices)} if fact.choices else {}),
                }
                for fact in found.facts
            ],
            "options": [{"id": option.id, "label": option.label} for option in found.options],
        }
        for found in map(load_type, type_ids())
    ]


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
) -> list[dict[str, Any]]:
    """Return the authorities that answer free words, best first.

    Raises:
        RequestError: There is no word, or no such type or place.
    """
    if task_type is not None:
        task_type = parse_task_type(task_type, [load_type(known) for known in type_ids()])
    if not any(map(str.isalnum, words)):
        raise InvalidInputError("query", "it has no word to search for")
    query = ResearchQuery(
        task_type=task_type or "",
        families=load_type(task_type).families if task_type else (),
        issues=(),
        jurisdiction=None if jurisdiction is None else parse_jurisdiction(jurisdiction),
        as_of=as_of,
        words=words,
        limit=limit,
    )
    async with neighbours(settings) as agents:
        _, packet = await agents.port("research").call("research", hop(settings), query)
    return [{**hit.authority.model_dump(mode="json"), "score": round(hit.score, 3)} for hit in packet.hits]
