"""No product at all: the same client asks the same provider the same two questions, and reads the second answer."""

import time

from pipeline_stages import FirstText

from actors.config import Settings
from actors.llm.call import ModelCall, Usage
from actors.llm.openai_model import OpenAIModel
from actors.messages import DraftRequest

WORDING = (
    "The Employee shall keep a record of the work done, and give it to the Company when it is asked for. " * 8
)


class Direct:
    """A research call, then a section as it streams."""

    def __init__(self, settings: Settings) -> None:
        self._research = OpenAIModel(settings.llm.chain("research")[0])
        self._draft = OpenAIModel(settings.llm.chain("draft")[0])

    async def draft(self, request: DraftRequest) -> FirstText:
        """Read one section to its end."""
        first = FirstText()
        await self._research.complete(ModelCall("research", "", "Research."))
        number = request.message.partition("Acme ")[2][:5]
        prompt = f"Acme {number}\n<<<DATA 0 approved wording\n{WORDING}\nDATA 0>>>\n"
        async for piece in self._draft.stream(ModelCall("draft", "", prompt)):
            if first.words_s is None and not isinstance(piece, Usage):
                first.any_s = first.words_s = time.monotonic()
        return first
