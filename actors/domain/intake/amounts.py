"""Amounts of money and percentages."""

import re
from decimal import Decimal

from actors.domain.intake.mentions import Mentions, impossible
from actors.domain.intake.word_lists import words_of
from actors.domain.matter import Money

_SIGNS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "$": "USD", "£": "GBP", "€": "EUR", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₴": "UAH",
}  # fmt: skip
CODES = words_of(
    """
    USD GBP EUR CHF JPY CAD AUD NZD CNY HKD SGD INR BRL MXN SEK NOK DKK PLN CZK HUF RON ZAR ILS TRY AED SAR KRW
    THB TWD PHP IDR MYR VND NGN KES EGP CLP COP PEN ARS UAH ISK QAR KWD
    """
)
_NAMES = {
    "us dollar": "USD", "u.s. dollar": "USD", "american dollar": "USD", "canadian dollar": "CAD",
    "australian dollar": "AUD", "dollar": "USD", "pound sterling": "GBP", "british pound": "GBP", "pound": "GBP",
    "euro": "EUR", "swiss franc": "CHF",
}  # fmt: skip
_SCALE = {
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mm": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
}

_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_CODE = "|".join(sorted(CODES))
_NAME = "|".join(re.escape(name).replace(r"\ ", r"\s") for name in sorted(_NAMES, key=len, reverse=True))
_NUMBER = r"\d{1,18}(?:[.,'’]\d{1,18}){0,6}"
_SCALED = rf"(?P<number>{_NUMBER})(?:\s?(?P<scale>k|thousand|mm|m|million|bn|billion)\b)?"
_MINUS = r"(?P<minus>(?:(?<![\w)\].])[-−]|\b(?:minus|negative)\s)\s?)?"
_MONEY = re.compile(
    rf"{_MINUS}(?:(?P<sign>{_SIGN})\s?(?P<inner>[-−])?|(?<![A-Za-z])(?P<code>{_CODE})\s?(?P<inner2>[-−])?)"
    rf"{_SCALED}(?:\s(?P<code_after>{_CODE})\b)?",
    re.IGNORECASE,
)
_MONEY_AFTER = re.compile(
    rf"{_MINUS}(?<![\w.,$£€]){_SCALED}\s?(?:(?P<code>{_CODE})\b|(?P<sign>[€£₹])|(?P<name>{_NAME})s?\b)",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"{_MINUS}(?<![\w.,]){_SCALED}\s?(?:%|percent\b|per\scent\b)", re.IGNORECASE)
_PLAIN = re.compile(r"\d+(?:\.\d{1,2}|\.\d{4,})?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:['’]\d{3})+(?:\.\d{1,2})?")
_RANGE_AFTER = re.compile(rf"\s?(?:-|–|to|or)\s?(?:{_SIGN})?\d", re.IGNORECASE)
_RANGE_BEFORE = re.compile(r"\d(?:k|m)?\s?(?:-|–|to|or|and)\s?$", re.IGNORECASE)
_SPACED_DIGITS = re.compile(r"\s\d{3}(?!\d)")
_MOST = Decimal("1e15")


def read_amounts(text: str, found: Mentions) -> None:
    """Add every amount with a currency, and every percentage, to `found`.

    Raises:
        InvalidInputError: An amount is negative or larger than any contract's.
    """
    for match in _PERCENT.finditer(text):
        if found.is_free(*match.span()):
            _add_percent(match, found)
    for pattern in (_MONEY, _MONEY_AFTER):
        for match in pattern.finditer(text):
            if found.is_free(*match.span()):
                _add_money(text, match, found)


def decimal_of(number: str) -> Decimal | None:
    """Return the value of a number as written, or `None` where its marks can be read in two ways."""
    if _PLAIN.fullmatch(number):
        return Decimal(number)
    if _THOUSANDS.fullmatch(number):
        return Decimal(re.sub(r"[,'’]", "", number))
    return None


def read_money(words: str) -> Money | None:
    """Return the amount that is the whole of `words` ("USD 5,000", "$5k"), or `None`."""
    for pattern in (_MONEY, _MONEY_AFTER):
        match = pattern.fullmatch(words.strip())
        amount = _amount(match) if match and not _is_negative(match) else None
        if match and amount is not None and amount <= _MOST:
            return Money(amount=amount, currency=_currency(match))
    return None


def _add_percent(match: re.Match[str], found: Mentions) -> None:
    amount = _amount(match)
    if _is_negative(match):
        raise impossible(match[0], "is a negative percentage")
    if amount is None or match["scale"]:
        found.doubt(match[0], match.start(), "its decimal sign can be read in two ways")
    else:
        found.add("percent", amount, *match.span())


def _add_money(text: str, match: re.Match[str], found: Mentions) -> None:
    amount = _amount(match)
    if _is_negative(match):
        raise impossible(match[0], "is a negative amount")
    if amount is not None and amount > _MOST:
        raise impossible(match[0], "is more than any contract states")
    more = _SPACED_DIGITS.match(text, match.end())
    if amount is None or more:
        found.doubt(
            match[0] + (more[0] if more else ""),
            match.start(),
            "its thousands and decimal signs can be read in two ways; write 1,000.50",
        )
    elif _RANGE_AFTER.match(text, match.end()) or _RANGE_BEFORE.search(
        text[max(0, match.start() - 8) : match.start()]
    ):
        found.doubt(match[0], match.start(), "it is one end of a range; give one amount")
    else:
        found.add("money", Money(amount=amount, currency=_currency(match)), *match.span())


def _is_negative(match: re.Match[str]) -> bool:
    names = ("minus", "inner", "inner2")
    return any(match.groupdict().get(name) for name in names)


def _amount(match: re.Match[str]) -> Decimal | None:
    number = decimal_of(match["number"])
    if number is None or not match["scale"]:
        return number
    scaled = number * _SCALE[match["scale"].casefold()]
    return Decimal(int(scaled)) if scaled == int(scaled) else scaled


def _currency(match: re.Match[str]) -> str:
    parts = match.groupdict()
    code = parts.get("code_after") or parts.get("code")
    if code:
        return code.upper()
    if parts.get("name"):
        return _NAMES[" ".join(match["name"].casefold().split())]
    return _SIGNS[match["sign"].upper()]
