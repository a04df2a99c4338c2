"""What happens when models fail: retries, the breaker, the pause, the next model, and the end of the time."""

import asyncio

import pytest
from pydantic import BaseModel

from actors.domain.prompting.prompt import Prompt
from actors.errors import (
    AttemptTimeoutError,
    DeadlineExceededError,
    ModelAnswerError,
    ModelEndpointError,
    ModelPausedError,
    ModelRefusedError,
    ModelUnavailableError,
    StepFailedError,
    ThrottledError,
)
from actors.model_step import ModelStep
from actors.model_tally import ModelTally
from actors.resilience.clock import now_s
from actors.step import NoVault
from tests.unit.scripted_model import (
    DOWN,
    ENDPOINT,
    HOP,
    POLICY,
    Pages,
    Saying,
    ScriptedModel,
    Vault,
    breaks,
    says,
    scripted_step,
)

PROMPT = Prompt(task="draft", system="You draft.", user="Write a clause.")


class Clause(BaseModel):
    heading: str
    words: int


GOOD = says('{"heading": "Term", "words": 3}')


# Retries, the breaker, the pause.


async def test_retry_after_of_a_failing_provider_is_waited_for() -> None:
    asked, _, _ = scripted_step(
        breaks(ModelUnavailableError("large", "it failed (status 503)", 40.0)),
        breaks(ThrottledError("large", 20.0)),
        says("Done."),
    )

    report, _ = await asked.write(HOP, PROMPT, Pages())

    assert [note.wait_s for note in report.retries] == [40.0, 20.0]
    assert now_s() == 60.0


async def test_a_hung_provider_is_given_up_in_time_for_another_attempt() -> None:
    asked, model, _ = scripted_step(breaks(AttemptTimeoutError("large", 15.0)), says("Done."))

    assert (await asked.write(HOP, PROMPT, Pages()))[1] == "Done."
    assert len(model.calls) == 2


async def test_a_provider_that_is_down_is_no_longer_asked_and_its_breaker_is_inherited() -> None:
    vault = Vault()
    asked, model, _ = scripted_step(breaks(DOWN), vault=vault)
    for _ in range(4):
        with pytest.raises(StepFailedError):
            await asked.write(HOP, PROMPT, Pages())
    assert len(model.calls) == 5
    assert set(vault.kept) == {"draft model"}

    successor, model, _ = scripted_step(says("back"), vault=vault)
    with pytest.raises(StepFailedError, match="circuit open"):
        await successor.write(HOP, PROMPT, Pages())
    assert model.calls == []


async def test_a_provider_whose_quota_is_spent_is_left_alone_for_as_long_as_it_says() -> None:
    vault = Vault()
    asked, model, _ = scripted_step(breaks(ModelPausedError("large", 90.0)), says("Paid."), vault=vault)

    for _ in range(3):
        with pytest.raises(StepFailedError, match="quota is spent"):
            await asked.write(HOP, PROMPT, Pages())
    assert len(model.calls) == 1
    successor, other, _ = scripted_step(says("Paid."), vault=vault)
    with pytest.raises(StepFailedError, match="quota is spent"):
        await successor.write(HOP, PROMPT, Pages())
    assert other.calls == []

    await asyncio.sleep(91)
    assert (await asked.write(HOP, PROMPT, Pages()))[1] == "Paid."
    assert '"state": "closed"' in vault.kept["draft model quota"][0]


async def test_calls_that_come_together_all_wait_for_what_the_vault_remembers() -> None:
    class SlowVault(Vault):
        async def load_breaker(self, name: str) -> tuple[str, float] | None:
            await asyncio.sleep(0.1)
            return await super().load_breaker(name)

    vault = SlowVault()
    paused, _, _ = scripted_step(breaks(ModelPausedError("large", 90.0)), vault=vault)
    with pytest.raises(StepFailedError):
        await paused.write(HOP, PROMPT, Pages())
    down, _, _ = scripted_step(breaks(DOWN), vault=(broken := SlowVault()))
    for _ in range(2):
        with pytest.raises(StepFailedError):
            await down.write(HOP, PROMPT, Pages())

    for kept in (vault, broken):
        successor, model, _ = scripted_step(says("back"), vault=kept)
        writing = [successor.write(HOP, PROMPT, Pages()) for _ in range(3)]
        assert [type(end) for end in await asyncio.gather(*writing, return_exceptions=True)] == [
            StepFailedError
        ] * 3
        assert model.calls == []


# The chain.


async def test_another_model_stands_in_and_the_report_says_so() -> None:
    asked, large, small = scripted_step(breaks(DOWN, "half"), small=[says("Whole.")])
    pages = Pages()

    report, text = await asked.write(HOP, PROMPT, pages)

    assert text == "Whole."
    assert (len(large.calls), len(small.calls)) == (3, 1)
    assert [(number, model) for number, model, _ in pages.begun] == [
        (1, "large"),
        (2, "large"),
        (3, "large"),
        (4, "small"),
    ]
    assert [stand_in.instead for stand_in in report.stand_ins] == ["small did this step in place of large."]
    assert "refused" in report.stand_ins[0].reason
    assert [(use.model, use.calls) for use in report.models] == [("large", 3), ("small", 1)]
    assert [note.attempt for note in report.retries] == [1, 2, 3]


@pytest.mark.parametrize(
    "error",
    [
        ModelRefusedError("large", "the text is too long for it"),
        ModelPausedError("large", 60.0),
        ModelAnswerError("large", "its answer was cut at 20 tokens"),
        ThrottledError("large", 120.5),
    ],
)
async def test_every_failure_but_a_wrong_endpoint_falls_through(error: ModelRefusedError) -> None:
    asked, _, small = scripted_step(breaks(error), small=[GOOD])

    report, clause = await asked.answer(HOP, PROMPT, Clause)

    assert clause.heading == "Term"
    assert len(small.calls) == 1
    assert type(error).__name__ in report.stand_ins[0].reason


async def test_nothing_stands_in_for_a_wrong_key() -> None:
    asked, large, small = scripted_step(
        breaks(ModelEndpointError("large", "it refuses the key")), small=[GOOD]
    )

    with pytest.raises(ModelEndpointError):
        await asked.answer(HOP, PROMPT, Clause)
    assert (len(large.calls), len(small.calls)) == (1, 0)


async def test_a_wrong_fallback_is_one_more_failure() -> None:
    asked, _, _ = scripted_step(
        breaks(DOWN), small=[breaks(ModelEndpointError("small", "it refuses the key"))]
    )

    with pytest.raises(StepFailedError) as caught:
        await asked.answer(HOP, PROMPT, Clause)

    assert "connection is refused" in caught.value.reason
    assert "refuses the key" in caught.value.reason
    assert caught.value.attempts == 4


async def test_a_refusal_at_the_end_of_the_chain_stays_one() -> None:
    asked, _, _ = scripted_step(
        breaks(DOWN), small=[breaks(ModelRefusedError("small", "it declines to answer"))]
    )

    with pytest.raises(ModelRefusedError):
        await asked.answer(HOP, PROMPT, Clause)


async def test_what_a_failed_step_used_is_in_the_callers_tally() -> None:
    asked, _, _ = scripted_step(says("no"), small=[breaks(ModelRefusedError("small", "it declines"))])
    tally = ModelTally("draft")

    with pytest.raises(ModelRefusedError):
        await asked.answer(HOP, PROMPT, Clause, tally=tally)

    report = tally.report()
    assert report.stand_ins == ()
    assert (report.attempts, report.models[0].calls, report.models[0].cost) == (4, 3, 1.5)


async def test_the_budget_of_the_hop_ends_everything() -> None:
    asked, _, small = scripted_step(Saying(("word ",) * 1000, after_s=1.0), small=[GOOD])

    with pytest.raises(DeadlineExceededError):
        await asked.write(HOP.model_copy(update={"budget_s": 7.0}), PROMPT, Pages())

    assert now_s() == 7.0
    assert small.calls == []


async def test_a_model_that_uses_up_its_steps_time_leaves_the_rest_to_the_fallback() -> None:
    asked, _, _ = scripted_step(Saying(("word ",) * 1000, after_s=1.0), small=[says("Quick.")])

    report, text = await asked.write(HOP, PROMPT, Pages())

    assert (text, now_s()) == ("Quick.", POLICY.step_s)
    assert "DeadlineExceededError" in report.stand_ins[0].reason


async def test_repairs_share_the_time_of_their_step() -> None:
    asked, _, _ = scripted_step(Saying(("no",), after_s=60.0))

    with pytest.raises(StepFailedError, match="DeadlineExceededError"):
        await asked.answer(HOP, PROMPT, Clause)

    assert now_s() == POLICY.step_s


async def test_calls_beyond_the_endpoints_places_wait() -> None:
    narrow = ENDPOINT.model_copy(update={"in_flight": 2})
    model = ScriptedModel([Saying(("a ", "b."), after_s=5.0)])
    asked = ModelStep("draft", (narrow,), POLICY, NoVault(), lambda _: model)

    await asyncio.gather(*(asked.write(HOP, PROMPT, Pages()) for _ in range(4)))

    assert now_s() == 20.0
