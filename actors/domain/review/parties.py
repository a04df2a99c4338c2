"""P1-P3: who the parties are, and whether the text keeps to them."""

import re
from collections.abc import Iterator, Mapping

from actors.domain.review.known import KnownFacts
from actors.domain.review.outline import Outline
from actors.domain.review.remark import Remark

_SUFFIX = (
    r"(?:Incorporated|Inc|Corporation|Corp|Company|L\.?L\.?C|L\.?L\.?P|L\.?P|Limited|Ltd|P\.?L\.?C"
    r"|plc|GmbH|AG|N\.?V|B\.?V"
    r"|S\.?A|S\.?r\.?l|Pty Ltd)"
)
_ENTITY = re.compile(
    rf"(?P<name>[A-Z][\w&’'.-]*(?:[ ](?:[A-Z&][\w&’'.-]*|of|and|the"
    rf"|de)){{0,6}}?),?[ ](?P<suffix>{_SUFFIX})(?![\w’'-])\.?"
)
_SHARED_FORMS = {
    "incorporated": "inc", "corporation": "corp", "limited": "ltd", "company": "co", "l.l.c": "llc", "l.p": "lp",
    "l.l.p": "llp", "p.l.c": "plc", "n.v": "nv", "b.v": "bv", "s.a": "sa",
}  # fmt: skip
_BETWEEN = re.compile(r"\b(?:by and )?(?:between|among)\b", re.IGNORECASE)
_OPENING_CHARS = 4000
_MIN_PREFIX_WORDS = 1
_SWAPPED = re.compile(
    r"\b(?P<actor>Indemnitee|Indemnified Party|Tenant|Lessee|Borrower|Licensee|Buyer|Purchaser"
    r"|Receiving Party|Employee)"
    r"\s(?:shall|will|must|agrees to)\s(?P<act>indemnify(?:,? (?:and|defend"
    r"|hold)[^.;]{0,60})? the (?:Indemnitor|Indemnifying Party)"
    r"|(?:let|lease) the (?:Premises|Property) to the (?:Landlord|Lessor)|lend [^.;]{0,60} to the Lender"
    r"|grants? [^.;]{0,60}licen[cs]e[^.;]{0,30} to the Licensor|sell [^.;]{0,60} to the Seller"
    r"|pay (?:the )?(?:Employer|Company) (?:a )?(?:base )?salary)"
    r"|\b(?P<payer>Landlord|Lessor|Lender|Licensor|Seller|Employer)\s(?:shall|will|must|agrees to)\s"
    r"(?:pay (?:the )?(?:monthly )?rent to the (?:Tenant|Lessee)|repay the Loan"
    r"|pay (?:the )?(?:royalty|royalties|license fee) to the"
    r" Licensee|pay the Purchase Price)"
)


def check_known_names(text: str, known: KnownFacts) -> Iterator[Remark]:
    """Yield P1: a company that is no party, or a party whose name is written another way.

    Only company names (by their suffix) are seen. A stranger is a warning, since contracts name third parties too;
    it must look like a party: the text gives it a role in brackets, or signs for it.
    """
    names = {_core(name): name for name in known.parties.values()}
    for match in _ENTITY.finditer(text):
        core = _core(match[0])
        if core in names or not core[0]:
            continue
        near = next((name for other, name in names.items() if _is_variant(core, other)), None)
        if near is not None:
            message = f"{match[0]!r} is written {near!r} elsewhere."
            yield Remark("P1", "warning", message, match.start(), match.end())
        elif names and _acts_as_party(text, match):
            message = f"{match[0]!r} is not a party to this document."
            yield Remark("P1", "warning", message, match.start(), match.end())


def check_parties(text: str, outline: Outline, known: KnownFacts | None) -> Iterator[Remark]:
    """Yield P1 (without known facts), P2 and P3 over the whole text."""
    parties = dict(known.parties) if known and known.parties else read_parties(text)
    if not (known and known.parties) and parties:
        yield from _check_variants(text, parties)
    yield from _check_swapped(text)
    yield from _check_signatures(text, outline, parties)


def read_parties(text: str) -> dict[str, str]:
    """Return role to company name as the opening of a contract gives them: "Acme, Inc. (the “Supplier”)"."""
    opening = text[:_OPENING_CHARS]
    start = _BETWEEN.search(opening)
    if start is None:
        return {}
    parties: dict[str, str] = {}
    for match in _ENTITY.finditer(opening, start.end()):
        role = re.compile(
            r"[^()]{0,300}?\((?:the |each |hereinafter )?[\"“]\**(?P<role>[A-Z][^\"”*]{1,40})\**[\"”]"
        ).match(opening, match.end())
        if role is not None:
            parties.setdefault(role["role"], match[0])
    return parties


def _core(name: str) -> tuple[str, str]:
    """Return (name, legal form) in one spelling."""
    match = _ENTITY.fullmatch(name.strip())
    if match is None:
        return _plain(name), ""
    suffix = match["suffix"].casefold().rstrip(".")
    return _plain(match["name"]), _SHARED_FORMS.get(suffix, suffix)


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold().replace("&", " and ")))


def _is_variant(name: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two different names look like one party: equal but for the form, or one letter apart."""
    if name[0] == other[0]:
        return bool(name[1] and other[1])
    return name[1] == other[1] and len(name[0]) > len("acme") and _one_edit_apart(name[0], other[0])


def _one_edit_apart(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1 or any(c.isdigit() for c in a + b):
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return (
        a[at + 1 :] == b[at + 1 :]
        or a[at:] == b[at + 1 :]
        or a[at + 1 :] == b[at:]
        or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])
    )


def _acts_as_party(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 120]
    return bool(re.match(r"[^()\n]{0,80}\((?:the )?[\"“]", after) or re.match(r"\**\s*(?:\n\s*)?By:", after))


def _check_variants(text: str, parties: Mapping[str, str]) -> Iterator[Remark]:
    names = {_core(name): name for name in parties.values()}
    reported = set()
    for match in _ENTITY.finditer(text):
        core = _core(match[0])
        if core in names or core in reported:
            continue
        near = next(
            (name for other, name in names.items() if other[0] != core[0] and _is_variant(core, other)), None
        )
        if near is not None:
            reported.add(core)
            yield Remark(
                "P1", "warning", f"{match[0]!r} is written {near!r} elsewhere.", match.start(), match.end()
            )


def _check_swapped(text: str) -> Iterator[Remark]:
    """Yield P2: the one who owes stands where the one who is owed belongs."""
    for match in _SWAPPED.finditer(text):
        actor = match["actor"] or match["payer"]
        yield Remark(
            "P2",
            "warning",
            f"The roles look swapped: this is not what a {actor} owes.",
            match.start(),
            match.end(),
        )


def _check_signatures(text: str, outline: Outline, parties: Mapping[str, str]) -> Iterator[Remark]:
    """Yield P3: a signature block for a company that is no party."""
    names = {_core(name)[0] for name in parties.values()}
    if len(names) < 2:  # noqa: PLR2004
        return
    for section in outline.sections:
        if section.kind != "signature" or section.scope:
            continue
        for match in _ENTITY.finditer(text, section.start, section.end):
            signs = re.match(
                r"[.,]?\**\s*(?:\n\s*)*(?:By|Signature|Signed)\b", text[match.end() : match.end() + 60]
            )
            name = _core(match[0])[0]
            if signs and not any(name in other or other in name for other in names):
                message = f"{match[0]!r} signs and is not named as a party."
                yield Remark("P3", "warning", message, match.start(), match.end())
