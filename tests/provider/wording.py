"""What a model says to a request."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.provider.contract_text import contract_text
from tests.provider.profiles import Profile
from tests.provider.schema_instance import smallest_instance
from tests.provider.tokens import tokens_of


def prompt_of(body: Mapping[str, Any]) -> str:
    """Return all messages of a request as one text."""
    return "\n\n".join(_content(message) for message in body.get("messages", ()))


def wording(body: Mapping[str, Any], profile: Profile, seed: str) -> str:
    """Return the answer's text, the same for the same request, profile and seed."""
    wanted = body.get("response_format") or {"type": "text"}
    if profile.says == "text":
        return profile.text
    if profile.says == "marked":
        return marked(prompt_of(body), profile)
    if profile.says == "schema" or wanted["type"] != "text":
        return json.dumps(smallest_instance(schema_of(wanted)))
    if profile.says == "echo":
        return "".join(tokens_of(_content(body["messages"][-1]))[: profile.tokens])
    return contract_text(profile.tokens, seed)


def marked(prompt: str, profile: Profile) -> str:
    """Return what the profile's pattern finds last in the prompt, or the profile's text where it finds nothing."""
    found = re.findall(profile.pattern, prompt, re.DOTALL)
    return str(found[-1]) if found else profile.text


def schema_of(wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a `response_format`; that of the empty object where it brings none."""
    described: Mapping[str, Any] = wanted.get("json_schema", {}).get("schema", {"type": "object"})
    return described


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)
