"""JSON schemas in the form in which providers bind a model to them."""

from collections.abc import Mapping
from typing import Any

NOT_STRICT = ("patternProperties", "propertyNames", "unevaluatedProperties", "oneOf", "discriminator")


def strict_schema(schema: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the schema as strict mode wants it, and whether strict mode can have it.

    Strict mode wants every field named as required and no others allowed; a field that may be left out has to be given
    as its default instead, which every reader of the answer takes just as well. What cannot be said so, such as an
    object with free keys, is returned as it is, for servers that take a schema as advice.

    Source:
        The guide to structured outputs of the OpenAI API.
    """
    if not _can_be_strict(schema):
        return dict(schema), False
    strict: dict[str, Any] = _strict(schema)
    return strict, True


def _can_be_strict(node: object) -> bool:
    if isinstance(node, list):
        return all(map(_can_be_strict, node))
    if not isinstance(node, Mapping):
        return True
    if any(name in node for name in NOT_STRICT) or _has_free_keys(node):
        return False
    return all(map(_can_be_strict, _parts(node)))


def _has_free_keys(node: Mapping[str, Any]) -> bool:
    if node.get("type") != "object":
        return False
    return "properties" not in node or node.get("additionalProperties", False) is not False


def _parts(node: Mapping[str, Any]) -> list[object]:
    """Return the schemas below a schema; the names of fields are none."""
    named = [part for key in ("properties", "$defs") for part in node.get(key, {}).values()]
    return named + [node[key] for key in ("items", "prefixItems", "anyOf", "allOf") if key in node]


def _strict(node: Any) -> Any:  # noqa: ANN401 (any part of a schema)
    if isinstance(node, list):
        return [_strict(part) for part in node]
    if not isinstance(node, Mapping):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    plain = {
        key: _strict(value) for key, value in node.items() if key not in {"default", "properties", "$defs"}
    }
    for key in ("properties", "$defs"):
        if key in node:
            plain[key] = {name: _strict(part) for name, part in node[key].items()}
    if "properties" in node:
        plain |= {"required": list(node["properties"]), "additionalProperties": False}
    return plain
