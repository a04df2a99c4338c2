"""Calls to a model of the simulated provider, and how they fail."""

from contextlib import aclosing

from actors.errors import LexrayError
from actors.llm.call import ModelCall, Usage
from actors.llm.endpoint import Endpoint
from actors.llm.openai_model import OpenAIModel
from tests.provider.process import Provider

CALL = ModelCall(task="draft", system="You draft.", user="Write a clause.", max_output_tokens=200)


def endpoint(provider: Provider, **fields: object) -> Endpoint:
    given: dict[str, object] = {
        "base_url": provider.base_url,
        "model": "sim",
        "first_token_s": 10.0,
        "idle_s": 10.0,
    }
    return Endpoint.model_validate(given | fields)


async def failure(model: OpenAIModel, call: ModelCall = CALL) -> tuple[LexrayError, str, Usage | None]:
    """Return how a call fails, with the text and the usage that came before."""
    pieces: list[str] = []
    usage = None
    try:
        async with aclosing(model.stream(call)) as parts:
            async for part in parts:
                if isinstance(part, Usage):
                    usage = part
                else:
                    pieces.append(part)
    except LexrayError as error:
        return error, "".join(pieces), usage
    raise AssertionError(f"it did not fail, but said {''.join(pieces)!r}")
