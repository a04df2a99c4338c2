"""How the tests of intake read a request, and how they write down what they expect of it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from actors.domain.intake.facts import FactsFile
from actors.domain.intake.understand import Understanding, understand
from actors.domain.matter import Duration, FactValue, Matter, Money

TODAY = datetime.date(2026, 11, 22)


def read(
    message: str,
    *,
    task_type: str | None = None,
    jurisdiction: str | None = None,
    facts: FactsFile | None = None,
) -> Understanding:
    """Understand a message on a fixed day."""
    return understand(message, task_type=task_type, jurisdiction=jurisdiction, facts=facts, as_of=TODAY)


def short(value: FactValue) -> str:
    """Write a value as the tables do: `USD 5000`, `2 year`, `2027-01-05`, `12.5`, `yes`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return f"{value.currency} {value.amount}"
    if isinstance(value, Duration):
        return f"{value.count} {value.unit}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True)
class Case:
    """A request and what must be understood of it; a fact that is not listed is not checked."""

    message: str
    type: str
    law: str | None = None
    """Id of a jurisdiction, or the name of a place without a rule pack."""
    names: Mapping[str, str | None] = field(default_factory=dict)
    facts: Mapping[str, str | None] = field(default_factory=dict)
    """By fact id; `None`: the fact must stay open."""
    requests: tuple[str, ...] = ()
    carve_outs: tuple[str, ...] = ()
    stance: str = "balanced"

    def check(self, matter: Matter) -> None:
        """Compare field by field, so that a failure names the field."""
        assert matter.task_type == self.type
        assert (matter.jurisdiction or matter.jurisdiction_named) == self.law
        assert {party.role: party.name for party in matter.parties if party.role in self.names} == self.names
        got = {key: short(matter.facts[key]) if key in matter.facts else None for key in self.facts}
        assert got == self.facts
        assert (set(matter.requests), matter.carve_outs, matter.stance) == (
            set(self.requests),
            self.carve_outs,
            self.stance,
        )


def identify(case: Case) -> str:
    """Name a case in the test report."""
    return case.message[:60]
