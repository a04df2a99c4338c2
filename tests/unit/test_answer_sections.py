"""What a model's text becomes: a section of ours, whatever habits it was written with."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.markup import plain
from actors.domain.prompting.complaints import MOST_COMPLAINTS
from actors.domain.prompting.drafting import MOST_SECTION_CHARS, writes
from actors.domain.prompting.inline_text import inline
from actors.domain.sections import Section, plain_text
from actors.errors import ModelAnswerError
from tests.documents.library_documents import matter_for
from tests.unit.answered_sections import Answered

SERVICES = Answered(matter_for("services", "US-DE"))
MUTUAL = Answered(matter_for("nda_mutual", "US-DE"))
OWN = MUTUAL.own("protection")
"""Five numbered clauses: 3.1 Use to 3.5 No Reverse Engineering."""


def labels(section_id: str, text: str) -> list[tuple[str, str]]:
    return [(p.kind, p.label) for p in SERVICES.parsed(section_id, text).paragraphs]


def test_opening_and_signatures_are_never_a_models() -> None:
    plan = SERVICES.plan
    kinds = {section.kind: writes(plan, section.index) for section in SERVICES.sections}

    assert kinds == {"preamble": False, "clause": True, "schedule": True, "signature": False}


@pytest.mark.parametrize(
    "habit",
    [
        pytest.param(lambda text: f"## 3. Use and Protection\n\n{text}", id="heading"),
        pytest.param(lambda text: f"**3. Use and Protection**\n\n{text}", id="bold heading"),
        pytest.param(lambda text: f"Section 3. USE AND PROTECTION\n{text}", id="heading in words"),
        pytest.param(lambda text: f"```markdown\n{text}\n```", id="code fence"),
        pytest.param(lambda text: f"---\n{text}\n\n---", id="rules"),
        pytest.param(lambda text: text.replace("\n\n", "\n"), id="no empty lines"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="line ends"),
        pytest.param(lambda text: text.replace("3.", "9."), id="another section's numbers"),
        pytest.param(lambda text: text.replace("\n\n3.", "\n\n").replace("3.", "", 1), id="counted from one"),
        pytest.param(lambda text: text.replace("3.2 **Care.**", "3.7 **Care.**"), id="a number skipped"),
        pytest.param(lambda text: text.replace("3.2 **Care.**", "**3.2 Care.**"), id="bold number"),
        pytest.param(lambda text: text.replace("3.2 **Care.**", "**3.2** **Care.**"), id="number bold by itself"),
        pytest.param(lambda text: text.replace("3.2 **Care.**", "### 3.2 Care\n"), id="clause headings"),
        pytest.param(lambda text: text.replace("3.2 **Care.**", "### 3.2 Care\n\n"), id="clause headings apart"),
        pytest.param(lambda text: text.replace("3.2 **Care.** The", "3.2 **Care.** The\n"), id="broken lines"),
        pytest.param(lambda text: text.replace("3.2 ", "- 3.2 "), id="numbers behind bullets"),
    ],
)  # fmt: skip
def test_habits_of_writing_give_the_same_section(habit: Callable[[str], str]) -> None:
    assert habit(OWN.text) != OWN.text
    assert MUTUAL.parsed("protection", habit(OWN.text)).paragraphs == OWN.paragraphs


def test_bullets_become_items_and_nested_bullets_become_items_of_items() -> None:
    text = (
        "6.1 **Duties.** It must:\n\n- keep it secret;\n- use it:\n"
        "  - for the Services; and\n  - for nothing else; and\n- return it."
    )

    section = SERVICES.parsed("confidentiality", text)

    assert [(p.kind, p.label, p.text) for p in section.paragraphs[1:]] == [
        ("item", "(a)", "keep it secret;"),
        ("item", "(b)", "use it:"),
        ("subitem", "(i)", "for the Services; and"),
        ("subitem", "(ii)", "for nothing else; and"),
        ("item", "(c)", "return it."),
    ]


def test_the_ninth_item_is_no_roman_one() -> None:
    items = "\n".join(f"({letter}) thing {letter};" for letter in "abcdefghij")

    assert [label for _, label in labels("confidentiality", f"6.1 It must:\n{items}")][1:] == [
        f"({letter})" for letter in "abcdefghij"
    ]


def test_a_roman_list_below_an_item_is_a_list_of_its_own() -> None:
    text = "6.1 It must:\n(a) keep:\n(i) one; and\n(ii) two; and\n(b) return it."

    assert [label for _, label in labels("confidentiality", text)] == ["6.1", "(a)", "(i)", "(ii)", "(b)"]


def test_a_second_list_of_a_clause_begins_anew() -> None:
    text = "6.1 It must:\n(a) one; and\n(b) two.\n\nIt may:\n(a) three; and\n(b) four."

    assert [label for _, label in labels("confidentiality", text)] == ["6.1", "(a)", "(b)", "", "(a)", "(b)"]


def test_forgotten_numbers_are_supplied() -> None:
    text = "\n\n".join(paragraph.text for paragraph in OWN.paragraphs)

    assert MUTUAL.parsed("protection", text).paragraphs == OWN.paragraphs


def test_definitions_are_read_in_other_quotation_marks() -> None:
    text = 'In this Agreement:\n\n1.1 "Affiliate" means a relative.\n\n**“Fees”** means money.\n\n**Work** means work.'

    found = SERVICES.parsed("definitions", text).paragraphs

    assert [(p.kind, p.label, p.text) for p in found[1:]] == [
        ("definition", "", "“**Affiliate**” means a relative."),
        ("definition", "", "“**Fees**” means money."),
        ("definition", "", "“**Work**” means work."),
    ]


def test_a_clause_keeps_the_anchor_by_which_others_refer_to_it() -> None:
    section = MUTUAL.parsed("protection", OWN.text.replace("only for the Purpose", "for the Purpose alone"))

    assert [p.anchor for p in section.paragraphs] == [p.anchor for p in OWN.paragraphs]


def test_a_blank_of_the_plan_is_the_same_blank() -> None:
    draft = Answered(matter_for("services", "US-DE", named=False))
    own = draft.own("general")

    section = draft.parsed("general", own.text.replace("[", "[ "))

    assert section.blanks == own.blanks


def test_a_bracket_that_the_plan_does_not_know_is_an_open_point() -> None:
    (blank,) = SERVICES.parsed("payment", "4.1 The fee is [Hourly Rate] an hour [1].").blanks

    assert (blank.id, blank.label, blank.kind) == ("payment.hourly_rate", "Hourly Rate", "text")
    assert "Hourly Rate" in blank.question


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "![x](http://example.com/x.png)",
        "<img src=x onerror=alert(1)>",
        "`code` and ``more``",
        "*stars* and _lines_ and ~~waves~~",
        "&lt;b&gt; &copy;",
        "**never closed",
        "a ** b ** c",
        "\\<b>",
        "[Fee](http://example.com)",
        "[ref]: http://example.com",
    ],
)
@pytest.mark.parametrize("label", ["4.1 ", ""])
def test_markup_of_a_model_is_text(hostile: str, label: str) -> None:
    section = SERVICES.parsed("payment", f"{label}Before {hostile} after.")

    words = plain_text(section)
    for sign in "[<!`&":
        assert words.count(sign) == hostile.replace("\\<", "<").count(sign)
    assert SERVICES.parsed("payment", section.text) == section


@pytest.mark.parametrize(
    "opening", ["# x", "> x", "+ x", "| a | b |", "<div x", "12) x", "1986. A year", "- x"]
)
def test_the_beginning_of_a_paragraph_opens_no_block(opening: str) -> None:
    text, _ = inline(opening, lambda _words: None)

    assert plain(text) == opening
    assert text.startswith("\\") or "\\" in text[:6]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t\n", "empty"),
        ("```\n```", "no text"),
        ("---", "no text"),
        ("x" * (MOST_SECTION_CHARS + 1), "characters"),
        ("\n\n".join("x" for _ in range(500)), "paragraphs"),
        ("evil \u202e text", "turns"),
        ("\x00", "control"),
        ("\ue0000\ue001", "private"),
        ("half \ud800", "surrogate"),
    ],
    ids=["empty", "white", "fence", "rule", "long", "many", "turning", "control", "private", "surrogate"],
)  # fmt: skip
def test_a_text_that_is_no_section_is_refused_by_its_kind(text: str, reason: str) -> None:
    with pytest.raises(ModelAnswerError, match=reason):
        SERVICES.parsed("payment", text)


_WORDS = st.sampled_from(
    ["4.1", "(a)", "(i)", "- ", "  - ", "\n", "\n\n", "**", "[Fee]", "[x](y)", "“**T**” means", "# ", "```", "The", " ",
     "fee.", "\\", "<b>", "|", "1.", "___", "4.1.1 ", "a)", "> "]
)  # fmt: skip


_WRITTEN = [s for s in SERVICES.sections if writes(SERVICES.plan, s.index)]


@given(st.text() | st.lists(_WORDS, max_size=40).map("".join), st.sampled_from(_WRITTEN))
def test_any_text_becomes_a_sound_section_or_is_refused(text: str, own: Section) -> None:
    try:
        section = SERVICES.parsed(own.id, text)
    except ModelAnswerError:
        return
    assert (section.index, section.number, section.heading) == (own.index, own.number, own.heading)
    assert all(paragraph.text.strip() for paragraph in section.paragraphs)
    clauses = [paragraph.label for paragraph in section.paragraphs if paragraph.kind == "clause"]
    assert clauses == [f"{own.number}.{n}" for n in range(1, len(clauses) + 1)]
    assert all(f"[{blank.label}]" in section.text for blank in section.blanks)
    for finding in SERVICES.findings(own.id, text):
        assert section.markdown[finding.start : finding.end] == finding.quote
    assert len(SERVICES.complaints(own.id, text)) <= MOST_COMPLAINTS


@given(st.text(alphabet=st.characters(codec="ascii", categories=("L", "N", "Z")), min_size=1))
def test_every_letter_and_digit_of_running_text_is_kept(text: str) -> None:
    kept = plain(inline(text, lambda _words: None)[0])

    assert kept == " ".join(text.split())
