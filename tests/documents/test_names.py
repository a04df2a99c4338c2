"""Names that would mean something to a template, a Markdown reader or Word come out exactly as they were given."""

import asyncio
import io

import docx
import pytest
from markdown_it import MarkdownIt

from actors.config import Settings
from actors.domain.docx_rendering import render_docx
from actors.draft_reader import drafted
from actors.messages import DraftRequest
from actors.report import ordered_sections, report_of
from cluster.inline import InlineFleet
from tests.unit.scripted_agents import TODAY

NAMES = [
    "A & B <Ltd>",
    "{{7*7}} LLC",
    "{% raw %} Inc.",
    "*Star* LLC",
    "O’Brien & <b>Sons</b> Ltd",
    "AT&amp;T Inc.",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reads_as_it_was_given(name: str) -> None:
    facts = f'{{"parties": {{"first": {name!r}, "second": "Beta LLC"}}}}'.replace("'", '"')
    request = DraftRequest(
        draft_id="names-0001", message="Mutual NDA under New York law", facts_json=facts, as_of=TODAY
    )
    progress = asyncio.run(drafted(InlineFleet(Settings()).port("coordinator"), request))
    document = report_of(progress)["document"]

    assert name in document["sections"][0]["text"]
    tokens = MarkdownIt("commonmark").parse(document["markdown"])
    shown = "".join(
        child.content for token in tokens for child in token.children or [] if child.type != "html_inline"
    )
    assert name in shown
    word = docx.Document(io.BytesIO(render_docx("T", [], ordered_sections(progress))))
    assert any(name in paragraph.text for paragraph in word.paragraphs)
