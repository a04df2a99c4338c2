"""The files that a draft leaves: each appears whole or not at all."""

import datetime
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from actors.domain.docx_writing.paper import PaperSize
from actors.errors import InvalidInputError, ResourceMissingError
from actors.progress import DraftProgress
from actors.report import ordered_sections, remarks_of, title_of

Format = Literal["md", "docx", "pdf"]
FORMATS: tuple[Format, ...] = ("md", "docx", "pdf")
NAMES: dict[Format, str] = {"md": "document.md", "docx": "document.docx", "pdf": "document.pdf"}
REPORT = "report.json"


def parse_formats(text: str) -> tuple[Format, ...]:
    """Read `--format md,docx`.

    Raises:
        InvalidInputError: A format is not known, or none is named.
    """
    asked = [part.strip().lower() for part in text.split(",") if part.strip()]
    unknown = [part for part in asked if part not in FORMATS]
    if unknown or not asked:
        wrong = repr(unknown[0][:20]) if unknown else "an empty list"
        raise InvalidInputError(
            "format", f"{wrong} is no format; give md, docx or pdf, or several, as in md,docx"
        )
    return tuple(form for form in FORMATS if form in asked)


def check_folder(folder: Path) -> None:
    """See, without creating anything, that the files can be written.

    Raises:
        InvalidInputError: They cannot.
    """
    try:
        reason = _obstacle(folder)
    except OSError as error:
        reason = error.strerror or "it cannot be looked at"
    if reason:
        raise InvalidInputError("out", f"{folder} cannot be written to ({reason})")


def _obstacle(folder: Path) -> str:
    """Return why no file can be written to a folder, or to the one in which it will be created."""
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(path))
    if not nearest.is_dir():
        return f"{nearest} is not a folder"
    if not os.access(nearest, os.W_OK | os.X_OK):
        return f"no permission to write to {nearest}"
    taken = [name for name in (*NAMES.values(), REPORT) if (folder / name).is_dir()]
    return f"{taken[0]} is a folder there" if taken else ""


def write_document(
    folder: Path, progress: DraftProgress, report: dict[str, Any], formats: tuple[Format, ...]
) -> list[Path]:
    """Write the document in each format and the report; return the paths in that order.

    Raises:
        ResourceMissingError: The disk is full or went away; none of the files was replaced by half of one.
    """
    contents: dict[str, bytes] = {}
    if "md" in formats:
        contents[NAMES["md"]] = report["document"]["markdown"].encode()
    if "docx" in formats:
        from actors.domain.docx_rendering import render_docx

        sections = ordered_sections(progress)
        contents[NAMES["docx"]] = render_docx(
            title_of(progress), remarks_of(progress), sections, paper_of(report)
        )
    if "pdf" in formats:
        from actors.domain.pdf_rendering import render_pdf

        contents[NAMES["pdf"]] = render_pdf(
            title_of(progress),
            remarks_of(progress),
            ordered_sections(progress),
            datetime.date.fromisoformat(report["as_of"]),
            paper_of(report),
        )
    contents[REPORT] = (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return replace_files(folder, contents)
    except OSError as error:
        what = f"the document could not be written to {folder} ({error.strerror})"
        raise ResourceMissingError(what, "make room there, or name another folder with --out") from error


def paper_of(report: Mapping[str, Any]) -> PaperSize:
    """Return the paper of the place whose law the document is under."""
    return "a4" if (report["matter"]["jurisdiction"] or "").startswith("UK") else "letter"


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files under names of their own, and when all are complete and on disk, give them their final names.

    Raises:
        OSError: One could not be written; the files that stood there before still do.
    """
    fresh: dict[str, Path] = {}
    try:
        for name, content in contents.items():
            descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            fresh[name] = Path(temporary)
            _fill(descriptor, content)
        return [path.replace(folder / name) for name, path in fresh.items()]
    finally:
        for path in fresh.values():
            path.unlink(missing_ok=True)


def _fill(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), 0o644)
