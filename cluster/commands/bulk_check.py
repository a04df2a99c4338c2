"""`lexray bulk FILE --dry-run`: what a file of rows holds, and what in it cannot be drafted."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from actors.domain.intake.governing_law import law_from_option
from actors.domain.intake.task_types import parse_task_type
from actors.domain.library import load_type, type_ids
from actors.errors import InvalidInputError
from cluster.bulk.checks import Defaults
from cluster.bulk.columns import ColumnMap
from cluster.bulk.dry_run import Tally, check_rows
from cluster.bulk.rows import BadRow
from cluster.bulk.rows_file import open_rows
from cluster.bulk.rows_lines import Encoding
from cluster.standard_output import write_text

ALL_GOOD, SOME_BAD = 0, 3
MOST_BAD_IN_JSON = 1_000
_SHOWN_RANGES = 12
_LABEL = 15


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """What the command line says besides the file."""

    defaults: Defaults
    columns: ColumnMap
    encoding: Encoding
    as_of: datetime.date


def options_of(
    task_type: str | None,
    jurisdiction: str | None,
    columns: Sequence[str],
    encoding: str,
    as_of: datetime.date,
) -> BulkOptions:
    """Check the options, before the file is opened.

    Raises:
        RequestError: One is wrong.
    """
    if encoding not in get_args(Encoding):
        raise InvalidInputError("encoding", f"{encoding[:20]!r} is none of {', '.join(get_args(Encoding))}")
    known = [load_type(one) for one in type_ids()]
    type_id = None if task_type is None else parse_task_type(task_type, known)
    if jurisdiction is not None:
        law_from_option(jurisdiction)
    read: Encoding = next(one for one in get_args(Encoding) if one == encoding)
    return BulkOptions(Defaults(type_id, jurisdiction), ColumnMap.parse(columns), read, as_of)


def dry_run(file: str, options: BulkOptions, *, as_json: bool) -> tuple[dict[str, Any], int]:
    """Check every row; bad ones are printed as they are found, unless all is to be JSON.

    Returns:
        What was found, and the exit code.

    Raises:
        RequestError: There is nothing in the file that could be drafted.
    """
    named: list[BadRow] = []

    def tell(bad: BadRow) -> None:
        if not as_json:
            write_text(f"bad            {describe(bad)}\n")
        elif len(named) < MOST_BAD_IN_JSON:
            named.append(bad)

    with open_rows(file, options.encoding) as reading:
        tally = check_rows(reading, options.columns, options.defaults, options.as_of, tell)
    return _told(tally, named, reading.notices), SOME_BAD if tally.bad else ALL_GOOD


def describe(bad: BadRow) -> str:
    """Return one bad row in one line: where it stands, its id, and what is wrong."""
    place = f" ({bad.place})" if bad.place else ""
    return _plain(f"row {bad.number}{place}{f' {bad.id}' if bad.id else ''}: {bad.reason}")


def list_dry_run(told: Mapping[str, Any]) -> str:
    """Return the summary below the bad rows."""
    rows = [
        _line("rows", f"{told['good'] + told['bad']}: {told['good']} good, {told['bad']} bad"),
        _line("good rows", _ranges(told["good_rows"])),
        _line("types", _counts(told["types"])),
        _line("jurisdictions", _counts(told["jurisdictions"])),
        *(_line("blank", str(count)) for count in [told["blank"]] if count),
        *(_line("notice", _plain(notice)) for notice in told["notices"]),
    ]
    return "\n".join([*rows, "nothing was drafted or written"])


def _told(tally: Tally, bad: Sequence[BadRow], notices: Sequence[str]) -> dict[str, Any]:
    unread = [
        f"{name[:80]!r} is not read: no field has this name ({count} rows)"
        for name, count in tally.unread.items()
    ]
    return {
        "good": tally.good,
        "bad": tally.bad,
        "blank": tally.blank,
        "good_rows": tally.good_rows,
        "bad_rows": [asdict(one) for one in bad],
        "types": dict(sorted(tally.types.items())),
        "jurisdictions": dict(sorted(tally.jurisdictions.items())),
        "notices": [*notices, *unread],
    }


def _line(label: str, told: str) -> str:
    return f"{label:<{_LABEL}}{told}"


def _ranges(ranges: Sequence[tuple[int, int]]) -> str:
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges[:_SHOWN_RANGES]]
    more = ["…"] if len(ranges) > _SHOWN_RANGES else []
    return ", ".join([*shown, *more]) or "none"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def _plain(text: str) -> str:
    """Return a line in which no sign of a stranger's file steers the terminal."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
