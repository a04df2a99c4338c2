"""What the importer of the tests says."""

import datetime
from pathlib import Path

from actors.domain.importing.forms import parse_file
from actors.domain.importing.passage import Origin, Parsed

TODAY = datetime.date(2026, 11, 22)


def parse(folder: Path, name: str, content: str | bytes, **said: object) -> Parsed:
    """Write a file into a folder and read it as an import does."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return parse_file(path, Origin(name, TODAY, **said))  # type: ignore[arg-type]
