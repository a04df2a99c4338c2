"""The near tier with the real encoder, and the benchmark that measures it, as a user runs it."""

import json
import subprocess
from pathlib import Path

import pytest

from actors.cache import LegalSearchCache
from actors.cache_near import NearQuestions
from actors.errors import ResourceMissingError
from actors.retrieval.minilm import MiniLM
from scripts.benchmarks.cache_pairs import Pair, Side, rates, read_pairs, try_pairs, wilson

ROOT = Path(__file__).parents[2]
ROWS = [
    {
        "a": "Is an oral contract binding in Ohio?",
        "b": "Are verbal agreements enforceable in Ohio?",
        "same": 1,
    },
    {
        "a": "Is an oral contract binding in Ohio?",
        "b": "Is an oral contract binding in Iowa?",
        "same": 0,
        "class": "place",
    },
    {
        "a": {"words": "Is an oral contract binding?", "jurisdiction": "US-NY"},
        "b": {"words": "Are oral contracts binding?", "jurisdiction": "US-CA"},
        "same": False,
        "class": "partition",
    },
]


@pytest.fixture(scope="module")
def encoder() -> MiniLM:
    try:
        return MiniLM()
    except ResourceMissingError as error:
        pytest.skip(str(error))


@pytest.fixture
def pairs_file(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    return path


def test_pairs_of_a_file_go_through_the_cache_and_come_back_as_rates(
    encoder: MiniLM, pairs_file: Path
) -> None:
    told = subprocess.run(
        [ROOT / "scripts" / "bench_cache", "--pairs", pairs_file, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(told.stdout)

    assert (result["hit_rate"], result["false_hit_rate"]) == (1.0, 0.0)
    assert set(result["per_class"]) == {"all", "place", "partition"}


async def test_the_look_up_is_the_caches_own(encoder: MiniLM, pairs_file: Path) -> None:
    pairs = read_pairs(pairs_file)

    assert await try_pairs(LegalSearchCache(near=NearQuestions(encoder)), pairs) == [True, False, False]
    assert await try_pairs(LegalSearchCache(), pairs) == [False, False, False]


def test_rates_carry_wilsons_interval() -> None:
    pairs = [Pair(Side("a"), Side("b"), same=False, kind="x", base="")] * 600

    low, high = wilson(0, 600)
    assert low == pytest.approx(0)
    assert high == pytest.approx(0.00636, abs=1e-5)
    assert rates(pairs, [False] * 600)["per_class"]["x"]["high"] == high
