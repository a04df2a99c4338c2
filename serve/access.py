"""Who calls: the seam between the routes and the way keys are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["draft", "admin", "metrics"]
"""`draft`: drafts of its tenant; `admin`: the cache and other tenants' figures; `metrics`: figures only."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request."""

    tenant: str
    roles: frozenset[Role]
    key_id: str = ""
    """Names the key in logs; never the key."""


class Access(Protocol):
    """Tells callers by what they send."""

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Return who calls.

        Raises:
            UnauthorisedError: No key, or one that is not known.
        """


class OpenAccess:
    """Everybody may do everything: for a server that only its own machine can reach, which says so at its start."""

    def caller(self, headers: Mapping[str, str]) -> Caller:  # noqa: ARG002
        """Return the one tenant there is."""
        return Caller("public", frozenset(("draft", "admin", "metrics")))
