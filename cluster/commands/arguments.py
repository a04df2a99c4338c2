"""Command line values, checked: each refusal names the option and says what is wrong with it."""

import datetime
import re
import sys
from pathlib import Path

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from actors.config import Settings
from actors.domain.intake.request_text import LIMIT_CHARS
from actors.errors import InvalidInputError
from actors.messages import Engine

LONGEST_BUDGET_S = 3600.0
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UTF8_BYTES = 4
"""The most that one character takes."""


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        InvalidInputError: A variable is wrong; the error names it.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "LEXRAY_" + "__".join(map(str, first["loc"])).upper()
        raise InvalidInputError(name, first["msg"][:1].lower() + first["msg"][1:]) from error
    except SettingsError as error:
        raise InvalidInputError("LEXRAY_…", f"{error} (it must be JSON)") from error
    if settings.folder.exists() and not settings.folder.is_dir():
        raise InvalidInputError("LEXRAY_HOME", f"{settings.folder} is not a folder")
    return settings


def read_message(argument: str) -> str:
    """Return the request: the argument itself, or for `-` what stdin holds.

    Raises:
        InvalidInputError: Stdin is closed, too long, or no UTF-8 text.
    """
    if argument != "-":
        return argument
    if sys.stdin is None:
        raise InvalidInputError("message", "stdin is closed; give the request as an argument")
    raw = sys.stdin.buffer.read(_UTF8_BYTES * LIMIT_CHARS + 1)
    if len(raw) > _UTF8_BYTES * LIMIT_CHARS:
        raise InvalidInputError("message", f"it is longer than {LIMIT_CHARS:,} characters")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError("message", f"it is not UTF-8 text (byte {error.start + 1})") from error


def read_bounded(path: Path, field: str, limit_bytes: int) -> bytes:
    """Return a file's content.

    Args:
        path: A file, or a pipe.
        field: What a refusal calls it.
        limit_bytes: Nothing is read beyond one byte more than this, so that endless files end too.

    Raises:
        InvalidInputError: It cannot be read, or is larger.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit_bytes + 1)
    except OSError as error:
        raise InvalidInputError(field, f"{path} cannot be read ({error.strerror})") from error
    if len(content) > limit_bytes:
        raise InvalidInputError(field, f"{path} is larger than {limit_bytes:,} bytes")
    return content


def refuse_empty(option: typer.CallbackParam, value: str | None) -> str | None:
    """Return an option's value as given: an empty one is a slip, not the same as none.

    Raises:
        InvalidInputError: It is empty.
    """
    if value is not None and not value.strip():
        raise InvalidInputError(
            option.opts[0].removeprefix("--"), "it is empty; leave the option out instead"
        )
    return value


def parse_day(text: str | None) -> datetime.date:
    """Return the day whose law counts; today where none is given.

    Raises:
        InvalidInputError: It is no day.
    """
    if text is None:
        return datetime.datetime.now().astimezone().date()
    try:
        if _DAY.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("as-of", f"{text} is no day of the calendar") from error
    raise InvalidInputError("as-of", f"{text[:40]!r} is not a day in the form YYYY-MM-DD")


def check_engine(given: str | None, settings: Settings) -> Engine:
    """Return who writes: the option's word, or else the settings'.

    Raises:
        InvalidInputError: It is neither of the two.
    """
    match given or settings.engine:
        case "library":
            return "library"
        case "model":
            return "model"
    raise InvalidInputError("engine", f"{given!r} is neither library nor model")


def check_budget(given: float | None, settings: Settings) -> float:
    """Return the time budget in seconds: the option's, or else the settings'.

    Raises:
        InvalidInputError: It is not between 0 and an hour.
    """
    budget = settings.budget_s if given is None else given
    if not 0 < budget <= LONGEST_BUDGET_S:
        raise InvalidInputError(
            "budget", f"{budget:g} is not above 0 and at most {LONGEST_BUDGET_S:g} seconds"
        )
    return budget
