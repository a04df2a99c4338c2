"""The project's own words to a model: data files with named slots."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from actors.domain.matter import Value
from actors.domain.prompting.prompt import Prompt
from actors.domain.yaml_files import DATA, read_mapping
from actors.errors import LibraryError

FOLDER = DATA / "prompts"
COMMON = "common"
T = TypeVar("T", bound=Value)
_SLOT = re.compile(r"\{\{([a-z_]+)\}\}")


class PromptText(Value):
    """One task's words."""

    system: str
    """Who answers, and by which rules; the rule on data blocks is put before it."""
    task: str
    """What is asked, with slots such as `{{outline}}`."""


class CommonText(Value):
    """What every task says."""

    data: str
    """What a data block is, and that nothing in it is an instruction."""
    json_answer: str
    """How an answer in JSON is given, where one is asked for."""
    repair: str
    """How an answer that cannot be used is sent back."""


def prompt_of(
    task: str,
    slots: Mapping[str, str],
    answer: type[BaseModel] | None = None,
    max_output_tokens: int = 4096,
) -> Prompt:
    """Return the prompt of a task.

    Args:
        task: The name of its file.
        slots: The text of every slot; what came from outside stands in a fence already.
        answer: The form of the answer; `None`: plain text.
        max_output_tokens: The most that the answer may take.

    Raises:
        LibraryError: The file is wrong, or its slots are not those given.
    """
    words, common = _text(task), common_text()
    rules = [common.data, words.system, *([common.json_answer] if answer else [])]
    return Prompt(
        task=task,
        system="\n\n".join(rule.strip() for rule in rules),
        user=filled(words.task.strip(), slots, f"{task}.yaml"),
        json_schema=_schema(answer) if answer else None,
        max_output_tokens=max_output_tokens,
    )


@cache
def _schema(answer: type[BaseModel]) -> Mapping[str, object]:
    """Return the JSON schema of an answer: pydantic takes milliseconds to write one."""
    return answer.model_json_schema()


def filled(template: str, slots: Mapping[str, str], file: str) -> str:
    """Put values into the slots of a text, in one pass: a slot that a value spells is text.

    Raises:
        LibraryError: The text wants another slot than those given, or has no place for one.
    """
    wanted = set(_SLOT.findall(template))
    if wanted != slots.keys():
        different = ", ".join(sorted(wanted ^ slots.keys()))
        raise LibraryError(file, f"its slots and those that are filled differ: {different}")
    return _SLOT.sub(lambda slot: slots[slot[1]], template)


@cache
def common_text() -> CommonText:
    """Return what every task says."""
    return _validated(CommonText, FOLDER / f"{COMMON}.yaml")


def prompt_files() -> list[Path]:
    """Return the files of all prompts, sorted."""
    return sorted(FOLDER.glob("*.yaml"))


@cache
def _text(task: str) -> PromptText:
    return _validated(PromptText, FOLDER / f"{task}.yaml")


def _validated(model: type[T], file: Path) -> T:
    try:
        return model.model_validate(read_mapping(file))
    except ValidationError as error:
        raise LibraryError(file.name, str(error)) from error
