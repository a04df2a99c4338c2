"""The chat endpoint: refuse what a real provider refuses, meet the script, answer."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.provider.delivery import delivery
from tests.provider.faults import context_too_long, no_response_format, refused, throttled, unknown_model
from tests.provider.profiles import Profile
from tests.provider.request_log import Entry
from tests.provider.simulation import Full, Simulation
from tests.provider.tokens import token_count
from tests.provider.turns import Turn
from tests.provider.wire import Wire, reset
from tests.provider.wording import prompt_of, wording

STRENGTH = ("none", "json_object", "json_schema")
"""What a server may take as `response_format`, each with what stands before it."""


async def chat(request: web.Request, simulation: Simulation) -> web.StreamResponse:
    """Answer one request, and log it."""
    body = await request.json()
    prompt, log = prompt_of(body), simulation.log
    kept = body if simulation.keep_bodies else {"stream": body.get("stream", False)}
    task = simulation.task_of(prompt)
    entry = await log.received(str(body.get("model")), task, token_count(prompt), kept)
    left = True
    try:
        response = await _answered(request, simulation, entry, body)
        left = False
    except ConnectionError:
        response = web.Response()  # the client went away in the middle of a write: nobody reads this
    finally:
        await log.ended(entry, left=left)
    return response


async def _answered(
    request: web.Request, simulation: Simulation, entry: Entry, body: Mapping[str, Any]
) -> web.StreamResponse:
    turn = simulation.next_turn(entry.model, entry.task)
    entry.turn = turn.kind if turn else ""
    if turn and turn.kind == "reset":
        return reset(request)
    refusal = turn if turn and turn.kind == "status" else refusal_of(simulation, entry, body)
    if refusal:
        return as_response(refusal)
    try:
        async with simulation.place():
            entry.served_at_s = request.loop.time()
            return await _said(request, simulation, entry, body, turn)
    except Full:
        return as_response(throttled("1"))


async def _said(
    request: web.Request, simulation: Simulation, entry: Entry, body: Mapping[str, Any], turn: Turn | None
) -> web.StreamResponse:
    profile, draw = simulation.profiles[entry.model], simulation.draw(entry.model, prompt_of(body))
    text = turn.text if turn and turn.text is not None else wording(body, profile, str(draw.random()))
    most = body.get("max_completion_tokens") or body.get("max_tokens")
    answer = delivery(text, profile, turn, most, draw)
    wanted = bool((body.get("stream_options") or {}).get("include_usage"))
    wire = Wire(request, entry, simulation.log, usage=wanted and profile.usage)
    return await (wire.stream(answer) if body.get("stream") else wire.whole(answer))


def refusal_of(simulation: Simulation, entry: Entry, body: Mapping[str, Any]) -> Turn | None:
    """Return what a real provider would refuse in this request."""
    profile = simulation.profiles.get(entry.model)
    if profile is None:
        return unknown_model(entry.model)
    if not body.get("messages"):
        return refused(400, None, "'messages' is empty")
    if entry.input_tokens > profile.context_tokens:
        return context_too_long(profile.context_tokens)
    return _format_refused(profile, body)


def _format_refused(profile: Profile, body: Mapping[str, Any]) -> Turn | None:
    kind = (body.get("response_format") or {"type": "text"})["type"]
    too_much = kind != "text" and STRENGTH.index(kind) > STRENGTH.index(profile.structured)
    return no_response_format(kind) if too_much else None


def as_response(refusal: Turn) -> web.Response:
    """Return a refusal as the response that it is."""
    response = web.Response(status=refusal.status, body=(refusal.text or "").encode())
    for name, value in refusal.headers:
        if name.casefold() == "content-type":
            response.headers[name] = value
        else:
            response.headers.add(name, value)
    return response
