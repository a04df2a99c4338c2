"""Who is killed, and when: drawn from a seed, so that a failure can be repeated."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from actors.errors import InvalidInputError

Victim = Literal["node", "cell", "agent", "driver", "redis"]
VICTIMS: tuple[Victim, ...] = get_args(Victim)

EARLIEST, LATEST = 0.08, 0.8
"""Shares of the rows: before the first there is little to lose, after the last a kill may come too late."""
LONGEST_AWAY_S = 2.0


@dataclass(frozen=True, slots=True)
class Kill:
    """One `kill -9`."""

    victim: Victim
    share: float
    """Of the documents, which are there when it comes."""
    draw: float
    """Which of several that could be it, from 0 to 1."""
    away_s: float
    """How long it takes until what does not come back by itself is started again."""


def parse_victims(text: str) -> tuple[Victim, ...]:
    """Return the victims that a list names, in the order of `VICTIMS`; each as often as it stands there.

    Raises:
        InvalidInputError: A part is none.
    """
    parts = [part.strip() for part in text.split(",")]
    for part in parts:
        if part not in VICTIMS:
            raise InvalidInputError("kill", f"{part[:40]!r} is none of {', '.join(VICTIMS)}")
    return tuple(victim for victim in VICTIMS for part in parts if part == victim)


def plan_kills(seed: int, victims: Collection[Victim]) -> tuple[Kill, ...]:
    """Return the kills in the order in which they come."""
    dice = random.Random(seed)  # noqa: S311 (repeatable, no secret)
    kills = [
        Kill(victim, dice.uniform(EARLIEST, LATEST), dice.random(), dice.uniform(0.0, LONGEST_AWAY_S))
        for victim in victims
    ]
    return tuple(sorted(kills, key=lambda kill: kill.share))


def drawn(kill: Kill, names: Collection[str]) -> str:
    """Return which of several is meant."""
    ordered = sorted(names)
    return ordered[int(kill.draw * len(ordered))]
