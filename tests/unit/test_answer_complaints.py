"""Hard faults of a model's section, each caught; and what a lawyer must look at."""

import datetime
from decimal import Decimal

import pytest

from actors.domain.matter import Money
from actors.domain.prompting.party_names import folded, wrong_names
from tests.documents.library_documents import matter_for
from tests.unit.answered_sections import Answered

SERVICES = Answered(matter_for("services", "US-DE"))
OPEN = Answered(matter_for("services", "US-DE", named=False))
MUTUAL = Answered(matter_for("nda_mutual", "US-DE"))
LEASE = Answered(
    matter_for(
        "lease",
        "US-NY",
        facts={
            "commencement_date": datetime.date(2027, 1, 5),
            "rent": Money(amount=Decimal(4200)),
            "premises": "1 Main Street, Dover, DE 19901",
        },
    )
)


def changed(answered: Answered, section_id: str, old: str, new: str) -> str:
    """Return the library's text of a section with one change."""
    text = answered.own(section_id).text
    assert old in text, text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("section_id", "old", "new", "fault"),
    [
        ("payment", "**Late Payment.** An", "**Late Payment.** [INSERT RATE] An", "placeholder"),
        ("payment", "**Late Payment.** An", "**Late Payment.** [●] An", "placeholder"),
        ("payment", "**Late Payment.** An", "**Late Payment.** TBD. An", "placeholder"),
        ("payment", "4.1 ", "Sure, here is the section you asked for:\n\n4.1 ", "no part of a contract"),
        ("payment", "4.1 ", "Here's the clause.\n\n4.1 ", "no part of a contract"),
        ("payment", "4.1 ", "I'm sorry, but I cannot draft this.\n\n4.1 ", "no part of a contract"),
        ("payment", "4.1 ", "As an AI language model, I advise: \n\n4.1 ", "no part of a contract"),
        ("payment", "reimburse, at cost", "reimburse, subject to Section 44.2, at cost", "44.2"),
        ("payment", "reimburse, at cost", "reimburse, as Exhibit Q says, at cost", "Exhibit Q"),
        ("acceptance", "Section 8.2", "Section 8.22", "8.22"),
        ("definitions", "“**Deliverable**” means", "A deliverable means", "definition of “Deliverable”"),
    ],
)
def test_a_hard_fault_is_named(section_id: str, old: str, new: str, fault: str) -> None:
    (complaint, *_) = SERVICES.complaints(section_id, changed(SERVICES, section_id, old, new))

    assert fault in complaint


def test_a_blank_that_was_filled_in_is_a_fault() -> None:
    section = next(s for s in OPEN.sections if s.kind == "schedule" and s.blanks)
    label = section.blanks[0].label
    text = section.text.replace(f"[{label}]", "three days of consulting")

    assert any(f"[{label}]" in complaint for complaint in OPEN.complaints(section.id, text))


def test_a_blank_that_stands_in_another_case_is_none() -> None:
    section = next(s for s in OPEN.sections if s.kind == "schedule" and s.blanks)
    label = section.blanks[0].label

    assert OPEN.complaints(section.id, section.text.replace(f"[{label}]", f"[{label.upper()}]")) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "Northwind Robotcis, Inc.",
        "Northwind Robotics LLC",
        "Northwind Logistics, Inc.",
        "Northwnd Robotics, Inc.",
        "Norhtwind Robotics",
        "Blue Heron Work LLC",
    ],
)
def test_a_party_whose_name_is_almost_right_is_a_fault(wrong: str) -> None:
    text = changed(MUTUAL, "protection", "The Recipient must keep", f"{wrong} must keep")

    assert any("should read" in complaint for complaint in MUTUAL.complaints("protection", text))


@pytest.mark.parametrize(
    "right", ["Northwind Robotics, Inc.", "NORTHWIND ROBOTICS, INC.", "Blue Heron Works’ staff"]
)
def test_a_party_under_its_own_name_is_none(right: str) -> None:
    text = changed(MUTUAL, "protection", "The Recipient must keep", f"{right} must keep")

    assert MUTUAL.complaints("protection", text) == ()


def test_a_person_whose_name_is_misspelt_is_a_fault() -> None:
    work = Answered(matter_for("employment", "US-DE", individual=matter_for("employment").parties[1].role))
    section = next(s for s in work.sections if s.kind == "clause" and len(s.paragraphs) > 2)

    complaints = work.complaints(section.id, f"{section.text}\n\nThis is for Jane Rowe.")

    assert any("“Jane Rowe” should read “Jane Roe”" in complaint for complaint in complaints)


def lease_section(words: str) -> str:
    return next(s.id for s in LEASE.sections if words in s.text and s.kind in {"clause", "schedule"})


@pytest.mark.parametrize(
    ("stated", "instead"),
    [
        ("$4,200", "$4,300"),
        ("$4,200", "£4,200"),
        ("January 5, 2027", "January 6, 2027"),
        ("January 5, 2027", "[Commencement Date]"),
        ("1 Main Street, Dover, DE 19901", "11 Main Street, Dover, DE 19901"),
    ],
)
def test_a_fact_that_was_changed_is_a_fault(stated: str, instead: str) -> None:
    section_id = lease_section(stated)

    complaints = LEASE.complaints(section_id, changed(LEASE, section_id, stated, instead))

    assert any(stated in complaint for complaint in complaints)


def test_a_fact_in_another_writing_is_none() -> None:
    section_id = lease_section("$4,200")

    assert LEASE.complaints(section_id, changed(LEASE, section_id, "$4,200", "USD 4,200.00")) == ()


def test_a_day_that_the_calendar_lacks_is_a_fault() -> None:
    text = changed(SERVICES, "payment", "reimburse, at cost", "reimburse, from February 31, 2027, at cost")

    assert any("calendar" in complaint for complaint in SERVICES.complaints("payment", text))


def test_a_clause_that_others_refer_to_must_stay_where_it_is() -> None:
    first, *rest = MUTUAL.own("protection").text.split("\n\n")
    moved = "\n\n".join([*rest, first])

    complaints = MUTUAL.complaints("protection", moved)

    assert any("3.1 Use" in complaint and "keep its number" in complaint for complaint in complaints)


def test_a_section_that_breaks_off_is_a_fault() -> None:
    text = MUTUAL.own("protection").text[:120]

    assert any("not complete" in complaint for complaint in MUTUAL.complaints("protection", text))


def test_an_added_clause_is_no_fault() -> None:
    text = f"{MUTUAL.own('protection').text}\n\n3.6 **Records.** The Recipient must keep records of its use."

    assert MUTUAL.complaints("protection", text) == ()
    assert MUTUAL.findings("protection", text) == ()


@pytest.mark.parametrize(
    ("words", "check", "quote"),
    [
        ("as 42 U.S.C. § 1983 requires", "L3", "42 U.S.C. § 1983"),
        ("as the Equality Act 2010, s 13 requires", "L3", "Equality Act 2010, s 13"),
        ("in the Escrow Account", "L4", "Escrow Account"),
        ("within 17 days", "L5", "17 days"),
        ("for a penalty of $9,999", "L5", "$9,999"),
        ("with 37% interest", "L5", "37%"),
        ("before March 3, 2031", "L5", "March 3, 2031"),
    ],
)
def test_what_came_from_nowhere_is_a_finding_at_its_words(words: str, check: str, quote: str) -> None:
    text = changed(
        MUTUAL, "protection", "**Care.** The Recipient must", f"**Care.** The Recipient, {words}, must"
    )
    section = MUTUAL.parsed("protection", text)

    (finding,) = MUTUAL.findings("protection", text)

    assert (finding.check, finding.quote, finding.section) == (check, quote, "3")
    assert section.markdown[finding.start : finding.end] == quote


def test_law_that_was_researched_may_be_cited() -> None:
    citations = [hit.authority.citation for hit in MUTUAL.packet.hits if hit.authority.citation]
    text = "\n\n".join([MUTUAL.own("protection").text, *(f"See {citation}." for citation in citations)])

    assert [finding for finding in MUTUAL.findings("protection", text) if finding.check == "L3"] == []
    assert len(citations) > 5


def test_what_a_section_defines_itself_is_defined() -> None:
    text = changed(MUTUAL, "protection", "**Care.** The", "**Care.** The “**Log**” is kept. On the Log, the")

    assert MUTUAL.findings("protection", text) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Acme LLC pays.", [("Acme LLC", "Acme Inc.")]),
        ("Acme Inc pays, and ACME, Inc. too.", []),
        ("The Acme pays.", []),
        ("Ace Inc. pays.", [("Ace Inc", "Acme Inc.")]),
    ],
)
def test_a_short_name_under_another_form_is_almost_right(text: str, told: list[tuple[str, str]]) -> None:
    assert list(wrong_names(text, ["Acme Inc."], folded("The Client pays."))) == told
