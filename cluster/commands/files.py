"""`lexray review` and `lexray cite`: the review, validation and citation agents on any document."""

import datetime
from pathlib import Path
from typing import Any

from actors.config import Settings
from actors.domain.intake.task_types import parse_task_type
from actors.domain.jurisdictions import parse_jurisdiction
from actors.domain.library import load_type, type_ids
from actors.domain.reading import MAX_FILE_BYTES, read_document
from cluster.commands.agents import hop, neighbours
from cluster.commands.arguments import read_bounded


def read_file(path: Path) -> str:
    """Read a Markdown, text or DOCX file.

    Raises:
        InvalidInputError: It cannot be read, or is not what lexray reads.
    """
    return read_document(path.name, read_bounded(path, "file", MAX_FILE_BYTES))


async def review(
    text: str, task_type: str | None, jurisdiction: str | None, as_of: datetime.date, settings: Settings
) -> dict[str, Any]:
    """Review and validate a text. All offsets are into `text`."""
    place = None if jurisdiction is None else parse_jurisdiction(jurisdiction)
    if task_type is not None:
        task_type = parse_task_type(task_type, [load_type(known) for known in type_ids()])
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
