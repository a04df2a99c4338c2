"""What the grammar finds."""

from dataclasses import dataclass

from actors.domain.citation import CitationKind


@dataclass(frozen=True, slots=True)
class FoundCitation:
    """One citation in a text: where it stands and what it names.

    A list such as `§§ 2 and 3` is one value per member; a range such as `§§ 401-402` is one with `section_end`.
    """

    text: str
    start: int
    end: int
    """`searched_text[start:end] == text`."""
    kind: CitationKind
    normalized: str
    key: str
    """Source and section without the pin, `us-de/del-c/6/2708`; `?` stands for what the text does not name."""
    source: str
    """The part of the key that names the source: `us-de/del-c`."""
    jurisdiction: str = ""
    """As in `Authority.jurisdiction`; `""` where it does not follow from the source."""
    pin: tuple[str, ...] = ()
    """Subdivisions, outermost first: `("b", "3")`."""
    section_end: str = ""
    """The last section of a range, as it ends a key: `402`."""
    pin_end: str = ""
    """The last subdivision of a range `(2)-(3)`: `3`."""
    by_name: bool = False
    """An act by its popular name: key and `section_end` are its run of a code, any section of it is meant."""
    outside: bool = False
    """A source of a kind that no index of this project covers."""
    name: str = ""
    """The parties of a case, as written before its reference; `""` where they are not."""
    parallel: tuple[str, ...] = ()
    """Keys of further references of the same case: `(531 U.S. 98,) 121 S. Ct. 525`."""
    year: int | None = None
    """The year that a case citation states."""
    defect: str = ""
    """Why no such thing can exist, where that follows from the citation alone; one sentence."""

    @property
    def whole(self) -> bool:
        """Whether a whole act, convention or code title is meant, not one provision of it."""
        return self.key == self.source
