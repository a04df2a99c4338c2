"""`lexray review` and `lexray cite`: the review, validation and citation agents on any document."""

import datetime
from pathlib import Path
from typing import Any

from actors import questions
from actors.config import Settings
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
    known = questions.known_type(task_type), questions.known_place(jurisdiction)
    async with neighbours(settings) as agents:
        return await questions.review(agents, hop(settings), text, *known, as_of)


async def cite(text: str, as_of: datetime.date, settings: Settings) -> dict[str, Any]:
    """Check every citation of a text."""
    async with neighbours(settings) as agents:
        return await questions.cite(agents, hop(settings), text, as_of)
