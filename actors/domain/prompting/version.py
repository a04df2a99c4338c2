"""The version of everything that is said to a model, for journal and cache keys."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache

from actors.domain.prompting.citing import CitationAnswer
from actors.domain.prompting.researching import ResearchAnswer
from actors.domain.prompting.reviewing import ReviewAnswer
from actors.domain.prompting.texts import prompt_files
from actors.domain.prompting.understanding import IntakeAnswer
from actors.domain.prompting.validating import ValidationAnswer

ANSWERS = (IntakeAnswer, ResearchAnswer, ReviewAnswer, ValidationAnswer, CitationAnswer)
FORM = "1"
"""Raise it when code puts the same words together in another way, or reads the same answer differently."""


@cache
def prompt_version() -> str:
    """Return a hash over all prompt files, the forms of all answers and `FORM`: equal on every machine."""
    return version_of({file.name: file.read_bytes() for file in prompt_files()})


def version_of(files: Mapping[str, bytes]) -> str:
    """Return the version of prompts: any change of a name, a word, a form of an answer or `FORM` changes it."""
    digest = hashlib.sha256(FORM.encode())
    for name in sorted(files):
        digest.update(f"\x1f{name}\x1f".encode())
        digest.update(files[name].replace(b"\r\n", b"\n"))
    for answer in ANSWERS:
        digest.update(json.dumps(answer.model_json_schema(), sort_keys=True).encode())
    return digest.hexdigest()[:16]
