"""Questions that need no draft: a text reviewed, its citations checked, the law searched, the types told."""

import datetime
from typing import Any

from actors.domain.authority import ResearchPacket, ResearchQuery
from actors.domain.intake.task_types import parse_task_type
from actors.domain.jurisdictions import parse_jurisdiction
from actors.domain.library import load_type, type_ids
from actors.errors import InvalidInputError
from actors.messages import Hop
from actors.ports import Neighbours


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


def known_type(given: str | None) -> str | None:
    """Return the id of the document type that somebody named, if they did.

    Raises:
        UnknownDocumentTypeError: There is none of this name.
    """
    return None if given is None else parse_task_type(given, [load_type(known) for known in type_ids()])


def known_place(given: str | None) -> str | None:
    """Return the id of the place that somebody named, if they did.

    Raises:
        UnknownJurisdictionError: It is not known.
    """
    return None if given is None else parse_jurisdiction(given)


def search_query(
    words: str, jurisdiction: str | None, task_type: str | None, as_of: datetime.date, limit: int
) -> ResearchQuery:
    """Return the question for law in free words.

    Raises:
        RequestError: There is no word, or no such type or place.
    """
    task_type = known_type(task_type)
    if not any(map(str.isalnum, words)):
        raise InvalidInputError("query", "it has no word to search for")
    return ResearchQuery(
        task_type=task_type or "",
        families=load_type(task_type).families if task_type else (),
        issues=(),
        jurisdiction=known_place(jurisdiction),
        as_of=as_of,
        words=words,
        limit=limit,
    )


async def search(agents: Neighbours, hop: Hop, query: ResearchQuery) -> list[dict[str, Any]]:
    """Return the authorities that answer a question, best first."""
    return told(await found(agents, hop, query))


async def found(agents: Neighbours, hop: Hop, query: ResearchQuery) -> ResearchPacket:
    """Return what research answers to a question."""
    packet: ResearchPacket
    _, packet = await agents.port("research").call("research", hop, query)
    return packet


def told(packet: ResearchPacket) -> list[dict[str, Any]]:
    """Return a packet's authorities as they are told, best first."""
    return [{**hit.authority.model_dump(mode="json"), "score": round(hit.score, 3)} for hit in packet.hits]


async def review(
    agents: Neighbours,
    hop: Hop,
    text: str,
    task_type: str | None,
    jurisdiction: str | None,
    as_of: datetime.date,
) -> dict[str, Any]:
    """Review a text, and where its type is known, hold it against the rules. All offsets are into `text`.

    Args:
        agents: Who is asked.
        hop: The envelope of the question.
        text: A document as Markdown or plain text.
        task_type: Id of its type.
        jurisdiction: Id of the place whose law governs it.
        as_of: Day whose law counts.
    """
    _, reviewed = await agents.port("review").call("review_text", hop, text, task_type, jurisdiction)
    report: dict[str, Any] = {
        "task_type": task_type,
        "jurisdiction": jurisdiction,
        "as_of": as_of.isoformat(),
        "review": {"findings": [finding.model_dump(mode="json") for finding in reviewed]},
    }
    if task_type:
        _, rules = await agents.port("validation").call(
            "validate_text", hop, text, task_type, jurisdiction, as_of
        )
        report["validation"] = rules.model_dump(mode="json")
    return report


async def cite(agents: Neighbours, hop: Hop, text: str, as_of: datetime.date) -> dict[str, Any]:
    """Check every citation of a text. All offsets are into `text`."""
    _, found = await agents.port("citations").call("check_text", hop, text, as_of)
    return {"citations": [citation.model_dump(mode="json") for citation in found]}
