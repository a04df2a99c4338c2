"""The words and numbers of a question, as they stand."""

import re
import unicodedata
from dataclasses import dataclass

from actors.domain.intake.numerals import WORDS, whole
from actors.domain.intake.word_lists import words_of

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:st|nd|rd|th)\b|\d+[a-z]?(?:[.\-]\d+[a-z]?)*(?:\([0-9a-z]{1,4}\))*"
_WORD = r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:'[^\W\d_]+)*"
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<word>{_WORD})|(?P<sign>[§&%,;:?!.])", re.IGNORECASE)
_NUMERAL = re.compile(rf"\b{WORDS}\b(?!')", re.IGNORECASE)
_ARE_IS = frozenset({"it", "that", "what", "who", "there", "here", "where", "how", "when", "he", "she"})
_ENDINGS = {"'ll": "will", "'ve": "have", "'re": "are", "'d": "would", "'m": "am"}
_NOT = {"can't": "can", "won't": "will", "shan't": "shall", "cannot": "can"}
_BEFORE_PRONOUN = frozenset(
    {
        "can",
        "may",
        "must",
        "does",
        "should",
        "do",
        "if",
        "when",
        "could",
        "would",
        "how",
        "no",
        "any",
        "which",
    }
)
_ABBREVIATED = {"u.s.": "usa", "u.s.a.": "usa"}
_COUNTED = words_of(
    "party of year month day week hour time parent spouse owner member partner side witness signature way"
)
_PREFIXES = frozenset({"sub", "pre", "co", "re", "anti", "multi", "semi"})
"""They are one word with what follows: "sub-tenant". "Non-" denies, and "post-" says when."""
_SIGNS = {"§": "section", "&": "and", "%": "percent"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or comma."""

    text: str
    """In lower case; a comma, semicolon, colon or full stop stands for itself."""
    written: str
    """As it stood."""
    joined: bool = False
    """A hyphen ties it to the word before."""
    number: bool = False


def split(question: str) -> list[Token]:
    """Return the tokens of a question in their order: contractions opened, numbers in words as digits."""
    text = unicodedata.normalize("NFKC", question).translate(
        {0x2019: "'", 0x2018: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-"}
    )
    text = _NUMERAL.sub(lambda match: _numeral(text, match), text)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        joined = match.start() > 0 and text[match.start() - 1] == "-"
        found = _tokens(match, joined=joined)
        if joined and tokens and tokens[-1].text in _PREFIXES:
            prefix = tokens.pop()
            found[0] = Token(prefix.text + found[0].text, prefix.written + found[0].written, prefix.joined)
        tokens += found
    return tokens


def _numeral(text: str, match: re.Match[str]) -> str:
    """Return a number in digits; "one" behind an auxiliary is somebody, not 1."""
    before = text[: match.start()].split()[-1:]
    after = re.match(r"[\s-]*(\w*)", text[match.end() :])
    counts = after is not None and after[1].casefold() in _COUNTED
    if (
        match[0].casefold() == "one"
        and not counts
        and (not before or before[0].casefold() in _BEFORE_PRONOUN)
    ):
        return match[0]
    return str(whole(match[0]))


def _tokens(match: re.Match[str], *, joined: bool) -> list[Token]:
    written = match[0]
    text = written.casefold()
    if match.lastgroup == "number":
        return [Token(text.replace(",", ""), written, joined, number=True)]
    if match.lastgroup == "sign":
        return [Token(_SIGNS.get(text, text), written)]
    return [Token(part, written, joined and position == 0) for position, part in enumerate(_opened(text))]


def _opened(word: str) -> list[str]:
    """Open a contraction; a possessive loses its ending."""
    if word in _NOT:
        return [_NOT[word], "not"]
    if word.endswith("n't"):
        return [word[:-3], "not"]
    stem, ending = word[: word.rfind("'")], word[word.rfind("'") :]
    if ending == "'s":
        return [stem, "is"] if stem in _ARE_IS else [stem]
    if "'" in word and ending in _ENDINGS:
        return [stem, _ENDINGS[ending]]
    return [_ABBREVIATED.get(word, word.replace(".", ""))]
