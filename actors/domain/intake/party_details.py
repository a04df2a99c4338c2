"""What a request says of a party behind its name: role, entity, address, e-mail address, who signs."""

import re
from dataclasses import dataclass, field

from actors.domain.intake.addresses import read_address
from actors.domain.intake.entities import read_description
from actors.domain.intake.names import begins_like_a_name, read_name
from actors.domain.intake.role_words import RoleWords
from actors.domain.jurisdictions import recognised_place

EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,4}\.[A-Za-z]{2,24}"
)
_EMAIL_BEHIND = re.compile(
    rf",?\s{{0,4}}[(<\[]?(?:(?:whose\s|with\s)?e-?mail(?:\saddress)?(?:\sis)?:?\s{{0,3}})?(?P<email>{EMAIL.pattern})[)>\]]?",
    re.IGNORECASE,
)
_ADDRESS_LEAD = re.compile(
    r",?\s{1,4}(?:(?:of|at|address:?)|(?:(?:and\s)?(?:with|having|maintaining)\s(?:its|an?|his|her|their)?\s?"
    r"(?:principal\s|registered\s|main\s|head\s|business\s|mailing\s|notice\s){0,2}(?:offices?|address|place\sof\sbusiness|"
    r"residence)(?:\s(?:is|located))?\s(?:at|of)|(?:located|based|residing|resident|living|situated|domiciled)\s(?:at|in)"
    r"|whose\s(?:principal\s|registered\s|main\s|mailing\s|notice\s){0,2}(?:offices?|address|place\sof\sbusiness)\sis"
    r"(?:\sat)?)):?(?=\s)",
    re.IGNORECASE,
)
_BARE_ADDRESS = re.compile(r",(?=\s\d{1,5}\s[A-Z])|\s{0,3}\((?=\d{1,5}\s[A-Z])")
SIGNED_BY = re.compile(
    r"(?:,\s{1,3}|\s{1,4}|\s?\(|^)(?:and\s)?(?:(?:which\s|who\s)?(?:to\sbe\s|is\s|will\sbe\s)?(?:signed|represented|executed)\sby|"
    r"acting\s(?:by|through)|signing\sfor\sit|signator(?:y|ies)(?:\sis)?:?|signer(?:\sis)?:?)\s{1,3}(?:(?:its|the)\s)?",
    re.IGNORECASE,
)
SIGNS_FOR = re.compile(r"\s(?:for|on\sbehalf\sof)\s(?=[^\W_a-z\d])")
_TITLE_WORD = (
    r"(?:[A-Z][\w.&\-]{0,20}|of|and|vice|president|director|manager|partner|owner|founder|officer|general|counsel|"
    r"chief|managing|executive|secretary|treasurer|chairman|chair|head|co-founder|trustee|member)"
)
_TITLE = re.compile(
    rf",\s{{1,3}}(?:(?:its|the|their)\s{{1,2}})?(?P<title>(?!Inc|LLC|Ltd){_TITLE_WORD}(?:\s{_TITLE_WORD}){{0,4}})"
    rf"(?=\s{{0,2}}[,;.)\n]|\s(?:and|for|on|under)\b|\s*$)"
    rf"|\s{{1,3}}\((?P<bracketed>{_TITLE_WORD}(?:\s{_TITLE_WORD}){{0,4}})\)"
)
_BRACKET = re.compile(r"\s{0,3}\((?P<inside>[^()\n]{1,120})\)")


@dataclass(frozen=True, slots=True)
class Details:
    """What stands behind a name, and where it ends."""

    end: int
    role: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    """By field of `Party`."""


def read_details(text: str, at: int, roles: RoleWords) -> Details:
    """Read everything about one party that follows its name without a break."""
    role: str | None = None
    fields: dict[str, str] = {}
    for _ in range(8):
        said = roles.read_behind(text, at)
        if said:
            role, at = role or said[0], said[1]
            continue
        read = _one_detail(text, at)
        if read is None:
            break
        fields, at = read[0] | fields, read[1]
    return Details(at, role, fields)


def _one_detail(text: str, at: int) -> tuple[dict[str, str], int] | None:
    for reader in (read_description, _bracket, _email, _address, _own_signatory):
        read = reader(text, at)
        if read is not None:
            return read
    return None


def _bracket(text: str, at: int) -> tuple[dict[str, str], int] | None:
    """Read a bracket that says what a party is, or gives it a short name; a place in brackets is the law's."""
    match = _BRACKET.match(text, at)
    if match is None or recognised_place(match["inside"]):
        return None
    inside = ", " + match["inside"]
    for reader in (read_description, _email, read_signatory):
        read = reader(inside, 0)
        if read is not None:
            return read[0], match.end()
    alias = re.fullmatch(
        r"(?:(?:hereinafter|hereafter|referred\sto\sas|collectively)?,?\s?){0,2}(?:the\s)?[\"“'‘].{1,60}[\"”'’]",
        match["inside"],
    )
    return ({}, match.end()) if alias else None


def _email(text: str, at: int) -> tuple[dict[str, str], int] | None:
    match = _EMAIL_BEHIND.match(text, at)
    return ({"email": match["email"]}, match.end()) if match else None


def _address(text: str, at: int) -> tuple[dict[str, str], int] | None:
    for lead in (_ADDRESS_LEAD, _BARE_ADDRESS):
        match = lead.match(text, at)
        span = read_address(text, match.end()) if match else None
        if match and span:
            closes = lead is _BARE_ADDRESS and match[0].endswith("(") and text[span.end : span.end + 1] == ")"
            return {"address": span.of(text)}, span.end + closes
    return None


def _own_signatory(text: str, at: int) -> tuple[dict[str, str], int] | None:
    """Read who signs, unless the words go on to say for whom."""
    read = read_signatory(text, at)
    return None if read is None or SIGNS_FOR.match(text, read[1]) else read


def read_signatory(text: str, at: int) -> tuple[dict[str, str], int] | None:
    """Read "signed by Jane Roe, CEO"."""
    match = SIGNED_BY.match(text, at)
    name = read_name(text, match.end()) if match else None
    if match is None or name is None or not begins_like_a_name(name.text):
        return None
    title = _TITLE.match(text, name.stop)
    fields = {"signatory": name.text}
    if title:
        fields["signatory_title"] = title["title"] or title["bracketed"]
    end = title.end() if title else name.stop
    return fields, end + (match[0].lstrip().startswith("(") and text[end : end + 1] == ")")
