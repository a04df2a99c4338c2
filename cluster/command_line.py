"""The `lexray` command: names, options and help; the work is in `cluster/commands/`."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from actors.errors import InvalidInputError, LexrayError, RequestError
from cluster.commands import chaos, serve
from cluster.commands.arguments import (
    check_budget,
    check_engine,
    parse_day,
    read_message,
    read_settings,
)
from cluster.commands.bulk import bulk
from cluster.commands.cache import app as cache_app
from cluster.commands.corpus import app as corpus_app
from cluster.commands.keys import app as keys_app
from cluster.commands.options import AsOf, Json, Jurisdiction, Type, answer

FAILED, REFUSED, DEGRADED, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    help="Legal documents drafted on Ray: a request in plain words in, a reviewed and checked document out. "
    "Exit codes: 0 finished, 3 finished but degraded, 2 input refused, 1 failed, 130 interrupted.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(cache_app, name="cache")
app.add_typer(corpus_app, name="corpus")
app.add_typer(keys_app, name="keys")
serve.register(app)
chaos.register(app)


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
    answer(told, listings.list_status(told), as_json)


@app.command()
def types(as_json: Json = False) -> None:
    """List what can be drafted and the facts that each type wants."""
    from cluster.commands import law, listings

    found = law.types()
    answer({"types": found}, listings.list_types(found), as_json)


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
    answer(report, listings.list_findings(text, report), as_json)


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
    answer(report, listings.list_citations(text, report), as_json)


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


if __name__ == "__main__":
    main()
