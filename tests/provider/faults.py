"""The refusals of real providers, by name: status, headers and body as they send them."""

import json

from tests.provider.turns import Turn, fault


def refused(status: int, code: str | None, message: str, *headers: tuple[str, str], **fields: object) -> Turn:
    """Refuse with an error body in the form of the OpenAI interface."""
    error = {"message": message, "type": _TYPES.get(status, "server_error"), "param": None, "code": code}
    return html_page(status, json.dumps({"error": error}), *headers, content="application/json", **fields)


def html_page(
    status: int = 502,
    page: str = "<html><body><h1>Bad gateway</h1></body></html>",
    *headers: tuple[str, str],
    content: str = "text/html",
    **fields: object,
) -> Turn:
    """Answer as a proxy does that has lost its upstream."""
    return fault("status", status=status, text=page, headers=(("Content-Type", content), *headers), **fields)


def throttled(*retry_after: str, name: str = "Retry-After", **fields: object) -> Turn:
    """Refuse with 429, with one header for each value given: none, one, or two that disagree."""
    headers = [(name, value) for value in retry_after]
    return refused(429, "rate_limit_exceeded", "Rate limit reached for requests", *headers, **fields)


def quota_spent(status: int = 429, **fields: object) -> Turn:
    """Refuse because nobody has paid: 429 with some providers, 402 with others."""
    return refused(status, "insufficient_quota", "You exceeded your current quota", **fields)


def wrong_key(**fields: object) -> Turn:
    """Refuse the key."""
    return refused(401, "invalid_api_key", "Incorrect API key provided", **fields)


def forbidden(**fields: object) -> Turn:
    """Refuse the caller."""
    return refused(403, None, "This project has no access to the model", **fields)


def unknown_model(model: str, **fields: object) -> Turn:
    """Say that there is no such model."""
    return refused(404, "model_not_found", f"The model `{model}` does not exist", **fields)


def context_too_long(limit_tokens: int = 8192, **fields: object) -> Turn:
    """Say that the prompt does not fit."""
    message = f"This model's maximum context length is {limit_tokens} tokens"
    return refused(400, "context_length_exceeded", message, **fields)


def no_response_format(kind: str = "json_schema", **fields: object) -> Turn:
    """Refuse to be bound to a schema, as servers do that have none."""
    return refused(400, "unsupported_value", f"'response_format.type' {kind} is not supported", **fields)


def server_error(status: int = 500, *headers: tuple[str, str], **fields: object) -> Turn:
    """Fail on the provider's side."""
    return refused(status, None, "The server had an error", *headers, **fields)


_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    404: "invalid_request_error",
    429: "rate_limit_error",
}
