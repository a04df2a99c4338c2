"""The files that a draft leaves: each appears whole or not at all."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Literal

from actors.errors import InvalidInputError
from actors.progress import DraftProgress
from actors.report import ordered_sections, remarks_of, title_of

Format = Literal["md", "docx"]
FORMATS: tuple[Format, ...] = ("md", "docx")


def parse_formats(text: str) -> tuple[Format, ...]:
    """Read `--format md,docx`.

    Raises:
        InvalidInputError: A format is not known, or none is named.
    """
    asked = [part.strip().lower() for part in text.split(",") if part.strip()]
    unknown = [part for part in asked if part not in FORMATS]
    if unknown or not asked:
        wrong = ", ".join(unknown) or "nothing"
        raise InvalidInputError(
            "format", f"{wrong} is not known; give md, docx or both, separated by a comma"
        )
    return tuple(form for form in FORMATS if form in asked)


def check_folder(folder: Path) -> None:
    """Create the output folder and see that it can be written to.

    Raises:
        InvalidInputError: It cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".lexray-"):
            pass
    except OSError as error:
        raise InvalidInputError("out", f"{folder} cannot be written to ({error.strerror})") from error


def write_document(
    folder: Path, progress: DraftProgress, report: dict[str, Any], formats: tuple[Format, ...]
) -> list[Path]:
    """Write the document in each format, and last the report; return the paths in that order.

    Raises:
        OSError: The disk is full or went away; what was complete stays, nothing else does.
    """
    made = []
    if "md" in formats:
        made.append(replace_file(folder / "document.md", report["document"]["markdown"].encode()))
    if "docx" in formats:
        from actors.domain.docx_rendering import render_docx

        sections = ordered_sections(progress)
        paper: Literal["a4", "letter"] = "a4" if report["matter"]["jurisdiction"] == "UK-EW" else "letter"
        document = render_docx(title_of(progress), remarks_of(progress), sections, paper)
        made.append(replace_file(folder / "document.docx", document))
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    return [*made, replace_file(folder / "report.json", text.encode())]


def replace_file(path: Path, content: bytes) -> Path:
    """Write a file under a name of its own, and give it its final name when it is complete and on disk."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o644)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path
