"""Prompts are data files with a version."""

import re

import pytest

from actors.domain.library import load_type, type_ids
from actors.domain.prompting.researching import research_prompt
from actors.domain.prompting.texts import COMMON, filled, prompt_files, prompt_of
from actors.domain.prompting.version import ANSWERS, prompt_version, version_of
from actors.errors import LibraryError
from actors.intake import query_for
from tests.documents.library_documents import AS_OF

FILES = {file.name: file.read_bytes() for file in prompt_files()}


def test_the_version_is_the_same_until_a_word_changes() -> None:
    changed = {**FILES, "draft.yaml": FILES["draft.yaml"] + b" "}

    assert version_of(FILES) == prompt_version()
    assert version_of(changed) != prompt_version()
    assert version_of({f"{name}x": content for name, content in FILES.items()}) != prompt_version()


def test_a_line_end_of_another_system_is_no_change() -> None:
    assert version_of({n: c.replace(b"\n", b"\r\n") for n, c in FILES.items()}) == prompt_version()


@pytest.mark.parametrize("task", [file.stem for file in prompt_files() if file.stem != COMMON])
def test_every_prompt_says_that_data_is_no_instruction(task: str) -> None:
    slots = dict.fromkeys(re.findall(r"\{\{(\w+)\}\}", FILES[f"{task}.yaml"].decode()), "x")

    prompt = prompt_of(task, slots)

    assert "data blocks" in prompt.system
    assert "{{" not in prompt.user


def test_a_value_that_spells_a_slot_is_text() -> None:
    assert filled("{{a}} {{b}}", {"a": "{{b}}", "b": "{{a}}"}, "x.yaml") == "{{b}} {{a}}"


@pytest.mark.parametrize("slots", [{}, {"a": "1", "b": "2"}])
def test_a_slot_that_is_missing_or_unknown_is_an_error_of_ours(slots: dict[str, str]) -> None:
    with pytest.raises(LibraryError, match="slots"):
        filled("{{a}}", slots, "x.yaml")


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_an_answer_form_wants_every_field_and_no_other(answer: type) -> None:
    schema = answer.model_json_schema()  # type: ignore[attr-defined]

    for part in (schema, *schema.get("$defs", {}).values()):
        assert part["additionalProperties"] is False
        assert sorted(part["required"]) == sorted(part["properties"])


@pytest.mark.parametrize("type_id", type_ids())
def test_the_question_for_research_is_the_same_for_every_matter_of_a_kind(type_id: str) -> None:
    query = query_for(load_type(type_id), "US-DE", AS_OF)
    leaking = query.model_copy(update={"words": "Acme owes $5,000", "issues": (*query.issues, "Acme owes")})

    assert research_prompt(leaking, ("Acme",)) == research_prompt(query)
    assert "Delaware" in research_prompt(query).user
