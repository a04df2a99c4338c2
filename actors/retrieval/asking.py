"""The words with which people ask, apart from what they ask for.

"An indemnification clause that states that one party agrees to … It should not include …": the first words stand in
every such query and in few such clauses, and the last sentence names what is not wanted. Both mislead a search.
"""

import re

from actors.retrieval.lexical_index import Stemmer

GRAMMAR = (
    "a an the of for to and or in on at by with from that which this any s its other such similar be are one both "
    "it"
)
"""Words that say nothing about a clause. Not among them: as, is, no, not, without."""
GENERIC = (
    "clause provision agreement contract include cover section apply bound based require party exemplary state stating "
    "specify refer reference titled like eg ie etc e g i would could should may must imply variety set allow provide "
    "described certain agree whether instead solely regard regardless do does if then there will has have had been "
    "being as is also between those these event related"
)
"""Words of every second query; they count only where a query has no others."""
LONG_WORDS = 12
"""From so many words on a query is a description."""

_NOT_WANTED = re.compile(
    r"\b(?:should|does|do|must|shall)\s+not\s+(?:be|cover|include|contain|refer)\b", re.IGNORECASE
)
_ARTICLES = frozenset(("a", "an", "the", "that"))


class Asking:
    """Takes queries apart. Stems are those of the lexical index."""

    def __init__(self) -> None:
        self._stem = Stemmer()
        self._grammar = frozenset(GRAMMAR.split())
        self._generic = frozenset(self._stem(GENERIC))

    def wanted(self, query: str) -> str:
        """Return a query without the sentences that say what is not asked for; all of it when nothing would be left."""
        sentences = re.split(r"(?<=[.;])\s+", query)
        return " ".join(part for part in sentences if not _NOT_WANTED.search(part)) or query

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text, without grammar."""
        return [stem for stem in self._stem(text) if stem not in self._grammar]

    def telling(self, text: str) -> list[str]:
        """Return the stems that tell one clause from another; all of them where none does."""
        stems = self.stems(text)
        return [stem for stem in stems if stem not in self._generic] or stems

    def to_embed(self, query: str) -> str:
        """Return what an encoder should read: a short query as it is, a description without its asking words."""
        if len(query.split()) <= LONG_WORDS:
            return query
        words = re.findall(r"[\w'’-]+", self.wanted(query))
        return " ".join(word for word in words if not self._says_nothing(word)) or query

    def _says_nothing(self, word: str) -> bool:
        return word.casefold() in _ARTICLES or set(self._stem(word)) <= self._generic
