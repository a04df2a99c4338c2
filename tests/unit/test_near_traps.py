"""The trap suite is what its generator makes, and the guards alone hold it: an encoder can only refuse more."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from actors.domain.near.comparing import vetoes
from actors.domain.near.eligibility import refusal
from actors.domain.near.question import Question
from actors.domain.near.reading import read
from tests.traps.generate import HERE, base_rows, lines_of, pair_rows

HARD = {"jurisdiction", "year", "number", "citation", "party", "negation"}
CLASSES = HARD | {"direction", "modality", "comparator", "antonym", "doctrine", "scope", "temporal"}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@cache
def understood(words: str) -> Question | None:
    return None if refusal(words) else read(words)


def passes(row: dict[str, Any]) -> bool:
    a, b = understood(row["a"]), understood(row["b"])
    return a is not None and b is not None and not vetoes(b, a)


@pytest.mark.parametrize("part", ["tuning", "frozen"])
def test_the_pairs_are_what_the_generator_makes(part: str) -> None:
    assert (HERE / f"{part}.jsonl").read_text(encoding="utf-8") == lines_of(pair_rows(part))


def test_the_suite_is_large_enough() -> None:
    pairs = [row for part in ("tuning", "frozen") for row in rows(HERE / f"{part}.jsonl")]
    counted = Counter(row["class"] for row in pairs)

    assert len(base_rows()) >= 300
    assert sum(not row["same"] for row in pairs) >= 3000
    assert counted["paraphrase"] >= 1000
    assert set(counted) - {"paraphrase"} == CLASSES


def test_no_base_is_in_both_parts() -> None:
    tuning, frozen = ({row["base"] for row in rows(HERE / f"{part}.jsonl")} for part in ("tuning", "frozen"))

    assert not tuning & frozen


@pytest.mark.parametrize("part", ["tuning", "written", "frozen", "by_hand"])
def test_no_trap_passes(part: str) -> None:
    passed = [(row["a"], row["b"]) for row in rows(HERE / f"{part}.jsonl") if not row["same"] and passes(row)]

    assert passed == []


@pytest.mark.parametrize("part", ["tuning", "frozen"])
def test_enough_paraphrases_pass(part: str) -> None:
    paraphrases = [row for row in rows(HERE / f"{part}.jsonl") if row["same"]]

    assert sum(map(passes, paraphrases)) / len(paraphrases) >= 0.3
