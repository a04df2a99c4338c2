"""The sheet that a document is printed on. All lengths are in twips, twentieths of a point."""

from typing import Literal, NamedTuple

PaperSize = Literal["letter", "a4"]


class Paper(NamedTuple):
    """One paper size, with the spelling of the places that use it."""

    width: int
    height: int
    margin: int
    language: str

    @property
    def text_width(self) -> int:
        """Width between the margins."""
        return self.width - 2 * self.margin


PAPERS: dict[PaperSize, Paper] = {
    "letter": Paper(width=12240, height=15840, margin=1440, language="en-US"),
    "a4": Paper(width=11906, height=16838, margin=1418, language="en-GB"),
}
