"""`lexray chaos`: kills what can die under a bulk run, and says whether that cost anything."""

import json
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actors.errors import ResourceMissingError
from cluster.commands.arguments import refuse_empty
from cluster.standard_output import write_text

if TYPE_CHECKING:
    from cluster.chaos.plan import Victim
    from cluster.chaos.run import Told

ALL = "node,cell,agent,driver,redis"
BROKEN, INTERRUPTED = 1, 130


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("chaos")(command)


def command(
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Draws victims and moments; default: a fresh one.")
    ] = None,
    rows: Annotated[
        int, typer.Option("--rows", min=20, max=100_000, help="Documents to draft, twice.")
    ] = 150,
    kill: Annotated[
        str | None,
        typer.Option(
            "--kill",
            help=f"Who dies, each as often as it is named; default: {ALL}.",
            callback=refuse_empty,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The verdict as JSON on stdout.")] = False,
) -> None:
    """Kill nodes, cells, agents, driver and Redis under a bulk run of three nodes, and compare with a quiet run.

    Everything runs in a temporary folder on this machine; a running Ray or lexray is left alone. Exit codes: 0 it held,
    1 it did not (the folder is then kept), 2 refused.
    """
    drawn = secrets.randbelow(1_000_000) if seed is None else seed
    say = _on_stderr if as_json else _on_stdout
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # Ray has one of its own later, which ends in order too
    folder = Path(tempfile.mkdtemp(prefix="lexray-chaos-"))
    try:
        told, again = _run(folder, drawn, rows, kill, say)
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
        raise typer.Exit(INTERRUPTED) from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if told.held:
        shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        value = {"held": told.held, "seed": drawn, **asdict(told), "again_with": again}
        kept = {} if told.held else {"folder": str(folder)}
        write_text(json.dumps(value | kept, ensure_ascii=False, indent=2) + "\n")
    else:
        write_text(_verdict(told, again, folder))
    raise typer.Exit(0 if told.held else BROKEN)


def _run(
    folder: Path, seed: int, rows: int, kill: str | None, say: Callable[[str], None]
) -> tuple["Told", str]:
    from cluster.chaos.own_redis import find_redis
    from cluster.chaos.plan import parse_victims
    from cluster.chaos.processes import can_look

    victims, redis = parse_victims(kill or ALL), find_redis()
    if not can_look():
        raise ResourceMissingError("chaos wants Linux: it finds its victims under /proc", "run it there")
    if "redis" in victims and redis is None:
        if kill:
            raise ResourceMissingError(
                "no redis-server is on PATH", "install it, or leave redis out of --kill"
            )
        say("no redis-server is on PATH: the ledger is a file, and no Redis is killed")
        victims = tuple(victim for victim in victims if victim != "redis")
    again = f"lexray chaos --seed {seed} --rows {rows} --kill {','.join(victims)}"
    say(f"seed {seed}: {rows} rows, to kill: {', '.join(victims)}")
    return _of(folder, seed, rows, victims, redis if "redis" in victims else None, say), again


def _of(
    folder: Path,
    seed: int,
    rows: int,
    victims: tuple["Victim", ...],
    redis: str | None,
    say: Callable[[str], None],
) -> "Told":
    from cluster.chaos.run import ChaosRun  # imports Ray: a second that a refusal need not wait

    return ChaosRun(folder, seed, rows, victims, redis, say).run()


def _verdict(told: "Told", again: str, folder: Path) -> str:
    count = told.tally
    lines = [
        f"{'held' if told.held else 'BROKEN':<12}  " + (_held(told) if told.held else told.complaints[0]),
        *(f"{'':<14}{complaint}" for complaint in told.complaints[1:]),
        f"{'rows':<14}{count.done} drafted, {count.failed} failed as they must, {count.unfinished} left",
        f"{'kills':<14}{len(told.killed)}; the driver was started {_times(told.starts)}",
        f"{'nodes':<14}{len(told.joined)} joined, {len(told.joined_used)} of them early enough for a cell",
        f"{'work':<14}{count.again} rows were taken up again, {count.deaths} of them since their cell died",
        f"{'time':<14}{told.shaken_s:.1f} s with the cluster's start; {told.quiet_s:.1f} s for the quiet run",
        f"{'again with':<14}{again}",
    ]
    if not told.held:
        lines.append(f"{'look into':<14}{folder}")
    return "\n".join(lines) + "\n"


def _held(told: "Told") -> str:
    return f"{told.documents} of {told.documents} documents are those of the quiet run, byte for byte; none twice"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _on_stdout(line: str) -> None:
    write_text(line + "\n")


def _on_stderr(line: str) -> None:
    sys.stderr.write(line + "\n")
