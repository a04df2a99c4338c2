"""`lexray review` and `lexray cite`: the review, validation and citation agents on any document."""

import datetime
from pathlib import Path
from typing import Any

from actors.config import Settings
from actors.domain.jurisdictions import parse_jurisdiction
from actors.domain.library import load_type
from actors.domain.reading import read_document
from actors.errors import InvalidInputError
from cluster.commands.agents import hop, neighbours

MAX_BYTES = 20_000_000


def read_file(path: Path) -> str:
    """Read a Markdown, text or DOCX file.

    Raises:
        InvalidInputError: It cannot be read, or is not what lexray reads.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInputError("file", f"{path} is larger than {MAX_BYTES:,} bytes")
        return read_document(path.name, path.read_bytes())
    except OSError as error:
        raise InvalidInputError("file", f"{path} cannot be read ({error.strerror})") from error


async def review(
    text: str, task_type: str | None, jurisdiction: str | None, as_of: datetime.date, settings: Settings
) -> dict[str, Any]:
    """Review and validate a text. All offsets are into `text`."""
    place = parse_jurisdiction(jurisdiction) if jurisdiction else None
    if task_type:
        load_type(task_type)
    async with neighbours(settings) as agents:
        _, reviewed = await agents.port("review").call("review_text", hop(settings), text, task_type, place)
        report: dict[str, Any] = {
            "task_type": task_type,
            "jurisdiction": place,
            "as_of": as_of.isoformat(),
            "review": {"findings": [finding.model_dump(mode="json") for finding in reviewed]},
        }
        if task_type:
            _, rules = await agents.port("validation").call(
                "validate_text", hop(settings), text, task_type, place, as_of
            )
            report["validation"] = rules.model_dump(mode="json")
    return report


async def cite(text: str, as_of: datetime.date, settings: Settings) -> dict[str, Any]:
    """Check every citation of a text."""
    async with neighbours(settings) as agents:
        _, found = await agents.port("citations").call("check_text", hop(settings), text, as_of)
    return {"citations": [citation.model_dump(mode="json") for citation in found]}
