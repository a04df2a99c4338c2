"""Cases of the United Kingdom by neutral citation or law report, and those of other common law courts."""

import re

from actors.domain.citations.case_names import name_before
from actors.domain.citations.found import FoundCitation

_NEUTRAL = re.compile(
    r"\[(?P<year>\d{4})\]\s?(?P<court>UKSC|UKHL|UKPC|UKUT|UKFTT|UKEAT|EAT|EWCOP|EWFC|EWCA\s(?:Civ|Crim)|EWHC"
    r"|CSIH|CSOH|NICA|NIQB|NICh)\s(?P<number>\d{1,5})(?:\s\((?P<division>[A-Z][A-Za-z&]{1,9})\))?"
)
_REPORT = re.compile(
    r"(?:\[(?P<year>\d{4})\]|\((?P<round>\d{4})\))\s(?P<volume>\d{1,3}\s)?"
    r"(?P<report>QBD|QB|KB|AC|App\sCas|Ch\s?D|Ch|Fam|P|WLR|All\sER(?:\s\(Comm\)|\s\(D\)|\sRep)?|Lloyd's\sRep"
    r"|Cr\sApp\sR|ICR|IRLR|BCC|BCLC|BLR|Con\sLR|CLC|EGLR|EMLR|FSR|RPC|FLR|STC|TLR|LR\s\w{1,4}|Exch?|ER"
    r"|H\s?&\s?C|CPD|HL\s?Cas|JPL|PTSR|Bus\sLR)\s(?P<number>\d{1,5})\b"
)
_FOREIGN = re.compile(
    r"\[(?P<year>\d{4})\]\s(?:HCA|FCAFC|FCA|NSWCA|NSWSC|VSCA|VSC|NZSC|NZCA|NZHC|SGCA|SGHC|HKCFA|HKCA|HKCFI|IESC"
    r"|IEHC|IECA|ZASCA)\s\d{1,5}|\b(?P<canada>\d{4})\s(?:SCC|ONCA|BCCA|ABCA|QCCA|ONSC|BCSC)\s\d{1,5}\b"
)
_FIRST_YEAR = {"UKSC": 2009, "UKHL": 2001, "EWHC": 2001, "EWCA": 2001, "UKPC": 2001}
_LAST_YEAR = {"UKHL": 2009}


def find_uk_cases(folded: str) -> list[FoundCitation]:
    """Return neutral citations and law reports in reading order per form, each with the case name in front of it."""
    found = [_neutral(folded, match) for match in _NEUTRAL.finditer(folded)]
    found += [_report(folded, match) for match in _REPORT.finditer(folded)]
    return found + [_foreign(folded, match) for match in _FOREIGN.finditer(folded)]


def _neutral(folded: str, match: re.Match[str]) -> FoundCitation:
    court, year = " ".join(match["court"].split()), int(match["year"])
    division = f" ({match['division']})" if match["division"] else ""
    key = (
        f"case/{year}/{court.lower().replace(' ', '-')}/{match['number']}{division.lower().replace(' ', '')}"
    )
    reference = f"[{year}] {court} {match['number']}{division}"
    return _case(folded, match, (key, reference), year, defect=_defect(court.partition(" ")[0], year))


def _report(folded: str, match: re.Match[str]) -> FoundCitation:
    year = int(match["year"] or match["round"])
    series = " ".join((match["volume"] or "").split() + match["report"].split())
    key = f"case/{year}/{series.lower().replace(' ', '-')}/{match['number']}"
    opening, closing = ("[", "]") if match["year"] else ("(", ")")
    return _case(folded, match, (key, f"{opening}{year}{closing} {series} {match['number']}"), year)


def _foreign(folded: str, match: re.Match[str]) -> FoundCitation:
    year = int(match["year"] or match["canada"])
    key = f"case/{re.sub(r'[^a-z0-9]+', '/', match[0].lower()).strip('/')}"
    return _case(folded, match, (key, match[0]), year, outside=True)


def _case(
    folded: str,
    match: re.Match[str],
    named: tuple[str, str],
    year: int,
    *,
    outside: bool = False,
    defect: str = "",
) -> FoundCitation:
    key, reference = named
    start, name = name_before(folded, match.start())
    return FoundCitation(
        text=folded[start : match.end()],
        start=start,
        end=match.end(),
        kind="case",
        normalized=f"{name} {reference}" if name else reference,
        key=key,
        source="case",
        jurisdiction="" if outside else "UK-EW",
        outside=outside,
        name=name,
        year=year,
        defect=defect,
    )


def _defect(court: str, year: int) -> str:
    first, last = _FIRST_YEAR.get(court, 0), _LAST_YEAR.get(court, 9999)
    if year < first:
        return f"Neutral citations of {court} begin in {first}."
    return f"Neutral citations of {court} end in {last}." if year > last else ""
