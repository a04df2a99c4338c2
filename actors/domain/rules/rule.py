"""A rule: an authority together with what code can check of it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from actors.domain.authority import Authority
from actors.domain.corpus import Corpus, bears_on, in_force
from actors.domain.jurisdictions import layers
from actors.domain.rules.check import Check, ForLawyer, RuleChecks, load_checks

UNCHECKED = RuleChecks(lawyer=ForLawyer(why="None of this can be decided on the text alone."))


@dataclass(frozen=True)
class Rule:
    """One authority, for documents of certain families."""

    authority: Authority
    families: tuple[str, ...]
    """The families of the document, not all those of the authority."""
    content: RuleChecks

    @property
    def id(self) -> str:
        """The authority's id."""
        return self.authority.id

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks that concern the document's families."""
        return tuple(check for check in self.content.checks if self.concerns(check.families))

    def concerns(self, families: Sequence[str]) -> bool:
        """Tell whether a part for `families` concerns the document; no families mean every one."""
        return not families or not set(families).isdisjoint(self.families)


def applicable(
    corpus: Corpus,
    families: Sequence[str],
    jurisdiction: str | None,
    as_of: datetime.date,
    checks: Mapping[str, RuleChecks] | None = None,
) -> list[Rule]:
    """Return the rules for a document, nearest law first, then by id.

    Authorities of confidence `?` and those not in force on `as_of` are left out, except that a rule about citing what
    is no longer law speaks from its end on. Without a jurisdiction no law is known to apply and the list is empty.

    Args:
        corpus: Every authority.
        families: The document's families: `nda`, `employment`.
        jurisdiction: Id of a jurisdiction with a rule pack.
        as_of: The day whose law counts.
        checks: By authority id; those of the data files when not given.

    Raises:
        UnknownJurisdictionError: The jurisdiction has no rule pack.
        LibraryError: A rule file is wrong.
    """
    known = load_checks() if checks is None else checks
    order = {layer: position for position, layer in enumerate(layers(jurisdiction))}
    rules = [
        Rule(authority, tuple(families), known.get(authority.id, UNCHECKED))
        for authority in corpus.authorities
        if authority.kind == "rule" and authority.jurisdiction in order and bears_on(authority, families)
    ]
    spoken = [rule for rule in rules if rule.authority.confidence != "?" and _speaks(rule, as_of)]
    return sorted(spoken, key=lambda rule: (order[rule.authority.jurisdiction], rule.id))


def _speaks(rule: Rule, as_of: datetime.date) -> bool:
    if rule.content.speaks == "after_end":
        return rule.authority.ended is not None and rule.authority.ended <= as_of
    return in_force(rule.authority, as_of)
