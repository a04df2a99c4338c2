"""The jurisdictions that imported text can belong to."""

import re

from actors.domain.jurisdictions import jurisdictions, parse_jurisdiction, recognised_place
from actors.errors import InvalidInputError, UnknownJurisdictionError

_SHARED = {"federal": "US-FED", "us": "US-FED", "usa": "US-FED", "us-fed": "US-FED", "united states": "US-FED",
           "ucc": "US-UCC", "us-ucc": "US-UCC", "general": "GENERAL"}  # fmt: skip
_STATE = re.compile(r"US-[A-Z]{2}")


def read_place(code_or_name: str) -> str:
    """Return the id of a body of law: `US-FED`, `US-UCC`, `US-CA`, another state as `US-IL`, `UK-EW`, `GENERAL`.

    Raises:
        InvalidInputError: It is none.
    """
    given = " ".join(code_or_name.split())
    if shared := _SHARED.get(given.lower().removesuffix(" law")):
        return shared
    try:
        return parse_jurisdiction(given)
    except UnknownJurisdictionError as error:
        code = given.upper()
        if _STATE.fullmatch(code) and recognised_place(code):
            return code
        known = ", ".join(["US-FED", "US-UCC", *jurisdictions()])
        raise InvalidInputError(
            "jurisdiction", f"{given[:40]!r} is not known; give {known}, another state as US-IL, or GENERAL"
        ) from error
