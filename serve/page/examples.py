"""Requests to begin with."""

from typing import NamedTuple


class Example(NamedTuple):
    """A request and the few words on its button."""

    label: str
    message: str


EXAMPLES = (
    Example(
        "Mutual NDA",
        "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term",
    ),
    Example(
        "Employment with a non-compete",
        "Employment agreement between Acme Robotics, Inc. and Jane Doe as lead engineer in California, salary "
        "USD 120,000 per year, with a non-compete of one year",
    ),
    Example(
        "Software subscription",
        "SaaS agreement between Cloudline, Inc. as provider and Harbor Foods LLC as customer under New York law, "
        "USD 2,000 per month, 99.9% uptime",
    ),
    Example(
        "Commercial lease",
        "Commercial lease from Northgate Estates Limited to Finch & Co Limited under English law, five years at "
        "GBP 4,000 per month",
    ),
)
