"""`lexray corpus`: names, options and help; the work is in the files beside this one."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cluster.commands.arguments import parse_day, read_settings, refuse_empty
from cluster.commands.options import AsOf, Json, Jurisdiction, Type, answer
from cluster.standard_output import write_text

SOME_SKIPPED = 3

app = typer.Typer(help="The authorities that research and citation check know.")


@app.command("import")
def corpus_import(
    path: Annotated[
        Path, typer.Argument(help="USLM XML, Markdown, text, HTML, PDF, DOCX, JSONL, or a folder of these.")
    ],
    jurisdiction: Annotated[
        str | None,
        typer.Option(
            "--jurisdiction",
            help="US-FED, US-UCC, US-DE, another state as US-IL, UK-EW; default: what the text says.",
            callback=refuse_empty,
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Day of the text, YYYY-MM-DD; default: what it says.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", help="Name to replace it by later; default: that of PATH.", callback=refuse_empty
        ),
    ] = None,
    no_vectors: Annotated[
        bool, typer.Option("--no-vectors", help="Have no vectors computed in the background.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add law and contracts to what research and citation check know."""
    from cluster.commands import corpus_listings
    from cluster.commands.corpus_import import ImportOptions, import_corpus

    day = parse_day(as_of) if as_of else None
    options = ImportOptions(jurisdiction, day, source, today=parse_day(None), vectors=not no_vectors)
    told = import_corpus(path, options, read_settings())
    answer(told, corpus_listings.list_import(told), as_json)
    if told["source"]["skipped_total"]:
        raise typer.Exit(SOME_SKIPPED)


@app.command("embed")
def corpus_embed(behind: Annotated[bool, typer.Option("--behind", hidden=True)] = False) -> None:
    """Compute the vectors of what was imported, for search by meaning; some 40 windows a second, resumable."""
    from cluster.commands.corpus_embed import embed, embed_behind

    if behind:
        embed_behind(read_settings())
        return
    told = embed(read_settings())
    write_text(f"{told['windows']} windows of {told['passages']} passages have their vectors\n")


@app.command("versions")
def corpus_versions(
    delete: Annotated[
        bool, typer.Option("--prune", help="Delete versions that nothing uses, and unfinished imports.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the versions of what was imported."""
    from cluster.commands import corpus_listings
    from cluster.commands.corpus_import import versions

    told = versions(read_settings(), delete=delete)
    answer(told, corpus_listings.list_versions(told), as_json)


@app.command("stats")
def corpus_stats(as_json: Json = False) -> None:
    """Show the corpus's version and size."""
    from cluster.commands import law, listings

    stats = asyncio.run(law.corpus_stats(read_settings()))
    answer(stats, listings.list_corpus(stats), as_json)


@app.command("search")
def corpus_search(
    query: Annotated[str, typer.Argument(help="Free words.")],
    jurisdiction: Jurisdiction = None,
    task_type: Type = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100)] = 10,
    as_json: Json = False,
) -> None:
    """Search the authorities."""
    from cluster.commands import law, listings

    search = law.corpus_search(query, jurisdiction, task_type, parse_day(as_of), limit, read_settings())
    told = asyncio.run(search)
    answer(told, listings.list_hits(told["hits"]), as_json)
