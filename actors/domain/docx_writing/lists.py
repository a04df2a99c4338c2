"""Word's list counters, kept in step with the numbers that the document prints.

A paragraph is numbered by Word only where Word's counter comes out at the very label that the section carries; any
other label is typed as text, so that the file never shows a number that the document does not have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.domain.docx_writing.levels import OUTLINE, Form, Level, count_at, printed, stand_alone

_ITEM_FORMS: tuple[Form, ...] = ("lowerLetter", "decimal", "upperLetter", "lowerRoman")


@dataclass(frozen=True, slots=True)
class Mark:
    """A number that Word prints by itself."""

    list_id: int
    level: int
    label: str
    styled: bool
    """Whether the paragraph's style brings the number along, without a word in the paragraph."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One use of a list."""

    list_index: int
    level: int | None = None
    """The level that starts anew with this instance, at `start`; `None` where none does."""
    start: int = 1


class CountedList:
    """One list definition with the state of Word's counters, from the document's first paragraph to its last.

    Args:
        levels: From the outermost inwards.
        index: Position among the document's lists.
        instances: Shared by all lists of a document; an instance's id is its position plus 1.
    """

    def __init__(self, levels: tuple[Level, ...], index: int, instances: list[Instance]) -> None:
        self.levels = levels
        self._index = index
        self._instances = instances
        self._counts = [0] * len(levels)
        self._list_id = self._first_id = self._new_instance(Instance(index))
        self._starts: dict[
            int, int
        ] = {}  # by level: what the current instance begins with, where that is not 1

    def expects(self, level: int, label: str) -> bool:
        """Whether the next number at `level` prints as `label` without any help."""
        if self._has_gap(level) or (self._counts[level] == 0 and level in self._starts):
            return False
        return printed(self.levels, [*self._counts[:level], self._counts[level] + 1]) == label

    def take(self, level: int, label: str) -> Mark | None:
        """Count on to `label`, with a new start where the counter stands elsewhere.

        Returns:
            `None` where this level never prints this label here; the counters then stay as they are.
        """
        if self._has_gap(level):
            return None
        count = count_at(self.levels, self._counts[:level], label)
        if count is None:
            return None
        if not self.expects(level, label):
            self._list_id = self._new_instance(Instance(self._index, level, count))
            self._starts = {} if count == 1 else {level: count}
        self._counts[level:] = [count, *[0] * (len(self.levels) - level - 1)]
        styled = bool(self.levels[level].style) and self._list_id == self._first_id
        return Mark(self._list_id, level, label, styled)

    def _has_gap(self, level: int) -> bool:
        # How Word counts a level that was skipped depends on its version; so nothing is numbered below a gap.
        return not all(self._counts[:level])

    def _new_instance(self, instance: Instance) -> int:
        self._instances.append(instance)
        return len(self._instances)


class ListBook:
    """All lists of one document: the outline of sections, clauses and items, and lists that stand alone."""

    def __init__(self) -> None:
        self._instances: list[Instance] = []
        self._lists: list[CountedList] = []
        self._outline = self._add(OUTLINE)
        self._alone: dict[tuple[Form, int], CountedList] = {}
        self._latest: CountedList | None = None

    @property
    def definitions(self) -> Sequence[tuple[Level, ...]]:
        """The levels of each list."""
        return [counted.levels for counted in self._lists]

    @property
    def instances(self) -> Sequence[Instance]:
        """The uses of the lists; the id of each is its position plus 1."""
        return self._instances

    def in_outline(self, level: int, label: str) -> Mark | None:
        """Number a paragraph of the outline: 0 for a section, then clause, item, sub-item.

        Returns:
            `None` where the outline cannot print this label here.
        """
        return self._outline.take(level, label)

    def alone(self, label: str, indent: int) -> Mark | None:
        """Number an item of a list that is no part of the outline.

        Args:
            label: As printed, `(1)`.
            indent: Where the number stands, in twips.

        Returns:
            `None` where no form of list prints this label.
        """
        self._latest = self._continued(label, indent) or self._begun(label, indent)
        return self._latest.take(0, label) if self._latest else None

    def below(self, label: str) -> Mark | None:
        """Number a sub-item of the list that `alone` numbered last; `None` where it cannot print this label."""
        return self._latest.take(1, label) if self._latest else None

    def _continued(self, label: str, indent: int) -> CountedList | None:
        here = (found for (_, at), found in self._alone.items() if at == indent)
        return next((found for found in here if found.expects(0, label)), None)

    def _begun(self, label: str, indent: int) -> CountedList | None:
        """Take the form in which the label comes earliest: (i) begins a roman list and is no ninth letter."""
        counts = {form: count_at(stand_alone(form, indent), [], label) for form in _ITEM_FORMS}
        possible = {form: count for form, count in counts.items() if count is not None}
        if not possible:
            return None
        form = min(possible, key=lambda form: possible[form])
        if (form, indent) not in self._alone:
            self._alone[form, indent] = self._add(stand_alone(form, indent))
        return self._alone[form, indent]

    def _add(self, levels: tuple[Level, ...]) -> CountedList:
        self._lists.append(CountedList(levels, len(self._lists), self._instances))
        return self._lists[-1]
