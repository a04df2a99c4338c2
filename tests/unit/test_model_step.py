"""What an agent asks of a model: answers of a form, texts, and repairs of both."""

import asyncio
from collections.abc import Sequence

import pytest
from pydantic import BaseModel

from actors.domain.prompting.prompt import Prompt
from actors.errors import ModelAnswerError, ModelUnavailableError, StepFailedError
from actors.model_link import COMPLAINT_CHARS, REJECTED_CHARS
from tests.unit.scripted_model import DOWN, HOP, Pages, Saying, breaks, says, scripted_step

PROMPT = Prompt(task="draft", system="You draft.", user="Write a clause.")


class Clause(BaseModel):
    heading: str
    words: int


GOOD = says('{"heading": "Term", "words": 3}')


# Answers.


async def test_an_answer_of_the_right_form_is_taken_at_once() -> None:
    asked, model, _ = scripted_step(GOOD)

    report, clause = await asked.answer(HOP, PROMPT, Clause)

    assert clause == Clause(heading="Term", words=3)
    assert (report.attempts, report.retries, report.stand_ins) == (1, (), ())
    assert [(use.model, use.calls, use.input_tokens, use.cost) for use in report.models] == [
        ("large", 1, 10, 0.5)
    ]
    assert model.calls[0].json_schema == Clause.model_json_schema()


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("I would rather not say.", "no complete JSON object"),
        ('{"heading": "Term", "words": 3', "no complete JSON object"),
        ('{"heading": "Term"}', '"words": Field required'),
        ('{"heading": "Term", "words": "many"}', '"words": Input should be a valid integer'),
        ("", "its answer is empty"),
        ("  \n ", "its answer is empty"),
    ],
)
async def test_a_useless_answer_is_said_back_with_what_is_wrong_with_it(answer: str, complaint: str) -> None:
    asked, model, _ = scripted_step(says(answer), GOOD)

    report, clause = await asked.answer(HOP, PROMPT, Clause)

    assert clause.words == 3
    assert model.calls[1].rejected == answer
    assert complaint in model.calls[1].complaint
    assert (model.calls[1].system, model.calls[1].user) == (PROMPT.system, PROMPT.user)
    assert (report.attempts, report.models[0].calls, report.models[0].input_tokens) == (2, 2, 20)


async def test_complaints_of_the_caller_are_repaired_like_those_of_the_form() -> None:
    asked, model, _ = scripted_step(GOOD, says('{"heading": "Term", "words": 30}'))

    def check(clause: Clause) -> Sequence[str]:
        return () if clause.words > 20 else ["The clause is too short.", "It names nobody."]

    report, clause = await asked.answer(HOP, PROMPT, Clause, check)

    assert clause.words == 30
    assert "- The clause is too short.\n- It names nobody." in model.calls[1].complaint
    assert "short" not in report.retries[0].reason


async def test_after_two_repairs_the_step_gives_up() -> None:
    asked, model, _ = scripted_step(says("no"))

    with pytest.raises(StepFailedError) as caught:
        await asked.answer(HOP, PROMPT, Clause)

    assert (caught.value.step, caught.value.attempts, len(model.calls)) == ("draft", 3, 3)
    assert "ModelAnswerError" in caught.value.reason


async def test_what_is_said_back_is_bounded() -> None:
    asked, model, _ = scripted_step(says("x" * 200_000), GOOD)

    await asked.answer(HOP, PROMPT, Clause, lambda _: ())

    assert len(model.calls[1].rejected) == REJECTED_CHARS
    asked, model, _ = scripted_step(GOOD, GOOD, GOOD)
    with pytest.raises(StepFailedError):
        await asked.answer(HOP, PROMPT, Clause, lambda _: ["wrong " * 10_000])
    assert len(model.calls[1].complaint) < COMPLAINT_CHARS + 200


async def test_useless_answers_do_not_open_the_breaker() -> None:
    asked, model, _ = scripted_step(says("no"))

    for _ in range(4):
        with pytest.raises(StepFailedError):
            await asked.answer(HOP, PROMPT, Clause)

    assert len(model.calls) == 12


# Texts.


async def test_a_text_streams_into_its_sink_and_is_returned_whole() -> None:
    asked, _, _ = scripted_step(says("1. Term. This Agreement begins today."))
    pages = Pages()

    _, text = await asked.write(HOP, PROMPT, pages)

    assert text == "1. Term. This Agreement begins today."
    assert pages.begun == [(1, "large", "")]
    assert pages.texts == {1: text}


async def test_a_stream_that_breaks_is_begun_anew_and_never_spliced() -> None:
    cut = ModelUnavailableError("large", "its answer was cut off on the way")
    asked, _, _ = scripted_step(breaks(cut, "The first ", "half"), says("The whole."))
    pages = Pages()

    report, text = await asked.write(HOP, PROMPT, pages)

    assert text == "The whole."
    assert pages.texts == {1: "The first half", 2: "The whole."}
    assert pages.begun[1] == (2, "large", f"ModelUnavailableError: {cut}")
    assert [(note.attempt, note.wait_s) for note in report.retries] == [(1, 1.5)]


async def test_tokens_of_a_broken_stream_are_counted_and_marked_as_untold() -> None:
    asked, _, _ = scripted_step(breaks(DOWN, "one ", "two ", "three"), says("Done."))

    report, _ = await asked.write(HOP, PROMPT, Pages())

    (use,) = report.models
    assert (use.calls, use.untold_calls, use.output_tokens, use.input_tokens, use.cost) == (2, 1, 8, 10, 0.5)


async def test_a_text_cut_at_its_length_is_repaired_and_its_tokens_count() -> None:
    long = ModelAnswerError("large", "its answer was cut at 20 tokens")
    asked, model, _ = scripted_step(Saying(("Too ", "long"), long), says("Short."))

    report, text = await asked.write(HOP, PROMPT, Pages())

    assert text == "Short."
    assert "cut at 20 tokens" in model.calls[1].complaint
    assert (report.models[0].input_tokens, report.models[0].untold_calls) == (20, 0)


async def test_a_text_that_is_not_finished_is_repaired_as_the_caller_says() -> None:
    asked, model, _ = scripted_step(says("Half a sentence"), says("A sentence."))

    async def finished(text: str) -> list[str]:
        return [] if text.endswith(".") else ["It stops in mid-sentence."]

    _, text = await asked.write(HOP, PROMPT, Pages(), finished)

    assert text == "A sentence."
    assert "mid-sentence" in model.calls[1].complaint


async def test_a_reader_who_leaves_ends_the_providers_work() -> None:
    asked, model, _ = scripted_step(Saying(("one ",) * 1000, after_s=1.0))
    reading = asyncio.create_task(asked.write(HOP, PROMPT, Pages()))
    await asyncio.sleep(5.5)

    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert (len(model.calls), model.closed) == (1, 1)


async def test_an_error_of_the_sink_is_not_the_models() -> None:
    class Full(Pages):
        async def piece(self, text: str) -> None:
            raise BufferError("no reader left")

    asked, model, _ = scripted_step(says("a text"))

    with pytest.raises(BufferError):
        await asked.write(HOP, PROMPT, Full())
    assert (len(model.calls), model.closed) == (1, 1)
