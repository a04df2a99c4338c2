"""The matter: what a request asks for, in typed values."""

import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

EntityKind = Literal[
    "individual",
    "corporation",
    "llc",
    "limited_partnership",
    "llp",
    "partnership",
    "limited_company",
    "public_limited_company",
    "nonprofit",
    "public_body",
    "other",
]


class Value(BaseModel):
    """A frozen value without unknown fields: what may cross a process border."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Money(Value):
    """An amount in one currency."""

    amount: Annotated[Decimal, Field(ge=0, le=Decimal("1e15"))]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"


class Duration(Value):
    """A length of time as contracts state it."""

    count: Annotated[int, Field(gt=0, le=10_000)]
    unit: Literal["day", "business_day", "week", "month", "year"]


class Party(Value):
    """One party. What the request did not say is `None` and becomes a visible blank."""

    role: str
    """The role's id in the document type, e.g. `discloser`; unique within a matter."""
    name: str | None = None
    entity_kind: EntityKind | None = None
    formed_in: str | None = None
    """Place of incorporation or organisation, as written: "Delaware", "England and Wales"."""
    address: str | None = None
    email: str | None = None
    signatory: str | None = None
    signatory_title: str | None = None


FactValue = bool | int | Money | Duration | datetime.date | Decimal | str
"""A fact's value by its kind: boolean, integer, money, duration, date, percent (Decimal), text/choice/address (str)."""


class Matter(Value):
    """What is to be drafted. Nothing in it is invented: a fact that was not given is absent."""

    task_type: str
    """Id of the document type, e.g. `nda_mutual`."""
    jurisdiction: str | None = None
    """Id of a jurisdiction with a rule pack (`US-DE`), or `None`."""
    jurisdiction_named: str | None = None
    """The place that the request named but that has no rule pack, e.g. "Ohio"; the document says so."""
    parties: tuple[Party, ...] = ()
    """In the order of the document type's roles; every role is present, named or not."""
    facts: dict[str, FactValue] = {}
    """By fact id of the document type."""
    requests: tuple[str, ...] = ()
    """Ids of options that the request asked for (`non_compete`, `residuals`, …), as the type declares them."""
    carve_outs: tuple[str, ...] = ()
    """Exclusions asked for in words, each a short phrase to be set into the text as given."""
    stance: str = "balanced"
    """`balanced`, or the role id of the party to favour."""
    as_of: datetime.date
    """The day whose law counts."""
