"""Embeddings from any OpenAI-compatible endpoint."""
# ruff: noqa: PLC0415 (the SDK takes half a second to import)

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from actors.errors import InvalidInputError, ResourceMissingError, SearchUnavailableError, ThrottledError

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 64
RETRY_AFTER_S = 5.0


class OpenAIEmbeddings:
    """A remote encoder. Sends every text to its endpoint: only for material that may leave the machine.

    Not retried here: who calls has the policy. Blocking; run it in a thread.

    Args:
        base_url: For example `http://localhost:8000/v1`.
        model: The model's name at the endpoint.
        dim: Length of its vectors; an answer of another length is refused.
        api_key: Never logged.
        timeout_s: Of one request, in seconds.
    """

    def __init__(
        self, base_url: str, model: str, dim: int, api_key: str = "none", timeout_s: float = 30.0
    ) -> None:
        self._base_url, self._model, self._key, self._timeout_s = base_url, model, api_key, timeout_s
        self.dim = dim

    @property
    def id(self) -> str:
        """Model, endpoint and length: the same name elsewhere may be another model."""
        return f"{self._model}@{self._base_url}/{self.dim}"

    def embed_query(self, text: str) -> "NDArray[np.float32]":
        """Return one vector, f32[dim] of unit length.

        Raises:
            SearchUnavailableError: The endpoint did not answer.
            ThrottledError: It asks for patience.
            InvalidInputError: It refuses the request, or its vectors have another length.
        """
        vector: NDArray[np.float32] = self._embed([text])[0]
        return vector

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] = bool
    ) -> "NDArray[np.float32]":
        """Return the vectors of passages, f32[n,dim] of unit length; fails as `embed_query` does."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            vectors[start : start + len(batch)] = self._embed(batch)
            progress(start + len(batch))
        return vectors

    def _embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        answer = self._ask(texts)
        rows = [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]
        vectors = np.array(rows, dtype=np.float32)
        if vectors.shape != (len(texts), self.dim):
            reason = f"{self._model} gave vectors of shape {vectors.shape}, not {(len(texts), self.dim)}"
            raise InvalidInputError("embeddings", reason)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-12)
        return normalised

    def _ask(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 (the SDK's answer; its shape is checked by the caller)
        import openai

        try:
            # An empty input is an error at most endpoints, a space is not.
            return self._client.embeddings.create(
                model=self._model, input=[text or " " for text in texts], encoding_format="float"
            )
        except openai.RateLimitError as error:
            raise ThrottledError(self._model, RETRY_AFTER_S) from error
        except openai.APIStatusError as error:
            if error.status_code < 500:  # noqa: PLR2004 (the border between our fault and theirs)
                raise InvalidInputError("embeddings", f"{self._model}: HTTP {error.status_code}") from error
            raise SearchUnavailableError(f"{self._model}: HTTP {error.status_code}") from error
        except openai.APIError as error:
            raise SearchUnavailableError(f"{self._model}: {type(error).__name__}") from error

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 (likewise)
        try:
            from openai import OpenAI
        except ImportError as error:
            raise ResourceMissingError("the openai package is not installed", "pip install openai") from error
        return OpenAI(base_url=self._base_url, api_key=self._key, timeout=self._timeout_s, max_retries=0)
