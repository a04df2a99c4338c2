"""What a provider's failure means, in this project's errors.

Every text is this project's own: a provider's may quote the key, or the draft that was sent.
"""

import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from actors.errors import (
    LexrayError,
    ModelEndpointError,
    ModelPausedError,
    ModelRefusedError,
    ModelUnavailableError,
    ThrottledError,
)
from actors.llm.endpoint import Endpoint
from actors.llm.retry_after import retry_after_s

PAUSE_S = 60.0
"""How long a provider whose quota is spent is left alone, where it does not say itself."""

WORDS_CHARS = 4000
"""As much of a body as is searched for telling words."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server sent instead of an answer."""

    status: int
    """0: an error within a stream that had begun well."""
    words: str = ""
    """Code, type and message of the body, in lower case. For recognition only."""
    html: bool = False
    retry_after_s: float | None = None
    codes: frozenset[str] = field(default_factory=frozenset)
    """Code and type of the body's error."""

    def says(self, *codes: str) -> bool:
        """Tell whether the body carries one of these codes."""
        return not self.codes.isdisjoint(codes)

    def speaks_of(self, pattern: str) -> bool:
        """Tell whether the body's words match."""
        return re.search(pattern, self.words) is not None


Sign = Callable[[Refusal], bool]
Meaning = Callable[[Endpoint, Refusal], LexrayError]

_TOO_LONG = r"maximum context length|context (?:length|window|size)|too many tokens|prompt is too long"
_UNPAID = r"exceeded your current quota|billing (?:hard )?limit|credit balance|insufficient (?:funds|balance|credit)"
_NO_KEY = r"(?:invalid|incorrect|missing) api.?key|api.?key (?:not valid|is invalid|is missing)"
_NO_MODEL = r"\bmodel\b.{0,120}(?:does not exist|not found|unknown|no such)|(?:unknown|invalid|no such) model"


def _speaks_of_key(refusal: Refusal) -> bool:
    return refusal.status == 400 and refusal.speaks_of(_NO_KEY)  # noqa: PLR2004


def _endpoint(reason: str) -> Meaning:
    return lambda endpoint, _: ModelEndpointError(endpoint.name, reason)


def _refused(reason: str) -> Meaning:
    return lambda endpoint, _: ModelRefusedError(endpoint.name, reason)


def _key(endpoint: Endpoint, refusal: Refusal) -> LexrayError:
    reason = "it refuses the key" if endpoint.api_key or endpoint.login else "it wants a key, and none is set"
    return ModelEndpointError(endpoint.name, f"{reason} (status {refusal.status or 401})")


def _paused(endpoint: Endpoint, refusal: Refusal) -> LexrayError:
    return ModelPausedError(endpoint.name, refusal.retry_after_s or PAUSE_S)


def _throttled(endpoint: Endpoint, refusal: Refusal) -> LexrayError:
    return ThrottledError(endpoint.name, refusal.retry_after_s or 0.0)


def _unavailable(endpoint: Endpoint, refusal: Refusal) -> LexrayError:
    what = f"it failed (status {refusal.status})" if refusal.status else "it broke off with an error"
    return ModelUnavailableError(endpoint.name, what, refusal.retry_after_s or 0.0)


def _wrong(endpoint: Endpoint, refusal: Refusal) -> LexrayError:
    return ModelRefusedError(endpoint.name, f"it does not take the request (status {refusal.status})")


MEANINGS: tuple[tuple[Sign, Meaning], ...] = (
    (
        lambda r: r.html and r.status < 500 and r.status not in {408, 425, 429},  # noqa: PLR2004
        _endpoint("a web page answers there, and no model"),
    ),
    (lambda r: r.status == 402 or r.says("insufficient_quota", "billing_not_active"), _paused),  # noqa: PLR2004
    (lambda r: r.status in {0, 403, 429} and r.speaks_of(_UNPAID), _paused),
    (
        lambda r: r.says("context_length_exceeded", "string_above_max_length"),
        _refused("the text is too long for it"),
    ),
    (
        lambda r: r.status in {0, 400, 413, 422} and (r.status == 413 or r.speaks_of(_TOO_LONG)),  # noqa: PLR2004
        _refused("the text is too long for it"),
    ),
    (
        lambda r: r.says("content_filter", "content_policy_violation"),
        _refused("its content filter declines the text"),
    ),
    (lambda r: r.says("model_not_found"), _endpoint("it has no model of this name")),
    (
        lambda r: r.status in {400, 404} and r.speaks_of(_NO_MODEL),
        _endpoint("it has no model of this name"),
    ),
    # Some servers answer 400 to a wrong key.
    (lambda r: r.status in {401, 403} or r.says("invalid_api_key") or _speaks_of_key(r), _key),
    (lambda r: r.status in {404, 405, 410}, _endpoint("nothing answers at this address")),
    (lambda r: 300 <= r.status < 400, _endpoint("it sends elsewhere, where nobody follows it")),  # noqa: PLR2004
    # 408, 409 and 425 say "not now": they are tried again, and are no sign of bad health.
    (lambda r: r.status in {408, 409, 425, 429} or r.says("rate_limit_exceeded"), _throttled),
    (lambda r: 400 <= r.status < 500, _wrong),  # noqa: PLR2004
    (lambda _: True, _unavailable),
)
"""The first sign that fits decides."""


def meaning(refusal: Refusal, endpoint: Endpoint) -> LexrayError:
    """Return the error that a refusal amounts to."""
    return next(make(endpoint, refusal) for sign, make in MEANINGS if sign(refusal))


def refusal_of(status: int, headers: Iterable[tuple[str, str]], body: object) -> Refusal:
    """Read a response that is no answer.

    Args:
        status: Of the response; 0 for an error within a stream.
        headers: All of it, repeated ones included.
        body: Its JSON, the `error` in it, or its text.
    """
    listed = [(name.lower(), value) for name, value in headers]
    error = body.get("error", body) if isinstance(body, dict) else body
    told = error if isinstance(error, dict) else {}
    text = error if isinstance(error, str) else json.dumps(error, default=str, ensure_ascii=False)
    page = any(name == "content-type" and "html" in value.lower() for name, value in listed)
    return Refusal(
        status=status,
        words=text[:WORDS_CHARS].lower(),
        html=page or text.lstrip()[:9].lower() in {"<!doctype", "<html>"},
        retry_after_s=retry_after_s(listed, time.time()),
        codes=frozenset(str(told[name]).lower() for name in ("code", "type") if told.get(name)),
    )


def classified(error: Exception, endpoint: Endpoint) -> LexrayError:
    """Return what an error of the SDK amounts to. Raise it `from None`: the original's text is not ours to show."""
    import openai  # noqa: PLC0415 (slow; whoever has one of its errors has imported it)

    match error:
        case LexrayError():
            return error
        case openai.APIStatusError():
            headers = error.response.headers.multi_items()
            return meaning(refusal_of(error.status_code, headers, error.body), endpoint)
        case openai.APIConnectionError():
            return ModelUnavailableError(endpoint.name, connection_trouble(error))
        case openai.APIError() if error.body is not None:
            return meaning(refusal_of(0, (), error.body), endpoint)
        case _:
            return ModelUnavailableError(
                endpoint.name, f"it sent what nobody can read ({type(error).__name__})"
            )


def connection_trouble(error: BaseException) -> str:
    """Return why there is no connection, from whatever lies beneath the error."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return "its certificate is not trusted"
            case ssl.SSLError():
                return "it does not speak TLS there"
            case socket.gaierror():
                return "its host is not known"
            case ConnectionRefusedError():
                return "the connection is refused"
        if "Connect" in (name := type(cause).__name__) and "Timeout" in name:
            return "the connection is not opened in time"
    return "the connection broke"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
