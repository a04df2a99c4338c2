"""What a server understands of the OpenAI interface, learned from its refusals."""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from actors.llm.call import ModelCall
from actors.llm.endpoint import Structured
from actors.llm.strict_schema import strict_schema

PLAINER: dict[Structured, Structured] = {"json_schema": "json_object", "json_object": "none"}

_ABOUT_FORM = re.compile(r"response_format|json_schema|json_object|structured output|guided_json")
_ABOUT_USAGE = re.compile(r"stream_options|include_usage")
_ABOUT_LENGTH = re.compile(
    r"max_tokens.*(?:unsupported|not supported)|(?:unsupported|not supported).*max_tokens"
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How requests to one server are put. A client begins with the richest and only ever gets plainer."""

    structured: Structured
    tells_usage: bool = True
    length: str = "max_tokens"
    """The field that bounds an answer: all servers knew this one once; the newest models want the other."""

    def plainer(self, refusal: str) -> "Dialect | None":
        """Return the dialect to try after a refusal, or `None` where it names nothing that could be left out.

        Args:
            refusal: All that a server said with its status 400 or 422.
        """
        words = refusal.lower()
        if _ABOUT_USAGE.search(words) and self.tells_usage:
            return replace(self, tells_usage=False)
        if _ABOUT_LENGTH.search(words) and self.length == "max_tokens":
            return replace(self, length="max_completion_tokens")
        if _ABOUT_FORM.search(words) and self.structured in PLAINER:
            return replace(self, structured=PLAINER[self.structured])
        return None

    def request(self, call: ModelCall, model: str) -> dict[str, Any]:
        """Return the body of a streamed chat completion."""
        body: dict[str, Any] = {
            "model": model,
            "messages": self._messages(call),
            "stream": True,
            self.length: call.max_output_tokens,
        }
        if self.tells_usage:
            body["stream_options"] = {"include_usage": True}
        if call.json_schema is not None and self.structured != "none":
            body["response_format"] = self._response_format(call)
        return body

    def _messages(self, call: ModelCall) -> list[dict[str, str]]:
        messages = [
            {"role": "system", "content": self._system(call)},
            {"role": "user", "content": call.user},
        ]
        if call.complaint:
            # Some servers refuse an empty message.
            messages.append({"role": "assistant", "content": call.rejected or "(nothing)"})
            messages.append({"role": "user", "content": call.complaint})
        return messages

    def _system(self, call: ModelCall) -> str:
        if call.json_schema is None or self.structured == "json_schema":
            return call.system
        schema = json.dumps(call.json_schema, ensure_ascii=False, separators=(",", ":"))
        return (
            f"{call.system}\n\nAnswer with one JSON object and nothing else: no fence around it, no words before or"
            f" after it. It fits this JSON Schema:\n{schema}"
        )

    def _response_format(self, call: ModelCall) -> dict[str, Any]:
        if self.structured == "json_object":
            return {"type": "json_object"}
        schema, strict = strict_schema(call.json_schema or {})
        name = re.sub(r"\W", "_", call.task)[:64] or "answer"
        return {"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": strict}}
