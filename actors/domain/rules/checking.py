"""The rules applied to a text."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from actors.domain.findings import Finding, Severity, finding_id
from actors.domain.matter import Matter
from actors.domain.rules.check import Check
from actors.domain.rules.checked_text import CheckedText
from actors.domain.rules.facts import has_individual, largest_sum, total_sum
from actors.domain.rules.places_in_text import read_sections
from actors.domain.rules.report import LawyerItem, RuleReport
from actors.domain.rules.rule import Rule


def check_section(rules: Sequence[Rule], text: str, section_number: str) -> list[Finding]:
    """Return what one section alone decides: words that the law forbids, in reading order.

    Args:
        rules: From `applicable`.
        text: The section, with or without its heading; offsets are indices into it.
        section_number: As printed: "4", "Schedule 1", empty for preamble and signatures.
    """
    checked = CheckedText(text, None)
    quotes = [
        (rule, check, span)
        for rule in rules
        for check, span in _forbidden(rule, checked)
        if check.decided_by_section
    ]
    return _numbered(quotes, text, lambda _: section_number)


def check_document(
    rules: Sequence[Rule], text: str, matter: Matter | None, requested: tuple[str, ...] = ()
) -> RuleReport:
    """Return what every rule says of a whole text.

    A finding on the same words has the id that `check_section` gives it, as long as the text's sections carry their
    printed numbers.

    Args:
        rules: From `applicable`.
        text: A document of any length; offsets are indices into it.
        matter: What is known of it; `None` for a file that someone else wrote.
        requested: Ids of options that the request asked for.
    """
    checked = CheckedText(text, matter)
    sections = read_sections(text)
    quotes = [(rule, check, span) for rule in rules for check, span in _forbidden(rule, checked)]
    outcomes = [_outcome(rule, checked, requested) for rule in rules]
    findings = _numbered(quotes, text, sections.number_at)
    findings += [finding for outcome in outcomes for finding in outcome.findings]
    spoken = {finding.check for finding in findings}
    listed = {item.authority_id for outcome in outcomes for item in outcome.for_lawyer}
    silent = [outcome for outcome in outcomes if outcome.rule.id not in spoken]
    return RuleReport(
        findings=tuple(findings),
        for_lawyer=tuple(item for outcome in outcomes for item in outcome.for_lawyer),
        passed=tuple(outcome.rule.id for outcome in silent if outcome.engaged),
        not_engaged=tuple(
            outcome.rule.id for outcome in silent if not outcome.engaged and outcome.rule.id not in listed
        ),
    )


@dataclass
class _Outcome:
    rule: Rule
    findings: list[Finding] = field(default_factory=list)
    """Of what is missing; forbidden words are found apart."""
    for_lawyer: list[LawyerItem] = field(default_factory=list)
    engaged: bool = False


def _outcome(rule: Rule, checked: CheckedText, requested: Sequence[str]) -> _Outcome:
    outcome = _Outcome(rule)
    for check in rule.checks:
        _apply(check, outcome, checked)
    _apply_threshold(outcome, checked)
    _apply_options(outcome, checked, requested)
    _list_for_lawyer(outcome, checked)
    return outcome


def _engaged(rule: Rule, check: Check, checked: CheckedText) -> bool | None:
    """Tell whether a check concerns this text; `None` where that turns on a party of unknown kind."""
    total = total_sum(checked.matter)
    if check.amount_at_least is not None and total is not None and total < check.amount_at_least:
        return False
    if (check.when and not checked.has(check.when)) or checked.has(check.unless_document):
        return False
    return has_individual(rule.families, checked) if check.individual else True


def _apply(check: Check, outcome: _Outcome, checked: CheckedText) -> None:
    engaged = _engaged(outcome.rule, check, checked)
    if engaged is False:
        return
    if check.forbids:
        outcome.engaged |= bool(engaged)
        return
    missing = [label for label, group in check.each.items() if not checked.has(group)]
    satisfied = checked.has(check.requires) if check.requires else not missing
    if satisfied:
        outcome.engaged = True
    elif engaged:
        outcome.engaged = True
        says = check.says.replace("{missing}", ", ".join(missing))
        outcome.findings.append(_missing(outcome.rule, check.severity, says))
    else:
        says = check.says.replace("{missing}", ", ".join(missing))
        outcome.for_lawyer.append(
            _item(outcome.rule, f"Whether a party is an individual is not known. If one is: {says}")
        )


def _apply_threshold(outcome: _Outcome, checked: CheckedText) -> None:
    rule, threshold = outcome.rule, outcome.rule.content.threshold
    if threshold is None or not set(threshold.not_for).isdisjoint(rule.families):
        return
    if not checked.has(threshold.when):
        return
    largest, total = largest_sum(checked.matter), total_sum(checked.matter)
    needed = f"USD {threshold.at_least:,}"
    if largest is not None and largest >= threshold.at_least:
        outcome.engaged = True
    elif total is not None:
        outcome.engaged = True
        says = f"{threshold.below} The contract states USD {total:,.0f}; the rule needs {needed}."
        outcome.findings.append(_missing(rule, "info", says))
    else:
        why = (
            f"The rule needs a contract of at least {needed}, and the whole amount of this one is not known."
        )
        outcome.for_lawyer.append(_item(rule, why))


def _apply_options(outcome: _Outcome, checked: CheckedText, requested: Sequence[str]) -> None:
    """Say of an option that is void that it was asked for and left out, unless the text has it after all."""
    rule = outcome.rule
    for option in dict.fromkeys(requested):
        void = rule.content.void_options.get(option)
        if void is None or not rule.concerns(void.families) or any(_forbidden(rule, checked)):
            continue
        name = option.replace("_", "-")
        article = "an" if name[0] in "aeiou" else "a"
        says = f"The request asked for {article} {name} clause, and the draft leaves it out: {void.says}"
        outcome.findings.append(_missing(rule, "warning", says))


def _list_for_lawyer(outcome: _Outcome, checked: CheckedText) -> None:
    rule, lawyer = outcome.rule, outcome.rule.content.lawyer
    if lawyer is None or not rule.concerns(lawyer.families) or (lawyer.when and not checked.has(lawyer.when)):
        return
    if lawyer.individual and has_individual(rule.families, checked) is False:
        return
    outcome.for_lawyer.append(_item(rule, lawyer.why))


def _forbidden(rule: Rule, checked: CheckedText) -> Iterator[tuple[Check, tuple[int, int]]]:
    """Yield what a rule forbids, one quote a sentence, with the first check that says so."""
    taken: set[int] = set()
    for check in rule.checks:
        if not check.forbids or not _engaged(rule, check, checked):
            continue
        for sentence, span in _hits(check, checked):
            if sentence not in taken:
                taken.add(sentence)
                yield check, checked.sentences.quote(*span)


def _hits(check: Check, checked: CheckedText) -> Iterator[tuple[int, tuple[int, int]]]:
    for pattern in check.forbids:
        for sentence, span in checked.matches(pattern):
            bounds = checked.sentences.bounds(sentence)
            complete = not check.also or checked.has_between(check.also, *bounds)
            if complete and not checked.has_between(check.unless, *bounds):
                yield sentence, span


def _numbered(
    quotes: Sequence[tuple[Rule, Check, tuple[int, int]]], text: str, number_at: Callable[[int], str]
) -> list[Finding]:
    """Return the findings in reading order, each with an id that counts equal quotes within a section."""
    seen: Counter[tuple[str, str, str]] = Counter()
    findings = []
    for rule, check, (start, end) in sorted(quotes, key=lambda quote: (quote[2], quote[0].id)):
        section, quote = number_at(start), text[start:end]
        key = (rule.id, section, quote)
        findings.append(
            _finding(rule, check.severity, check.says, finding_id(*key, seen[key])).model_copy(
                update={"section": section, "start": start, "end": end, "quote": quote}
            )
        )
        seen[key] += 1
    return findings


def _missing(rule: Rule, severity: Severity, says: str) -> Finding:
    # The words of the remark stand in for a quote, so that two remarks of one rule have two ids.
    return _finding(rule, severity, says, finding_id(rule.id, "", says))


def _finding(rule: Rule, severity: Severity, says: str, id_: str) -> Finding:
    authority = rule.authority
    return Finding(
        id=id_,
        check=rule.id,
        severity=severity,
        message=f"{says} ({authority.citation})",
        authority=authority.citation,
        authority_id=authority.id,
        as_of=authority.as_of,
    )


def _item(rule: Rule, why: str) -> LawyerItem:
    authority = rule.authority
    return LawyerItem(
        authority_id=authority.id,
        citation=authority.citation or "",
        statement=authority.statement,
        as_of=authority.as_of,
        why=why,
    )
