"""Cases and law reviews of the United States, read by eyecite around every place that looks like a reporter."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from actors.domain.citations.case_names import name_before
from actors.domain.citations.found import FoundCitation

_LOOKS_LIKE_REPORTER = re.compile(
    r"(?<![\w.])(?:\d{1,4}\s(?>(?:[A-Z][A-Za-z]{0,9}'?[.,]?|&|\d(?:d|nd|rd|th|st)\b\.?"
    r"|\((?:\d\w{1,3}|[A-Z][\w.]{0,9})\))\s?){1,8}(?:\d{1,7}|_{1,6})(?!\w)"
    r"|\d{4}-[A-Za-z]{2,8}-\d+|T\.\s?C\.\s?(?:Memo|Summary|No))"
)
# A street address has numbers around capitalised words too, but no abbreviation among them.
_ABBREVIATED = re.compile(
    r"[a-zA-Z]\.|\d(?:d|nd|rd|th)\b|-|\b(?:US|F|Or|S Ct|WL|LEXIS|NLRB|[A-Z]{2}\d?d?)\s(?:App|\d)"
)
_CODE = re.compile(r"\b(?:U\.\s?S\.\s?C|C\.\s?F\.\s?R|Del\.\s?C)\b")
_AROUND_CHARS = 240
_LONGEST_CHARS = 4000
_TAIL = re.compile(
    r"(?:,\s*(?:at\s+)?\*?\d[\d\-, *n.]{0,40})?\s*[(\[](?P<inside>[^()\[\]]{0,60}?)\b(?P<year>\d{4})[)\]]"
)
_BESIDE = re.compile(r"(?:,\s*(?:at\s+)?\*?\d[\d\-, *n.]{0,40}?)?\s*[,;(\[]\s*")
_COURTS = {
    "US-FED": ["scotus", "cafc", "cadc", *(f"ca{n}" for n in range(1, 12))],
    "US-TX": ["tex", "texapp"],
    "US-CA": ["cal", "calctapp"],
    "US-NY": ["ny", "nyappdiv"],
    "US-DE": ["del", "delch", "delsuperct"],
}
_REPORTERS = {
    "US-FED": ("U.S.", "S. Ct.", "F.", "B.R.", "NLRB"),
    "US-TX": ("Tex.",),
    "US-CA": ("Cal",),
    "US-NY": ("N.Y.", "A.D.", "Misc."),
    "US-DE": ("Del.",),
}


def find_us_cases(folded: str) -> list[FoundCitation]:
    """Return full case citations and law review articles in reading order.

    A text without anything like a reporter costs one scan; the first with one imports eyecite (0.4 s).
    Parallel references of one case (`531 U.S. 98, 121 S. Ct. 525`) are one citation with the first's key.
    """
    windows = list(_windows(folded))
    if not windows:
        return []
    found = {cite.end: cite for start, end in windows for cite in _read(folded, start, end)}
    return _merge_parallel(folded, sorted(found.values(), key=lambda cite: cite.end))


def _windows(folded: str) -> Iterator[tuple[int, int]]:
    """Yield stretches around the places that look like reporters; long runs of them in overlapping pieces."""
    start = end = last = -1
    for match in _LOOKS_LIKE_REPORTER.finditer(folded):
        if not _ABBREVIATED.search(match[0]) or _CODE.search(match[0]):
            continue
        if start >= 0 and (match.start() - _AROUND_CHARS > end or end - start > _LONGEST_CHARS):
            yield start, end
            start = -1
        if start < 0:
            start = max(0, last, match.start() - _AROUND_CHARS)
        last, end = match.end(), min(len(folded), match.end() + _AROUND_CHARS)
    if start >= 0:
        yield start, end


def _read(folded: str, start: int, end: int) -> Iterator[FoundCitation]:
    import eyecite  # noqa: PLC0415  # 0.4 s that a contract without cases need not spend
    from eyecite.models import FullCaseCitation, FullJournalCitation  # noqa: PLC0415

    for cite in eyecite.get_citations(folded[start:end]):
        if isinstance(cite, FullCaseCitation | FullJournalCitation):
            first, last = cite.span()
            journal = isinstance(cite, FullJournalCitation)
            found = _found(folded, cite, (start + first, start + last), journal)
            if found is not None:
                yield found


def _found(folded: str, cite: Any, span: tuple[int, int], journal: bool) -> FoundCitation | None:  # noqa: ANN401
    start, end = span
    if journal:
        return _article(cite.corrected_citation(), folded[start:end], start)
    begin, name = name_before(folded, start)
    year = int(cite.year) if cite.year else None
    # "10 Or 20" and the like: words between numbers that happen to be a reporter.
    if not (name or year) and not re.search(r"\.|[A-Za-z]\d|\dd|\dth|\bWL\b|-", folded[start:end]):
        return None
    tail = _TAIL.match(folded, end)
    return _case(cite, folded[begin : tail.end() if tail else end], begin, (name, year))


def _article(reference: str, text: str, start: int) -> FoundCitation:
    key = f"secondary/{reference.lower().replace(' ', '-')}"
    return FoundCitation(
        text, start, start + len(text), "secondary", reference, key, "secondary", outside=True
    )


def _case(cite: Any, text: str, start: int, stated: tuple[str, int | None]) -> FoundCitation:  # noqa: ANN401
    name, year = stated
    reference, reporter = cite.corrected_citation(), cite.corrected_reporter()
    volume, page = cite.groups.get("volume"), cite.groups.get("page") or "___"
    return FoundCitation(
        text=text,
        start=start,
        end=start + len(text),
        kind="case",
        normalized=", ".join(part for part in (name, reference) if part) + (f" ({year})" if year else ""),
        key=f"case/{volume}/{reporter.lower().replace(' ', '')}/{page}",
        source="case",
        jurisdiction=_jurisdiction(cite.metadata.court, reporter),
        name=name,
        year=year,
        defect=_defect(cite, reporter, year),
    )


def _jurisdiction(court: str | None, reporter: str) -> str:
    for place, courts in _COURTS.items():
        if court in courts:
            return place
    return next((place for place, names in _REPORTERS.items() if reporter.startswith(names)), "")


def _defect(cite: Any, reporter: str, year: int | None) -> str:  # noqa: ANN401
    """Say why the year cannot be, from the years that the reporter covers; one year beside them is let pass."""
    editions = [edition for edition in cite.all_editions if edition.start is not None]
    if year is None or not editions:
        return ""
    if all(year < edition.start.year - 1 for edition in editions):
        return f"{reporter} begins in {min(edition.start.year for edition in editions)}."
    if all(edition.end is not None and year > edition.end.year + 1 for edition in editions):
        return f"{reporter} ends in {max(edition.end.year for edition in editions)}."
    return ""


def _merge_parallel(folded: str, found: list[FoundCitation]) -> list[FoundCitation]:
    """Join a reference that follows another of the same case with nothing but a pin between them."""
    merged = found[:1]
    for before, cite in pairwise(found):
        # An own name, or a parenthesis that closed the one before, makes a new case.
        if cite.name or cite.kind != "case" or before.kind != "case" or not _adjoin(folded, before, cite):
            merged.append(cite)
            continue
        first = merged[-1]
        year = first.year or cite.year
        text = folded[first.start : cite.end]
        merged[-1] = replace(first, text=text, end=cite.end, year=year, parallel=(*first.parallel, cite.key))
    return merged


def _adjoin(folded: str, before: FoundCitation, cite: FoundCitation) -> bool:
    gap = _BESIDE.fullmatch(folded, before.end, cite.start)
    return gap is not None and not before.text.endswith(")") and ";" not in gap[0]
