"""The document types as models: `lexray` reads the type from the request, `lexray-<type>` names it."""

from typing import Any

from actors.domain.library import load_type, type_ids
from serve.openai_face.refusals import RefusalError

ANY_TYPE = "lexray"


def model_name(type_id: str | None) -> str:
    """Return the model of a document type; `None`: the one for every type."""
    return ANY_TYPE if type_id is None else f"{ANY_TYPE}-{type_id.replace('_', '-')}"


def model_names() -> dict[str, str | None]:
    """Return every model with its document type."""
    return {ANY_TYPE: None} | {model_name(type_id): type_id for type_id in type_ids()}


def type_of(model: str) -> str | None:
    """Return the document type of a model; `None`: the request names it.

    Raises:
        RefusalError: There is no such model.
    """
    known = model_names()
    if model not in known:
        message = f"there is no such model; known are: {', '.join(known)}"
        raise RefusalError(404, message, "model", "model_not_found")
    return known[model]


def described(model: str) -> dict[str, Any]:
    """Return a model as `/v1/models` lists it.

    Raises:
        RefusalError: There is no such model.
    """
    type_id = type_of(model)
    what = "Any document type, by what the request says." if type_id is None else load_type(type_id).summary
    # The clause library has no date of making, and the field must be a number.
    return {"id": model, "object": "model", "created": 0, "owned_by": "lexray", "description": what}
