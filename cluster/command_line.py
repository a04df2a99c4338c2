"""The `lexray` command: names, options and help; the work is in `cluster/commands/`."""

import asyncio
import datetime
import json
import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from actors.config import Settings
from actors.errors import LexrayError, RequestError

FAILED, REFUSED, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    help="Legal documents drafted on Ray: a request in plain words in, a reviewed and checked document out. "
    "Exit codes: 0 finished, 3 finished but degraded, 2 input refused, 1 failed, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
cache_app = typer.Typer(help="The running cluster's cache of legal research.", no_args_is_help=True)
corpus_app = typer.Typer(help="The authorities that research and citation check know.", no_args_is_help=True)
app.add_typer(cache_app, name="cache")
app.add_typer(corpus_app, name="corpus")

Type = Annotated[str | None, typer.Option("--type", help="Document type; see `lexray types`.")]
Jurisdiction = Annotated[
    str | None, typer.Option("--jurisdiction", help="US-DE, US-NY, US-CA, US-TX, UK-EW, or its name.")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Day whose law counts, YYYY-MM-DD; default: today.")
]
Json = Annotated[
    bool, typer.Option("--json", help="The whole result as JSON on stdout, and nothing else there.")
]


@app.command()
def draft(
    message: Annotated[str, typer.Argument(help="The request, in plain words; `-` reads it from stdin.")],
    task_type: Type = None,
    jurisdiction: Jurisdiction = None,
    facts: Annotated[
        Path | None, typer.Option("--facts", help="JSON file of typed facts; they win over the message.")
    ] = None,
    as_of: AsOf = None,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for document.md, document.docx, report.json.")
    ] = Path("out"),
    formats: Annotated[str, typer.Option("--format", help="md, docx, or both.")] = "md,docx",
    as_json: Json = False,
    sequential: Annotated[bool, typer.Option("--sequential", help="One step after the other.")] = False,
    no_stream: Annotated[
        bool, typer.Option("--no-stream", help="Do not print the text as it is written.")
    ] = False,
    budget: Annotated[float | None, typer.Option("--budget", help="Seconds that the draft may take.")] = None,
    inline: Annotated[
        bool, typer.Option("--inline", help="The same agents in this process, without Ray.")
    ] = False,
) -> None:
    """Draft one document: Markdown, DOCX and a report."""
    from cluster.commands.draft import DraftOptions
    from cluster.commands.draft import draft as run
    from cluster.output import parse_formats

    settings = _settings()
    options = DraftOptions(
        task_type=task_type,
        jurisdiction=jurisdiction,
        facts=facts,
        as_of=_day(as_of),
        out=out,
        formats=parse_formats(formats),
        as_json=as_json,
        sequential=sequential,
        stream=not no_stream,
        budget_s=_budget(budget, settings),
        inline=inline,
    )
    raise typer.Exit(run(_message(message), options, settings))


@app.command()
def up() -> None:
    """Start a Ray with its dashboard and all agents, and leave it running for `draft`."""
    from cluster.commands import cluster

    state, fresh = cluster.up(_settings())
    print(f"{'started' if fresh else 'already up'}: {state.address}, dashboard {state.dashboard_url}")


@app.command()
def down() -> None:
    """Stop the cluster that `up` started, and nothing else."""
    from cluster.commands import cluster

    print("stopped" if cluster.down(_settings()) else "no cluster is up")


@app.command()
def status(as_json: Json = False) -> None:
    """Show the running cluster's figures."""
    from actors.monitor import format_summary
    from cluster.commands import cluster

    told = asyncio.run(cluster.status(_settings()))
    if as_json:
        _print_json(told)
        return
    print(f"cluster    {told['address']}\ndashboard  {told['dashboard']}")
    print(f"in flight  {told['drafts_in_flight']} drafts")
    print(format_summary(told["performance_stats"]))
    print("\n".join(f"cache {name}: {value}" for name, value in told["cache_stats"].items()))


@app.command()
def types(as_json: Json = False) -> None:
    """List what can be drafted and the facts that each type wants."""
    from cluster.commands import law

    found = law.types()
    if as_json:
        _print_json({"types": found})
        return
    for entry in found:
        print(f"{entry['id']}: {entry['title']}\n    {entry['summary']}")
        print("    parties: " + ", ".join(f"{role['id']} ({role['label']})" for role in entry["roles"]))
        print("    facts: " + ", ".join(f"{fact['id']} ({fact['kind']})" for fact in entry["facts"]))
        if entry["options"]:
            print("    options: " + ", ".join(option["id"] for option in entry["options"]))


@app.command()
def review(
    file: Annotated[Path, typer.Argument(help="Markdown, text or DOCX.")],
    task_type: Type = None,
    jurisdiction: Jurisdiction = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Review any document; with a type and a jurisdiction, hold it against their rules as well."""
    from cluster.commands import files

    text = files.read_file(file)
    report = asyncio.run(files.review(text, task_type, jurisdiction, _day(as_of), _settings()))
    if as_json:
        _print_json(report)
        return
    validation = report.get("validation", {})
    for finding in [*report["review"]["findings"], *validation.get("findings", [])]:
        law = f" [{finding['authority']}, as of {finding['as_of']}]" if finding["authority"] else ""
        print(
            f"{finding['severity']:<8}{finding['check']:<14} {_line(text, finding)}{finding['message']}{law}"
        )
    for item in validation.get("for_lawyer", []):
        print(f"lawyer  {item['authority_id']:<14} {item['citation']}: {item['statement']}")


@app.command()
def cite(
    file: Annotated[Path, typer.Argument(help="Markdown, text or DOCX.")],
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Check every citation of a document against the index."""
    from cluster.commands import files

    text = files.read_file(file)
    report = asyncio.run(files.cite(text, _day(as_of), _settings()))
    if as_json:
        _print_json(report)
        return
    for citation in report["citations"]:
        detail = f"  ({citation['detail']})" if citation["detail"] else ""
        print(f"{citation['state']:<13} {_line(text, citation)}{citation['normalized']}{detail}")


@corpus_app.command("stats")
def corpus_stats(as_json: Json = False) -> None:
    """Show the corpus's version and size."""
    from cluster.commands import law

    stats = asyncio.run(law.corpus_stats(_settings()))
    if as_json:
        _print_json(stats)
        return
    print(f"version {stats['version']}, {stats['authorities']} authorities")
    print("\n".join(f"{place:<10} {count}" for place, count in stats["by_jurisdiction"].items()))


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
    from cluster.commands import law

    search = law.corpus_search(query, jurisdiction, task_type, _day(as_of), limit, _settings())
    hits = asyncio.run(search)
    if as_json:
        _print_json({"hits": hits})
        return
    for hit in hits:
        source = hit["citation"] or "drafting practice"
        print(f"{hit['score']:>7}  {hit['jurisdiction']:<8} {source} (as of {hit['as_of']})")
        print(f"         {hit['statement']}")


@cache_app.command("stats")
def cache_stats(as_json: Json = False) -> None:
    """Show the cache's figures."""
    from cluster.commands import cluster

    stats = asyncio.run(cluster.cache_stats(_settings()))
    if as_json:
        _print_json(stats)
    else:
        print("\n".join(f"{name:<16} {value}" for name, value in stats.items()))


@cache_app.command("clear")
def cache_clear() -> None:
    """Empty the cache, Redis included."""
    from cluster.commands import cluster

    deleted = asyncio.run(cluster.cache_clear(_settings()))
    print(f"cleared; Redis deleted {deleted} values")


@cache_app.command("warm")
def cache_warm(
    file: Annotated[Path, typer.Argument(help='JSONL: {"type": "nda_mutual", "jurisdiction": "US-DE"}')],
    as_of: AsOf = None,
) -> None:
    """Research the questions of a file before anybody asks them."""
    from cluster.commands import cluster

    count = asyncio.run(cluster.cache_warm(file, _day(as_of), _settings()))
    print(f"warmed {count} research queries")


def main() -> None:
    """Run the command; an error of ours is one sentence and an exit code, never a traceback."""
    logging.basicConfig(level=logging.WARNING, format="lexray: %(message)s")
    try:
        app()
    except RequestError as error:
        _stop(error, REFUSED)
    except LexrayError as error:
        _stop(error, FAILED)
    except KeyboardInterrupt:
        print("lexray: interrupted; no document was written", file=sys.stderr)
        sys.exit(INTERRUPTED)


def _stop(error: LexrayError, code: int) -> None:
    print(f"lexray: {error}", file=sys.stderr)
    sys.exit(code)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "LEXRAY_" + "__".join(map(str, first["loc"])).upper()
        from actors.errors import InvalidInputError

        raise InvalidInputError(name, first["msg"]) from error


def _message(argument: str) -> str:
    return sys.stdin.read() if argument == "-" else argument


def _day(text: str | None) -> datetime.date:
    from actors.errors import InvalidInputError

    if text is None:
        return datetime.datetime.now().astimezone().date()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("as-of", f"{text!r} is not a day in the form YYYY-MM-DD") from error


def _budget(given: float | None, settings: Settings) -> float:
    from actors.errors import InvalidInputError

    budget = settings.budget_s if given is None else given
    if not 0 < budget <= 3600:  # noqa: PLR2004 (the limit that the help states)
        raise InvalidInputError("budget", f"{budget:g} is not between 0 and 3600 seconds")
    return budget


def _line(text: str, place: dict[str, Any]) -> str:
    return f"line {text.count(chr(10), 0, place['start']) + 1}: " if place["end"] else ""


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
