"""A draft as the events of OpenAI's Responses API.

The events are a pure fold over the draft's history, so that their sequence numbers are the same for everybody who
follows it, whenever they come.
"""

from typing import Any

from actors.events import AnyEvent, DraftCancelled, DraftFailed, DraftFinished, DraftStarted
from actors.messages import DraftRequest
from actors.progress import DraftProgress
from serve.openai_face.model_names import model_name
from serve.openai_face.orders import created_at
from serve.openai_face.telling import Telling, metadata_of, tokens_of

ID_PREFIX = "resp_"
_ITEM_STATUS = {
    "in_progress": "in_progress",
    "completed": "completed",
    "failed": "incomplete",
    "cancelled": "incomplete",
}


class ResponseStory:
    """Tells one draft from its first event on."""

    def __init__(self, request: DraftRequest) -> None:
        self.draft_id, self.telling = request.draft_id, Telling()
        self.sequence_number = -1
        """Of the last event told; the first one is 0."""
        self._request = request
        self._place = {"item_id": f"msg_{request.draft_id}", "output_index": 0, "content_index": 0}

    def take(self, event: AnyEvent) -> list[dict[str, Any]]:
        """Return the events that an event of the draft becomes."""
        speaking = bool(self.telling.text)
        text = self.telling.take(event)
        told: list[dict[str, Any]] = []
        if isinstance(event, DraftStarted):
            told += [self._state("response.created"), self._state("response.in_progress")]
        if text and not speaking:
            told += self._opening()
        if text:
            told.append(self._event("response.output_text.delta", **self._place, delta=text, logprobs=[]))
        match event:
            case DraftFinished():
                told += [*self._closing(), self._state("response.completed")]
            case DraftFailed():
                told.append(self._state("response.failed"))
            case DraftCancelled():
                # This API has no event for a response that was cancelled; its status says which it is.
                told.append(self._state("response.incomplete"))
        return told

    def response(self) -> dict[str, Any]:
        """Return the response as it stands."""
        return response_object(self._request, self.telling.progress, self.telling.text)

    def _opening(self) -> list[dict[str, Any]]:
        item = message_item(self._request, "", "in_progress")
        return [
            self._event("response.output_item.added", output_index=0, item={**item, "content": []}),
            self._event("response.content_part.added", **self._place, part=item["content"][0]),
        ]

    def _closing(self) -> list[dict[str, Any]]:
        text = self.telling.text
        item = message_item(self._request, text, "completed")
        return [
            self._event("response.output_text.done", **self._place, text=text, logprobs=[]),
            self._event("response.content_part.done", **self._place, part=item["content"][0]),
            self._event("response.output_item.done", output_index=0, item=item),
        ]

    def _state(self, kind: str) -> dict[str, Any]:
        return self._event(kind, response=self.response())

    def _event(self, kind: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON values)
        self.sequence_number += 1
        return {"type": kind, "sequence_number": self.sequence_number, **fields}


def response_object(request: DraftRequest, progress: DraftProgress, text: str) -> dict[str, Any]:
    """Return a draft as a response.

    Args:
        request: What was asked for.
        progress: Its state.
        text: What was told of it so far.
    """
    status = _status(progress)
    read, wrote = tokens_of(progress)
    return {
        "id": f"{ID_PREFIX}{request.draft_id}",
        "object": "response",
        "created_at": created_at(request),
        "status": status,
        "error": _error(progress),
        "incomplete_details": None,
        "instructions": None,
        "metadata": metadata_of(progress),
        "model": model_name(request.task_type),
        "output": [message_item(request, text, _ITEM_STATUS[status])] if text else [],
        "parallel_tool_calls": False,
        "temperature": None,
        "tool_choice": "none",
        "tools": [],
        "top_p": None,
        "previous_response_id": None,
        "text": {"format": {"type": "text"}},
        "truncation": "disabled",
        "store": True,
        "usage": _usage(read, wrote) if status == "completed" else None,
    }


def message_item(request: DraftRequest, text: str, status: str) -> dict[str, Any]:
    """Return the text as the one output item that a draft has."""
    return {
        "id": f"msg_{request.draft_id}",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}],
    }


def _status(progress: DraftProgress) -> str:
    match progress.end:
        case DraftFinished():
            return "completed"
        case DraftFailed():
            return "failed"
        case DraftCancelled():
            return "cancelled"
    return "in_progress"


def _error(progress: DraftProgress) -> dict[str, str] | None:
    if not isinstance(progress.end, DraftFailed):
        return None
    code = "invalid_prompt" if progress.end.status == "refused" else "server_error"
    return {"code": code, "message": progress.end.message}


def _usage(read: int, wrote: int) -> dict[str, Any]:
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": wrote,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": read + wrote,
    }
