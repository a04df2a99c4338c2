"""Text from outside, marked as data for a model."""

import hashlib
import json
import re
from collections.abc import Mapping

_MARK_CHARS = 16
_NO_LABEL = re.compile(r"[^A-Za-z0-9 .,-]+")


def fenced(label: str, text: str) -> str:
    """Return `text` as a labelled block that nothing inside it can close.

    The fence's mark is taken from the hash of what it encloses, so that no text can hold its own mark: equal texts get
    equal blocks, and a text that imitates a fence stays inside its own.

    Args:
        label: What the block is, in our words: "facts of the matter".
        text: Any text, of any length.
    """
    name = _NO_LABEL.sub(" ", label).strip()
    mark = _mark(name, text)
    return f"<<<DATA {mark} {name}\n{text}\nDATA {mark}>>>"


def fenced_values(label: str, values: Mapping[str, object]) -> str:
    """Return a block with one value a line, as JSON: a value cannot begin a line of its own.

    Args:
        label: What the block is.
        values: By name; what has no JSON form is printed as text.
    """
    lines = (
        f"{name}: {json.dumps(value, ensure_ascii=False, default=str)}" for name, value in values.items()
    )
    return fenced(label, "\n".join(lines) or "none")


def _mark(label: str, text: str) -> str:
    round_ = 0
    while True:
        digest = hashlib.sha256(f"{round_}\x1f{label}\x1f{text}".encode("utf-8", "surrogatepass"))
        mark = digest.hexdigest()[:_MARK_CHARS]
        if mark not in text:
            return mark
        round_ += 1
