"""The smallest value that a JSON schema allows."""

import re
from collections.abc import Mapping
from typing import Any

CANDIDATES = ("", "a", "A", "aa", "0", "00", "US-DE", "USD", "aaaaaaaa", "2026-01-01", "00:00", "a@b.example")
"""Strings that are tried against a pattern."""
FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "email": "a@b.example",
    "uri": "https://example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def smallest_instance(schema: Mapping[str, Any]) -> Any:
    """Return the smallest valid instance: required fields, shortest lists and strings, the first of several choices.

    Raises:
        ValueError: A pattern that none of the known candidates matches, or a reference that leads nowhere.
    """
    return _instance(schema, schema)


def _instance(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _instance({**_at(schema["$ref"], root), **_without(schema, "$ref")}, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "allOf" in schema:
        merged: dict[str, Any] = _without(schema, "allOf")
        for part in schema["allOf"]:
            merged = _merged(merged, _at(part["$ref"], root) if "$ref" in part else part)
        return _instance(merged, root)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            options: list[Mapping[str, Any]] = schema[choice]
            empty = [option for option in options if option.get("type") == "null"]
            return _instance((empty or options)[0], root)
    return _of_type(schema, root)


def _of_type(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = "null" if "null" in kind else kind[0]
    match kind:
        case "object":
            fields = schema.get("properties", {})
            return {name: _instance(fields.get(name, {}), root) for name in schema.get("required", ())}
        case "array":
            return [_instance(schema.get("items", {}), root) for _ in range(schema.get("minItems", 0))]
        case "string":
            return _string(schema)
        case "integer" | "number":
            return _number(schema, whole=kind == "integer")
        case "boolean":
            return False
        case _:
            return None


def _string(schema: Mapping[str, Any]) -> str:
    if "format" in schema:
        return FORMATS.get(schema["format"], "a")
    shortest = schema.get("minLength", 0)
    if "pattern" not in schema:
        return "a" * int(shortest)
    for candidate in CANDIDATES:
        if len(candidate) >= shortest and re.search(schema["pattern"], candidate):
            return candidate
    raise ValueError(f"no candidate matches {schema['pattern']!r}")


def _number(schema: Mapping[str, Any], *, whole: bool) -> float:
    lowest: float = schema.get("minimum", schema.get("exclusiveMinimum", min(0, schema.get("maximum", 0))))
    if "exclusiveMinimum" in schema and lowest == schema["exclusiveMinimum"]:
        lowest += 1
    return int(lowest) if whole else lowest


def _at(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        if step not in found:
            raise ValueError(f"the schema has nothing at {reference}")
        found = found[step]
    place: Mapping[str, Any] = found
    return place


def _merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    fields = {**first.get("properties", {}), **second.get("properties", {})}
    required = [*first.get("required", ()), *second.get("required", ())]
    return {**first, **second, "properties": fields, "required": required}


def _without(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != name}
