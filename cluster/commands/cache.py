"""`lexray cache`: names, options and help; the work is in `cluster.py`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from actors.errors import InvalidInputError
from cluster.commands.arguments import parse_day, read_settings
from cluster.commands.options import AsOf, Json, answer
from cluster.standard_output import write_text

app = typer.Typer(help="The running cluster's cache of legal research.")


@app.command("stats")
def cache_stats(as_json: Json = False) -> None:
    """Show the cache's figures."""
    from cluster.commands import cluster, listings

    stats = asyncio.run(cluster.cache_stats(read_settings()))
    answer(stats, listings.list_figures(stats), as_json)


@app.command("clear")
def cache_clear(
    tenant: Annotated[str | None, typer.Option("--tenant", help="Only this tenant's answers.")] = None,
    version: Annotated[
        str | None, typer.Option("--version", help="Only answers from this corpus version.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help="Only the answer under this key, 64 hexadecimal digits.")
    ] = None,
) -> None:
    """Empty the cache, Redis included, or drop from it what the options all name."""
    from actors.cache_key import Scope
    from cluster.commands import cluster

    deleted = asyncio.run(cluster.cache_clear(Scope(tenant, version, key), read_settings()))
    write_text(f"cleared; Redis deleted {deleted} values\n")


@app.command("warm")
def cache_warm(
    file: Annotated[
        Path | None, typer.Argument(help='JSONL: {"type": "nda_mutual", "jurisdiction": "US-DE"}')
    ] = None,
    most_used: Annotated[
        int | None,
        typer.Option("--most-used", min=1, max=2000, help="Instead: what drafts asked for most."),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Research questions before anybody asks them: those of a file, or the most used of the last runs."""
    from cluster.commands import cluster

    if (file is None) == (most_used is None):
        raise InvalidInputError("file", "name a file, or how many of the most used with --most-used")
    day, settings = parse_day(as_of), read_settings()
    if file is not None:
        count = asyncio.run(cluster.cache_warm(file, day, settings))
    else:
        count = asyncio.run(cluster.cache_warm_most_used(most_used or 0, day, settings))
    write_text(f"warmed {count} research queries\n")
