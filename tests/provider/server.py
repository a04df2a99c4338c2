"""The provider's web application: the OpenAI-compatible endpoints, and those by which a test controls it."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from tests.provider.chat import as_response, chat
from tests.provider.embedding import DIMENSIONS, embedding, encoded
from tests.provider.faults import refused, wrong_key
from tests.provider.profiles import Profile
from tests.provider.simulation import DEFAULT_MODEL, Simulation
from tests.provider.tokens import token_count
from tests.provider.turns import Turn

BODY_BYTES = 32 * 1024 * 1024
_turns = TypeAdapter(list[Turn])
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(simulation: Simulation) -> web.Application:
    """Return the application of one provider."""
    endpoints, control = Endpoints(simulation), Control(simulation)
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[checked(simulation)])
    app.add_routes(
        [
            web.get("/v1/models", endpoints.models),
            web.post("/v1/chat/completions", endpoints.chat),
            web.post("/v1/embeddings", endpoints.embeddings),
            web.post("/control/script", control.script),
            web.post("/control/profile", control.profile),
            web.post("/control/limit", control.limit),
            web.get("/control/log", control.log),
            web.post("/control/reset", control.reset),
        ]
    )
    return app


def checked(simulation: Simulation) -> Any:
    """Return the middleware that asks for the key, and answers a wrong control request with what is wrong in it."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.path.startswith("/v1/") and simulation.api_key and given != simulation.api_key:
            return as_response(wrong_key())
        try:
            return await handler(request)
        except (ValidationError, KeyError, ValueError) as error:
            return as_response(refused(400, None, f"{type(error).__name__}: {error}"))

    return middleware


class Endpoints:
    """What clients of a model see."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def models(self, _request: web.Request) -> web.StreamResponse:
        """List the models that have a profile."""
        entries = [
            {"id": name, "object": "model", "created": 0, "owned_by": "simulation"}
            for name in self._simulation.profiles
        ]
        return web.json_response({"object": "list", "data": entries})

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """Answer a chat request."""
        return await chat(request, self._simulation)

    async def embeddings(self, request: web.Request) -> web.StreamResponse:
        """Return a vector a text."""
        body = await request.json()
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        form, dimensions = body.get("encoding_format", "float"), body.get("dimensions", DIMENSIONS)
        data = [
            {"object": "embedding", "index": at, "embedding": encoded(embedding(text, dimensions), form)}
            for at, text in enumerate(texts)
        ]
        read = sum(map(token_count, texts))
        usage = {"prompt_tokens": read, "total_tokens": read}
        return web.json_response({"object": "list", "model": body["model"], "data": data, "usage": usage})


class Control:
    """What tests and benchmarks see."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def script(self, request: web.Request) -> web.Response:
        """Add turns: a JSON list of `Turn`."""
        self._simulation.script(_turns.validate_json(await request.read()))
        return web.json_response({})

    async def profile(self, request: web.Request) -> web.Response:
        """Set a model's profile: `{"model": …, "profile": {…}}`; a profile of `null` takes the model away."""
        body = await request.json()
        if body["profile"] is None:
            self._simulation.profiles.pop(body["model"], None)
        else:
            self._simulation.profiles[body["model"]] = Profile.model_validate(body["profile"])
        return web.json_response({})

    async def limit(self, request: web.Request) -> web.Response:
        """Set the provider's own limit: `{"concurrency": n or null, "queue": n or null}`."""
        body = await request.json()
        self._simulation.limit(body["concurrency"], body["queue"])
        return web.json_response({})

    async def log(self, request: web.Request) -> web.Response:
        """Return the log, after waiting for a count if `?state=left&count=1&within_s=5` asks for it."""
        asked, met = request.query, True
        if "state" in asked:
            met = await self._simulation.log.wait(
                asked["state"], int(asked["count"]), float(asked["within_s"])
            )
        entries = self._simulation.log.as_json(bodies=asked.get("bodies") == "1")
        return web.json_response({"met": met, "entries": entries})

    async def reset(self, request: web.Request) -> web.Response:
        """Forget log and script: `{"seed": n or null, "profiles": whether also the models, "bodies": …, "task": …}`."""
        body = await request.json()
        self._simulation.reset(body.get("seed"))
        if body.get("profiles"):
            self._simulation.profiles = {DEFAULT_MODEL: Profile()}
            self._simulation.limit(None, None)
        self._simulation.keep_bodies = body.get("bodies", self._simulation.keep_bodies)
        self._simulation.task_pattern = body.get("task", self._simulation.task_pattern)
        return web.json_response({})
