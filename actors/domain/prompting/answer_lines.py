"""A model's text as paragraphs: which of them are clauses, items, definitions, whatever habits it was written with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from actors.domain.sections import Section

Mark = Literal["clause", "item", "bullet", "definition", "none"]

_FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})\s*\w*\s*")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|(?:=\s*){3,})")
_HASHES = re.compile(r"\s{0,3}#{1,6}\s+")
_BULLET = re.compile(r"[-*+•–—·▪◦‣]\s+(?=\S)")
_DOTTED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){1,3})\.?(?=\s|\*\*|$)\s*")
_COUNTED = re.compile(r"(?P<number>\d{1,3})(?:[.)]\s+(?=[A-Z“\"‘*\[(])|\s+(?=\*\*[A-Z]))")
_BRACKET = re.compile(r"\((?P<label>[A-Za-z]|([a-z])\2|[ivxl]{2,5}|[IVXL]{2,5}|\d{1,2})\)\s+(?=\S)")
_LETTER = re.compile(r"(?P<label>[a-z]|[ivx]{2,5})[.)]\s+(?=\S)")
_OPENS_CLAUSE = re.compile(r"[A-Z“\"‘*\[(\\]|$")
_DEFINES = re.compile(
    r"(?:\*\*)?[“\"](?:\*\*)?(?P<term>[^”\"*\n]{1,80}?)(?:\*\*)?[”\"](?:\*\*)?\s+(?=\S)(?P<rest>.*)",
    re.DOTALL,
)
_DEFINES_BARE = re.compile(
    r"\*\*(?P<term>[^*\n]{1,80}?)[.:]?\*\*[.:]?\s+(?P<rest>(?:means|has the meaning)\b.*)", re.DOTALL
)
_WHOLLY_BOLD = re.compile(r"\*\*(?P<words>[^*]{1,120})\*\*[.:]?")
_SENTENCE_ENDS = (".", ":", ";", "!", "?", "”")


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One paragraph of the answer."""

    mark: Mark
    text: str
    """Without its mark."""
    label: str = ""
    """As the model wrote it: `4.1`, `a`, `iv`; empty for what carries none."""
    indent: int = 0
    """Spaces before it."""
    is_heading: bool = False
    """A line of Markdown heading, or bold throughout: its text stands below it."""


def read_lines(text: str, own: Section) -> list[AnswerLine]:
    """Split an answer into paragraphs.

    Args:
        text: What the model wrote, with plain line ends.
        own: The library's version of the section: its number, heading, and whether it defines or counts.
    """
    defines = any(paragraph.kind == "definition" for paragraph in own.paragraphs)
    lines = [_read(paragraph, own, defines=defines) for paragraph in _paragraphs(text, own)]
    while lines and _repeats_heading(lines[0], own):
        del lines[0]
    return [line for line in _joined(lines) if line.text.strip(" *")]


def _paragraphs(text: str, own: Section) -> Iterator[str]:
    """Yield the paragraphs; a line that was broken for its length is joined to the one before."""
    waiting = ""
    for raw in text.split("\n"):
        if _FENCE.fullmatch(raw) or _RULE.fullmatch(raw) or not raw.strip():
            if waiting:
                yield waiting
            waiting = ""
        elif waiting and _goes_on(waiting, raw, own):
            waiting = f"{waiting} {raw.strip()}"
        else:
            if waiting:
                yield waiting
            waiting = raw.rstrip()
    if waiting:
        yield waiting


def _goes_on(before: str, line: str, own: Section) -> bool:
    if _HASHES.match(before) or _HASHES.match(line) or _WHOLLY_BOLD.fullmatch(before.strip()):
        return False
    return _read(line, own, defines=True).mark == "none" and not before.rstrip(" *").endswith(_SENTENCE_ENDS)


def _read(paragraph: str, own: Section, *, defines: bool) -> AnswerLine:
    indent = len(paragraph) - len(paragraph.lstrip())
    hashes = _HASHES.match(paragraph)
    text = paragraph[hashes.end() :].rstrip("# ") if hashes else paragraph.strip()
    quoted = text.removeprefix("> ")
    line = replace(_marked(quoted, own), indent=indent)
    bold = _WHOLLY_BOLD.fullmatch(line.text)
    if hashes or bold:
        words = (bold["words"] if bold else line.text).strip(" *")
        return replace(line, text=words, is_heading=bool(words) and line.mark in {"clause", "none"})
    defined = _DEFINES.fullmatch(line.text) or (_DEFINES_BARE.fullmatch(line.text) if defines else None)
    if defined and (line.mark == "none" or (defines and line.mark != "item")):
        return AnswerLine("definition", f"“**{defined['term'].strip()}**” {defined['rest']}", indent=indent)
    return line


def _marked(text: str, own: Section) -> AnswerLine:
    """Take the mark off a paragraph, also out of bold: `**4.1 Rent.** The …`."""
    bold = "**" if text.startswith("**") else ""
    inner = text.removeprefix(bold)
    found = _DOTTED.match(inner)
    if found and _is_clause_number(found, inner, own):
        deep = found["number"].count(".") > 1
        return AnswerLine("item" if deep else "clause", _after(inner, found, bold), found["number"])
    if counted := _COUNTED.match(inner):
        return AnswerLine("clause", _after(inner, counted, bold), counted["number"])
    if bracket := _BRACKET.match(inner.replace(")**", ")", 1) if bold else inner):
        rest = inner.replace(")**", ")", 1) if bold and f"({bracket['label']})**" in inner[:12] else None
        return AnswerLine(
            "item", rest[bracket.end() :] if rest else _after(inner, bracket, bold), bracket["label"]
        )
    if not bold and (letter := _LETTER.match(text)):
        return AnswerLine("item", text[letter.end() :], letter["label"])
    if not bold and (bullet := _BULLET.match(text)):
        inside = _marked(text[bullet.end() :], own)
        return inside if inside.mark != "none" else AnswerLine("bullet", inside.text)
    return AnswerLine("none", text)


def _is_clause_number(found: re.Match[str], text: str, own: Section) -> bool:
    """A decimal at the start of a sentence is no number of a clause."""
    rest = text[found.end() :].removeprefix("**").strip()
    return found["number"].startswith(f"{own.number}.") or bool(_OPENS_CLAUSE.match(rest))


def _after(text: str, mark: re.Match[str], bold: str) -> str:
    """Return what follows a mark; bold that began before the mark and ends behind it begins anew."""
    rest = text[mark.end() :]
    if not bold:
        return rest
    return rest.removeprefix("**").lstrip() if rest.startswith("**") else f"**{rest}"


def _repeats_heading(line: AnswerLine, own: Section) -> bool:
    """Whether a line at the top is the section's own heading, in whatever form."""
    words = _words(line.text)
    if not words or not own.heading:
        return False
    heads = {
        _words(own.heading),
        _words(own.title),
        _words(f"Section {own.title}"),
        _words(f"Clause {own.title}"),
    }
    return words in heads and line.mark in {"none", "clause"}


def _joined(lines: list[AnswerLine]) -> Iterator[AnswerLine]:
    """Put a clause's heading that has a line of its own before its text, as a run-in heading."""
    heading: AnswerLine | None = None
    for line in lines:
        if heading is not None:
            run_in = f"**{heading.text.rstrip('.: ')}.**"
            opens = line.mark == "none" or (line.mark == "clause" and heading.mark == "none")
            if opens and not line.is_heading and not line.text.startswith("**"):
                owner = heading if heading.mark == "clause" else line
                yield replace(owner, text=f"{run_in} {line.text}", is_heading=False)
                heading = None
                continue
            yield replace(heading, text=run_in, is_heading=False)
        heading = line if line.is_heading else None
        if heading is None:
            yield line
    if heading is not None:
        yield replace(heading, text=f"**{heading.text}**", is_heading=False)


def _words(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text.casefold()).split())
