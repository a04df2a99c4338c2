"""What kind of entity a party is: from the end of its name, or from the words behind it."""

import re
from functools import cache

from actors.domain.intake.word_lists import words_of
from actors.domain.jurisdictions import jurisdictions, recognised_place
from actors.domain.matter import EntityKind

_ENDINGS: dict[str, EntityKind | None] = {
    "inc": "corporation", "incorporated": "corporation", "corp": "corporation", "corporation": "corporation",
    "pc": "corporation", "llc": "llc", "pllc": "llc", "lp": "limited_partnership", "llp": "llp",
    "ltd": "limited_company", "limited": "limited_company", "plc": "public_limited_company",
    "co": None, "company": None, "partnership": "partnership", "lllp": "limited_partnership",
    "gmbh": "other", "ag": "other", "kg": "other", "ug": "other", "sa": "other", "spa": "other", "srl": "other",
    "sas": "other", "sarl": "other", "bv": "other", "nv": "other", "oy": "other", "ab": "other", "as": "other",
    "aps": "other", "pty": "limited_company", "pte": "limited_company", "kk": "other", "se": "other", "lda": "other",
    "ltda": "other", "na": "other", "kft": "other", "sro": "other", "doo": "other",
}  # fmt: skip
# In lower case these alone are read as the end of a name; the others are everyday words ("as", "co", "se").
_LOWER = words_of(
    """
    inc incorporated corp corporation llc pllc llp lp ltd limited plc gmbh company lllp partnership
    """
)
_KINDS: dict[str, EntityKind] = {
    "nonprofit corporation": "nonprofit", "non-profit corporation": "nonprofit", "nonprofit": "nonprofit",
    "nonprofit organization": "nonprofit", "non-profit organization": "nonprofit", "non-profit": "nonprofit",
    "charity": "nonprofit", "registered charity": "nonprofit",
    "public benefit corporation": "corporation", "professional corporation": "corporation",
    "c corporation": "corporation", "s corporation": "corporation", "corporation": "corporation",
    "corp": "corporation", "corp.": "corporation", "stock corporation": "corporation",
    "limited liability company": "llc", "llc": "llc", "l.l.c.": "llc", "professional limited liability company": "llc",
    "limited liability partnership": "llp", "llp": "llp",
    "limited partnership": "limited_partnership", "lp": "limited_partnership",
    "general partnership": "partnership", "partnership": "partnership",
    "public limited company": "public_limited_company", "plc": "public_limited_company",
    "private limited company": "limited_company", "limited company": "limited_company",
    "private company limited by shares": "limited_company", "ltd": "limited_company", "ltd.": "limited_company",
    "company": "other", "university": "other", "gmbh": "other", "trust": "other", "business trust": "other",
    "individual": "individual", "natural person": "individual", "private individual": "individual",
    "private person": "individual", "sole proprietor": "individual", "sole trader": "individual",
    "public body": "public_body", "public agency": "public_body", "state agency": "public_body",
    "municipality": "public_body", "government agency": "public_body", "municipal corporation": "public_body",
}  # fmt: skip
KIND_WORDS = "|".join(
    re.escape(kind).replace(r"\ ", r"\s{1,3}").replace(r"\-", r"[\s\-]?")
    for kind in sorted(_KINDS, key=len, reverse=True)
)
"""Pattern of the words for a kind of entity."""
_FORMED = (
    r"(?:duly\s)?(?:incorporated|organi[sz]ed|registered|formed|established|existing|constituted)"
    r"(?:\s(?:and|&)\s(?:existing|registered))?\s{1,3}(?:in|under\sthe\slaws?\sof)\s{1,3}(?:the\s)?(?:state\sof\s)?"
)
_PLACE = r"(?P<%s>[A-Z][\w.]{0,20}(?:\s(?:and|&|of)?\s?[A-Z][\w.]{0,20}){0,3}|[a-z]{4,14}(?:\s[a-z]{4,12})?)"
_DESCRIPTION = re.compile(
    r",?\s{0,4}(?:being\s{1,3}|(?:which\s|that\s|who\s)?is\s{1,3})?"
    rf"(?:(?:an?|the)\s{{1,3}})?(?:(?P<place>(?:[\w.&\-]{{1,20}}\s{{1,3}}){{0,4}}?))(?:based\s)?(?P<kind>(?i:{KIND_WORDS}))(?![\w\-])"
    rf"(?:,?\s{{1,3}}{_FORMED}{_PLACE % 'formed'})?"
)
_FORMATION = re.compile(rf",?\s{{1,3}}(?:a\scompany\s)?{_FORMED}{_PLACE % 'formed'}")
# The gazetteer takes "UK" for England and Wales, which would say more of a company's home than the request does.
_ABBREVIATED = {"UK": "United Kingdom", "U.K.": "United Kingdom"}
_ARTICLE = re.compile(r",?\s{0,4}(?:(?:being|(?:which\s|that\s|who\s)?is)\s{1,3})?an?\s", re.IGNORECASE)


def ending(word: str) -> str | None:
    """Return the legal form that `word` writes ("L.L.C." → "llc"), or `None` for any other word."""
    folded = word.replace(".", "").casefold()
    is_small = word.islower() and "." not in word.rstrip(".")
    if folded not in _ENDINGS or (is_small and folded not in _LOWER):
        return None
    return folded


def kind_of_name(name: str) -> EntityKind | None:
    """Return the kind of entity that the end of a name states."""
    words = name.replace(",", " ").split()
    form = ending(words[-1]) if len(words) > 1 else None
    if form == "partnership" and len(words) > 2 and words[-2].casefold() == "limited":  # noqa: PLR2004
        return "limited_partnership"
    return _ENDINGS[form] if form else None


def read_description(text: str, at: int) -> tuple[dict[str, str], int] | None:
    """Read "a Delaware corporation", "an individual", "incorporated in England" behind a name.

    Returns:
        `entity_kind` and `formed_in`, each only where the words state it, and where reading goes on; `None` where
        there is no such description.
    """
    match = _DESCRIPTION.match(text, at)
    if match and _is_description(text, match):
        kind = _KINDS[re.sub(r"non\sprofit", "non-profit", " ".join(match["kind"].casefold().split()))]
        details: dict[str, str] = {"entity_kind": kind}
        place = _place(match["formed"]) or _place(match["place"])
        if place and kind != "individual":
            details["formed_in"] = place
        return details, match.end() if not match["formed"] or place else match.end("kind")
    match = _FORMATION.match(text, at)
    place = _place(match["formed"]) if match else None
    return ({"formed_in": place}, match.end()) if match and place else None


def _is_description(text: str, match: re.Match[str]) -> bool:
    """A description has an article or names a place: "Acme, landlord of the trust" is none."""
    return bool(_ARTICLE.match(text, match.start()) or (match["place"].strip() and _place(match["place"])))


def _place(words: str | None) -> str | None:
    """Return the place as written, or by its noun where an adjective was written ("English")."""
    written = re.sub(r"^(?:the\s)?(?:state\sof\s)?", "", (words or "").strip(" ,."), flags=re.IGNORECASE)
    while written:
        known = recognised_place(written)
        if known:
            return written if written.casefold() in _place_names() else _ABBREVIATED.get(written, known)
        written = written.rpartition(" ")[0]
    return None


@cache
def _place_names() -> frozenset[str]:
    return frozenset(name.casefold() for place in jurisdictions().values() for name in place.names)
