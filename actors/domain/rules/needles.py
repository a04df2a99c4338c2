"""Which plain words a regular expression cannot do without.

A search for a word costs a thousandth of a search with an expression. Knowing that `shall not .* (compete|rival)` needs
"compete" or "rival", a check looks only at the sentences that hold one of them.
"""

# The parser behind `re.compile`: it alone reads an expression exactly as `re` does.
from re import _constants as op  # type: ignore[attr-defined,unused-ignore]
from re import _parser as parser  # type: ignore[attr-defined,unused-ignore]
from typing import Any

Needles = frozenset[str]
LONG_ENOUGH = 6


def needles(expression: str) -> Needles:
    """Return strings of which at least one stands in every match; empty where no such set is known."""
    return _of_sequence(parser.parse(expression))


def _of_sequence(parsed: Any) -> Needles:  # noqa: ANN401
    candidates: list[Needles] = []
    run = ""
    for code, argument in parsed:
        if code is op.LITERAL:
            run += chr(argument)
            continue
        candidates += [frozenset({run}), _of_part(code, argument)]
        run = ""
    known = [found for found in (*candidates, frozenset({run})) if found and "" not in found]
    return max(known, key=_worth, default=frozenset())


def _of_part(code: Any, argument: Any) -> Needles:  # noqa: ANN401
    if code is op.SUBPATTERN:
        return _of_sequence(argument[-1])
    if code is op.BRANCH:
        alternatives = [_of_sequence(part) for part in argument[1]]
        return frozenset().union(*alternatives) if all(alternatives) else frozenset()
    if code in {op.MAX_REPEAT, op.MIN_REPEAT} and argument[0] > 0:
        return _of_sequence(argument[2])
    return frozenset()


def _worth(found: Needles) -> tuple[int, int]:
    """Prefer the set whose shortest string is longest, then the smallest set."""
    shortest = min(map(len, found), default=0)
    return min(shortest, LONG_ENOUGH), -len(found)
