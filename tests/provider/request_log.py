"""What the provider saw: one entry a request, on the machine's monotonic clock."""

import asyncio
import time
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Entry:
    """One request to a model. Times are seconds of `time.monotonic`, which all processes of a machine share."""

    id: int
    model: str
    task: str
    """What the task pattern found in the prompt; empty where it found nothing."""
    stream: bool
    received_at_s: float
    in_flight: int
    """Requests under way when this one came, itself included."""
    input_tokens: int
    served_at_s: float | None = None
    """When it got one of the provider's places: `received_at_s` where there is no limit."""
    first_token_at_s: float | None = None
    last_token_at_s: float | None = None
    ended_at_s: float | None = None
    output_tokens: int = 0
    """Sent so far."""
    turn: str = ""
    """Kind of the scripted turn that it met; empty: the profile's answer."""
    left: bool = False
    """Whether the client went away before the end."""
    body: dict[str, Any] = field(default_factory=dict)
    """The request, where bodies are kept."""


class RequestLog:
    """All entries since the last reset."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.in_flight = 0
        self._news = asyncio.Condition()

    async def received(self, model: str, task: str, input_tokens: int, body: dict[str, Any]) -> Entry:
        """Open the entry of a request."""
        self.in_flight += 1
        entry = Entry(
            id=len(self.entries) + 1,
            model=model,
            task=task,
            stream=bool(body.get("stream")),
            received_at_s=time.monotonic(),
            in_flight=self.in_flight,
            input_tokens=input_tokens,
            body=body,
        )
        self.entries.append(entry)
        await self.changed()
        return entry

    async def ended(self, entry: Entry, *, left: bool) -> None:
        """Close an entry."""
        self.in_flight -= 1
        entry.ended_at_s = time.monotonic()
        entry.left = left
        await self.changed()

    async def changed(self) -> None:
        """Wake whoever waits for a count."""
        async with self._news:
            self._news.notify_all()

    def count(self, state: str) -> int:
        """Return how many requests were `received`, got a first token (`started`), `ended`, or were `left`.

        Raises:
            KeyError: There is no such state.
        """
        tests = {
            "received": lambda _: True,
            "started": lambda entry: entry.first_token_at_s is not None,
            "ended": lambda entry: entry.ended_at_s is not None,
            "left": lambda entry: entry.left,
        }
        return sum(map(tests[state], self.entries))

    async def wait(self, state: str, count: int, within_s: float) -> bool:
        """Wait until so many requests are in a state; return whether it came to that in time."""
        try:
            async with asyncio.timeout(within_s), self._news:
                await self._news.wait_for(lambda: self.count(state) >= count)
        except TimeoutError:
            return False
        return True

    def as_json(self, *, bodies: bool) -> list[dict[str, Any]]:
        """Return the entries, with the requests themselves if they are wanted."""
        return [
            {name: value for name, value in asdict(entry).items() if bodies or name != "body"}
            for entry in self.entries
        ]
