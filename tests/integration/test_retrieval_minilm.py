"""The encoder, with its real weights where they are installed."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from actors.errors import ResourceMissingError
from actors.retrieval import minilm_weights
from actors.retrieval.embedder import Absent, minilm_or_absent
from actors.retrieval.minilm import MiniLM, _batches
from actors.retrieval.minilm_weights import check_hash, find_minilm

SAME = (
    "The agreement may be ended at any time.",
    "Either side can terminate the contract whenever it wants.",
)
OTHER = "The tenant pays a deposit for the kitchen."


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    try:
        return MiniLM(tmp_path_factory.mktemp("graphs"))
    except ResourceMissingError as error:
        pytest.skip(str(error))


def test_texts_near_in_meaning_have_near_vectors(minilm: MiniLM) -> None:
    one, two, other = (minilm.embed_query(text) for text in (*SAME, OTHER))
    assert one @ two > 0.5
    assert one @ other < 0.3
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)


def test_a_text_comes_with_its_tokens_and_their_vectors(minilm: MiniLM) -> None:
    vector, tokens, names = minilm.encode_query("Delaware law")
    assert vector.shape == (384,)
    assert names == ["[CLS]", "delaware", "law", "[SEP]"]
    assert tokens.shape == (4, 384)
    assert np.linalg.norm(tokens, axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_passages_of_any_length_in_one_batch_keep_their_order_and_their_vectors(minilm: MiniLM) -> None:
    texts = [OTHER * 9, SAME[0], "", SAME[1] * 40]
    together = minilm.embed_passages(texts)
    exact = np.array([minilm.embed_query(text) for text in texts])
    assert (together * exact).sum(axis=1).min() > 0.97  # int8 against fp32


def test_a_long_text_is_cut_not_refused(minilm: MiniLM) -> None:
    _, _, names = minilm.encode_query("word " * 1000)
    assert len(names) == 256


def test_batches_hold_every_row_once() -> None:
    lengths = [5, 256, 1, 256, 30, 2000]
    rows = [row for batch in _batches(lengths) for row in batch]
    assert sorted(rows) == list(range(6))


def test_other_weights_under_the_same_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"others")
    with pytest.raises(ResourceMissingError, match="not the pinned one"):
        check_hash(tmp_path / "model.safetensors", minilm_weights.WEIGHTS_SHA256)


def test_absent_weights_are_said_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm_weights, "PACKAGE", "no_such_package")
    with pytest.raises(ResourceMissingError):
        find_minilm()
    absent = minilm_or_absent()
    assert isinstance(absent, Absent)
    assert "not installed" in absent.reason


def test_importing_the_encoder_loads_nothing_heavy() -> None:
    code = "import sys, actors.retrieval.embedder; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"numpy", "onnx", "onnxruntime", "tokenizers", "tantivy", "openai"} & set(loaded)
