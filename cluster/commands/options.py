"""Options that several commands have, and how they answer."""

import json
from typing import Annotated

import typer

from cluster.commands.arguments import refuse_empty
from cluster.standard_output import write_text

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


def answer(value: object, lines: str, as_json: bool) -> None:
    """Print an answer: its lines, or all of it as JSON."""
    write_text((json.dumps(value, ensure_ascii=False, indent=2) if as_json else lines) + "\n")
