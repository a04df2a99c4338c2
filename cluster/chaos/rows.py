"""The rows of a chaos run: several types and laws, and now and then one that cannot be drafted."""

import json
from pathlib import Path

BAD_EVERY = 20
"""Each so many rows one asks for no document: that it fails must be true under kills as well."""
_ASKED = (
    "Mutual NDA between Acme {n} Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term",
    "One-way NDA: Acme {n} Robotics, Inc. discloses to Beta Labs LLC, under New York law",
    "Services agreement between Acme {n} Robotics, Inc. and Beta Labs LLC, California law",
    "SaaS subscription agreement of Acme {n} Robotics, Inc. with Beta Labs LLC under Texas law",
    "Independent contractor agreement between Acme {n} Ltd and Beta Labs LLC, law of England and Wales",
)


def write_rows(path: Path, count: int) -> list[str]:
    """Write so many rows as JSON Lines; return the ids of those that can be drafted, in order."""
    rows = [{"id": f"row-{n}", "message": _message(n)} for n in range(1, count + 1)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return [f"row-{n}" for n in range(1, count + 1) if n % BAD_EVERY]


def _message(n: int) -> str:
    return _ASKED[n % len(_ASKED)].format(n=n) if n % BAD_EVERY else f"Bake {n} cakes"
