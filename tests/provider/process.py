"""A provider process of a test's or a benchmark's own, and the means to control it."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.provider.profiles import Profile
from tests.provider.turns import Turn

ROOT = Path(__file__).parents[2]
STOP_S = 10.0


@contextmanager
def running_provider(**options: str | int) -> Iterator["Provider"]:
    """Start a provider on any free loopback port, and stop just that one.

    Args:
        options: Those of the command line, with underscores: `seed`, `api_key`, `concurrency`, `queue`, `task_pattern`.
    """
    flags = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.provider", "--end-with-stdin", *flags],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address = json.loads(process.stdout.readline())
        yield Provider(address["base_url"], address["port"], process.pid)
    finally:
        process.terminate()
        process.wait(STOP_S)
        process.stdin.close()
        process.stdout.close()


@dataclass(frozen=True, slots=True)
class Provider:
    """A running provider. Its methods block for a moment: it is another process, on the same machine."""

    base_url: str
    """As the SDK takes it, with `/v1`."""
    port: int
    pid: int

    def script(self, *turns: Turn) -> None:
        """Add turns behind those that wait: each is for the next request that it fits."""
        self._post("script", [turn.model_dump(mode="json") for turn in turns])

    def profile(self, model: str, **fields: object) -> None:
        """Set how a model behaves; a model without a profile does not exist. The fields are those of `Profile`."""
        profile = Profile.model_validate(fields)
        self._post("profile", {"model": model, "profile": profile.model_dump(mode="json")})

    def limit(self, concurrency: int | None, queue: int | None = None) -> None:
        """Serve at most so many requests at a time, and let so many wait; `None`: no bound."""
        self._post("limit", {"concurrency": concurrency, "queue": queue})

    def reset(self, seed: int | None = None, **fields: object) -> None:
        """Forget log and script.

        Args:
            seed: Of what comes; `None`: as before.
            fields: `profiles=True` takes also the models back to the one default, `sim`; `bodies=False` stops keeping
                requests; `task` is a new task pattern.
        """
        self._post("reset", {"seed": seed, **fields})

    def log(self, *, bodies: bool = False) -> list[dict[str, Any]]:
        """Return the entries of `request_log.Entry` since the last reset, as JSON."""
        entries: list[dict[str, Any]] = self._get("log", bodies=int(bodies))["entries"]
        return entries

    def wait(self, state: str, count: int = 1, within_s: float = 5.0) -> list[dict[str, Any]]:
        """Return the log when so many requests are `received`, `started`, `ended` or `left`.

        Raises:
            TimeoutError: It did not come to that in time.
        """
        answer = self._get("log", state=state, count=count, within_s=within_s)
        if not answer["met"]:
            raise TimeoutError(f"fewer than {count} requests were {state} within {within_s:g} s")
        entries: list[dict[str, Any]] = answer["entries"]
        return entries

    def _post(self, name: str, body: object) -> None:
        self._ask("POST", f"/control/{name}", json.dumps(body))

    def _get(self, name: str, **query: object) -> Any:
        return self._ask("GET", f"/control/{name}?{urlencode(query)}")

    def _ask(self, method: str, path: str, body: str | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK:
            raise ValueError(text.decode())
        return json.loads(text)
