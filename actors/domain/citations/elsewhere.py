"""Sources that no index here covers but a reader should see counted: constitutions, session laws and such."""

import re
from functools import lru_cache

from actors.domain.citation import CitationKind
from actors.domain.citations.found import FoundCitation
from actors.domain.citations.mentions import Mention
from actors.domain.citations.sources import Source, slug
from actors.domain.yaml_files import DATA, read_mapping

_ROMAN = r"(?:[IVXLC]+|\d{1,2})\b"
_SECTION = (
    r"(?:\s?,?\s?(?:§{1,2}|[Ss]ec(?:\.|tion))\s?\d{1,3}(?:[-,]\s?\d{1,3})*"
    r"(?:\s?,\s?cl(?:\.|ause)\s?\d{1,2})?)?"
)
_EDITION = r"\((?:First|Second|Third|Fourth|\dd)\)\s"
_FORMS: tuple[tuple[CitationKind, str, str], ...] = (
    (
        "other",
        "",
        (
            r"(?:U\.?\s?S\.?|United\sStates|[A-Z][a-z]{2,5}\.|N\.\s?Y\.)\sConst(?:\.|itution)\s?,?\s?"
            rf"(?:[Aa]rt(?:\.|icle)|[Aa]mend(?:\.|ment))\s?{_ROMAN}{_SECTION}"
        ),
    ),
    (
        "other",
        "US-FED",
        rf"Art(?:\.|icle)\s{_ROMAN}{_SECTION}\sof\sthe\s(?:U\.\s?S\.|United\sStates)\sConstitution",
    ),
    (
        "secondary",
        "",
        (
            rf"Restatement\s(?:{_EDITION})?(?:of\s)?(?:the\sLaw\sof\s)?[A-Z]\w+(?:\s(?:of|and|&|[A-Z]\w+)){{0,4}}"
            rf"\s?,?\s(?:{_EDITION})?§{{1,2}}\s?\d{{1,3}}[A-Z]?(?:\scmts?\.\s?[a-z])?"
        ),
    ),
    (
        "statute",
        "US-FED",
        (
            r"(?:Pub(?:\.|lic)\s?L(?:\.|aw)|P\.\s?L\.)\s?(?:No\.\s?)?\d{2,3}-\d{1,4}"
            r"(?:\s?,\s?(?:§{1,2}|[Ss]ec(?:\.|tion))\s?\d{1,4})?(?:\s?,\s?\d{1,3}\sStat\.\s\d{1,5})?"
        ),
    ),
    ("statute", "US-FED", r"(?<![\w.])\d{1,3}\sStat\.\s\d{1,5}\b"),
    ("regulation", "US-FED", r"(?<![\w.])\d{1,3}\sFed\.\s?Reg\.\s\d{1,3},?\d{3}\b"),
    (
        "regulation",
        "EU",
        (
            r"(?:Regulation|Directive|Decision)\s(?:\((?:EU|EC|EEC)\)\s)?(?:No\.?\s)?\d{1,4}/\d{1,4}"
            r"(?:/(?:EU|EC|EEC))?"
        ),
    ),
    ("statute", "", r"\b(?:BGB|HGB)\s§{1,2}\s?\d{1,4}[a-z]?|§{1,2}\s?\d{1,4}[a-z]?\s(?:BGB|HGB)\b"),
    (
        "treaty",
        "",
        (
            r"(?:Hague|New\sYork|Rome|Vienna|Geneva|Berne|Paris)\sConvention(?:\s(?:of\s)?\d{4})?\s?,?\s"
            r"art(?:s?\.|icles?)\s\d{1,3}"
        ),
    ),
)


def find_elsewhere(folded: str) -> list[FoundCitation]:
    """Return citations of sources outside every index: `outside` is set on each."""
    return [
        _outside(match, kind, jurisdiction)
        for kind, jurisdiction, pattern in _FORMS
        for match in re.finditer(pattern, folded)
    ]


def find_foreign_codes(folded: str) -> list[Mention]:
    """Return mentions such as "German Civil Code", to be joined with their sections."""
    return [
        Mention(Source(f"foreign/{slug(match[0])}", match[0], "", whole=True, outside=True), *match.span())
        for match in _foreign_codes().finditer(folded)
    ]


def _outside(match: re.Match[str], kind: CitationKind, jurisdiction: str) -> FoundCitation:
    key = f"outside/{slug(match[0])}"
    return FoundCitation(
        match[0], match.start(), match.end(), kind, match[0], key, "outside", jurisdiction, outside=True
    )


@lru_cache(maxsize=1)
def _foreign_codes() -> re.Pattern[str]:
    foreign = read_mapping(DATA / "codes.yaml")["foreign"]
    return re.compile(rf"\b(?:{'|'.join(foreign['adjectives'])})\s(?:{'|'.join(foreign['codes'])})\sCode\b")
