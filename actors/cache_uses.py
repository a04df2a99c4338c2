"""What research was asked for most, kept for the next start: the questions of drafts, which name nobody."""

import datetime
import logging
import os
from collections import Counter, OrderedDict
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from actors.domain.authority import ResearchQuery
from actors.domain.matter import Value

logger = logging.getLogger(__name__)

MOST_QUESTIONS = 2048
"""Distinct questions that are counted; beyond them the rarer half is forgotten."""


class Asked(Value):
    """One question of drafts, for whatever day: without words, so without anything that a matter could have said."""

    tenant: str
    task_type: str
    families: tuple[str, ...]
    issues: tuple[str, ...]
    jurisdiction: str | None
    limit: int

    @classmethod
    def of(cls, query: ResearchQuery, tenant: str) -> "Asked":
        """Return a query without its day."""
        return cls(tenant=tenant, **query.model_dump(exclude={"as_of", "words"}))

    def on(self, as_of: datetime.date) -> ResearchQuery:
        """Return the question for a day."""
        return ResearchQuery(as_of=as_of, **self.model_dump(exclude={"tenant"}))


class Use(Value):
    """How often one question was asked."""

    asked: Asked
    uses: Annotated[int, Field(ge=0)]


_USES: TypeAdapter[list[Use]] = TypeAdapter(list[Use])


class UseCounts:
    """Counts questions; those with words are not counted, since words may name somebody."""

    def __init__(self) -> None:
        self._uses: Counter[Asked] = Counter()
        self._by_key: OrderedDict[str, Asked] = OrderedDict()

    def note(self, key: str, query: ResearchQuery | None, tenant: str, uses: int = 1) -> None:
        """Count a question.

        Args:
            key: Of the question on its day.
            query: The question; it may be left out once its key has been seen.
            tenant: Who asked.
            uses: How often.
        """
        asked = self._by_key.get(key)
        if asked is None and query is not None and not query.words:
            asked = self._by_key[key] = Asked.of(query, tenant)
        if asked is None:
            return
        self._uses[asked] += uses
        if len(self._by_key) > MOST_QUESTIONS:
            self._by_key.popitem(last=False)
        if len(self._uses) > MOST_QUESTIONS:
            self._uses = Counter(dict(self._uses.most_common(MOST_QUESTIONS // 2)))

    def most_used(self, count: int) -> list[Use]:
        """Return the questions asked most often, the most frequent first."""
        return [Use(asked=asked, uses=uses) for asked, uses in self._uses.most_common(count)]

    def recall(self, uses: list[Use]) -> None:
        """Start from the counts of an earlier run. They count half, so that old habits fade."""
        for use in uses:
            self._uses[use.asked] += use.uses // 2


class UsesFile:
    """The counts on disk, for the next start.

    Args:
        path: Of a JSON file; `None` keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def load(self) -> list[Use]:
        """Return what was saved; nothing where there is no file, or none that can be read."""
        if self._path is None or not self._path.exists():
            return []
        try:
            return _USES.validate_json(self._path.read_bytes())
        except (OSError, ValidationError) as error:
            logger.warning("uses_not_loaded error=%s", type(error).__name__)
            return []

    def save(self, uses: list[Use]) -> None:
        """Replace the file; a disk that does not take it is logged, research goes on."""
        if self._path is None:
            return
        draft = self._path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
                file.write(_USES.dump_json(uses))
            draft.replace(self._path)
        except OSError as error:
            logger.warning("uses_not_saved error=%s", type(error).__name__)
