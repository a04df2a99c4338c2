"""What an index of authorities says of the citations in a text."""

import datetime

from actors.domain.citation import Citation, CitationState
from actors.domain.citations.case_names import names_agree
from actors.domain.citations.found import FoundCitation
from actors.domain.citations.grammar import find_citations
from actors.domain.citations.index import CitationIndex, Entry

_UNCOVERED = frozenset(["treaty", "rule", "secondary", "other"])


def check_citations(text: str, index: CitationIndex, as_of: datetime.date) -> list[Citation]:
    """Return every citation in `text` with its state, in reading order.

    A citation is verified by an authority of the index and nothing else: a well-formed reference that the index does
    not hold is `not_found`, which says that it was not found here, not that it was invented.

    Args:
        text: A draft or contract. Offsets are string indices.
        index: The citations of the corpus.
        as_of: The day whose law counts.
    """
    return [_checked(found, index, as_of) for found in find_citations(text)]


def _checked(found: FoundCitation, index: CitationIndex, as_of: datetime.date) -> Citation:
    if _is_out_of_scope(found, index):
        return _citation(found, "out_of_scope", detail="The index holds no sources of this kind.")
    if found.defect:
        return _citation(found, "not_found", detail=found.defect)
    if found.kind == "case":
        return _case(found, index, as_of)
    if "?" in found.key.split("/"):
        return _incomplete(found, index)
    return _in_force(found, index.matches(found), as_of) or _missing(found, index, as_of)


def _is_out_of_scope(found: FoundCitation, index: CitationIndex) -> bool:
    if found.source != "case" and index.holds(found.source):
        return False
    return found.outside or found.kind in _UNCOVERED


def _in_force(found: FoundCitation, entries: list[Entry], as_of: datetime.date) -> Citation | None:
    """Return `verified` by the first entry in force, `outdated` by the first of all where none is."""
    for entry in entries:
        if not _lapse(entry, as_of):
            return _citation(found, "verified", entry)
    return _citation(found, "outdated", entries[0], _lapse(entries[0], as_of)) if entries else None


def _lapse(entry: Entry, as_of: datetime.date) -> str:
    """Say why an authority is no law on a day; "" where it is."""
    authority = entry.authority
    if authority.effective is not None and as_of < authority.effective:
        return f"In force from {authority.effective}."
    if authority.ended is not None:
        return f"No longer law since {authority.ended}." if as_of >= authority.ended else ""
    return f"The index marks it as {entry.mark}." if entry.mark else ""


def _missing(found: FoundCitation, index: CitationIndex, as_of: datetime.date) -> Citation:
    containers = index.containers(found)
    lapsed = [entry for entry in containers if _lapse(entry, as_of) and entry.found.key != found.key]
    if lapsed:
        reason = f"{lapsed[0].found.normalized}, of which it is a part: {_lapse(lapsed[0], as_of)}"
        return _citation(found, "outdated", lapsed[0], reason)
    return _citation(found, "not_found", detail=_reason(found, index, containers))


def _reason(found: FoundCitation, index: CitationIndex, containers: list[Entry]) -> str:
    if (whole := index.imported.whole().get(found.source)) and not containers:
        return f"{whole} has no such provision."
    if found.section_end and index.holds(found.source):
        return "The index does not hold every section of this range."
    if found.pin and any(entry.found.key == found.key for entry in containers):
        return "The section is in the index, this subdivision is not."
    if containers:
        return f"The index holds {containers[0].found.normalized}, not this provision of it."
    if index.holds(found.source):
        return "The index holds other provisions of this source, not this one."
    return "The index holds nothing of this source."


def _incomplete(found: FoundCitation, index: CitationIndex) -> Citation:
    fitting = list(dict.fromkeys(entry.found.normalized for entry in index.fitting(found)))
    if not fitting:
        return _citation(
            found, "not_found", detail="It names no code or title, and the index holds no such section."
        )
    return _citation(
        found, "ambiguous", detail=f"It names no code or title; it could mean {', '.join(fitting[:3])}."
    )


def _case(found: FoundCitation, index: CitationIndex, as_of: datetime.date) -> Citation:
    entries = index.cases(found)
    if not entries:
        return _citation(found, "not_found", detail="The index holds no case with this reference.")
    fitting = [entry for entry in entries if not found.name or names_agree(found.name, entry.found.name)]
    if not fitting:
        return _citation(
            found, "not_found", detail=f"The index holds this reference as {entries[0].found.normalized}."
        )
    if found.year is not None and all(entry.found.year not in (None, found.year) for entry in fitting):
        return _citation(found, "not_found", detail=f"The index dates this case {fitting[0].found.year}.")
    if any(not names_agree(fitting[0].found.name, entry.found.name) for entry in fitting):
        several = "; ".join(dict.fromkeys(entry.found.normalized for entry in fitting))
        return _citation(found, "ambiguous", detail=f"The reference fits {several}.")
    return _in_force(found, fitting, as_of) or _citation(found, "not_found")


def _citation(
    found: FoundCitation, state: CitationState, entry: Entry | None = None, detail: str = ""
) -> Citation:
    return Citation(
        text=found.text,
        start=found.start,
        end=found.end,
        kind=found.kind,
        normalized=found.normalized,
        state=state,
        authority_id=entry.authority.id if entry else None,
        as_of=entry.authority.as_of if entry else None,
        detail=detail,
    )
