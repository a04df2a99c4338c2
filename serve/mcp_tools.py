"""What an assistant may ask of lexray: the tools of the MCP server, without its protocol."""

import datetime
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from actors import questions
from actors.document_stream import Cursor
from actors.domain.reading import read_document
from actors.errors import DraftUnfinishedError
from actors.events import DraftCancelled, DraftFailed
from actors.messages import Message
from actors.progress import DraftProgress
from actors.report import report_of
from serve.access import Caller
from serve.json_body import checked, encoded, parse_object
from serve.problems import problem_of_draft
from serve.service import DraftService, Order

Told = Callable[[int, str], Awaitable[None]]
"""Takes progress: percent, and the layer at work."""
_SUMMARY = ("draft_id", "status", "degraded", "degraded_steps", "as_of", "engine", "open_points", "citations")


class Arguments(Message):
    """Arguments of a tool; their docstrings are what an assistant reads."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class DraftArguments(Arguments):
    """One document to draft."""

    message: Annotated[str, Field(max_length=200_000)]
    """The request in plain words: kind of document, parties, governing law, terms. Leave out what is not known: it
    becomes a visible blank."""
    type: str | None = None
    """Document type, such as `nda_mutual` or `lease`; wins over what the message says."""
    jurisdiction: str | None = None
    """Place whose law governs, as an id (`US-DE`) or a name."""
    facts: dict[str, Any] | None = None
    """Typed facts by their id; they win over the message."""
    as_of: datetime.date | None = None
    """Day whose law counts; today where it is not given."""
    engine: str | None = None
    """`library` or `model`: who writes the text."""


class TextArguments(Arguments):
    """A document to look at."""

    text: Annotated[str, Field(min_length=1)]
    """The document as Markdown or plain text."""
    as_of: datetime.date | None = None
    """Day whose law counts; today where it is not given."""


class ReviewArguments(TextArguments):
    """A document to review."""

    type: str | None = None
    """Document type: with it, the text is also held against the rules of law."""
    jurisdiction: str | None = None
    """Place whose law governs, as an id (`US-DE`) or a name."""


class SearchArguments(Arguments):
    """A question for law."""

    query: Annotated[str, Field(min_length=1, max_length=2_000)]
    """Free words. No names or amounts of a matter: they find nothing."""
    jurisdiction: str | None = None
    """Place whose law is asked for, as an id (`US-DE`) or a name."""
    type: str | None = None
    """Document type that the law is for."""
    as_of: datetime.date | None = None
    """Day whose law counts; today where it is not given."""
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    """The most authorities."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool found."""

    values: dict[str, Any]
    """As JSON values."""
    text: str = ""
    """What a reader wants of it first; empty: the values speak for themselves."""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of a tool."""

    service: DraftService
    caller: Caller
    arguments: dict[str, object]
    """As JSON values, checked for form alone."""
    told: Told


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool, as assistants are told of it."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    answer: Callable[[Asked], Awaitable[Answer]]
    keeps_nothing: bool = True


def read_arguments(given: Mapping[str, Any]) -> dict[str, object]:
    """Return arguments as the body of any other route would be read.

    Raises:
        RequestError: They nest too deep, or hold a NUL or half of a surrogate pair.
    """
    return parse_object(json.dumps(given).encode())


async def draft(asked: Asked) -> Answer:
    """Draft a document to its end. A caller that leaves stops it."""
    arguments = checked(DraftArguments, asked.arguments)
    facts = asked.arguments.get("facts")
    order = Order.model_validate(arguments.model_dump())
    request = asked.service.request(
        order, None if facts is None else encoded(facts), asked.caller.tenant, None
    )
    progress = DraftProgress()
    async with aclosing(asked.service.follow(request, Cursor(), live=False)) as events:
        async for _, event in events:
            before, progress = progress.percentage, progress.updated(event)
            if progress.percentage > before:
                await asked.told(progress.percentage, progress.current_layer)
    return _drafted(request.draft_id, progress)


async def review(asked: Asked) -> Answer:
    """Review a document."""
    arguments = checked(ReviewArguments, asked.arguments)
    service, text = asked.service, read_document("text", arguments.text.encode())
    known = questions.known_type(arguments.type), questions.known_place(arguments.jurisdiction)
    as_of = arguments.as_of or service.today()
    found = await questions.review(service.agents, service.hop(asked.caller.tenant), text, *known, as_of)
    return Answer(found)


async def check_citations(asked: Asked) -> Answer:
    """Check a document's citations."""
    arguments = checked(TextArguments, asked.arguments)
    service, text = asked.service, read_document("text", arguments.text.encode())
    as_of = arguments.as_of or service.today()
    return Answer(await questions.cite(service.agents, service.hop(asked.caller.tenant), text, as_of))


async def search_law(asked: Asked) -> Answer:
    """Search the law that is held."""
    given, service = checked(SearchArguments, asked.arguments), asked.service
    as_of = given.as_of or service.today()
    query = questions.search_query(given.query, given.jurisdiction, given.type, as_of, given.limit)
    found = await questions.search(service.agents, service.hop(asked.caller.tenant), query)
    return Answer({"authorities": found, "as_of": as_of.isoformat()})


TOOLS = (
    ToolSpec(
        "draft",
        "Draft a legal document",
        "Draft a complete legal document from a request in plain words, with a review, a check against the law and "
        "checked citations. What the request does not say stays a visible blank and is listed under `open_points`; "
        "nothing is made up. `degraded` says that a step was replaced: tell the user.",
        DraftArguments,
        draft,
        keeps_nothing=False,
    ),
    ToolSpec(
        "review",
        "Review a legal document",
        "Find what is wrong with a contract: structure, references, defined terms, missing and one-sided clauses; with "
        "`type`, also what the rules of law say. Offsets count characters of the text.",
        ReviewArguments,
        review,
    ),
    ToolSpec(
        "check_citations",
        "Check citations",
        "Tell of every legal citation in a text whether it is known, in force, outdated or not to be found.",
        TextArguments,
        check_citations,
    ),
    ToolSpec(
        "search_law",
        "Search the law",
        "Find statutes, regulations and cases by free words, best first, each with citation, status and as-of date.",
        SearchArguments,
        search_law,
    ),
)


def _drafted(draft_id: str, progress: DraftProgress) -> Answer:
    end = progress.end
    if end is None:
        raise DraftUnfinishedError(draft_id, "not over")
    if isinstance(end, DraftFailed | DraftCancelled):
        problem: dict[str, Any] = json.loads(bytes(problem_of_draft(draft_id, end).body))
        return Answer(problem, problem["detail"], failed=True)
    report = report_of(progress)
    document = report["document"]
    values = {
        **{name: report[name] for name in _SUMMARY},
        "title": document["title"],
        "findings": [*report["review"]["findings"], *report["validation"]["findings"]],
        "markdown": document["markdown"],
    }
    return Answer(values, document["markdown"])
