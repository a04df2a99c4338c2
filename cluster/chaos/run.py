"""One chaos run: a quiet run first, then the same rows over several nodes, while this and that is killed."""

import datetime
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from actors.config import Settings
from actors.errors import AgentUnavailableError
from cluster.bulk.folder import DOCUMENTS, RunFolder
from cluster.bulk.manifest import read_manifest
from cluster.bulk.session import open_ledger
from cluster.chaos.driver import Driver
from cluster.chaos.nodes import Nodes, running_nodes
from cluster.chaos.own_redis import OwnRedis
from cluster.chaos.plan import Kill, Victim, drawn, plan_kills
from cluster.chaos.processes import kill
from cluster.chaos.rows import write_rows
from cluster.chaos.verdict import Tally, complaints, tally

NODES = 3
LOOK_S = 0.02
STUCK_S = 300.0
"""Without a new document for so long, a run is taken to be stuck."""
_TITLES = {"cell": "BulkCell", "agent": "CacheAgent"}
"""What the processes of actors are called. All agents of the pipeline live within a cell; the one that a bulk run has
beside them is the cache that its cells share."""


@dataclass(frozen=True, slots=True)
class Killed:
    """A kill that was carried out."""

    victim: Victim
    documents: int
    """That were there."""
    what: str


@dataclass(slots=True)
class Told:
    """What came out."""

    rows: int
    documents: int
    quiet_s: float
    shaken_s: float
    killed: list[Killed] = field(default_factory=list)
    starts: int = 0
    """Of the driver."""
    joined: list[str] = field(default_factory=list)
    """Nodes that joined while it ran."""
    joined_used: list[str] = field(default_factory=list)
    """Those of them on which a cell came up."""
    tally: Tally = field(default_factory=lambda: Tally(0, 0, 0, 0, 0))
    complaints: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether the run under kills came to what the quiet one came to."""
        return not self.complaints


class ChaosRun:
    """One run.

    Args:
        folder: Of its own, and short: sockets lie below it.
        seed: Draws victims and moments.
        rows: How many.
        victims: Who is killed; several of a kind are killed several times.
        redis: Path of a redis-server; `None`: the ledger is a file.
        say: Called with a line when something happened.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        rows: int,
        victims: Collection[Victim],
        redis: str | None,
        say: Callable[[str], None],
    ) -> None:
        self._folder, self._rows, self._say = folder, rows, say
        self._kills = plan_kills(seed, victims)
        self._file, self._quiet, self._out = folder / "rows.jsonl", folder / "quiet", folder / "out"
        self._good = len(write_rows(self._file, rows))
        # One day for both runs, also around midnight.
        self._day = datetime.datetime.now().astimezone().date().isoformat()
        self._redis = OwnRedis(redis, folder) if redis else None
        self._told = Told(rows, self._good, 0.0, 0.0)
        self._joins: list[Future[None]] = []

    def run(self) -> Told:
        """Draft the rows twice; return what came out.

        Raises:
            AgentUnavailableError: The quiet run failed: there is nothing to compare with.
        """
        told = self._told
        with _timed() as quiet:
            driver = Driver(self._folder, self._home(), ("--inline",))
            try:
                driver.begin(self._file, self._quiet, self._day)
                driver.wait()
            finally:
                driver.stop()
        told.quiet_s = quiet.seconds
        self._say(f"a quiet run on one core: {self._good} documents in {told.quiet_s:.1f} s")
        with _timed() as shaken:
            self._shake()
        told.shaken_s = shaken.seconds
        return told

    def _shake(self) -> None:
        settings = Settings(home=self._folder / "home", bulk_redis_url=self._redis_url())
        with ExitStack() as running:
            if self._redis is not None:
                self._redis.start()
                running.callback(self._redis.stop)
            nodes = running.enter_context(running_nodes(NODES, self._folder, settings))
            self._say(f"a run over {NODES} nodes of one core each begins")
            driver = Driver(self._folder, self._environment(), ("--address", nodes.address))
            running.callback(driver.stop)
            joining = running.enter_context(ThreadPoolExecutor(1))
            try:
                driver.begin(self._file, self._out, self._day)
                self._kill_all(driver, nodes, joining)
                self._watch(driver, nodes, lambda: False)
            except AgentUnavailableError as error:
                self._told.complaints.append(str(error))
            for join in self._joins:
                join.result()
            self._judge(settings)

    def _kill_all(self, driver: Driver, nodes: Nodes, joining: ThreadPoolExecutor) -> None:
        for one in self._kills:
            needed = one.share * self._good
            if self._watch(driver, nodes, lambda: self._documents() >= needed):  # noqa: B023 (now)
                self._told.complaints.append(
                    f"the run ended before the kill of the {one.victim}; take more --rows"
                )
                return
            self._strike(one, driver, nodes, joining)

    def _strike(self, one: Kill, driver: Driver, nodes: Nodes, joining: ThreadPoolExecutor) -> None:
        documents = self._documents()
        match one.victim:
            case "node":
                name = drawn(one, nodes.mortal())
                what = f"{name} (raylet {nodes.kill(name)}) and all on it; another will join"
                self._joins.append(joining.submit(self._join, nodes, one.away_s))
            case "cell" | "agent":
                what = self._kill_actor(one, driver, nodes)
            case "driver":
                what = f"the driver (process {driver.kill()}); on with --resume after {one.away_s:.1f} s"
            case "redis":
                what = f"Redis; back after {one.away_s:.1f} s"
                if self._redis is not None:
                    what = f"Redis (process {self._redis.kill()}); back after {one.away_s:.1f} s"
        self._told.killed.append(Killed(one.victim, documents, what))
        self._say(f"{documents:>5} documents: killed {what}")
        if one.victim == "driver":
            time.sleep(one.away_s)
            driver.resume(self._out)
        if one.victim == "redis" and self._redis is not None:
            time.sleep(one.away_s)
            self._redis.start()

    def _kill_actor(self, one: Kill, driver: Driver, nodes: Nodes) -> str:
        """Kill a cell, or the cells' cache; one that is just being restarted is waited for."""
        name, pid = "", 0

        def is_dead() -> bool:
            nonlocal name, pid
            found = nodes.actors(_TITLES[one.victim])
            if not found:
                return False
            name = drawn(one, found)
            pid = found[name]
            return kill(pid)

        if self._watch(driver, nodes, is_dead):
            raise AgentUnavailableError(one.victim, "there was none to kill before the run ended")
        kind = "a cell" if one.victim == "cell" else "the cells' cache agent"
        return f"{kind} (process {pid} on {name.partition('/')[0]})"

    def _join(self, nodes: Nodes, after_s: float) -> None:
        time.sleep(after_s)
        name = nodes.join()
        self._told.joined.append(name)
        self._say(f"{self._documents():>5} documents: {name} joined")

    def _watch(self, driver: Driver, nodes: Nodes, until: Callable[[], bool]) -> bool:
        """Wait for something; True where the driver ended before.

        Raises:
            AgentUnavailableError: The driver gave up, or nothing moves.
        """
        last, since_s = self._documents(), time.monotonic()
        while not until():
            if driver.ended():
                return True
            self._look_at_joined(nodes)
            if (now := self._documents()) != last:
                last, since_s = now, time.monotonic()
            if time.monotonic() - since_s > STUCK_S:
                raise AgentUnavailableError("driver", f"no document came for {STUCK_S:g} s")
            time.sleep(LOOK_S)
        return False

    def _look_at_joined(self, nodes: Nodes) -> None:
        unused = set(self._told.joined) - set(self._told.joined_used)
        if unused:
            homes = {name.partition("/")[0] for name in nodes.actors(_TITLES["cell"])}
            self._told.joined_used.extend(sorted(unused & homes))

    def _judge(self, settings: Settings) -> None:
        folder, told = RunFolder(self._out), self._told
        if not folder.has_run:
            return  # it did not get that far, and what it said is among the complaints
        ledger = open_ledger(folder.plan(), folder, settings)
        try:
            told.tally = tally(ledger)
        finally:
            ledger.close()
        told.starts = len(read_manifest(folder).get("starts", []))
        told.complaints.extend(complaints(self._quiet, self._out, self._rows, told.tally))

    def _documents(self) -> int:
        try:
            return sum(1 for _ in (self._out / DOCUMENTS).iterdir())
        except FileNotFoundError:
            return 0

    def _redis_url(self) -> SecretStr | None:
        return SecretStr(self._redis.url) if self._redis else None

    def _home(self) -> dict[str, str]:
        return {"LEXRAY_HOME": str(self._folder / "home")}

    def _environment(self) -> dict[str, str]:
        """Return what the driver reads whose run is disturbed."""
        if self._redis is None:
            return self._home()
        url = self._redis.url
        return {**self._home(), "LEXRAY_REDIS_URL": url, "LEXRAY_BULK_REDIS_URL": url}


@dataclass(slots=True)
class _Clock:
    seconds: float = 0.0


@contextmanager
def _timed() -> Iterator[_Clock]:
    clock, begun_s = _Clock(), time.monotonic()
    try:
        yield clock
    finally:
        clock.seconds = time.monotonic() - begun_s
