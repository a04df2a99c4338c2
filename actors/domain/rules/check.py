"""What a rule's checks may say, and how they are read from the data files."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from actors.domain.findings import Severity
from actors.domain.matter import Value
from actors.domain.rules.patterns import RULES, WORDS, compiled
from actors.domain.yaml_files import read_mapping
from actors.errors import LibraryError

Patterns = tuple[str, ...]


class Check(Value):
    """One thing that code can decide on a text: words that must not stand there, or words that must."""

    says: str
    """What the law says of this text, for its reader; `{missing}` stands for the labels of what `each` misses."""
    severity: Severity
    families: tuple[str, ...] = ()
    """Only for documents of these families; empty: for all that the authority applies to."""
    when: Patterns = ()
    """Only for texts in which one of these stands."""
    unless_document: Patterns = ()
    """Not for texts in which one of these stands."""
    individual: bool = False
    """Only where a party is an individual."""
    amount_at_least: Annotated[int, Field(gt=0)] | None = None
    """Not where the contract's known total in dollars is lower."""

    forbids: Patterns = ()
    also: Patterns = ()
    """One of these must stand in the same sentence for a forbidden pattern to count."""
    unless: Patterns = ()
    """None of these may stand in the same sentence."""

    requires: Patterns = ()
    """One of these must stand somewhere."""
    each: dict[str, Patterns] = {}
    """By label: one of each group must stand somewhere."""

    @model_validator(mode="after")
    def _decides_one_thing(self) -> "Check":
        if sum(map(bool, (self.forbids, self.requires, self.each))) != 1:
            raise ValueError("give one of `forbids`, `requires`, `each`")
        return self

    @property
    def decided_by_section(self) -> bool:
        """Whether one section alone decides it."""
        return bool(self.forbids) and not (self.when or self.unless_document or self.individual)


class Threshold(Value):
    """A rule that needs an amount."""

    at_least: Annotated[int, Field(gt=0)]
    """In dollars."""
    when: Patterns
    below: str
    """What to say where the contract's known total is lower."""
    not_for: tuple[str, ...] = ()
    """Families that the rule leaves out."""


class VoidOption(Value):
    """An option that a request may ask for and that the law makes void."""

    families: tuple[str, ...]
    says: str


class ForLawyer(Value):
    """What code cannot decide."""

    why: str
    when: Patterns = ()
    """Only for texts in which one of these stands; empty: for every text."""
    individual: bool = False
    families: tuple[str, ...] = ()


class RuleChecks(Value):
    """All that is known about applying one authority to a text."""

    checks: tuple[Check, ...] = ()
    threshold: Threshold | None = None
    void_options: dict[str, VoidOption] = {}
    lawyer: ForLawyer | None = None
    speaks: Literal["in_force", "after_end"] = "in_force"
    """`after_end`: the check is about citing what is no longer law."""


@cache
def load_checks(folder: Path = RULES) -> dict[str, RuleChecks]:
    """Return the checks by authority id.

    Raises:
        LibraryError: A file is wrong, repeats an id, or holds a pattern that does not compile.
    """
    checks: dict[str, RuleChecks] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name == WORDS.name:
            continue
        for id_, rule in _read(file):
            if id_ in checks:
                raise LibraryError(file.name, f"{id_}: has checks in two places")
            checks[id_] = rule
    return checks


def compile_all(rule: RuleChecks) -> int:
    """Compile every pattern of a rule and return their number; used by tests, reading compiles on first use.

    Raises:
        LibraryError: A pattern is no regular expression.
    """
    return len([compiled(pattern) for pattern in _patterns(rule)])


def _patterns(rule: RuleChecks) -> Iterator[str]:
    for check in rule.checks:
        for group in (
            check.when,
            check.unless_document,
            check.forbids,
            check.also,
            check.unless,
            check.requires,
        ):
            yield from group
        for group in check.each.values():
            yield from group
    yield from rule.threshold.when if rule.threshold else ()
    yield from rule.lawyer.when if rule.lawyer else ()


def _read(file: Path) -> Iterator[tuple[str, RuleChecks]]:
    for id_, entry in read_mapping(file).items():
        try:
            yield id_, RuleChecks.model_validate(entry)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise LibraryError(file.name, f"{id_}: {where}: {first['msg']}") from error
