"""Where a text defines its terms, by all the habits of contracts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from actors.domain.review.vocabulary import NAMING_WORDS

_OPEN, _CLOSE = '["“]', '["”]'
_TERM = r"[A-Z0-9$][^\"“”\n()]{0,70}?"
_QUOTED = rf"{_OPEN}(?:\*\*|__)?(?P<term>{_TERM})(?:\*\*|__)?,?{_CLOSE}(?:\*\*|__)?"
_MEANS = (
    r"(?:shall\s|will\s|also\s)*(?:means?|mean|has\s(?:the|its)\s(?:same\s)?meaning"
    r"|have\sthe\s(?:same\s)?meanings?"
    r"|(?:is|are|be)\sdefined|refers?\sto|includes?|(?:shall\s)?be\sdeemed\sto\smean)\b"
)
_FORMS = re.compile(
    # "Term" means …; "Term" or "Other" means …; "Term", as used here, means …
    rf"(?P<stated>{_QUOTED}"
    rf"(?P<also>(?:\s?(?:,|or|and|and/or)\s?(?:the\s)?{_OPEN}[^\"“”\n]{{1,60}}{_CLOSE}){{0,3}})"
    rf"(?:\s?(?:\([^()\n]{{0,60}}\)|,[^,.;\n]{{0,80}},))?\s(?P<verb>{_MEANS}))"
    # **Term** means …; a line that opens with the term: "Term: …", "Term means …"
    rf"|(?:\*\*|__)(?P<bold>{_TERM})(?:\*\*|__)\s?(?:{_MEANS}|:)"
    rf"|^[ \t]*(?:[-*][ \t]+)?(?:\(?[a-z\d.]{{1,8}}\)?\s+)?(?P<line>[A-Z][\w’'-]*(?:[ /][A-Z(][\w’'()-]*){{0,5}})\s"
    rf"(?:shall\smean|means|has\sthe\smeaning)\b",
    re.MULTILINE,
)
_PARENTHESIS = re.compile(r"\((?P<inside>[^()\n]{1,240}|[^()\n]{0,120}\([^()\n]{0,60}\)[^()\n]{0,120})\)")
_NAMED = re.compile(rf"{_OPEN}(?:\*\*|__)?(?P<term>{_TERM})(?:\*\*|__)?,?{_CLOSE}")
_CALLED = re.compile(
    rf"\b(?:called|known\sas|referred\sto\s(?:herein\s|hereinafter\s)?as|hereinafter|hereafter"
    rf"|collectively|designated\sas)"
    rf",?\s(?:the\s|a\s|an\s|individually\sas\s(?:a\s)?)?{_QUOTED}"
)
_QUOTED_CAPITALS = re.compile(rf"{_QUOTED}")
_SET_APART = re.compile(
    rf"\*\*({_TERM})\*\*|\((?:the\s)?([A-Z][\w’'/-]*(?:\s[A-Z][\w’'/-]*){{0,4}})\)|(?:^"
    rf"|\s\s)[ \t|>-]*([A-Z][\w’'/-]*(?:\s[A-Z][\w’'/-]*){{0,4}}):"
    rf"|([A-Z][\w’'/-]*(?:\s[A-Z][\w’'/-]*){{0,4}})[,\s]{{1,2}}\(?(?:as\s(?:such\sterm\sis\s"
    rf"|that\sterm\sis\s)?|hereinafter\s)?defined",
    re.MULTILINE,
)
_POINTER = re.compile(
    r"\s*(?:is\s|as\s)?(?:(?:the|its)\smeaning|defined\sin|set\sforth\sin)"
    r"|.{0,60}\bmeaning\s(?:given|set|assigned|ascribed)"
)


DefinitionForm = Literal["stated", "named"]


@dataclass(frozen=True, slots=True)
class Definition:
    """One place that defines a term."""

    term: str
    form: DefinitionForm
    """`stated`: "Term" means …; `named`: a description, then (the "Term")."""
    start: int
    end: int
    """Of the term itself, without its quotation marks."""
    body: int
    """Where the meaning begins; for a named term, where its bracket ends."""
    full: bool
    """It opens its sentence and says "means": no addition, no special case of a meaning given elsewhere."""
    points: bool
    """The meaning is only a pointer to another place or document."""


def read_definitions(text: str) -> list[Definition]:
    """Return all definitions in reading order. Case matters: terms start with a capital or a digit."""
    found: dict[int, Definition] = {}
    for definition in (*_stated(text), *_named(text)):
        found.setdefault(definition.start, definition)
    return [found[start] for start in sorted(found)]


def introduced_terms(text: str) -> set[str]:
    """Return the capitalised phrases that the text sets apart: quoted, bold, in brackets, labels, "as defined in"."""
    quoted = {match["term"].strip(" .,*") for match in _QUOTED_CAPITALS.finditer(text)}
    return quoted | {
        (match[1] or match[2] or match[3] or match[4]).strip(" .,:") for match in _SET_APART.finditer(text)
    }


def _stated(text: str) -> Iterator[Definition]:
    for match in _FORMS.finditer(text):
        group = "term" if match["stated"] else "bold" if match["bold"] else "line"
        term = match[group].strip(" ,.*:")
        start = match.start(group)
        if not term or (group == "bold" and _is_heading(text, match.start())):
            continue
        points = bool(_POINTER.match(text, match.end() - len("the meaning"), match.end() + 80)) or bool(
            re.search(r"meanings?$|defined$", match[0])
        )
        full = _is_full(text, match)
        yield Definition(term, "stated", start, start + len(term), match.end(), full, points)
        for other in _NAMED.finditer(match["also"] or ""):
            at = match.start("also") + other.start("term")
            yield Definition(other["term"], "stated", at, at + len(other["term"]), match.end(), full, points)


def _is_full(text: str, match: re.Match[str]) -> bool:
    if not re.search(r"(?:means?|shall\smean|:)$", match[0]) or re.search(
        r"\balso\b|\bwith respect\b|\bfor\b", match[0]
    ):
        return False
    lead = text[max(match.start() - 80, 0) : match.start()]
    return bool(
        re.search(
            r"(?:^|\n|[.;:]\s{1,3}|[.)\d]\s{1,12}|\b(?i:the) terms?\s)(?:[-*•|\s]|\([a-z]{1,3}\)\s)*$", lead
        )
    )


def _is_heading(text: str, start: int) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return bool(re.fullmatch(r"[ \t#]*(?:\d[\d.]*[.)]?[ \t]*)?", line)) and "#" in line


def _named(text: str) -> Iterator[Definition]:
    for bracket in _PARENTHESIS.finditer(text):
        last = 0
        for match in _NAMED.finditer(bracket["inside"]):
            lead = bracket["inside"][last : match.start()].split()
            last = match.end()
            if lead and lead[-1].strip(",").casefold() not in NAMING_WORDS:
                continue
            start = bracket.start("inside") + match.start("term")
            term = match["term"].rstrip(" ,.")
            yield Definition(term, "named", start, start + len(term), bracket.end(), full=False, points=False)
    for match in _CALLED.finditer(text):
        term = match["term"].rstrip(" ,.")
        yield Definition(
            term,
            "named",
            match.start("term"),
            match.start("term") + len(term),
            match.end(),
            full=False,
            points=False,
        )
