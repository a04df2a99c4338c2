"""The `lexray` command: names, options and help; the work is in `cluster/commands/`."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from actors.errors import InvalidInputError, LexrayError, RequestError
from cluster.commands import serve
from cluster.commands.arguments import (
    check_budget,
    check_engine,
    parse_day,
    read_message,
    read_settings,
    refuse_empty,
)
from cluster.commands.bulk import bulk
from cluster.commands.keys import app as keys_app
from cluster.standard_output import write_text

FAILED, REFUSED, DEGRADED, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    help="Legal documents drafted on Ray: a request in plain words in, a reviewed and checked document out. "
    "Exit codes: 0 finished, 3 finished but degraded, 2 input refused, 1 failed, 130 interrupted.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
cache_app = typer.Typer(help="The running cluster's cache of legal research.")
corpus_app = typer.Typer(help="The authorities that research and citation check know.")
app.add_typer(cache_app, name="cache")
app.add_typer(corpus_app, name="corpus")
app.add_typer(keys_app, name="keys")
serve.register(app)

Type = Annotated[
    str | None,
    typer.Option("--type", help="Document type; see `lexray types`.", callback=refuse_empty),
]
Jurisdiction = Annotated[
    str | None,
    typer.Option(
        "--jurisdiction", help="US-DE, US-NY, US-CA, US-TX, UK-EW, or its name.", callback=refuse_empty
    ),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Day whose law counts, YYYY-MM-DD; default: today.")
]
Json = Annotated[
    bool, typer.Option("--json", help="The whole result as JSON on stdout, and nothing else there.")
]


@app.command(context_settings={"allow_extra_args": True})
def draft(
    context: typer.Context,
    message: Annotated[str, typer.Argument(help="The request, in plain words; `-` reads it from stdin.")],
    task_type: Type = None,
    jurisdiction: Jurisdiction = None,
    facts: Annotated[
        Path | None, typer.Option("--facts", help="JSON file of typed facts; they win over the message.")
    ] = None,
    as_of: AsOf = None,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for document.md, .docx, .pdf and report.json.")
    ] = Path("out"),
    formats: Annotated[
        str, typer.Option("--format", help="md, docx, pdf; several as in md,docx,pdf.")
    ] = "md,docx",
    as_json: Json = False,
    sequential: Annotated[bool, typer.Option("--sequential", help="One step after the other.")] = False,
    no_stream: Annotated[
        bool, typer.Option("--no-stream", help="Do not print the text as it is written.")
    ] = False,
    budget: Annotated[
        float | None, typer.Option("--budget", help="Seconds that the draft may take, up to 3600.")
    ] = None,
    inline: Annotated[
        bool, typer.Option("--inline", help="The same agents in this process, without Ray.")
    ] = False,
    engine: Annotated[
        str | None, typer.Option("--engine", help="Who writes: library or model; default: LEXRAY_ENGINE.")
    ] = None,
) -> None:
    """Draft one document: Markdown, DOCX, PDF and a report."""
    from cluster.commands.draft import DraftOptions
    from cluster.commands.draft import draft as run
    from cluster.output import parse_formats

    if context.args:
        raise InvalidInputError("message", "it must be one argument; put it in quotes")
    settings = read_settings()
    options = DraftOptions(
        task_type=task_type,
        jurisdiction=jurisdiction,
        facts=facts,
        as_of=parse_day(as_of),
        out=out,
        formats=parse_formats(formats),
        as_json=as_json,
        sequential=sequential,
        stream=not no_stream,
        budget_s=check_budget(budget, settings),
        inline=inline,
        engine=check_engine(engine, settings),
    )
    raise typer.Exit(run(read_message(message), options, settings))


app.command()(bulk)


@app.command()
def up() -> None:
    """Start a Ray with its dashboard and all agents, and leave it running for `draft`."""
    from cluster.commands import cluster

    state, fresh = cluster.up(read_settings())
    print(f"{'started' if fresh else 'already up'}: {state.address}, dashboard {state.dashboard_url}")


@app.command()
def down() -> None:
    """Stop the cluster that `up` started, and nothing else."""
    from cluster.commands import cluster

    cluster.down(read_settings())
    print("stopped")


@app.command()
def status(as_json: Json = False) -> None:
    """Show the running cluster's figures."""
    from cluster.commands import cluster, listings

    told = asyncio.run(cluster.status(read_settings()))
    _answer(told, listings.list_status(told), as_json)


@app.command()
def types(as_json: Json = False) -> None:
    """List what can be drafted and the facts that each type wants."""
    from cluster.commands import law, listings

    found = law.types()
    _answer({"types": found}, listings.list_types(found), as_json)


@app.command()
def review(
    file: Annotated[Path, typer.Argument(help="Markdown, text or DOCX.")],
    task_type: Type = None,
    jurisdiction: Jurisdiction = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Review any document; with a type and a jurisdiction, hold it against their rules as well."""
    from cluster.commands import files, listings

    text = files.read_file(file)
    report = asyncio.run(files.review(text, task_type, jurisdiction, parse_day(as_of), read_settings()))
    _answer(report, listings.list_findings(text, report), as_json)


@app.command()
def cite(
    file: Annotated[Path, typer.Argument(help="Markdown, text or DOCX.")],
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Check every citation of a document against the index."""
    from cluster.commands import files, listings

    text = files.read_file(file)
    report = asyncio.run(files.cite(text, parse_day(as_of), read_settings()))
    _answer(report, listings.list_citations(text, report), as_json)


@corpus_app.command("import")
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
    _answer(told, corpus_listings.list_import(told), as_json)
    if told["source"]["skipped_total"]:
        raise typer.Exit(DEGRADED)


@corpus_app.command("embed")
def corpus_embed(behind: Annotated[bool, typer.Option("--behind", hidden=True)] = False) -> None:
    """Compute the vectors of what was imported, for search by meaning; some 40 windows a second, resumable."""
    from cluster.commands.corpus_embed import embed, embed_behind

    if behind:
        embed_behind(read_settings())
        return
    told = embed(read_settings())
    print(f"{told['windows']} windows of {told['passages']} passages have their vectors")


@corpus_app.command("versions")
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
    _answer(told, corpus_listings.list_versions(told), as_json)


@corpus_app.command("stats")
def corpus_stats(as_json: Json = False) -> None:
    """Show the corpus's version and size."""
    from cluster.commands import law, listings

    stats = asyncio.run(law.corpus_stats(read_settings()))
    _answer(stats, listings.list_corpus(stats), as_json)


@corpus_app.command("search")
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
    _answer(told, listings.list_hits(told["hits"]), as_json)


@cache_app.command("stats")
def cache_stats(as_json: Json = False) -> None:
    """Show the cache's figures."""
    from cluster.commands import cluster, listings

    stats = asyncio.run(cluster.cache_stats(read_settings()))
    _answer(stats, listings.list_figures(stats), as_json)


@cache_app.command("clear")
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
    print(f"cleared; Redis deleted {deleted} values")


@cache_app.command("warm")
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
    print(f"warmed {count} research queries")


def main() -> None:
    """Run the command; what goes wrong is one sentence and an exit code, never a traceback."""
    # An agent's warnings reach the reader as events; what is left for stderr is a defect.
    logging.basicConfig(level=logging.ERROR, format="lexray: %(message)s")
    sys.exit(_exit_code(sys.argv[1:] or ["--help"]))


def _exit_code(arguments: list[str]) -> int:
    try:
        code: int = app(arguments, prog_name="lexray", standalone_mode=False) or 0
    except RequestError as error:
        return _told(str(error), REFUSED)
    except LexrayError as error:
        return _told(str(error), FAILED)
    except TyperException as error:
        return _told(_usage(error), error.exit_code)
    except OSError as error:
        # A full disk, a home that went away: the machine's state, which its own words describe best.
        place = f"{error.filename}: " if error.filename else ""
        return _told(f"{place}{error.strerror or error}", FAILED)
    if code == INTERRUPTED:
        return _told("interrupted; no unfinished file was left", INTERRUPTED)
    return code


def _usage(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "lexray"
    reason = error.format_message().rstrip(".")
    return f"{reason[:1].lower()}{reason[1:]}; see `{path} --help`"


def _told(sentence: str, code: int) -> int:
    """Say one sentence on stderr; signs that could steer a terminal are spelled out."""
    line = " ".join(part.strip() for part in sentence.splitlines())
    plain = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line)
    print(f"lexray: {plain}", file=sys.stderr)
    return code


def _answer(value: object, lines: str, as_json: bool) -> None:
    write_text((json.dumps(value, ensure_ascii=False, indent=2) if as_json else lines) + "\n")


if __name__ == "__main__":
    main()
