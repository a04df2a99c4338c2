"""What a template of the clause library can say about the matter: its parties, facts, law and options."""

import re
from collections.abc import Mapping
from typing import Any

from actors.domain.library import DocumentType, Fact, Role, SharedLibrary
from actors.domain.markup import escape
from actors.domain.matter import Duration, EntityKind, FactValue, Matter, Money, Party
from actors.domain.sections import Blank
from actors.domain.wording import duration_adjective, written

OPEN, CLOSE = "\ue000", "\ue001"
"""Signs around a blank's id in rendered text; `escape_value` keeps them out of what a user gave."""

_SUFFIX = re.compile(
    r",?\s+(?:inc|incorporated|corp|corporation|co|company|llc|l\.l\.c|lp|l\.p|llp|l\.l\.p|ltd|limited|plc|p\.l\.c|"
    r"gmbh|ag|s\.?a|b\.?v|pllc|p\.?c|n\.?a)\.?$",
    re.IGNORECASE,
)
_KINDS = {
    "corporation": "corporation",
    "llc": "limited liability company",
    "limited_partnership": "limited partnership",
    "llp": "limited liability partnership",
    "partnership": "partnership",
    "limited_company": "private limited company",
    "public_limited_company": "public limited company",
    "nonprofit": "nonprofit corporation",
    "public_body": "public body",
}


class Marked(str):
    """Text that is Markdown already: not escaped again."""

    __slots__ = ()


def escape_value(value: str) -> Marked:
    """Return a user's words as Markdown that reads as given."""
    return Marked(escape(value.replace(OPEN, "").replace(CLOSE, "")))


def short_name(name: str) -> str:
    """Return a company's name without its legal form: `Acme Robotics, Inc.` → `Acme Robotics`."""
    return _SUFFIX.sub("", name.strip()) or name


class FactView:
    """One fact inside a template: prints as a contract states it, or as a blank."""

    def __init__(self, context: "WordingContext", fact: Fact, value: FactValue | None) -> None:
        self._context, self._fact, self.value = context, fact, value

    def __str__(self) -> str:
        if self.value is None:
            blank = Blank(
                id=self._fact.id, label=self._fact.label, kind=self._fact.kind, question=self._fact.question
            )
            return self._context.blank(blank)
        return escape_value(written(self.value, uk=self._context.uk, us=self._context.us))

    def __bool__(self) -> bool:
        return self.value is not None and self.value is not False

    def __eq__(self, other: object) -> bool:
        return self.value == other

    def __hash__(self) -> int:
        return hash(self.value)

    @property
    def adjective(self) -> Marked:
        """A duration before a noun: `two-year`."""
        return Marked(duration_adjective(self.value) if isinstance(self.value, Duration) else str(self))

    @property
    def amount(self) -> float | None:
        """A money fact's amount, for conditions only; `None` when it is not given."""
        return float(self.value.amount) if isinstance(self.value, Money) else None


class PartyView:
    """One party inside a template; prints as its defined term."""

    def __init__(self, context: "WordingContext", role: Role, party: Party, term: str) -> None:
        self._context, self._role, self._party = context, role, party
        self.defined = Marked(term)

    def __str__(self) -> str:
        return f"the {self.defined}" if self._role.article else self.defined

    @property
    def term(self) -> Marked:
        """`the Client`, or `Acme Robotics`."""
        return Marked(str(self))

    @property
    def Term(self) -> Marked:  # noqa: N802 (templates write it at the start of a sentence)
        """`The Client`, at the start of a sentence."""
        return Marked(f"The {self.defined}") if self._role.article else self.term

    @property
    def kind(self) -> EntityKind | None:
        """What kind of person or entity the party is, if the request says so."""
        return self._party.entity_kind

    @property
    def is_individual(self) -> bool:
        """Whether the party is a natural person: the request says so, or it is the rule in this role."""
        usual = self._party.entity_kind is None and self._role.usually_individual
        return self._party.entity_kind == "individual" or (usual and self._context.is_unclear(self._party))

    @property
    def may_be_individual(self) -> bool:
        """Whether it says so, or says nothing."""
        return self._party.entity_kind in {None, "individual"} and self._context.is_unclear(self._party)

    @property
    def name(self) -> str:
        """The full name."""
        return self._detail("name", self._party.name, "Name", "What is the full legal name of {}?")

    @property
    def address(self) -> str:
        """The notice address."""
        return self._detail("address", self._party.address, "Address", "What is the notice address of {}?")

    @property
    def email(self) -> str:
        """The e-mail address for notices."""
        return self._detail(
            "email", self._party.email, "Email", "What is the e-mail address of {} for notices?"
        )

    @property
    def has_email(self) -> bool:
        """Whether an e-mail address was given."""
        return self._party.email is not None

    @property
    def signatory(self) -> str | None:
        """Who signs, if the request says so."""
        return self._party.signatory

    @property
    def signatory_title(self) -> str | None:
        """The signatory's title, if the request says it."""
        return self._party.signatory_title

    @property
    def described(self) -> str:
        """`a Delaware corporation`, `an individual`, or a blank."""
        kind, place = self._party.entity_kind, self._party.formed_in
        if self.is_individual:
            return Marked("an individual")
        if kind is None or kind == "other":
            return self._detail(
                "entity",
                None,
                "Entity Type and Place of Formation",
                "What kind of entity is {}, and formed where?",
            )
        where = self._detail(
            "formed_in", place, "Place of Formation", "Under the law of which place was {} formed?"
        )
        if kind in {"limited_company", "public_limited_company"} or self._context.uk:
            return Marked(f"a {_KINDS[kind]} incorporated in {where}")
        article = "an" if place and place[0] in "AEIO" else "a"
        return Marked(f"{article} {where} {_KINDS[kind]}")

    def _detail(self, field: str, value: str | None, label: str, question: str) -> str:
        if value is not None:
            return escape_value(value)
        blank = Blank(
            id=f"{self._role.id}.{field}",
            label=f"{self._role.label} {label}",
            kind="address" if field == "address" else "text",
            question=question.format(f"the {self._role.label}"),
        )
        return self._context.blank(blank)


class WordingContext:
    """All names that a template and a condition may use, for one matter."""

    def __init__(self, document_type: DocumentType, shared: SharedLibrary, matter: Matter) -> None:
        self.matter, self._type, self._shared = matter, document_type, shared
        self.uk = matter.jurisdiction == "UK-EW"
        self.us = (matter.jurisdiction or "").startswith("US-")
        self.blanks: dict[str, Blank] = {}
        self._by_role = {party.role: party for party in matter.parties}
        self.parties = self._party_views()

    def names(self) -> dict[str, Any]:
        """Return the template's variables."""
        facts = {fact.id: FactView(self, fact, self.matter.facts.get(fact.id)) for fact in self._type.facts}
        roles = {role.id: view for role, view in zip(self._type.roles, self.parties, strict=True)}
        place = self._place()
        return {
            **facts,
            **roles,
            "parties": self.parties,
            "jurisdiction": self.matter.jurisdiction,
            "uk": self.uk,
            "us": self.us,
            "place": place,
            "stance": self.matter.stance,
            "requested": lambda option: option in self.matter.requests,
            "has": lambda fact: self.matter.facts.get(fact) is not None,
            "carve_outs": tuple(escape_value(text) for text in self.matter.carve_outs),
            "any_individual": any(view.is_individual for view in self.parties),
            "words": self._words(),
            "title": Marked(self.title),
        }

    @property
    def title(self) -> str:
        """The document's title under the governing law."""
        return self._type.titles.get(self.matter.jurisdiction or "", self._type.title)

    def blank(self, blank: Blank) -> Marked:
        """Register a blank and return its sign for the text."""
        self.blanks[blank.id] = blank
        return Marked(f"{OPEN}{blank.id}{CLOSE}")

    @staticmethod
    def is_unclear(party: Party) -> bool:
        """Whether nothing in the name says that the party is a company."""
        return party.name is None or not _SUFFIX.search(party.name)

    def _party_views(self) -> tuple[PartyView, ...]:
        given = [self._by_role.get(role.id, Party(role=role.id)) for role in self._type.roles]
        shorts = [
            (party.name if party.entity_kind == "individual" else short_name(party.name))
            if party.name
            else None
            for party in given
        ]
        views = []
        for role, party, short in zip(self._type.roles, given, shorts, strict=True):
            term = role.term or (short if short and shorts.count(short) == 1 else party.name) or role.label
            views.append(PartyView(self, role, party, escape_value(term)))
        return tuple(views)

    def _place(self) -> Mapping[str, Any]:
        if self.matter.jurisdiction:
            return self._shared.places[self.matter.jurisdiction].model_dump()
        if self.matter.jurisdiction_named:
            name = escape_value(self.matter.jurisdiction_named)
            return {
                "state": name,
                "law": Marked(f"the laws of {name}"),
                "courts": Marked(f"the courts of {name}"),
            }
        law = Blank(
            id="jurisdiction",
            label="Governing Law",
            kind="jurisdiction",
            question="Which law governs the agreement?",
        )
        courts = Blank(id="courts", label="Courts", kind="text", question="Which courts decide disputes?")
        state = self.blank(law)
        return {"state": state, "law": Marked(f"the laws of {state}"), "courts": self.blank(courts)}

    def _words(self) -> dict[str, Marked]:
        key = self.matter.jurisdiction or "default"
        return {name: Marked(forms.get(key, forms["default"])) for name, forms in self._shared.words.items()}
