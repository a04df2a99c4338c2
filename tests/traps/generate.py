"""The trap suite: questions, other wordings of them, and minimal edits that ask something else.

    python -m tests.traps.generate

writes `base.jsonl`, `tuning.jsonl` and `frozen.jsonl` beside the topics. Whole topics go to one part or the other, so
that no question of the frozen part is one of the tuning part with another place or number in it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = ("topics_a.txt", "topics_b.txt")
QUESTIONS = 4
"""From each topic."""
CLASS_OF_SLOT = {
    "place": "jurisdiction",
    "other": "jurisdiction",
    "who": "party",
    "n": "number",
    "year": "year",
    "cite": "citation",
    "doc": "doctrine",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """One question with its wordings, its edits, and the values of its slots."""

    id: str
    family: str
    slots: Mapping[str, tuple[str, ...]]
    wordings: tuple[str, ...]
    edits: tuple[tuple[str, str], ...]
    """Class and text of each."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, and whether one answer serves both."""

    base: str
    a: str
    b: str
    same: bool
    kind: str

    def row(self) -> dict[str, object]:
        """Return the pair as `scripts/bench_cache --pairs` reads it."""
        return {"base": self.base, "a": self.a, "b": self.b, "same": self.same, "class": self.kind}


def topics() -> list[Topic]:
    """Return all topics in the order of their files."""
    return [topic for name in SOURCES for topic in _read((HERE / name).read_text(encoding="utf-8"))]


def part_of(topic: Topic) -> str:
    """Return `tuning` or `frozen`, by the hash of the topic's id: no later topic moves an earlier one."""
    return "frozen" if hashlib.sha256(topic.id.encode()).digest()[0] % 2 else "tuning"


def bases(topic: Topic) -> Iterator[tuple[str, dict[str, str]]]:
    """Return the ids of a topic's questions with the values of their slots."""
    for number in range(QUESTIONS):
        yield f"{topic.id}-{number + 1}", {slot: values[number] for slot, values in topic.slots.items()}


def pairs(topic: Topic) -> Iterator[Pair]:
    """Return what is tried on a topic: its other wordings, its edits, and its first wording with another value."""
    for base, values in bases(topic):
        first = topic.wordings[0].format(**values)
        for wording in topic.wordings[1:]:
            yield Pair(base, first, wording.format(**values), same=True, kind="paraphrase")
        for kind, edit in topic.edits:
            yield Pair(base, first, edit.format(**values), same=False, kind=kind)
        for slot, choices in topic.slots.items():
            for other in choices:
                if other != values[slot]:
                    swapped = topic.wordings[0].format(**{**values, slot: other})
                    yield Pair(base, first, swapped, same=False, kind=CLASS_OF_SLOT[slot])


def _read(text: str) -> Iterator[Topic]:
    for block in text.split("\n@ ")[1:]:
        head, *lines = block.splitlines()
        id_, family, *slots = (field.strip() for field in head.split("|"))
        yield Topic(
            id_,
            family,
            {name: tuple(values.split(";")) for name, _, values in (slot.partition("=") for slot in slots)},
            tuple(line.removeprefix("= ") for line in lines if line.startswith("= ")),
            tuple(_edit(line) for line in lines if line.startswith("! ")),
        )


def _edit(line: str) -> tuple[str, str]:
    kind, _, text = line.removeprefix("! ").partition(": ")
    return kind, text


def base_rows() -> list[dict[str, object]]:
    """Return the questions themselves."""
    return [
        {
            "id": base,
            "part": part_of(topic),
            "family": topic.family,
            "words": topic.wordings[0].format(**values),
        }
        for topic in topics()
        for base, values in bases(topic)
    ]


def pair_rows(part: str) -> list[dict[str, object]]:
    """Return the pairs of a part."""
    return [pair.row() for topic in topics() if part_of(topic) == part for pair in pairs(topic)]


def lines_of(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    """Write the three files."""
    (HERE / "base.jsonl").write_text(lines_of(base_rows()), encoding="utf-8")
    for part in ("tuning", "frozen"):
        (HERE / f"{part}.jsonl").write_text(lines_of(pair_rows(part)), encoding="utf-8")


if __name__ == "__main__":
    main()
