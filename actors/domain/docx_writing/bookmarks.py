"""Bookmarks: the places that fields point to."""

from collections.abc import Sequence

from actors.domain.docx_writing.elements import Element, w

# A leading underscore hides a bookmark from the list that Word shows; Word's own references are named so too.
_FIRST = 100_000_001


class Bookmarks:
    """The places of one document; only those that something points to are marked in the file."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._runs: dict[str, Sequence[Element]] = {}

    def name(self, place: str) -> str:
        """Return the bookmark's name for a place that a field points to."""
        return self._names.setdefault(place, f"_Ref{_FIRST + len(self._names)}")

    def hold(self, place: str, runs: Sequence[Element]) -> None:
        """Remember the runs of a paragraph that make up a place."""
        self._runs[place] = runs

    def set_marks(self) -> None:
        """Put the marks around each place that was named; call it once, after the last paragraph."""
        for number, (place, name) in enumerate(self._names.items()):
            runs = self._runs[place]
            runs[0].addprevious(w("bookmarkStart", id=number, name=name))
            runs[-1].addnext(w("bookmarkEnd", id=number))
