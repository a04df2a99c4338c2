"""What the rules say of a text."""

import datetime

from actors.domain.findings import Finding
from actors.domain.matter import Value


class LawyerItem(Value):
    """A rule that applies and that code cannot decide."""

    authority_id: str
    citation: str
    statement: str
    as_of: datetime.date
    why: str


class RuleReport(Value):
    """The outcome of every applicable rule. Each rule's id is in at least one of the four parts."""

    findings: tuple[Finding, ...]
    """In reading order; what is missing comes last."""
    for_lawyer: tuple[LawyerItem, ...]
    passed: tuple[str, ...]
    """Ids of rules of which at least one check was made and none spoke."""
    not_engaged: tuple[str, ...]
    """Ids of rules whose subject the text does not touch."""
