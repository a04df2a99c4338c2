"""`lexray keys`: the keys of the HTTP server, made, listed and revoked."""

import datetime
import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from actors.errors import InvalidInputError
from cluster.commands.arguments import read_settings
from cluster.standard_output import write_text

if TYPE_CHECKING:
    from serve.access import Role

app = typer.Typer(help="The keys of the HTTP server.")

LONGEST_DAYS = 3650
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@app.command("add")
def add(
    tenant: Annotated[
        str, typer.Option("--tenant", help="Whose drafts it reaches: letters, digits, - and _.")
    ] = "public",
    role: Annotated[
        list[str] | None,
        typer.Option("--role", help="draft, admin or metrics; may be given several times; default: draft."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, max=LONGEST_DAYS, help="How long it lasts; default: for ever."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Key and record as JSON on stdout.")] = False,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    from serve.key_writing import change_keys
    from serve.keys import new_key

    settings = read_settings()
    lasts = None if days is None else datetime.timedelta(days=days)
    key, record = new_key(_tenant(tenant), _roles(role or ["draft"]), _now(), lasts)
    path = settings.serve.file_of_keys(settings.folder)
    change_keys(path, lambda ring: ring.with_key(record))
    shown = record.model_dump(mode="json", exclude={"sha256"})
    write_text((json.dumps({"key": key, **shown}, indent=2) if as_json else key) + "\n")
    _tell(
        f"key {record.id} of {record.tenant} ({', '.join(record.roles)}) is in {path}; it is shown this once"
    )
    _warn_of_variable(settings.serve.keys is not None)


@app.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="The records as JSON on stdout.")] = False,
) -> None:
    """List the keys, without their secrets."""
    from serve.key_writing import read_keys

    settings = read_settings()
    ring, now = read_keys(settings.serve.file_of_keys(settings.folder)), _now()
    if as_json:
        told = [
            {**one.model_dump(mode="json", exclude={"sha256"}), "state": one.state(now)} for one in ring.keys
        ]
        write_text(json.dumps({"keys": told}, indent=2) + "\n")
    elif not ring.keys:
        write_text("there are no keys; make one with `lexray keys add --tenant NAME`\n")
    else:
        rows = [
            (
                one.id,
                one.state(now),
                one.tenant,
                ",".join(one.roles),
                _day(one.created_at),
                _day(one.expires_at),
            )
            for one in ring.keys
        ]
        write_text(_table((("id", "state", "tenant", "roles", "made", "until"), *rows)))
    _warn_of_variable(settings.serve.keys is not None)


@app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `lexray keys list` shows it.")],
) -> None:
    """Make a key worthless at once, also at servers that run."""
    from serve.key_writing import change_keys, read_keys

    settings = read_settings()
    path = settings.serve.file_of_keys(settings.folder)
    if key_id not in {one.id for one in read_keys(path).keys}:
        raise InvalidInputError("id", "there is no such key; `lexray keys list` shows them")
    change_keys(path, lambda ring: ring.without_key(key_id, _now()))
    _tell(f"key {key_id} is revoked")
    _warn_of_variable(settings.serve.keys is not None)


def _tenant(given: str) -> str:
    if not _TENANT.fullmatch(given):
        raise InvalidInputError("tenant", "it must be 1 to 64 letters, digits, - and _")
    return given


def _roles(given: Sequence[str]) -> "tuple[Role, ...]":
    from serve.access import Role

    for name in given:
        if name not in get_args(Role):
            raise InvalidInputError("role", f"it is none of {', '.join(get_args(Role))}")
    return tuple(role for role in get_args(Role) if role in given)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def _day(moment: datetime.datetime | None) -> str:
    return "-" if moment is None else moment.date().isoformat()


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _warn_of_variable(is_set: bool) -> None:
    if is_set:
        _tell("LEXRAY_SERVE_KEYS is set here: a server with this environment reads that, not the file")


def _tell(sentence: str) -> None:
    sys.stderr.write(f"lexray: {sentence}\n")
