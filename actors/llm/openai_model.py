"""A model behind any OpenAI-compatible address, through the official SDK."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from actors.llm.call import Answer, ModelCall, Usage
from actors.llm.chunks import AnswerReader
from actors.llm.dialect import Dialect
from actors.llm.endpoint import Endpoint
from actors.llm.failures import classified, meaning, refusal_of
from actors.llm.patience import Patience
from actors.llm.sdk_client import headers, import_sdk, open_client

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream


class OpenAIModel:
    """One endpoint. Tries once a call; what it learns of the server's dialect it keeps for its own life.

    There is one client an event loop, made at first use. Every answer is streamed, whole ones too: a stream alone shows
    whether a slow server works or hangs.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._dialect = Dialect(endpoint.structured)
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()

    async def complete(self, call: ModelCall) -> Answer:
        """Return the whole answer."""
        pieces, usage = [], Usage(0, 0, told=False)
        async with aclosing(self.stream(call)) as parts:
            async for part in parts:
                if isinstance(part, Usage):
                    usage = part
                else:
                    pieces.append(part)
        return Answer("".join(pieces), usage)

    async def stream(self, call: ModelCall) -> AsyncGenerator[str | Usage, None]:
        """Yield the pieces as they come, and last what the call used.

        Raises:
            AttemptTimeoutError: Nothing came within the endpoint's limit for the first piece, or for the next.
            ModelUnavailableError: No connection, a failure on the provider's side, or an answer that was cut.
            ThrottledError: Too many requests.
            ModelAnswerError: The answer is longer than the call allows.
            ModelRefusedError: The model declines, or the text is too long for it.
            ModelPausedError: The quota is spent.
            ModelEndpointError: Address, key or model name is wrong.
        """
        reader, patience = AnswerReader(call, self._endpoint), Patience(self._endpoint)
        async with aclosing(self._chunks(call, patience)) as chunks:
            async for chunk in chunks:
                text, alive = reader.read(chunk)
                if alive:
                    patience.alive()
                if text:
                    yield text
        yield reader.usage()
        if objection := reader.objection():
            raise objection

    async def aclose(self) -> None:
        """Let the connections of this event loop go."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    async def _chunks(self, call: ModelCall, patience: Patience) -> AsyncGenerator[Any, None]:
        client = await self._client()
        async with patience.waiting():
            response = await self._open(client, call)
        try:
            chunks = aiter(response) if is_stream(response) else self._whole(response)
            while True:
                async with patience.waiting():
                    chunk = await self._next(chunks)
                if chunk is None:
                    return
                yield chunk
        finally:
            # Closing the response closes the connection: that is how the provider learns that nobody listens.
            await response.close()

    async def _open(self, client: "AsyncOpenAI", call: ModelCall) -> "AsyncStream[Any]":
        """Send the request, in plainer words for as long as the server names a word that it does not know."""
        import httpx2  # noqa: PLC0415 (imported with the client)
        import openai  # noqa: PLC0415

        while True:
            used = self._dialect
            request = used.request(call, self._endpoint.model)
            try:
                # The resource's own `create` checks and rebuilds every field of request and chunks in Python: a third
                # of the CPU of a draft by models. The client's `post` is the same request, its chunks plain JSON.
                response: AsyncStream[Any] = await client.post(
                    "/chat/completions",
                    cast_to=object,
                    body=request,
                    options={"headers": headers(self._endpoint)},
                    stream=True,
                    stream_cls=openai.AsyncStream[object],
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                plainer = used.plainer(json.dumps(error.body, default=str))
                if plainer is None:
                    raise classified(error, self._endpoint) from None
                self._dialect = plainer
            except (openai.OpenAIError, httpx2.HTTPError, OSError, ValueError) as error:
                raise classified(error, self._endpoint) from None
            else:
                return response

    async def _whole(self, response: "AsyncStream[Any]") -> AsyncGenerator[Any, None]:
        """Yield, as one chunk, the answer of a server that does not stream.

        Raises:
            LexrayError: It answers with success, and with something that is no answer.
        """
        sent = response.response
        text = (await sent.aread()).decode("utf-8", "replace")
        body = json.loads(text) if "json" in sent.headers.get("content-type", "") else text
        if not isinstance(body, dict) or "error" in body:
            raise meaning(refusal_of(0, sent.headers.multi_items(), body), self._endpoint)
        yield body

    async def _next(self, chunks: AsyncIterator[Any]) -> Any:  # noqa: ANN401 (whatever the server sent)
        """Return the next chunk, `None` at the end."""
        try:
            return await anext(chunks, None)
        except Exception as error:  # noqa: BLE001 (the SDK raises whatever malformed data happens to break)
            raise classified(error, self._endpoint) from None

    async def _client(self) -> "AsyncOpenAI":
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            await import_sdk()
        if loop not in self._clients:  # others may have waited for the same import
            self._clients[loop] = open_client(self._endpoint)
        return self._clients[loop]


def is_stream(response: "AsyncStream[Any]") -> bool:
    """Tell whether a response is one of server-sent events; where the server does not say, it is taken for one."""
    kind: str = response.response.headers.get("content-type", "")
    return not kind or "event-stream" in kind
