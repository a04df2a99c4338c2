"""The US Code in its publisher's XML becomes sections that can be cited."""

import datetime
from pathlib import Path

import pytest

from actors.domain.importing.passage import Passage
from actors.errors import InvalidInputError
from tests.unit.import_origin import TODAY, parse
from tests.unit.uslm_samples import GONE, RUN, SECTION, section, title


def sections(folder: Path, *parts: str) -> dict[str, Passage]:
    return {passage.id: passage for passage in parse(folder, "usc90.xml", title(*parts)).passages}


@pytest.fixture
def bees(tmp_path: Path) -> Passage:
    return sections(tmp_path, SECTION, section("102"))["us-fed/usc/90/101"]


def test_a_section_has_its_citation_heading_place_and_day(bees: Passage) -> None:
    assert (bees.citation, bees.heading, bees.kind) == ("90 U.S.C. § 101", "Bees", "statute")
    assert bees.place == ("Title 90—INSECTS", "CHAPTER 1—BEES")
    assert (bees.keys, bees.units) == (("us-fed/usc/90/101",), ("ch-1",))
    assert (bees.as_of, bees.jurisdiction) == (datetime.date(2025, 3, 4), "US-FED")


def test_its_text_is_lines_without_footnotes_and_notes(bees: Passage) -> None:
    assert bees.text == (
        "(a) Hives.— A hive under section 102(b) or section 106(1) of title 17 is—\n"
        "(1) a box; or\n(2) a log.\nBoth are homes.\n[(b) Repealed. Pub. L. 1–2]"
    )


def test_its_subdivisions_are_a_tree_in_reading_order_with_their_places(bees: Passage) -> None:
    told = [(part.pin, part.heading, bees.text[part.start : part.end]) for part in bees.subdivisions]

    assert told[0] == (("a",), "Hives", bees.text.partition("\n[")[0])
    assert told[1:3] == [(("a", "1"), "", "(1) a box; or"), (("a", "2"), "", "(2) a log.")]
    assert [part.status for part in bees.subdivisions] == ["in_force", "in_force", "in_force", "repealed"]


def test_its_notes_are_apart_and_quoted_sections_are_no_law(tmp_path: Path) -> None:
    found = sections(tmp_path, SECTION)

    assert list(found) == ["us-fed/usc/90/101"]
    notes = found["us-fed/usc/90/101"].notes
    assert [(note.topic, note.heading) for note in notes] == [
        ("sourceCredit", ""),
        ("amendments", "Amendments"),
    ]
    assert notes[1].text.startswith("2021—Honey added.\nSee § 999.")


def test_it_knows_what_it_refers_to_by_link_and_by_word(bees: Passage) -> None:
    assert bees.references == ("90 U.S.C. § 102(b)", "17 U.S.C. § 106(1)")


def test_the_sections_of_an_act_and_of_the_regulations_are_not_sections_of_the_code(tmp_path: Path) -> None:
    text = (
        "Section 5 of the Bee Act, sections 7 and 8 of this title, section 9 of title 37, Code of Federal "
        "Regulations, sections 20–22."
    )
    own = [section(str(number)) for number in (*range(3, 12), *range(20, 23))]
    found = sections(tmp_path, section("200", text), *own)["us-fed/usc/90/200"]

    assert found.references == tuple(f"90 U.S.C. § {number}" for number in ("7", "8", "20", "21", "22"))


def test_a_list_may_go_on_before_it_says_whose_sections_it_means(tmp_path: Path) -> None:
    text = "As section 5 or 6(b) of title 17, section 8 (as amended) of Public Law 1, and section 9, have it."
    own = [section(str(number)) for number in range(5, 10)]
    found = sections(tmp_path, section("200", text), *own)["us-fed/usc/90/200"]

    assert found.references == ("17 U.S.C. § 5", "17 U.S.C. § 6(b)", "90 U.S.C. § 9")


def test_a_reference_to_a_section_that_a_whole_title_lacks_is_none(tmp_path: Path) -> None:
    found = sections(tmp_path, section("200", "Section 201 and section 999 apply."), section("201"))
    assert found["us-fed/usc/90/200"].references == ("90 U.S.C. § 201",)


def test_marks_of_footnotes_are_no_text_and_exponents_are(tmp_path: Path) -> None:
    text = "The Act, <sup>2</sup> and 10<sup>6</sup> bees."
    assert sections(tmp_path, section("200", text))["us-fed/usc/90/200"].text == "The Act, and 106 bees."


def test_what_was_repealed_or_omitted_is_marked_under_all_its_numbers(tmp_path: Path) -> None:
    found = sections(tmp_path, GONE, RUN)

    gone, run = found["us-fed/usc/90/103"], found["us-fed/usc/90/110"]
    assert (gone.citation, gone.status) == ("90 U.S.C. §§ 103, 103A", "repealed")
    assert gone.keys == ("us-fed/usc/90/103", "us-fed/usc/90/103a")
    assert (run.citation, run.status, run.last_key) == (
        "90 U.S.C. §§ 110-119",
        "omitted",
        "us-fed/usc/90/119",
    )


@pytest.mark.parametrize("heading", ["Transferred", "Renumbered § 116", "Vacant", "Repealed or Omitted"])
def test_a_heading_says_that_a_section_is_gone(tmp_path: Path, heading: str) -> None:
    text = section("200").replace("Heading 200", heading)
    assert sections(tmp_path, text)["us-fed/usc/90/200"].status != "in_force"


@pytest.mark.parametrize(
    "heading", ["Transferred interests of authors", "Repealed patents, effect of", "Reserved"]
)
def test_a_heading_that_begins_alike_says_no_such_thing(tmp_path: Path, heading: str) -> None:
    text = section("200").replace("Heading 200", heading)
    status = sections(tmp_path, text)["us-fed/usc/90/200"].status
    assert status == ("reserved" if heading == "Reserved" else "in_force")


def test_the_importer_s_day_and_place_win_over_the_file_s(tmp_path: Path) -> None:
    said = parse(
        tmp_path, "a.xml", title(SECTION), jurisdiction="US-IL", as_of=datetime.date(2020, 1, 1)
    ).passages[0]
    silent = parse(tmp_path, "b.xml", title(SECTION, created="soon")).passages[0]

    assert (said.jurisdiction, said.as_of) == ("US-IL", datetime.date(2020, 1, 1))
    assert silent.as_of == TODAY


def test_a_whole_title_says_so(tmp_path: Path) -> None:
    part = title(SECTION).replace('identifier="/us/usc/t90">\n<meta>', ">\n<meta>")

    assert parse(tmp_path, "a.xml", title(SECTION)).whole_sources == ("us-fed/usc/90",)
    assert parse(tmp_path, "b.xml", part).whole_sources == ()


def test_a_section_that_cannot_be_cited_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    parsed = parse(tmp_path, "a.xml", title(section("1"), "<section><num>§ 2.</num></section>"))

    assert [passage.id for passage in parsed.passages] == ["us-fed/usc/90/1"]
    assert [(one.place, one.reason) for one in parsed.skipped] == [
        ("section § 2.", "it has no identifier of the US Code")
    ]
    assert parsed.whole_sources == ()


def test_two_texts_of_one_section_have_ids_of_their_own(tmp_path: Path) -> None:
    assert list(sections(tmp_path, section("1"), section("1", "Otherwise."))) == [
        "us-fed/usc/90/1",
        "us-fed/usc/90/1~2",
    ]


def test_numbers_with_dashes_of_print_are_the_ones_that_are_cited(tmp_path: Path) -> None:
    found = sections(tmp_path, section("2000e–5"))["us-fed/usc/90/2000e-5"]
    assert found.citation == "90 U.S.C. § 2000e-5"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html/>", "another kind"),
        ("not xml", "no sound XML"),
        (title(SECTION)[:-40], "no sound XML"),
        (title(), "no sections"),
        ("", "empty"),
    ],
)
def test_what_is_no_us_code_is_refused_with_the_reason(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        parse(tmp_path, "a.xml", content)
