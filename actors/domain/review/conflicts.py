"""K1-K9: clauses that contradict each other."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from actors.domain.review.outline import Outline
from actors.domain.review.remark import Remark
from actors.domain.review.sentences import read_sentences

_PLACES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana"
    "|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska"
    "|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North "
    "Dakota|Ohio|Oklahoma|Oregon|Pennsylvania"
    "|Rhode Island|South Carolina|South "
    "Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin"
    "|Wyoming|District of Columbia|England|Scotland|Northern "
    "Ireland|Ireland|France|Germany|Switzerland|Israel|Singapore"
    "|Hong Kong|Ontario|British Columbia|Quebec|Alberta|Australia|New South Wales|Japan|India|the "
    "Netherlands|Luxembourg"
)
_GOVERNED = re.compile(
    r"\b(?:this (?:Agreement|Contract|Deed|Lease|Note|MNDA|NDA|DPA|Letter|Policy|document)"
    r"|these Terms|it)\b[^.;]{0,160}?"
    r"\bgoverned\b[^.;]{0,120}?\blaws?\b[^.;]{0,60}?\b(?:of|in)\s(?:the\s)?(?:(?:State"
    r"|Commonwealth|Province|Republic|laws)\sof\s)?"
    rf"(?P<place>{_PLACES})\b",
    re.IGNORECASE,
)
_ALSO_GOVERNED = re.compile(
    rf"\bgoverning law\b[^.;\n]{{0,80}}?\b(?:is|shall be|:)\s[^.;\n]{{0,60}}?\b(?P<place>{_PLACES})\b",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\b(?:except|unless|provided|other than|notwithstanding|subject to|without limit(?:ing|ation)"
    r"|save|but not|excluding|however"
    r"|injuncti|equitable|in aid of|enforce(?:ment)?|confirm|award|interim|small claims|pending"
    r"|not resolved|fails?|compel)\b",
    re.IGNORECASE,
)
_ARBITRATION = re.compile(
    r"\b(?:shall|will|must) be (?:finally |exclusively )?(?:resolved|settled|determined"
    r"|decided)\b[^.;]{0,120}\barbitration\b",
    re.IGNORECASE,
)
_COURTS = re.compile(
    r"\b(?:exclusive jurisdiction\b[^.;]{0,120}\bcourts?|courts?\b[^.;]{0,120}\b(?:shall"
    r"|will) have exclusive jurisdiction"
    r"|(?:shall|must|will) be (?:brought|instituted|filed) (?:only "
    r"|exclusively )?in (?:the )?[^.;]{0,80}\bcourts?)\b",
    re.IGNORECASE,
)
_AT_WILL = re.compile(
    r"\b(?P<who>either party|(?:the )?(?-i:[A-Z])\w+) (?:may|can) terminate this (?:Agreement"
    r"|Contract|Lease|MNDA)"
    r"(?: at any time)?,? (?:for convenience|for any (?:or no )?reason|without cause"
    r"|for any reason or no reason)[^.;]{0,60}?"
    r"(?P<count>\d{1,3})\)?\s(?P<unit>(?:business |calendar )?(?:days?|months?|weeks?))",
    re.IGNORECASE,
)
_CAP = re.compile(
    r"\b(?:aggregate|total|maximum|cumulative)\b[^.;]{0,60}\bliability\b[^.;]{0,160}\b(?:shall"
    r"|will) not exceed\b",
    re.IGNORECASE,
)
_UNLIMITED = re.compile(
    r"\b(?:indemnif|liab)\w{1,12}\b[^.;]{0,160}\b(?:without limit(?:ation)? (?:of|in|as to) amount"
    r"|unlimited|shall not be limited|uncapped)\b",
    re.IGNORECASE,
)
_ENTIRE = re.compile(r"\bentire (?:agreement|understanding)\b", re.IGNORECASE)
_INCORPORATED = re.compile(
    r"\bincorporated (?:herein |into this \w+ )?(?:by (?:this )?reference)\b", re.IGNORECASE
)
_PRECEDENCE = re.compile(
    r"\b(?:order of precedence|prevails?|shall control|will control|takes? precedence|shall govern"
    r"|controls)\b",
    re.IGNORECASE,
)
_GRANT = re.compile(
    r"\b(?P<who>(?:[A-Z]\w+ ?){1,3}) (?:hereby )?grants? (?:to )?"
    r"(?P<to>(?:the )?(?:[A-Z]\w+ ?){1,3}),? an? (?P<kind>non-?exclusive|exclusive)"
    r"[^.;]{0,120}?licen[cs]e (?:to|under|in|of) (?P<what>(?:\w+ ?){1,3})"
)
_RENEWS = re.compile(
    r"\b(?:shall|will) (?:automatically (?:be )?(?:renew|extend)(?:ed)?|(?:renew"
    r"|be renewed) automatically)\b",
    re.IGNORECASE,
)
_NO_RENEWAL = re.compile(
    r"\b(?:shall|will|may) not (?:be )?(?:automatically )?(?:renew"
    r"|extend)(?:ed)?(?: automatically)?\b(?! (?:if|unless|to))"
    r"|\bno (?:automatic )?renewal\b|\bwithout (?:any )?(?:right of )?renewal\b",
    re.IGNORECASE,
)
_NO_ASSIGNMENT = re.compile(
    r"\b(?P<who>neither party|either party|(?:the )?(?-i:[A-Z])\w+) (?:may|shall"
    r"|will)(?: not)? assign\b[^.;]{0,120}\bwithout (?:the )?(?:other(?: party)?[’\']s )?(?:prior )?"
    r"(?:written )?(?:prior )?consent",
    re.IGNORECASE,
)
_FREE_ASSIGNMENT = re.compile(
    r"\b(?P<who>either party|each party"
    r"|(?:the )?(?-i:[A-Z])\w+) (?:may (?:freely )?assign\b[^.;]{0,80}\b(?:without (?:the )?(?:need for )?(?:any )?"
    r"(?:prior )?(?:written )?(?:consent|approval)|freely)|may freely assign)\b",
    re.IGNORECASE,
)


_TOPICS = re.compile(
    r"\b(?:govern|arbitrat|court|terminate this|liab|indemnif|incorporated|grant|renew|extend|assign)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    text: str

    def find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.search(self.text)


def check_conflicts(text: str, outline: Outline) -> Iterator[Remark]:
    """Yield K1 to K4 and K6 to K9 over the main text; attachments may be documents of their own."""
    topics = _by_topic(text, outline)
    yield from _check_laws(topics["govern"])
    yield from _check_forums(topics["arbitrat"], topics["court"])
    yield from _check_notices(topics["terminate this"])
    yield from _check_cap(topics["liab"], topics["indemnif"])
    yield from _check_precedence(text, topics["incorporated"])
    yield from _check_grants(topics["grant"])
    yield from _check_renewal(topics["renew"], topics["extend"])
    yield from _check_assignment(topics["assign"])


def _by_topic(text: str, outline: Outline) -> defaultdict[str, list[_Sentence]]:
    """Return the sentences of the main text by the words that matter here: most sentences have none of them."""
    topics: defaultdict[str, list[_Sentence]] = defaultdict(list)
    for section in outline.sections:
        if section.scope:
            continue
        for start, end in read_sentences(text, section.start, section.end):
            sentence = _Sentence(start, text[start:end])
            for topic in {found.casefold() for found in _TOPICS.findall(sentence.text)}:
                topics[topic].append(sentence)
    return topics


def _remark(
    check: str, message: str, sentence: _Sentence, match: re.Match[str], *, error: bool = False
) -> Remark:
    start = sentence.start + match.start()
    return Remark(check, "error" if error else "warning", message, start, sentence.start + match.end())


def _check_laws(sentences: list[_Sentence]) -> Iterator[Remark]:
    first = ""
    for sentence in sentences:
        match = sentence.find(_GOVERNED) or sentence.find(_ALSO_GOVERNED)
        if match is None or _names_two(sentence.text, match):
            continue
        place = match["place"].casefold()
        first = first or place
        if place != first:
            message = f"The law of {match['place']} governs here, that of {first.title()} elsewhere."
            yield _remark(
                "K1", message, sentence, match, error=not _LIMITED.search(sentence.text[: match.start()])
            )


def _names_two(sentence: str, match: re.Match[str]) -> bool:
    """Leave out a sentence that chooses by case ("Delaware, or New York where …")."""
    return bool(
        re.match(r"\s(?:or|if|for|when|where|with respect|as to)\b", sentence[match.end() : match.end() + 20])
    )


def _check_forums(arbitral: list[_Sentence], courtly: list[_Sentence]) -> Iterator[Remark]:
    arbitration = [s for s in arbitral if s.find(_ARBITRATION) and not s.find(_LIMITED)]
    if not arbitration or any(
        re.search(r"\b(?:in aid of|injuncti|award)", s.text, re.IGNORECASE) and s.find(_COURTS)
        for s in courtly
    ):
        return
    for sentence in courtly:
        courts = sentence.find(_COURTS)
        if courts and not sentence.find(_LIMITED) and "arbitrat" not in sentence.text.casefold():
            message = "Courts are to decide here, arbitrators elsewhere; neither clause limits the other."
            yield _remark("K2", message, sentence, courts)
            return


def _check_notices(sentences: list[_Sentence]) -> Iterator[Remark]:
    first: dict[str, str] = {}
    for sentence in sentences:
        for match in _AT_WILL.finditer(sentence.text):
            period = f"{int(match['count'])} {match['unit'].casefold().rstrip('s')}(s)"
            earlier = first.setdefault(match["who"].casefold(), period)
            if earlier != period:
                message = f"Termination without cause takes {period} here and {earlier} elsewhere."
                yield _remark("K3", message, sentence, match)


def _check_cap(caps: list[_Sentence], indemnities: list[_Sentence]) -> Iterator[Remark]:
    cap = next((s for s in caps if s.find(_CAP) and not s.find(_LIMITED)), None)
    for sentence in [*indemnities, *caps]:
        unlimited = sentence.find(_UNLIMITED)
        if cap and unlimited and sentence is not cap:
            yield _remark(
                "K4", "Liability is unlimited here; the cap makes no exception for it.", sentence, unlimited
            )
            return


def _check_precedence(text: str, sentences: list[_Sentence]) -> Iterator[Remark]:
    if _PRECEDENCE.search(text) or not _ENTIRE.search(text):
        return
    for sentence in sentences:
        if match := sentence.find(_INCORPORATED):
            start = sentence.start + match.start()
            message = "Other documents are incorporated, and no clause says which one prevails."
            yield Remark("K6", "info", message, start, start + len(match[0]))
            return


def _check_grants(sentences: list[_Sentence]) -> Iterator[Remark]:
    first: dict[tuple[str, ...], str] = {}
    for sentence in sentences:
        for match in _GRANT.finditer(sentence.text):
            key = tuple(match[name].strip().casefold() for name in ("who", "to", "what"))
            kind = match["kind"].casefold().replace("-", "")
            if first.setdefault(key, kind) != kind:
                yield _remark(
                    "K7", "The same licence is exclusive in one place and not in another.", sentence, match
                )


def _check_renewal(renewals: list[_Sentence], extensions: list[_Sentence]) -> Iterator[Remark]:
    sentences = renewals + extensions
    if not any(s.find(_RENEWS) for s in sentences):
        return
    for sentence in sentences:
        match = sentence.find(_NO_RENEWAL)
        if match and not sentence.find(_RENEWS) and not sentence.find(_LIMITED):
            yield _remark("K8", "No renewal here, automatic renewal elsewhere.", sentence, match)
            return


def _check_assignment(sentences: list[_Sentence]) -> Iterator[Remark]:
    barred = {
        match["who"].casefold()
        for s in sentences
        if (match := s.find(_NO_ASSIGNMENT))
        and ("not" in match[0].casefold() or match["who"].casefold() == "neither party")
        and not s.find(_LIMITED)
    }
    for sentence in sentences:
        match = sentence.find(_FREE_ASSIGNMENT)
        if match is None or sentence.find(_LIMITED):
            continue
        who = match["who"].casefold()
        if who in barred or "neither party" in barred:
            yield _remark("K9", "Assignment is free here and needs consent elsewhere.", sentence, match)
            return
