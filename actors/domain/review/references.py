"""X1-X5 and K5: what the text refers to, and whether it is there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from actors.domain.review.lines import plain_number
from actors.domain.review.numerals import roman_value
from actors.domain.review.outline import Outline, Section
from actors.domain.review.remark import Remark

_NUMBER = r"\d{1,3}(?:\.\d{1,3}){0,4}(?:\([A-Za-z0-9]{1,4}\))*(?![\w%]|[.,]\d|\()"
_REFERENCE = re.compile(
    rf"\b(?P<word>(?i:sections?|clauses?|articles?)|§§?)\s{{1,3}}"
    rf"(?P<numbers>(?:{_NUMBER}|(?<=icle )[IVXL]{{1,6}}\b|(?<=ICLE )[IVXL]{{1,6}}\b)"
    rf"(?:(?:,\s?|\s(?:and|or|to|through)\s|,\s(?:and|or)\s|\s?[–-]\s?){_NUMBER}(?!\s(?:days"
    rf"|months|years|business)))*)"
)
_ONE = re.compile(rf"{_NUMBER}|[IVXL]{{1,6}}\b")
# What follows a reference to another document: "of the Lease", "thereof", "of Regulation S-K", "under the Code".
_OUTSIDE_AFTER = re.compile(
    r"\s?\(S\)|[\s,]{0,3}(?:(?:sub-?section|paragraph|clause|item)s?\s\S{1,8}[\s,]{0,3})?"
    r"(?:\([^()\n]{1,60}\)\s?)?(?:,?\s?(?:as amended,?\s)?)"
    r"(?:thereof|thereto|therein|et seq|(?:of|to|in|under|from|set forth in|contained in|above of)\s"
    r"(?!(?:this|these|the present|our|the (?:main )?body|such event|hereof)\b))"
)
_OUTSIDE_BEFORE = re.compile(
    r"(?:Code|Act|Acts|Regulations?|Rules?|Law|Laws|Statutes?|U\.S\.C\.|C\.F\.R\.|USC|CFR|Reg\."
    r"|Stat\.|Ann\.|ERISA"
    r"|FAR|DFAR|DFARS|NASD|FINRA|NYSE|IRC|Bulletin|Form|Lease|Plan|Directive|Order|Constitution"
    r"|UCC|U\.C\.C\.|GDPR|Treaty|Ordinance|Charter|Bylaws|Terms|Policy"
    r"|(?<!this )Agreement|Addendum|Contract|Title|former|old|Existing|Original|Prior|such"
    r"|those)[’'s]{0,2}[,\s]{1,3}$"
)
_CHAIN = re.compile(
    r"[\s,]{0,3}(?:and/or|and|or|to|through|through and including)?[\s,]{0,3}(?i:sections?"
    r"|clauses?|articles?|§)"
)
_AMENDMENT = re.compile(
    r"\b(?:amendment|addendum|amending|amends|joinder|supplement(?:al)? (?:agreement|to)"
    r"|side letter|waiver)\b",
    re.IGNORECASE,
)
# "… Agreement. Section 6.02 Notice of Termination." is a heading inside a line.
_LABEL_BEFORE = re.compile(r"(?:[.;:\d\])_-]|^)\s{1,60}$|^$|\n\s*$")
_LABEL_AFTER = re.compile(r"[.:]?\s{1,12}[A-Z][A-Za-z]+")
_TITLE_CHARS = 600
_HIGHEST = 100  # "Section 409" without more is a statute; contracts do not have a hundred sections.
_HEADING_IN_BRACKETS = re.compile(r"\s?\((?P<heading>[A-Z][A-Za-z’' ,&/-]{3,80})\)")
_DIRECTION = re.compile(r"\s(?P<way>above|below)\b")
_SUBJECT_TO = re.compile(r"subject to(?: the (?:terms|provisions)(?: and conditions)? of)?\s$", re.IGNORECASE)
_INLINE_LABEL = re.compile(r"\s\d{1,2}\.\d{1,2}\.?\s+[A-Z]")
_SURVIVAL = re.compile(r"\bsurviv(?:e|es|al|ing)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """One number that the text refers to as its own."""

    number: str
    """As printed: "4.2(b)"."""
    start: int
    end: int
    last: bool
    """The last number of its list: what follows in the text belongs to it."""


class References:
    """All references of a text, and the places that they may point to."""

    def __init__(self, text: str, outline: Outline) -> None:
        self._text, self._outline = text, outline
        self._labels: set[str] = set()
        self.own = tuple(self._read())

    def _read(self) -> Iterator[Reference]:
        """Yield references to this text's own numbers; those to statutes and other contracts are left out."""
        text = self._text
        matches = list(_REFERENCE.finditer(text))
        outside = False
        kept: list[re.Match[str]] = []
        # Backwards, because "Section 5 and Section 6 of the Lease" is decided at its end.
        for index in range(len(matches) - 1, -1, -1):
            match = matches[index]
            following = matches[index + 1] if index + 1 < len(matches) else None
            chained = following is not None and bool(
                following.start() - match.end() <= 30  # noqa: PLR2004
                and _CHAIN.fullmatch(text, match.end(), following.start("numbers") - 1)
            )
            outside = (chained and outside) or self._is_outside(match)
            if self._is_label(match):
                self._labels.add(match["numbers"])
            elif not outside:
                kept.append(match)
        for match in reversed(kept):
            ones = list(_ONE.finditer(match["numbers"]))
            base = match.start("numbers")
            for one in ones:
                yield Reference(one[0], base + one.start(), base + one.end(), one is ones[-1])

    def _is_outside(self, match: re.Match[str]) -> bool:
        before = self._text[max(match.start() - 30, 0) : match.start()]
        return bool(_OUTSIDE_AFTER.match(self._text, match.end()) or _OUTSIDE_BEFORE.search(before))

    def _is_label(self, match: re.Match[str]) -> bool:
        before = self._text[max(match.start() - 60, 0) : match.start()]
        return bool(_LABEL_BEFORE.search(before) and _LABEL_AFTER.match(self._text, match.end()))

    @cached_property
    def places(self) -> frozenset[str]:
        """Every number that stands in the text as a label, generously read."""
        found = {section.number for section in self._outline.sections if section.number}
        for section in self._outline.sections:
            found.update(clause.number for clause in section.clauses)
        found.update(_without_zeros(label) if label[0].isdigit() else label for label in self._labels)
        found.update(str(roman_value(number)) for number in list(found) if roman_value(number))
        referred = {reference.start for reference in self.own}
        for label in re.finditer(r"(?<![\w.$£€])\d{1,3}(?:(?:\.\d{1,3}){1,4}|(?=[.)]))", self._text):
            if label.start() not in referred:
                found.add(plain_number(label[0]))
                found.add(_without_zeros(label[0]))
        return frozenset(found)

    def holds(self, number: str) -> bool:
        """Say whether the text has a place with this number, its sub-items aside."""
        base = number.partition("(")[0]
        if roman_value(base):
            return base in self.places or str(roman_value(base)) in self.places
        return plain_number(base) in self.places or _without_zeros(base) in self.places


def _without_zeros(number: str) -> str:
    """Return "4.2" for "4.02" and for "4.02(b)"."""
    return ".".join(str(int(part)) for part in number.partition("(")[0].split(".") if part.isdigit())


def check_references(text: str, outline: Outline) -> Iterator[Remark]:
    """Yield X1, X4, X5 and K5 over the whole text.

    They need trusted numbers: where the structure of a text could not be read, a missing target proves nothing.
    """
    if not outline.trusted or _AMENDMENT.search(text, 0, _TITLE_CHARS):
        return
    references = References(text, outline)
    sections = {section.number: section for section in reversed(list(outline.main()))}
    yield from _check_targets(text, references)
    yield from _check_names(text, references, sections)
    yield from _check_directions(text, references, sections)
    yield from _check_subject_to(text, references, outline)


def _check_targets(text: str, references: References) -> Iterator[Remark]:
    for reference in references.own:
        base = reference.number.partition("(")[0]
        if references.holds(reference.number) or (base.isdigit() and int(base) >= _HIGHEST):
            continue
        message = f"There is no section {base} in this document."
        check = "K5" if _SURVIVAL.search(_sentence_around(text, reference.start, reference.end)) else "X1"
        yield Remark(check, "error", message, reference.start, reference.end)


def _sentence_around(text: str, start: int, end: int) -> str:
    begin = max(text.rfind(". ", 0, start), text.rfind("\n", 0, start), start - 400) + 1
    stops = [at for at in (text.find(". ", end, end + 400), text.find("\n", end, end + 400)) if at >= 0]
    return text[begin : min(stops, default=end + 400)]


def _check_names(text: str, references: References, sections: dict[str, Section]) -> Iterator[Remark]:
    """Yield X1 for "Section 7 (Confidentiality)" where section 7 has another heading."""
    headings = {section.heading.casefold(): number for number, section in sections.items() if section.heading}
    for reference in references.own:
        named = _HEADING_IN_BRACKETS.match(text, reference.end) if reference.last else None
        target = sections.get(plain_number(reference.number))
        if named is None or target is None or not target.heading:
            continue
        elsewhere = headings.get(named["heading"].casefold())
        if elsewhere is not None and elsewhere != target.number:
            message = (
                f"Section {target.number} is headed {target.heading!r}; {named['heading']!r} "
                f"is section {elsewhere}."
            )
            yield Remark("X1", "warning", message, reference.start, named.end())


def _check_directions(text: str, references: References, sections: dict[str, Section]) -> Iterator[Remark]:
    """Yield X5: "Section 9 above" in front of section 9."""
    for reference in references.own:
        direction = _DIRECTION.match(text, reference.end) if reference.last else None
        target = sections.get(reference.number.partition("(")[0].partition(".")[0])
        if direction is None or target is None or target.start <= reference.start < target.end:
            continue
        way = "above" if target.start < reference.start else "below"
        if direction["way"] != way:
            message = f"Section {target.number} stands {way}, not {direction['way']}."
            yield Remark("X5", "warning", message, reference.start, direction.end())


def _check_subject_to(text: str, references: References, outline: Outline) -> Iterator[Remark]:
    """Yield X4: a clause that is subject to itself, or two sections that are subject to each other."""
    edges: dict[tuple[str, str], Reference] = {}
    for reference in references.own:
        before = text[max(reference.start - 80, 0) : reference.start]
        lead = re.sub(r"(?i:sections?|clauses?|articles?)\s$", "", before)
        if not _SUBJECT_TO.search(lead):
            continue
        home = outline.section_at(reference.start)
        clause = next(
            (c for c in reversed(home.clauses) if "." in c.number and c.start <= reference.start < c.end),
            None,
        )
        if clause is not None and _INLINE_LABEL.search(text, clause.body, reference.start):
            continue
        own = clause.number if clause else home.number
        target = plain_number(reference.number)
        if target == own and own:
            yield Remark(
                "X4", "warning", f"Section {own} is made subject to itself.", reference.start, reference.end
            )
        elif (target, own) in edges:
            message = f"Sections {own} and {target} are each subject to the other."
            yield Remark("X4", "warning", message, reference.start, reference.end)
        edges[own, target] = reference
