"""The settings of language models: read from the environment once, with the other settings."""

from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from actors.errors import InvalidInputError
from actors.llm.endpoint import Endpoint, Structured

Agent = Literal["intake", "research", "draft", "review", "validation", "citations"]
Price = Annotated[float, Field(ge=0)]

PREFIX = "LEXRAY_LLM_"


def _listed(given: object) -> object:
    """Take `intake, draft` for a list."""
    if not isinstance(given, str):
        return given
    return tuple(dict.fromkeys(part.strip() for part in given.split(",") if part.strip()))


Agents = Annotated[tuple[Agent, ...], NoDecode, BeforeValidator(_listed), Field(min_length=1)]


class ModelSettings(BaseSettings):
    """Where the models are, which agents use them, and how patient these are.

    Without an address no agent uses a model.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # the input may hold a key
    )

    base_url: Annotated[str | None, Field(repr=False)] = None
    """Address of an OpenAI-compatible server, up to and including `/v1`."""
    api_key: SecretStr | None = None
    """Its key."""
    model: str | None = None
    """The model that agents use who have none of their own."""
    intake_model: str | None = None
    """Model of the intake agent; none: `model`."""
    research_model: str | None = None
    """Model of the research agent; none: `model`."""
    draft_model: str | None = None
    """Model of the drafting agent; none: `model`."""
    review_model: str | None = None
    """Model of the review agent; none: `model`."""
    validation_model: str | None = None
    """Model of the validation agent; none: `model`."""
    citations_model: str | None = None
    """Model of the citation agent; none: `model`."""
    agents: Agents = ("intake", "research", "draft", "review", "validation")
    """Agents that use a model, separated by commas; the others work without one."""
    fallback_base_url: Annotated[str | None, Field(repr=False)] = None
    """Address of the server that is asked when the first fails; none: the same server."""
    fallback_api_key: SecretStr | None = None
    """Its key; the first server's key goes to no other."""
    fallback_model: str | None = None
    """The model that is asked when the first fails; none: the agent's own, at the other address."""
    structured: Structured = "json_schema"
    """How JSON is asked for: `json_schema`, `json_object` or `none`; a server that takes less is asked for less."""
    input_price: Price | None = None
    """Price of a million tokens that `model` reads, in any currency. Other models' calls are reported without cost."""
    output_price: Price | None = None
    """Price of a million tokens that `model` writes."""
    first_token_s: Annotated[float, Field(gt=0, le=3600)] = 15.0
    """Limit for the first piece of an answer, in seconds."""
    idle_s: Annotated[float, Field(gt=0, le=3600)] = 15.0
    """Limit between two pieces, in seconds."""
    in_flight: Annotated[int, Field(ge=1, le=10_000)] = 32
    """Calls to a server at a time, in one agent's process."""
    sections_in_flight: Annotated[int, Field(ge=1, le=64)] = 4
    """Sections of one draft that are written at a time."""
    stream_batch_ms: Annotated[int, Field(ge=0, le=1000)] = 20
    """How long pieces are collected before they are passed on together, in milliseconds; 0: not at all."""

    @classmethod
    def read(cls) -> Self:
        """Read the environment.

        Raises:
            InvalidInputError: A variable is wrong, or does not go with another; the error names it.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = PREFIX + str(first["loc"][0]).upper()
            raise InvalidInputError(name, first["msg"][:1].lower() + first["msg"][1:]) from None

    @model_validator(mode="after")
    def _make_sense(self) -> Self:
        _check_server(self, "")
        _check_server(self, "fallback_")
        if self.base_url is None:
            self._refuse_without_server()
            return self
        for agent in get_args(Agent):
            self._check_agent(agent)
        if (self.input_price is None) is not (self.output_price is None):
            raise InvalidInputError(PREFIX + "OUTPUT_PRICE", "it goes with an input price, or neither is set")
        if self._fallback_is_set() and not self.fallback_base_url and not self.fallback_model:
            raise InvalidInputError(PREFIX + "FALLBACK_API_KEY", "it is the key of no fallback")
        return self

    def chain(self, agent: str) -> tuple[Endpoint, ...]:
        """Return the endpoints that an agent asks, first choice first; none where it uses no model."""
        model = self._model_of(agent)
        if self.base_url is None or model is None or agent not in self.agents:
            return ()
        first = self._endpoint(self.base_url, self.api_key, model)
        fallback = self._fallback(model)
        return (first,) if fallback in {None, first} else (first, fallback)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the first choice of every agent, each endpoint once: what must work before a draft begins.

        Raises:
            InvalidInputError: There is none: a model is asked for, and none is configured.
        """
        chains = [self.chain(agent) for agent in self.agents]
        firsts = tuple(dict.fromkeys(chain[0] for chain in chains if chain))
        if not firsts:
            raise InvalidInputError(PREFIX + "BASE_URL", "it is not set, so there is no model to draft with")
        return firsts

    def _model_of(self, agent: str) -> str | None:
        own: str | None = getattr(self, f"{agent}_model")
        return own or self.model

    def _endpoint(self, base_url: str, api_key: SecretStr | None, model: str) -> Endpoint:
        priced = model == self.model and base_url == self.base_url
        return Endpoint(
            base_url=base_url,
            model=model,
            api_key=api_key,
            structured=self.structured,
            first_token_s=self.first_token_s,
            idle_s=self.idle_s,
            in_flight=self.in_flight,
            input_price=self.input_price if priced else None,
            output_price=self.output_price if priced else None,
        )

    def _fallback(self, model: str) -> Endpoint | None:
        if not self._fallback_is_set() or self.base_url is None:
            return None
        same = self.fallback_base_url in {None, self.base_url}
        key = self.fallback_api_key or (self.api_key if same else None)
        return self._endpoint(self.fallback_base_url or self.base_url, key, self.fallback_model or model)

    def _fallback_is_set(self) -> bool:
        return any((self.fallback_base_url, self.fallback_api_key, self.fallback_model))

    def _check_agent(self, agent: Agent) -> None:
        if getattr(self, f"{agent}_model") and agent not in self.agents:
            raise InvalidInputError(
                f"{PREFIX}{agent.upper()}_MODEL", f"it is set, but {agent} is not among {PREFIX}AGENTS"
            )
        if agent in self.agents and not self._model_of(agent):
            raise InvalidInputError(PREFIX + "MODEL", f"it is not set, and {agent} has no model of its own")

    def _refuse_without_server(self) -> None:
        for name in type(self).model_fields:
            if name.endswith(("model", "api_key", "base_url")) and getattr(self, name) is not None:
                raise InvalidInputError(PREFIX + name.upper(), f"it is set, but {PREFIX}BASE_URL is not")


def _check_server(settings: ModelSettings, which: str) -> None:
    """Refuse an address and a key that cannot be sent, without repeating them.

    Raises:
        InvalidInputError: One of them cannot.
    """
    url: str | None = getattr(settings, f"{which}base_url")
    if url is not None and (wrong := _wrong_in(url)):
        raise InvalidInputError(f"{PREFIX}{which.upper()}BASE_URL", wrong)
    key: SecretStr | None = getattr(settings, f"{which}api_key")
    value = key.get_secret_value() if key else ""
    if not value.isascii() or not value.isprintable() or " " in value:
        raise InvalidInputError(
            f"{PREFIX}{which.upper()}API_KEY", "it holds a blank, a line break or a sign that no key has"
        )


def _wrong_in(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is no address"
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "it is not of the form http://host:port/v1"
    if parts.query or parts.fragment:
        return "it must end with its path, without ? and #"
    if not url.isascii() or not url.isprintable() or " " in url:
        return "it holds a blank or a sign that no address has"
    return ""
