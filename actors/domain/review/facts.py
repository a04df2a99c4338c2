"""M1-M4: numbers that contradict each other."""

import re
from collections.abc import Iterator
from decimal import Decimal

from actors.domain.review.known import KnownFacts
from actors.domain.review.numerals import NUMBER_WORDS, words_value
from actors.domain.review.outline import Outline
from actors.domain.review.remark import Remark
from actors.domain.review.sentences import read_sentences
from actors.domain.review.vocabulary import NOT_A_COUNT

_NUMERAL = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
    r"|thousand|million|billion)"
)
_UNIT = (
    r"(?:(?:united\sstates|u\.s\.|us)\s)?(?:dollars?|pounds?(?:\ssterling)?|euros?|percent"
    r"|per\scent|per\scentum)"
)
_FIGURE = (
    r"(?:usd|us\$|gbp|eur|[$£€])?\s?(?P<figure>\d{1,3}(?:,\d{3})+"
    r"|\d{1,12})(?P<cents>\.\d{1,2})?\s?(?:%|percent)?"
)
_FIGURE_IN_BRACKETS = re.compile(rf"\(\s?{_FIGURE}\s?\)", re.IGNORECASE)
# Old filings break lines inside numbers: "twenty- four", "one hundred      twenty".
_WORDS_BEFORE = re.compile(
    rf"(?:(?P<before>[\w-]{{1,20}})\s{{1,12}})?\b(?P<words>{_NUMERAL}(?:(?:-\s{{0,12}}"
    rf"|\s{{1,12}}(?:and\s{{1,12}})?){_NUMERAL}){{0,9}})"
    rf"(?:\s{{1,4}}{_UNIT})?\s{{0,4}}$",
    re.IGNORECASE,
)
_WORDS_CHARS = 140
_AMOUNT = (
    r"(?:US\s?|USD\s?|GBP\s?|EUR\s?)?[$£€]\s?(?:\d{1,3}(?:,\d{3})+"
    r"|\d{1,12})(?:\.\d{2})?(?!\s?(?:million|billion|thousand|[\d.,]\d))"
)
_LABELLED_AMOUNT = re.compile(
    r"\b(?P<label>(?:(?!The\b|This\b|Each\b|Such\b|A\b|An\b)[A-Z][a-z]+\s){1,3}|(?:purchase price"
    r"|monthly fee|license fee"
    r"|licence fee|annual fee|base salary|security deposit|monthly rent|base rent|liability cap|setup fee)\s)"
    r"(?:(?:\(.{1,40}?\)\s)?(?:is|of|shall be|will be|equals|means|amounts to|in the amount of"
    r"|shall equal)\s)"
    rf"(?:an amount equal to\s|the sum of\s|the amount of\s|equal to\s)?(?P<amount>{_AMOUNT})"
)
_TERM = re.compile(
    r"\b(?P<label>[Ii]nitial [Tt]erm|[Tt]erm of this Agreement|[Tt]he Term|[Nn]otice [Pp]eriod"
    r"|[Cc]onfidentiality [Pp]eriod"
    r"|[Rr]estricted [Pp]eriod|[Ww]arranty [Pp]eriod|[Cc]ure [Pp]eriod|[Ss]ubscription [Tt]erm)\s"
    r"(?:(?:\(.{1,40}?\)\s)?(?:is|of|shall be|will be|means|lasts|shall continue for|continues for)\s)"
    r"(?:a period of\s|the period of\s)?(?:[a-z-]{2,20}(?:\s[a-z-]{2,12})?\s\()?(?P<count>\d{1,4})\)?\s"
    r"(?P<unit>(?:business\s|calendar\s)?(?:day|week|month|year))s?\b"
)
_CURRENCY = re.compile(r"(?P<mark>US\$|USD|[$£€]|GBP|EUR)\s?\d")
_CONVERTED = re.compile(r"exchange rate|equivalent|convert|conversion|currenc", re.IGNORECASE)
_SYMBOLS = {"$": "USD", "US$": "USD", "£": "GBP", "€": "EUR"}
_SPLIT = re.compile(r"\b(?:split|shared?|divided|allocated|apportioned)\b", re.IGNORECASE)
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,2})?)\s?%")
_SHARE_OF_SOMEONE = re.compile(r"\d\s?%\)?\s(?:to|for|by|borne by|payable by)\s")
_WHOLE = Decimal(100)


def check_words_and_figures(text: str) -> Iterator[Remark]:
    """Yield M1: "thirty (60) days"."""
    for match in _FIGURE_IN_BRACKETS.finditer(text):
        begin = max(match.start() - _WORDS_CHARS, 0)
        lead = _WORDS_BEFORE.search(text[begin : match.start()])
        if lead is None or match["cents"]:
            continue
        before = (lead["before"] or "").casefold()
        words = [word for word in re.split(r"[\s-]+", lead["words"].casefold()) if word in NUMBER_WORDS]
        value, figure = words_value(words), int(match["figure"].replace(",", ""))
        if value is not None and value != figure and before not in NOT_A_COUNT and before not in NUMBER_WORDS:
            message = f"The words say {value:,}, the figures {figure:,}."
            yield Remark("M1", "error", message, begin + lead.start("words"), match.end())


def check_figures(text: str, outline: Outline, known: KnownFacts | None) -> Iterator[Remark]:
    """Yield M2 to M4 over the whole text."""
    yield from _check_amounts(text, outline, known)
    yield from _check_terms(text, outline)
    yield from _check_currencies(text)
    yield from _check_splits(text)


def _check_amounts(text: str, outline: Outline, known: KnownFacts | None) -> Iterator[Remark]:
    """Yield M2: one label with two amounts in the main text, or another amount than the one known."""
    first = {label.casefold(): amount for label, amount in known.amounts.items()} if known else {}
    for match in _LABELLED_AMOUNT.finditer(text):
        if outline.section_at(match.start()).scope:
            continue
        label = match["label"].strip()
        amount = Decimal(re.sub(r"[^\d.]", "", match["amount"]))
        expected = first.setdefault(label.casefold(), amount)
        if expected != amount:
            message = f"{label} is {amount:,} here and {expected:,} elsewhere."
            yield Remark("M2", "warning", message, match.start("amount"), match.end("amount"))


def _check_terms(text: str, outline: Outline) -> Iterator[Remark]:
    first: dict[str, tuple[int, str]] = {}
    for match in _TERM.finditer(text):
        if outline.section_at(match.start()).scope:
            continue
        length = _in_months(int(match["count"]), match["unit"].casefold())
        label = match["label"].casefold().removeprefix("the ")
        expected = first.setdefault(label, length)
        if expected != length:
            message = (
                f"{match['label']} is {length[0]} {length[1]}(s) here and {expected[0]} "
                f"{expected[1]}(s) elsewhere."
            )
            yield Remark("M2", "warning", message, match.start("count"), match.end())


def _in_months(count: int, unit: str) -> tuple[int, str]:
    return (
        (count * 12, "month") if unit == "year" else (count * 7, "day") if unit == "week" else (count, unit)
    )


def _check_currencies(text: str) -> Iterator[Remark]:
    """Yield M3 where a second currency appears and nothing says how the two relate."""
    if _CONVERTED.search(text):
        return
    first = ""
    for match in _CURRENCY.finditer(text):
        currency = _SYMBOLS.get(match["mark"], match["mark"])
        first = first or currency
        if currency != first:
            message = f"An amount in {currency}, where the others are in {first}."
            yield Remark("M3", "warning", message, match.start(), match.end())
            return


def _check_splits(text: str) -> Iterator[Remark]:
    """Yield M4: a sentence that divides something into percentages that do not make 100."""
    if not _SPLIT.search(text):
        return
    for start, end in read_sentences(text):
        word = _SPLIT.search(text, start, end)
        if word is None:
            continue
        shares = [Decimal(share[1]) for share in _PERCENT.finditer(text, word.end(), end)]
        if len(shares) != len(_SHARE_OF_SOMEONE.findall(text, word.end(), end)):
            continue
        total = sum(shares, Decimal(0))
        if len(shares) >= 2 and total != _WHOLE and all(share < _WHOLE for share in shares):  # noqa: PLR2004
            yield Remark(
                "M4", "warning", f"The shares add up to {total.normalize():f} %, not 100 %.", start, end
            )
