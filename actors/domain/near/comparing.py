"""Whether two questions that were read say the same: every guard by its name."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

from actors.domain.near.question import Kind, Mention, Question

Guard: TypeAlias = Callable[[Question, Question], bool]

_ORDER_GROUPS: dict[Kind, str] = {
    "party": "party",
    "thing": "thing",
    "verb": "verb",
    "adjective": "adjective",
    "place": "place",
    "number": "number",
    "year": "number",
    "unit": "number",
    "comparator": "number",
    "other": "other",
}
_GROUPS = sorted(set(_ORDER_GROUPS.values()))
_SAID_ANYWHERE = frozenset({"enforce", "definition", "difference", "effect", "requirement", "procedure"})
"""What is asked of the subject, not a part of it."""
_LIKE_NOUNS = frozenset({"party", "thing", "other"})


def vetoes(asked: Question, stored: Question) -> tuple[str, ...]:
    """Return the names of the guards that say no; empty where none does."""
    return tuple(name for name, passes in GUARDS.items() if not passes(asked, stored))


def subject_of(question: Question) -> str:
    """Return a digest of what a question speaks of. Two questions that pass every guard have the same one."""
    counted = Counter(
        mention.concept for mention in question.mentions if mention.kind != "modal" and not is_light(mention)
    )
    return hashlib.sha256("\x1f".join(sorted(counted.elements())).encode()).hexdigest()


def _same_form(a: Question, b: Question) -> bool:
    loose = {"topic", "yes-no", "what"}
    return a.form == b.form or ("topic" in (a.form, b.form) and {a.form, b.form} <= loose)


def _same_time(a: Question, b: Question) -> bool:
    return a.time == b.time


def _of_kinds(*kinds: Kind) -> Guard:
    def same(a: Question, b: Question) -> bool:
        return _counted(a, kinds) == _counted(b, kinds)

    return same


def _counted(question: Question, kinds: Sequence[Kind]) -> Counter[str]:
    return Counter(
        mention.concept for mention in question.mentions if mention.kind in kinds and not is_light(mention)
    )


def is_light(mention: Mention) -> bool:
    """Tell whether a mention may stand on one side only."""
    return mention.kind == "light" and not mention.marks


def _same_small_words(a: Question, b: Question) -> bool:
    """Tell whether at most one side has small words of its own: "rule of court" is not "rule of law"."""
    ours, theirs = _lights(a), _lights(b)
    return not (ours - theirs and theirs - ours)


def _lights(question: Question) -> Counter[str]:
    return Counter(mention.concept for mention in question.mentions if is_light(mention))


def _same_marks(a: Question, b: Question) -> bool:
    return _marked(a) == _marked(b)


def _marked(question: Question) -> Counter[tuple[str, str]]:
    return Counter((mention.concept, mark) for mention in question.mentions for mark in mention.marks)


def _same_modality(a: Question, b: Question) -> bool:
    return _modals(a) == _modals(b)


def _modals(question: Question) -> Counter[str]:
    concepts = {mention.concept for mention in question.mentions}
    # "Can it be enforced", "is it enforceable", "will a court enforce it": the verb holds the permission.
    # And what is not a person cannot be allowed anything: "can force majeure excuse" asks whether it does.
    acting = any(mention.kind == "party" and mention.role == "agent" for mention in question.mentions)
    implied = "enforce" in concepts or "liable" in concepts or not acting
    return Counter(
        mention.concept
        for mention in question.mentions
        if mention.kind == "modal" and not (implied and mention.concept == "may" and not mention.marks)
    )


def _same_roles(a: Question, b: Question) -> bool:
    return _roles(a) == _roles(b)


def _roles(question: Question) -> Counter[tuple[str, str]]:
    persons = [mention for mention in question.mentions if mention.kind == "party"]
    return Counter((mention.concept, mention.role) for mention in persons)


def _same_order(a: Question, b: Question) -> bool:
    same_sequences = all(_in_group(a, group) == _in_group(b, group) for group in _GROUPS)
    return same_sequences and _around(a, b) == _around(b, a) and _same_heads(a, b)


def _same_heads(a: Question, b: Question) -> bool:
    """Tell whether what stands right before a noun on both sides stands before the same one."""
    ours, theirs = _heads(a), _heads(b)
    return all(ours[concept] == theirs[concept] for concept in ours.keys() & theirs.keys())


def _heads(question: Question) -> dict[str, str]:
    return {mention.concept: mention.head for mention in question.mentions if mention.head is not None}


def _in_group(question: Question, group: str) -> list[str]:
    return [
        mention.concept
        for mention in question.mentions
        if _ORDER_GROUPS.get(mention.kind) == group
        and "court" not in mention.marks
        and mention.concept not in _SAID_ANYWHERE
    ]


def _around(question: Question, other: Question) -> Counter[tuple[str, str]]:
    """Return every pair of nouns, in its order, that holds a word outside the lexicon or an act spoken of as a thing.

    Of these nobody knows what may stand before what; of two known kinds only one order makes sense.
    """
    nouns = [
        mention
        for mention in question.mentions
        if (mention.kind in _LIKE_NOUNS or mention.nominal) and mention.concept not in _SAID_ANYWHERE
    ]
    strict = {mention.concept for mention in question.mentions if mention.kind == "other"}
    strict |= _nominal(question) & _nominal(other)
    return Counter(
        (first.concept, second.concept)
        for position, first in enumerate(nouns)
        for second in nouns[position + 1 :]
        if (first.concept in strict or second.concept in strict)
        and not _is_act_elsewhere(first, second, other)
    )


def _nominal(question: Question) -> set[str]:
    return {mention.concept for mention in question.mentions if mention.nominal}


def _is_act_elsewhere(first: Mention, second: Mention, other: Question) -> bool:
    """Tell whether one of them is a noun here and a verb there: its place says nothing then."""
    acts = {mention.concept for mention in (first, second) if mention.nominal}
    return not acts <= _nominal(other)


GUARDS: dict[str, Guard] = {
    "form": _same_form,
    "time": _same_time,
    "place": _of_kinds("place"),
    "number": _of_kinds("number", "unit"),
    "year": _of_kinds("year"),
    "comparator": _of_kinds("comparator"),
    "person": _of_kinds("party"),
    "role": _same_roles,
    "modality": _same_modality,
    "negation and scope": _same_marks,
    "subject": _of_kinds("thing", "verb", "adjective", "light", "ask", "other"),
    "small words": _same_small_words,
    "order": _same_order,
}
"""Every guard must pass. Each looks at what its name says and at nothing else."""
