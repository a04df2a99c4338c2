"""What a request is called in logs: its route's template, in which no word of its sender stands."""

from starlette.types import Scope


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered, as `/v1/drafts/{draft_id}`; `-` where none did."""
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is not None:
        return path
    # A plain route without parameters is its own template.
    return str(scope["path"]) if "endpoint" in scope and not scope.get("path_params") else "-"
