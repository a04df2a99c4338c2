"""Sections by a model: what it is asked, and what its text becomes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from actors.domain.authority import ResearchPacket
from actors.domain.findings import Finding
from actors.domain.matter import Matter
from actors.domain.planning import DraftPlan
from actors.domain.prompting.answer_lines import read_lines
from actors.domain.prompting.complaints import MOST_COMPLAINTS, checks
from actors.domain.prompting.draft_prompt import ask_for_section
from actors.domain.prompting.fence import fenced
from actors.domain.prompting.inline_text import inline
from actors.domain.prompting.numbering import numbered, paths
from actors.domain.prompting.prompt import Prompt
from actors.domain.prompting.remarks import remarks
from actors.domain.prompting.skeleton import Skeleton, skeleton
from actors.domain.prompting.text_signs import checked_text
from actors.domain.prompting.texts import common_text, filled
from actors.domain.review.remark import to_findings
from actors.domain.sections import Blank, Paragraph, Section
from actors.errors import ModelAnswerError

MOST_SECTION_CHARS = 60_000
_MOST_PARAGRAPHS = 400
_WRITTEN_KINDS = frozenset({"clause", "schedule"})


def writes(plan: DraftPlan, index: int) -> bool:
    """Whether a model writes this section: opening and signatures are the library's alone."""
    return plan.sections[index].spec.kind in _WRITTEN_KINDS


def section_prompt(plan: DraftPlan, index: int, matter: Matter, packet: ResearchPacket) -> Prompt:
    """Return the question for one section: the outline, the library's wording of it, and the matter as data.

    The answer is plain text: the section's body in the form in which it is printed.

    Args:
        plan: The outline.
        index: The section's position; one that a model `writes`.
        matter: What is to be drafted.
        packet: The authorities that may be cited.

    Raises:
        LibraryError: A template or a prompt file is wrong.
    """
    return ask_for_section(plan, index, matter, packet)


def repair_prompt(prompt: Prompt, answer: str, faults: Sequence[str]) -> Prompt:
    """Return the question once more, with the answer that cannot be used and what is wrong with it.

    Args:
        prompt: The question as it was first asked, of any task.
        answer: What the model said; cut where it is longer than any section.
        faults: Complaints, or the reason of a `ModelAnswerError`.
    """
    blocks = {
        "answer": fenced("last answer", answer[:MOST_SECTION_CHARS]),
        "complaints": fenced("faults", "\n".join(f"{n}. {fault}" for n, fault in enumerate(faults, start=1))),
    }
    again = filled(common_text().repair.strip(), blocks, "common.yaml")
    return replace(prompt, user=f"{prompt.user}\n\n{again}")


def parse_section(text: str, plan: DraftPlan, index: int) -> Section:
    """Return a model's text as a section: number and heading as planned, labels consecutive, blanks recognised.

    Text in the form that was asked for is printed again as it came; other habits (a repeated heading, bullets, numbers
    of its own) are brought into that form. Markdown other than bold becomes text.

    Args:
        text: What the model wrote.
        plan: The outline.
        index: The section's position; one that a model `writes`.

    Raises:
        ModelAnswerError: The text is empty, too long, or holds signs that no document can carry.
    """
    checked = checked_text(text, MOST_SECTION_CHARS)
    known = skeleton(plan)
    own, item_labels = known.sections[index], plan.sections[index].spec.item_labels
    lines = read_lines(checked, own)
    if not lines:
        raise ModelAnswerError("draft", "the section has no text")
    if len(lines) > _MOST_PARAGRAPHS:
        raise ModelAnswerError("draft", f"the section has {len(lines)} paragraphs")
    anchors = {path: paragraph.anchor for path, paragraph in paths(own, item_labels).items()}
    finder = _Blanks(known, own)
    paragraphs: list[Paragraph] = []
    blanks: dict[str, Blank] = {}
    for one in numbered(lines, own, item_labels):
        set_text, found = inline(one.text, finder, opens=not one.label)
        blanks |= {blank.id: blank for blank in found if blank.id not in blanks}
        anchor = anchors.get(one.path, "")
        paragraphs.append(Paragraph(kind=one.kind, label=one.label, text=set_text, anchor=anchor))
    return own.model_copy(update={"paragraphs": tuple(paragraphs), "blanks": tuple(blanks.values())})


def section_complaints(
    section: Section, plan: DraftPlan, matter: Matter, packet: ResearchPacket
) -> tuple[str, ...]:
    """Return the hard faults of a section that a model wrote, for its repair: a sentence each, twelve at the most.

    They say that it is incomplete, talks to somebody, fills in a blank, gets a name, number or reference wrong, or
    lacks what other sections refer to. The library's own sections have none.
    """
    return tuple(islice(chain(*section_checks(section, plan, matter, packet)), MOST_COMPLAINTS))


def section_checks(
    section: Section, plan: DraftPlan, matter: Matter, packet: ResearchPacket
) -> tuple[Iterator[str], ...]:
    """Return the same in parts of some milliseconds each: whoever must not hold up others reads one after the other."""
    return checks(section, plan, matter, packet)


def section_findings(
    section: Section,
    plan: DraftPlan,
    matter: Matter,  # noqa: ARG001 (asked for like the complaints)
    packet: ResearchPacket,
) -> tuple[Finding, ...]:
    """Return what a lawyer must look at in a section that a model wrote, in reading order.

    L3: law that was not researched; L4: a term that the document does not define; L5: a number from nowhere. Offsets
    count from the start of the section's Markdown.
    """
    known = skeleton(plan)
    found = to_findings(section.markdown, remarks(section, known, packet), lambda _: section.number)
    return tuple(found)


class _Blanks:
    """Which words in square brackets are blanks."""

    def __init__(self, known: Skeleton, own: Section) -> None:
        self._known, self._section = known, own
        self._own = {blank.label.casefold(): blank for blank in own.blanks}

    def __call__(self, words: str) -> Blank | None:
        label = " ".join(words.split())
        planned = self._own.get(label.casefold()) or self._known.blanks.get(label.casefold())
        if planned is not None or f"[{label}]" in self._known.given:
            return planned
        if not any(char.isalpha() for char in label):
            return None
        # Further blanks are the model's: a fact that nobody gave and that the type does not know.
        slug = "_".join("".join(c if c.isalnum() else " " for c in label.casefold()).split())
        return Blank(
            id=f"{self._section.id}.{slug}",
            label=label,
            kind="text",
            question=f"What belongs in place of “{label}”?",
        )
