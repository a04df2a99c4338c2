"""Which words of a conversation are the request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actors.errors import InvalidInputError

_TEXT_PARTS = ("text", "input_text", "output_text")
_MEMBERS = frozenset({"role", "content", "type", "name", "id", "status"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a conversation asks for."""

    request: str
    """The text of the last message, which is the user's."""
    unread: int
    """Earlier messages of the conversation that have words."""


def said(messages: Sequence[Any], field: str) -> Said:
    """Return the request of a conversation.

    The last user message is the whole request. Earlier turns are not read: a term that was taken back in the last
    message would stand beside the one that replaced it, and a document must not depend on which of them wins. System
    and developer texts are refused, since no code could see to it that the document follows them.

    Args:
        messages: As sent, in order.
        field: The parameter that carries them.

    Raises:
        InvalidInputError: The last message is not the user's, a message is of a kind that cannot be read, or gives
            instructions beside the request.
    """
    texts = [_text(message, f"{field}[{number}]") for number, message in enumerate(messages)]
    if not texts or messages[-1]["role"] != "user":
        raise InvalidInputError(field, "the last message must be the user's: it is the request")
    return Said(texts[-1], sum(bool(text.strip()) for text in texts[:-1]))


def _text(message: object, field: str) -> str:
    if not isinstance(message, Mapping) or message.get("type", "message") != "message":
        raise InvalidInputError(field, "it is not a message")
    more = [str(name) for name, value in message.items() if name not in _MEMBERS and value not in (None, [])]
    if more:
        raise InvalidInputError(field, "a message has a role and a content; nothing else of it is read")
    text = _content(message.get("content"), f"{field}.content")
    match message.get("role"):
        case "user" | "assistant":
            return text
        case "system" | "developer":
            if text.strip():
                reason = "instructions beside the request are not followed; say it in the user's message"
                raise InvalidInputError(field, reason)
            return ""
    raise InvalidInputError(f"{field}.role", "it must be user or assistant")


def _content(content: object, field: str) -> str:
    match content:
        case None:
            return ""
        case str():
            return content
        case list():
            return "\n".join(_part(part, f"{field}[{number}]") for number, part in enumerate(content))
    raise InvalidInputError(field, "it must be text")


def _part(part: object, field: str) -> str:
    match part:
        case {"type": str(kind), "text": str(text)} if kind in _TEXT_PARTS:
            return text
    raise InvalidInputError(field, "only text is read: no images, files or sound")
