"""MiniLM on onnxruntime: fp32 for queries and cache keys, int8 for passages.

Importing this module loads neither numpy nor onnxruntime: a draft that never embeds must not wait for them.
"""
# ruff: noqa: PLC0415

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from actors.retrieval.cache_folder import default_cache_folder
from actors.retrieval.minilm_weights import (
    TOKENIZER_SHA256,
    WEIGHTS_SHA256,
    MiniLMFiles,
    check_hash,
    find_minilm,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]

DIM = 384
MAX_TOKENS = 256
BATCH_TOKENS = 2048
GRAPH_REVISION = 1
"""Raised with every change of the graph: an older one in the cache folder is then not used."""


class MiniLM:
    """A sentence encoder of 384 dimensions.

    Files are looked up at construction; graphs are built at first use (two seconds, once per machine), then loaded from
    `cache` (0.3 s each). Not for two threads at once while a graph is built.

    Raises:
        ResourceMissingError: The weights are not installed, or are not the pinned ones.
    """

    id = f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:12]}/{GRAPH_REVISION}"
    dim = DIM

    def __init__(self, cache: Path | None = None, threads: int = 1) -> None:
        self._files: MiniLMFiles = find_minilm()
        self._cache = cache or default_cache_folder()
        self._threads = threads

    def embed_query(self, text: str) -> "Vectors":
        """Return a query's vector, f32[384] of unit length; some 5 ms."""
        return self.encode_query(text)[0]

    def encode_query(self, text: str) -> "tuple[Vectors, Vectors, list[str]]":
        """Return a text's vector, its tokens' vectors and its tokens.

        Returns:
            f32[384] of unit length; f32[n,384], the last layer, each row of unit length; n word pieces, with `[CLS]`
            first and `[SEP]` last. Texts are cut after 256 tokens.
        """
        import numpy as np

        pieces = self._tokenizer.encode(text)
        embedding, tokens = self._run(self._exact, ["embedding", "tokens"], [pieces.ids])
        lengths = np.linalg.norm(tokens[0], axis=1, keepdims=True)
        return embedding[0], tokens[0] / np.maximum(lengths, 1e-9), pieces.tokens

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], object] = bool) -> "Vectors":
        """Return the vectors of passages, f32[n,384] of unit length, in their order; some 40 a second.

        Args:
            texts: Cut after 256 tokens each: split longer ones into windows first.
            progress: Told after each batch how many are done.
        """
        import numpy as np

        encoded = [pieces.ids for pieces in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(encoded), DIM), dtype=np.float32)
        done = 0
        for rows in _batches([len(ids) for ids in encoded]):
            (vectors[rows],) = self._run(self._quick, ["embedding"], [encoded[row] for row in rows])
            done += len(rows)
            progress(done)
        return vectors

    def _run(self, session: Any, outputs: Sequence[str], ids: Sequence[Sequence[int]]) -> "list[Vectors]":  # noqa: ANN401
        import numpy as np

        width = max(map(len, ids))
        padded = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros_like(padded)
        for row, tokens in enumerate(ids):
            padded[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        result: list[Vectors] = session.run(list(outputs), {"input_ids": padded, "attention_mask": mask})
        return result

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 (tokenizers has no types)
        from tokenizers import Tokenizer

        check_hash(self._files.tokenizer, TOKENIZER_SHA256)
        tokenizer = Tokenizer.from_file(str(self._files.tokenizer))
        tokenizer.no_padding()  # its file asks for 128 tokens always: six times the work for a short query
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer

    @cached_property
    def _exact(self) -> Any:  # noqa: ANN401 (likewise)
        return self._session(self._graph())

    @cached_property
    def _quick(self) -> Any:  # noqa: ANN401 (likewise)
        from actors.retrieval.minilm_graph import write_int8

        graph = self._graph()
        return self._session(self._kept("int8", lambda target: write_int8(graph, target)))

    def _graph(self) -> Path:
        from actors.retrieval.minilm_graph import write_graph

        def build(target: Path) -> None:
            check_hash(self._files.weights, WEIGHTS_SHA256)
            write_graph(self._files.weights, target)

        return self._kept("fp32", build)

    def _kept(self, kind: str, build: Callable[[Path], None]) -> Path:
        """Return the graph of a kind, built first where it is missing.

        The weights' hash is checked when they are read, and names the graph; a graph appears under its name only whole.
        """
        final = self._cache / f"minilm-{WEIGHTS_SHA256[:16]}-{GRAPH_REVISION}-{kind}.onnx"
        if not final.is_file():
            final.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=final.parent) as folder:
                build(Path(folder, final.name))
                Path(folder, final.name).replace(final)
        return final

    def _session(self, graph: Path) -> Any:  # noqa: ANN401 (onnxruntime has no types)
        # numpy's BLAS and onnxruntime on two cores slow each other down; the variable is read when numpy is loaded.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = self._threads
        return InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group rows of like length, at most `BATCH_TOKENS` padded tokens a group: padding is paid for like text."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
