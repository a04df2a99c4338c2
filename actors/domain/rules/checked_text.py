"""A text as the checks ask questions of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from actors.domain.matter import Matter
from actors.domain.rules.patterns import Pattern, compiled
from actors.domain.rules.places_in_text import Sentences, read_sentences
from actors.domain.rules.plain_text import plain


@dataclass(frozen=True)
class CheckedText:
    """A text, its sentences, and what has been found in it so far."""

    text: str
    matter: Matter | None
    _found: dict[str, bool] = field(default_factory=dict)
    _holding: dict[str, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def sentences(self) -> Sentences:
        """The sentences of its plain form."""
        return read_sentences(plain(self.text))

    @cached_property
    def lowered(self) -> str:
        """The plain form in lower case, of the same length as the text."""
        return self.sentences.text.lower()

    def has(self, patterns: Sequence[str]) -> bool:
        """Tell whether one of the patterns stands in the text."""
        return any(self._has(pattern) for pattern in patterns)

    def has_between(self, patterns: Sequence[str], start: int, end: int) -> bool:
        """Tell whether one of the patterns stands between two offsets."""
        return any(
            next(compiled(pattern).spans(self.lowered, start, end), None) is not None for pattern in patterns
        )

    def matches(self, pattern: str) -> Iterator[tuple[int, tuple[int, int]]]:
        """Yield each sentence that holds the pattern, by its position, with the place of the first match."""
        ready = compiled(pattern)
        for sentence in self._candidates(ready):
            span = next(ready.spans(self.lowered, *self.sentences.bounds(sentence)), None)
            if span is not None:
                yield sentence, span

    def _has(self, pattern: str) -> bool:
        if pattern not in self._found:
            self._found[pattern] = next(self.matches(pattern), None) is not None
        return self._found[pattern]

    def _candidates(self, pattern: Pattern) -> Sequence[int]:
        """Return the sentences in which the pattern can match."""
        if not pattern.needles:
            return range(len(self.sentences.ends) + 1)
        return sorted(frozenset().union(*(self._sentences_with(needle) for needle in pattern.needles)))

    def _sentences_with(self, needle: str) -> frozenset[int]:
        if needle not in self._holding:
            self._holding[needle] = frozenset(self._occurrences(needle))
        return self._holding[needle]

    def _occurrences(self, needle: str) -> Iterator[int]:
        at = self.lowered.find(needle)
        while at >= 0:
            sentence = self.sentences.index_at(at)
            yield sentence
            at = self.lowered.find(needle, max(at + 1, self.sentences.bounds(sentence)[1]))
