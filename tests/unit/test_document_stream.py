"""Whatever comes early, late, twice or not at all: the reader's text ends as the sections say."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.document_stream import Cursor, DocumentStream
from actors.domain.sections import Paragraph, Section
from actors.errors import InvalidInputError
from actors.events import SectionDrafted, SectionRestarted, Token
from actors.messages import Piece


def section(index: int, text: str, attempt: str = "", seq: int = 0) -> SectionDrafted:
    written = Section(
        index=index,
        id=f"s{index}",
        kind="preamble",
        number="",
        heading="",
        paragraphs=(Paragraph(kind="body", text=text),),
    )
    return SectionDrafted(seq=seq, section=written, attempt=attempt)


def piece(index: int, attempt: str, offset: int, text: str) -> Piece:
    return Piece(section=index, attempt=attempt, offset=offset, text=text)


class Reader:
    """Puts the text together as a reader would."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.order: list[int] = []
        self.restarts = 0

    def take(self, told: Token | SectionRestarted) -> None:
        if isinstance(told, SectionRestarted):
            self.restarts += 1
            self.texts[told.section] = ""
            return
        assert told.offset == len(self.texts.get(told.section, "")), "a gap, or words told twice"
        self.texts[told.section] = self.texts.get(told.section, "") + told.content
        if not self.order or self.order[-1] != told.section:
            self.order.append(told.section)


def read(steps: list[Piece | SectionDrafted]) -> Reader:
    stream, reader = DocumentStream(), Reader()
    for step in steps:
        for told in stream.piece(step) if isinstance(step, Piece) else stream.drafted(step):
            reader.take(told)
    for told in stream.end():
        reader.take(told)
    return reader


def test_live_words_come_at_once_and_the_complete_section_adds_only_what_is_missing() -> None:
    stream = DocumentStream()
    early = [*stream.piece(piece(0, "a", 0, "The par")), *stream.piece(piece(0, "a", 7, "ties"))]
    late = list(stream.drafted(section(0, "The parties agree.")))
    assert [token.content for token in [*early, *late] if isinstance(token, Token)] == [
        "The par",
        "ties",
        " agree.",
    ]


def test_a_new_attempt_is_announced_and_its_words_are_not_spliced_onto_the_old_ones() -> None:
    reader = read(
        [piece(0, "a", 0, "The Seller"), piece(0, "b", 0, "The Buyer pays."), section(0, "The Buyer pays.")]
    )
    assert reader.texts == {0: "The Buyer pays."}
    assert reader.restarts == 1


def test_a_section_that_differs_from_what_was_told_comes_again_whole() -> None:
    reader = read([piece(0, "a", 0, "4.2 Term."), section(0, "4.1 Term.")])
    assert (reader.texts, reader.restarts) == ({0: "4.1 Term."}, 1)


def test_a_section_that_is_complete_early_waits_for_its_turn() -> None:
    reader = read([section(1, "second"), piece(0, "a", 0, "fir"), section(0, "first")])
    assert reader.order == [0, 1]


def test_sections_behind_one_that_never_came_are_told_at_the_end() -> None:
    reader = read([section(0, "first"), section(2, "third"), piece(1, "a", 0, "sec")])
    assert reader.texts[2] == "third"


WORDS = st.text(alphabet="ab ", min_size=1, max_size=12)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[str], list[Piece | SectionDrafted]]:
    """Draw a document and some order in which its pieces and sections may arrive."""
    texts = draw(st.lists(WORDS, min_size=1, max_size=4))
    pieces: list[Piece] = []
    for index, text in enumerate(texts):
        for attempt in range(draw(st.integers(0, 2))):
            spoken = text if draw(st.booleans()) else draw(WORDS)
            cuts = sorted({0, *draw(st.lists(st.integers(0, len(spoken)), max_size=3)), len(spoken)})
            pieces += [
                piece(index, f"{index}.{attempt}", start, spoken[start:end])
                for start, end in itertools.pairwise(cuts)
            ]
    steps: list[Piece | SectionDrafted] = list(pieces)
    for index, text in draw(st.permutations(list(enumerate(texts)))):
        steps.insert(draw(st.integers(0, len(steps))), section(index, text))
    return texts, steps


@given(histories())
def test_every_order_of_arrival_gives_the_same_text_in_document_order(
    history: tuple[list[str], list[Piece | SectionDrafted]],
) -> None:
    texts, steps = history
    reader = read(steps)
    assert reader.texts == dict(enumerate(texts))
    assert reader.order == sorted(reader.order)


Step = Piece | SectionDrafted


def words_of(stream: DocumentStream, step: Step) -> Iterator[Token | SectionRestarted]:
    return stream.piece(step) if isinstance(step, Piece) else stream.drafted(step)


def read_until_cut(reader: Reader, steps: list[Step], cut: int) -> tuple[Cursor, list[SectionDrafted]]:
    """Read until `cut` pieces of text were told; return the place, and the events seen by then."""
    stream, seen, cursor = DocumentStream(), list[SectionDrafted](), Cursor()
    for step in steps:
        for words in words_of(stream, step):
            if cut == 0:
                return cursor, seen
            reader.take(words)
            cut, cursor = cut - 1, stream.cursor(len(seen))
        if isinstance(step, SectionDrafted):
            seen.append(step)
            cursor = stream.cursor(len(seen))
    return cursor, seen


@given(histories(), st.integers(0, 20))
def test_a_reader_cut_off_anywhere_goes_on_without_loss_or_repetition(
    history: tuple[list[str], list[Step]], cut: int
) -> None:
    texts, steps = history
    reader = Reader()
    cursor, seen = read_until_cut(reader, steps, cut)
    # The coordinator tells what came after the last event; the drafting agent tells its text from the start.
    later = [step for step in steps if isinstance(step, SectionDrafted) and step not in seen]
    pieces = [step for step in steps if isinstance(step, Piece) and step.section >= cursor.section]
    stream = DocumentStream.after(Cursor.parse(str(cursor)), seen)
    rest: list[Step] = [*pieces, *later]
    told = [*stream.advance(), *(words for step in rest for words in words_of(stream, step))]
    for words in [*told, *stream.end()]:
        reader.take(words)
    assert reader.texts == dict(enumerate(texts))


def test_a_cursor_that_was_not_given_out_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        Cursor.parse("17; drop")
