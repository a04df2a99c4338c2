"""Which code and which data made a document."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from actors.domain.corpus import the_corpus
from actors.domain.library import FOLDER
from actors.messages import Engine

ROOT = Path(__file__).parents[1]


def versions(engine: Engine) -> dict[str, str]:
    """Return the versions of code, clause library, own corpus and Ray; with a model, of the prompts too."""
    if engine == "library":
        return _always()
    from actors.domain.prompting.version import (
        prompt_version,
    )  # the library's drafts need not wait for prompts

    return {**_always(), "prompts": prompt_version()}


@cache
def _always() -> dict[str, str]:
    return {
        "lexray": code_version(),
        "library": _digest(sorted(FOLDER.glob("*.yaml"))),
        "corpus": the_corpus().version,
        "ray": version("ray"),
    }


@cache
def code_version() -> str:
    """Return a hash of the code that actors run: two versions never share an actor."""
    return _digest(sorted(path for room in ("actors", "cluster") for path in (ROOT / room).rglob("*.py")))


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
