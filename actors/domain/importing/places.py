"""The jurisdictions that imported text can belong to."""

from actors.domain.jurisdictions import FILE, jurisdictions, parse_jurisdiction, recognised_place
from actors.domain.yaml_files import read_mapping
from actors.errors import InvalidInputError, UnknownJurisdictionError

_SHARED = {"federal": "US-FED", "us": "US-FED", "usa": "US-FED", "us-fed": "US-FED", "united states": "US-FED",
           "ucc": "US-UCC", "us-ucc": "US-UCC", "general": "GENERAL"}  # fmt: skip


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
        if code := read_mapping(FILE)["states"].get(recognised_place(given)):
            return f"US-{code}"
        known = ", ".join(["US-FED", "US-UCC", *jurisdictions()])
        raise InvalidInputError(
            "jurisdiction", f"{given[:40]!r} is not known; give {known}, another state as US-IL, or GENERAL"
        ) from error
