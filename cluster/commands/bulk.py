"""`lexray bulk`: the names, options and help of drafting a file of rows."""

from pathlib import Path
from typing import Annotated

import typer

from actors.errors import InvalidInputError
from cluster.commands.arguments import parse_day, read_settings, refuse_empty


def bulk(
    file: Annotated[
        str | None,
        typer.Argument(help="CSV, JSON Lines, Parquet or Excel file of rows; `-`: JSON Lines on stdin."),
    ] = None,
    out: Annotated[
        Path,
        typer.Option("--out", help="Folder for documents/, results.jsonl, failures.jsonl, manifest.json."),
    ] = Path("out"),
    resume: Annotated[
        Path | None, typer.Option("--resume", help="Go on with the run in this folder, as it was started.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="With --resume: draft the rows again that failed.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every row, tell good and bad ones, and write nothing.")
    ] = False,
    task_type: Annotated[
        str | None,
        typer.Option("--type", help="Document type of rows that name none.", callback=refuse_empty),
    ] = None,
    jurisdiction: Annotated[
        str | None,
        typer.Option("--jurisdiction", help="Law of rows that name none.", callback=refuse_empty),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="FIELD=COLUMN: where a field stands; may be given several times."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", help="Of CSV and JSON Lines: utf-8 (default), latin-1 or cp1252."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Day whose law counts, YYYY-MM-DD; default: today.")
    ] = None,
    formats: Annotated[
        str | None, typer.Option("--format", help="md, docx, pdf; several as in md,docx (the default).")
    ] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="Who writes: library or model; default: LEXRAY_ENGINE.")
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option("--budget", help="Seconds that one document may take, up to 3600 (the default)."),
    ] = None,
    max_failures: Annotated[
        int | None, typer.Option("--max-failures", min=0, help="Stop when more rows than this have failed.")
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(
            "--max-cost", min=0, help="Stop when the models have cost more, by the configured prices."
        ),
    ] = None,
    address: Annotated[
        str | None, typer.Option("--address", help="The Ray cluster to draft on.", callback=refuse_empty)
    ] = None,
    inline: Annotated[
        bool, typer.Option("--inline", help="Draft in this process, without Ray: one core.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The manifest, or what a dry run found, as JSON on stdout.")
    ] = False,
) -> None:
    """Draft a document for each row of a file; what is stopped or killed goes on with --resume.

    Exit codes: 0 all good, 3 some rows failed or degraded, 4 stopped by a limit, 2 nothing there to draft, 1 failed,
    130 interrupted.
    """
    from cluster.commands import bulk_check, bulk_run

    fixed = bulk_run.Given(
        task_type, jurisdiction, tuple(column or ()), encoding, as_of, formats, engine, budget
    )
    if dry_run:
        if file is None or resume is not None:
            raise InvalidInputError("dry-run", "name a file to check, and nothing to resume")
        options = bulk_check.options_of(
            task_type, jurisdiction, column or [], encoding or "utf-8", parse_day(as_of)
        )
        told, code = bulk_check.dry_run(file, options, as_json=as_json)
        bulk_run.answer(told, bulk_check.list_dry_run(told), as_json=as_json)
        raise typer.Exit(code)
    settings = read_settings()
    where = bulk_run.Where(inline, address)
    limits = bulk_run.limits_of(max_failures, max_cost, settings)
    if resume is None:
        if file is None:
            raise InvalidInputError("file", "name a file of rows, or a folder to --resume")
        if retry_failed:
            raise InvalidInputError("retry-failed", "it goes with --resume")
        folder = bulk_run.begin(file, out, fixed, settings)
    else:
        folder = bulk_run.take_up(file, resume, fixed, settings)
    raise typer.Exit(bulk_run.run(folder, where, limits, settings, retry_failed, as_json=as_json))
