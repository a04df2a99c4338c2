"""The files that a draft leaves: each appears whole or not at all."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actors.document_files import FORMATS, Format, document_bytes
from actors.errors import InvalidInputError, ResourceMissingError
from actors.progress import DraftProgress

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
    contents = {NAMES[form]: document_bytes(form, progress, report) for form in formats}
    contents[REPORT] = (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return replace_files(folder, contents)
    except OSError as error:
        what = f"the document could not be written to {folder} ({error.strerror})"
        raise ResourceMissingError(what, "make room there, or name another folder with --out") from error


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
