"""An agent's way to models, from the step down to the socket."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from pydantic import BaseModel

from actors.domain.prompting.prompt import Prompt
from actors.errors import StepFailedError
from actors.llm.endpoint import Endpoint
from actors.model_step import ModelStep
from actors.step import NoVault
from actors.step_policy import StepPolicy
from tests.provider import faults
from tests.provider.process import Provider, running_provider
from tests.provider.turns import fault, reply
from tests.unit.scripted_model import HOP, Pages

PROMPT = Prompt(task="draft", system="You draft.", user="Write a clause.")
QUICK = StepPolicy(wait_factor=1.0, jitter=1.0)
"""Waits of up to two seconds, mostly less."""


class Clause(BaseModel):
    heading: str
    words: int = 7


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def provider(server: Provider) -> Provider:
    server.reset(profiles=True)
    server.profile("spare")
    return server


@asynccontextmanager
async def asking(provider: Provider, *models: str, **fields: object) -> AsyncIterator[ModelStep]:
    given = {"base_url": provider.base_url, "first_token_s": 10.0, "idle_s": 10.0} | fields
    chain = [Endpoint.model_validate(given | {"model": model}) for model in models or ("sim",)]
    step = ModelStep("draft", chain, QUICK, NoVault())
    yield step
    await step.aclose()


async def test_a_stream_that_is_cut_is_begun_anew(provider: Provider) -> None:
    provider.script(fault("cut", text="one two three four"), reply("The whole clause."))
    pages = Pages()

    async with asking(provider) as step:
        report, text = await step.write(HOP, PROMPT, pages)

    assert text == "The whole clause."
    assert pages.texts == {1: "one two three", 2: text}
    assert (report.attempts, report.models[0].untold_calls) == (2, 1)


async def test_a_hung_model_gives_way_to_the_spare_one(provider: Provider) -> None:
    provider.script(fault("hang", model="sim", times=3), reply("Spare words.", model="spare"))

    async with asking(provider, "sim", "spare", first_token_s=0.5) as step:
        report, text = await step.write(HOP, PROMPT, Pages())

    assert text == "Spare words."
    assert [entry["model"] for entry in provider.wait("left", 3)] == ["sim", "sim", "sim", "spare"]
    assert [(use.model, use.calls) for use in report.models] == [("sim", 3), ("spare", 1)]
    assert "no answer within 0.5 s" in report.stand_ins[0].reason


async def test_a_provider_without_quota_is_asked_once(provider: Provider) -> None:
    provider.script(faults.quota_spent(model="sim"))

    async with asking(provider, "sim", "spare") as step:
        for _ in range(3):
            await step.write(HOP, PROMPT, Pages())

    assert [entry["model"] for entry in provider.log()] == ["sim", "spare", "spare", "spare"]


async def test_a_wait_that_is_asked_for_is_kept(provider: Provider) -> None:
    provider.script(faults.throttled("2"))

    async with asking(provider) as step:
        await step.write(HOP, PROMPT, Pages())

    first, second = provider.log()
    assert second["received_at_s"] - first["received_at_s"] >= 2


@pytest.mark.parametrize("structured", ["json_schema", "none"])
async def test_a_useless_answer_is_repaired(provider: Provider, structured: str) -> None:
    provider.script(reply("I'd rather chat."), reply('```json\n{"heading": "Term"}\n```'))

    async with asking(provider, structured=structured) as step:
        report, clause = await step.answer(HOP, PROMPT, Clause)

    assert clause == Clause(heading="Term", words=7)
    second = provider.log(bodies=True)[1]["body"]["messages"]
    assert [message["role"] for message in second] == ["system", "user", "assistant", "user"]
    assert second[2]["content"] == "I'd rather chat."
    assert (report.attempts, report.models[0].calls) == (2, 2)


async def test_a_schema_that_the_server_takes_is_answered_at_once(provider: Provider) -> None:
    async with asking(provider) as step:
        report, clause = await step.answer(HOP, PROMPT, Clause)
    assert clause.heading == ""
    assert report.attempts == 1


async def test_a_length_that_is_never_enough_ends_after_two_repairs(provider: Provider) -> None:
    provider.script(fault("length", times=9))

    async with asking(provider) as step:
        with pytest.raises(StepFailedError, match="cut at 4096 tokens"):
            await step.write(HOP, PROMPT, Pages())

    assert len(provider.log()) == 3


async def test_no_more_calls_are_in_flight_than_the_endpoint_allows(provider: Provider) -> None:
    provider.profile("sim", total_s=0.2, tokens=4)

    async with asking(provider, in_flight=2) as step:
        await asyncio.gather(*(step.write(HOP, PROMPT, Pages()) for _ in range(6)))

    assert max(entry["in_flight"] for entry in provider.log()) == 2


async def test_a_draft_that_nobody_wants_any_more_stops_the_provider(provider: Provider) -> None:
    provider.script(fault("drip", text="word " * 500))
    async with asking(provider) as step:
        writing = asyncio.create_task(step.write(HOP, PROMPT, Pages()))
        await asyncio.to_thread(provider.wait, "started")

        writing.cancel()

        await asyncio.to_thread(provider.wait, "left", 1, 20.0)
        with pytest.raises(asyncio.CancelledError):
            await writing
