"""From the plan to the text: one section at a time."""

import re
from collections.abc import Iterator, Mapping

from jinja2 import TemplateError

from actors.domain.markup import relax
from actors.domain.matter import EntityKind
from actors.domain.planning import DraftPlan, PlannedParagraph, PlannedSection
from actors.domain.sections import Blank, Paragraph, Section
from actors.domain.template_engine import Names, render
from actors.domain.wording_context import CLOSE, OPEN, Marked, PartyView, escape_value
from actors.errors import LibraryError

_BLANK = re.compile(f"{OPEN}(.*?){CLOSE}")
_LINE = "____________________"
_FOREIGN = "a person whom the law of its place of formation authorises"
_ACTING: Mapping[EntityKind | None, str] = {
    "llp": "a member",
    "partnership": "a partner",
    "limited_partnership": "its general partner",
    "corporation": _FOREIGN,
    "llc": _FOREIGN,
    "public_body": "its authorised signatory",
}
"""Who executes a deed under English law for a party that is neither a person nor a company of that law."""


def render_section(plan: DraftPlan, index: int) -> Section:
    """Render the section at `index`.

    Raises:
        LibraryError: A template of the library is wrong, or refers to a clause that this document lacks.
    """
    planned = plan.sections[index]
    names = {**plan.names, "ref": _Reference(plan.references)}
    blanks: dict[str, Blank] = {}
    paragraphs = [_rendered(paragraph, names, plan, blanks) for paragraph in planned.paragraphs]
    if planned.spec.kind == "signature":
        paragraphs += _signatures(plan, planned, blanks)
    return _headed(plan, index, names, blanks).model_copy(
        update={"paragraphs": tuple(paragraphs), "blanks": tuple(blanks.values())}
    )


def render_heading(plan: DraftPlan, index: int) -> Section:
    """Render the section at `index` without its paragraphs: what the outline fixes of it.

    Raises:
        LibraryError: As `render_section`.
    """
    return _headed(plan, index, {**plan.names, "ref": _Reference(plan.references)}, {})


def _headed(plan: DraftPlan, index: int, names: Names, blanks: dict[str, Blank]) -> Section:
    planned = plan.sections[index]
    return Section(
        index=index,
        id=planned.spec.id,
        kind=planned.spec.kind,
        number=planned.number,
        heading=_text(planned.spec.heading, names, plan, blanks),
        paragraphs=(),
    )


class _Reference:
    """`ref('clause_id')` in a template."""

    def __init__(self, references: dict[str, str]) -> None:
        self._references = references

    def __call__(self, anchor: str) -> Marked:
        if anchor not in self._references:
            raise LibraryError(anchor, "a clause refers to this id, which the document does not have")
        return Marked(self._references[anchor])


def _rendered(
    paragraph: PlannedParagraph, names: Names, plan: DraftPlan, blanks: dict[str, Blank]
) -> Paragraph:
    body = _text(paragraph.source, names, plan, blanks)
    if paragraph.heading:
        body = f"**{_text(paragraph.heading, names, plan, blanks)}.** {body}"
    if paragraph.term:
        body = f"“**{paragraph.term}**” {body}"
    return Paragraph(kind=paragraph.kind, label=paragraph.label, text=body, anchor=paragraph.anchor)


def _text(source: str, names: Names, plan: DraftPlan, blanks: dict[str, Blank]) -> str:
    try:
        text = render(plan.spelling(source), names)
    except TemplateError as error:
        raise LibraryError(plan.document_type.id, f"{source[:60]!r}: {error}") from error
    return _with_blanks(relax(" ".join(text.split())), plan, blanks)


def _with_blanks(text: str, plan: DraftPlan, blanks: dict[str, Blank]) -> str:
    """Print the blanks of a text, and note them."""

    def shown(match: re.Match[str]) -> str:
        blank = plan.context.blanks[match[1]]
        blanks.setdefault(blank.id, blank)
        return f"[{blank.label}]"

    return _BLANK.sub(shown, text)


def _signatures(plan: DraftPlan, planned: PlannedSection, blanks: dict[str, Blank]) -> Iterator[Paragraph]:
    for view in plan.context.parties:
        for line in _signature_lines(view, deed=planned.deed, uk=plan.context.uk):
            yield Paragraph(kind="signature", text=_with_blanks(relax(line), plan, blanks))


def _signature_lines(view: PartyView, *, deed: bool, uk: bool) -> Iterator[str]:
    name = view.name
    title = f"Title: {escape_value(view.signatory_title) if view.signatory_title else _LINE}"
    signer = f"Name: {escape_value(view.signatory) if view.signatory else _LINE}"
    if deed:
        acting = "" if view.is_individual else f" acting by {_ACTING.get(view.kind, 'a director')}"
        yield f"Executed as a deed by **{name}**{acting} in the presence of the witness named below"
    elif uk and not view.is_individual:
        yield f"Signed for and on behalf of **{name}**"
    else:
        yield f"**{name}**"
    yield f"{'Signature' if view.is_individual or uk else 'By'}: {_LINE}"
    if not view.is_individual:
        yield signer
        yield title
    if deed:
        yield f"Witness signature: {_LINE}"
        yield f"Witness name: {_LINE}"
        yield f"Witness address: {_LINE}"
    yield f"Date: {_LINE}"
