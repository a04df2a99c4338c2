"""Reading the project's own YAML data, and keeping what was read in a form that is quick to read again."""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import yaml

from actors.errors import LibraryError

DATA = Path(__file__).parent / "data"


class _Loader(yaml.CSafeLoader):
    """libyaml's safe loader, ten times as fast as the plain one. Dates stay the strings that they are in JSON."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def read_mapping(file: Path) -> dict[str, Any]:
    """Return the mapping in `file`, with the values that JSON has: a date is a string.

    What was parsed is kept beside the bytecode, under the hash of the source: YAML is slow to parse, and every process
    reads it at its start.

    Raises:
        LibraryError: The file is absent, is no YAML, or holds something other than a mapping.
    """
    try:
        source = file.read_bytes()
    except OSError as error:
        raise LibraryError(file.name, str(error)) from error
    kept = file.parent / "__pycache__" / f"{file.name}.{hashlib.sha256(source).hexdigest()[:16]}.json"
    content = _kept(kept)
    if content is None:
        content = _parsed(file, source)
        _keep(kept, content)
    return content


def _parsed(file: Path, source: bytes) -> dict[str, Any]:
    try:
        content = yaml.load(source, _Loader)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        raise LibraryError(file.name, " ".join(str(error).split())) from error
    if not isinstance(content, dict):
        raise LibraryError(file.name, "is not a mapping")
    return content


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):  # not kept yet, or broken: the YAML is the truth
        return None
    return content if isinstance(content, dict) else None


def _keep(path: Path, content: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
            json.dump(content, file)
        Path(file.name).replace(path)
    except (
        OSError,
        TypeError,
    ):  # a checkout that cannot be written to works, slower; so do keys that JSON lacks
        return
