"""One contestant in a process of its own: reads what to draft as JSON lines, answers with times."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from pipeline_load import patient, request

from actors.config import Settings

OURS, ASYNCIO, STOCK, TUNED, DIRECT = "ours", "asyncio", "langgraph", "langgraph-tuned", "direct"
HOLD_LIMIT_S = 120.0
"""How long drafts may take to get as far as their first section."""


@asynccontextmanager
async def contestant(name: str) -> AsyncIterator[Any]:
    """Make the contestant; what it needs is imported here, and by nobody else."""
    patient()
    settings = Settings()
    if name == OURS:
        from pipeline_ours import Ours, running_fleet  # noqa: PLC0415

        async with running_fleet(settings) as running:
            yield Ours(running)
    elif name == DIRECT:
        from pipeline_direct import Direct  # noqa: PLC0415

        yield Direct(settings)
    elif name == ASYNCIO:
        from pipeline_asyncio import PlainAsyncio  # noqa: PLC0415

        yield PlainAsyncio(settings)
    else:
        from pipeline_langgraph import LangGraphStock, LangGraphTuned  # noqa: PLC0415

        yield (LangGraphTuned if name == TUNED else LangGraphStock)(settings)


class Desk:
    """Does what the lines ask for."""

    def __init__(self, drafter: Any) -> None:
        self._drafter = drafter
        self._held: set[asyncio.Task[Any]] = set()

    async def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Draft so many documents at once, or start some more that hang at the provider.

        Args:
            asked: `documents`, `first` (the number of the first one), `tenant` (where `cold`, each has one of its own
                instead), `parallel`; `only_first`: stop behind the first section of a model; `hold`: do not wait for
                the end but for the start of drafting.
        """
        self._drafter.only_first = asked.get("only_first", False)
        for kept in ("layers", "begun"):
            getattr(self._drafter, kept, {}).clear()
        begun = time.monotonic()
        numbers = range(asked["first"], asked["first"] + asked["documents"])
        if asked.get("hold"):
            return await self._hold([self._one(number, asked) for number in numbers])
        done = await asyncio.gather(*(self._one(number, asked) for number in numbers))
        return {
            "documents": done,
            "all_s": time.monotonic() - begun,
            "layers_s": getattr(self._drafter, "layers", {}),
            "begun_s": getattr(self._drafter, "begun", {}),
        }

    async def _one(self, number: int, asked: dict[str, Any]) -> dict[str, Any]:
        tenant = f"cold-{number}-{os.getpid()}" if asked["cold"] else asked["tenant"]
        document = request(number, tenant=tenant, parallel=asked["parallel"])
        begun = time.monotonic()
        try:
            first = await self._drafter.draft(document)
        except Exception as error:
            # Said at once: letting go of the other drafts may take a while.
            print(f"document {number}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            raise
        return {
            "number": number,
            "wall_s": time.monotonic() - begun,
            "first_text_s": first.any_s - begun,
            "first_event_s": (first.event_s or first.any_s) - begun,
            "first_words_at_s": first.words_s,
        }

    async def _hold(self, drafts: list[Coroutine[Any, Any, Any]]) -> dict[str, Any]:
        self._held |= {asyncio.create_task(draft) for draft in drafts}
        deadline = time.monotonic() + HOLD_LIMIT_S
        while self._writing() < len(drafts) and time.monotonic() < deadline:  # noqa: ASYNC110 (readers count)
            await asyncio.sleep(0.2)
        for task in self._held:
            if task.done():
                task.result()
        return {"writing": self._writing()}

    def _writing(self) -> int:
        return len(self._drafter.begun.get("draft", ()))

    async def close(self) -> None:
        """Let go of the drafts that hang."""
        for task in self._held:
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)


async def main() -> None:
    """Answer until stdin ends."""
    # Libraries print to stdout as they like: the answers have a way of their own.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    async with contestant(sys.argv[1]) as drafter:
        desk = Desk(drafter)
        print(json.dumps({"ready": sys.argv[1]}), file=answers, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await desk.answer(json.loads(line))), file=answers, flush=True)
        await desk.close()


if __name__ == "__main__":
    asyncio.run(main())
