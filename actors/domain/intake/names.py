"""How far a party's name reaches. It comes out exactly as written."""

import re
from dataclasses import dataclass
from functools import lru_cache

from actors.domain.intake.entities import ending
from actors.domain.intake.word_lists import words_of

_MOST_WORDS = 14
# Braces keep what they hold together: "{% for x in y %}" may be somebody's name, and must stay what it is.
_TOKEN = re.compile(r"(?P<gap>\s{0,8})(?P<word>\{\{[^{}\n]{0,80}\}\}|\{[^{}\n]{0,80}\}|\S{1,200})")
_QUOTED = re.compile(
    r"\s{0,8}(?:[\"“„«]\s?(?P<double>[^\"“”„«»\n]{1,160}?)\s?[\"”“»]|[‘](?P<curly>[^‘\n]{1,160}?)’(?!\w)"
    r"|'(?P<single>[^'\n]{1,160})'(?!\w))"
)
_BRACKET = re.compile(r"\([^()\n]{1,30}\)(?=\s{1,3}\S)")
_CONNECTORS = words_of(
    """
    of de del della di da do dos la le les du des van von der den ten ter zu und et y e bin ibn al st. d/b/a dba
    t/a
    """
)
_PARTICLES = words_of("van von der de della di la le al el bin ibn")
_DOTTED = words_of("inc corp ltd co jr sr dr mr mrs ms prof st mt ft bros messrs no intl pty pte lda")
_FORMS_WITH_STOP = words_of("inc corp co ltd")
_SENTENCE_BEHIND = re.compile(r"\s*$|[^\S\n]*\n|\s{1,3}[\"“]?[A-Z]")
_DASHES = words_of("- – — -- | / … ...")
STOPS = words_of(
    """
    for under governed with in on at to from by as effective dated starting commencing beginning term lasting
    valid about regarding concerning covering relating which who that where whose is are was were will shall
    must should would can could may be being been has have had using use please so because if when while until
    till through during including excluding except without within no not subject payable paid pays pay per each
    plus this these those his her its their our my your it we they you he she want wants need needs wish wishes
    agree agrees located registered incorporated organised organized formed represented acting but or and then
    also against over via into onto upon after before based both between among entering enter enters a an the
    having residing signed
    """
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the message."""

    start: int
    end: int
    stop: int
    """Where reading goes on: behind a closing quotation mark, where there is one."""
    text: str
    is_quoted: bool = False

    @property
    def has_ending(self) -> bool:
        """Whether its last word is a legal form such as "Inc."."""
        words = self.text.split()
        return len(words) > 1 and ending(words[-1].strip(",")) is not None

    @property
    def is_capitalised(self) -> bool:
        """Whether each of its words but the small ones begins as names do."""
        words = self.text.split()
        return all(
            begins_like_a_name(word) or word.casefold() in _CONNECTORS or word in "&+" for word in words
        )


def begins_like_a_name(word: str) -> bool:
    """Whether a word begins with a capital, a digit or a letter without case, or has a capital inside ("eBay")."""
    first = next((char for char in word if char.isalnum()), "")
    return not first or not first.islower() or any(char.isupper() for char in word)


def read_name(text: str, at: int, *, loose: bool = False) -> Name | None:
    """Read the name that begins at `at`, or return `None`.

    Args:
        text: The message.
        at: White space before the name is passed over.
        loose: Take small words too, up to a word that goes on with the request ("for", "under"); for places where
            only a name can stand.
    """
    found = _QUOTED.match(text, at)
    if found:
        kind = found.lastgroup or ""
        return Name(found.start(kind), found.end(kind), found.end(), found[kind], is_quoted=True)
    reader = _Reader(text, loose=loose)
    reader.read(at)
    return reader.name()


class _Reader:
    """Walks over the words of one name."""

    def __init__(self, text: str, *, loose: bool) -> None:
        self._text, self._loose = text, loose
        self._start: int | None = None
        self._lead: int | None = None
        self._end = self._stop = 0
        self._form_seen = False
        self._previous = ""

    def name(self) -> Name | None:
        if self._start is None:
            return None
        return Name(self._start, self._end, self._stop, self._text[self._start : self._end])

    def read(self, at: int) -> None:
        for _ in range(_MOST_WORDS):
            token = _TOKEN.match(self._text, at)
            if token is None or not self._take(token):
                return
            at = max(self._stop, token.end())

    def _take(self, token: re.Match[str]) -> bool:
        """Add one word; tell whether the name may go on behind it."""
        word, start = token["word"], token.start("word")
        if self._start is not None and "\n" in token["gap"] and not ending(word.rstrip(".,;")):
            return False
        if word.startswith("("):
            return self._take_bracket(start)
        core, closes = _core(word)
        if _is_sentence_stop(self._text, core, start + len(core)):
            core, closes = core[:-1], True
        if not core or core in _DASHES or not self._fits(core, token.end()):
            return False
        if core in _CONNECTORS or core in {"&", "+", "the"}:
            self._previous = core
            return self._take_connector(core, start) and not closes
        if self._start is None:
            self._start = start if self._lead is None else self._lead
        self._end, self._stop = start + len(core), start + len(core)
        self._form_seen = self._form_seen or (self._end > self._start + len(core) and _is_final(core))
        return self._goes_on(word, core, closes=closes)

    def _take_connector(self, core: str, start: int) -> bool:
        if self._start is None and core in _PARTICLES:
            self._lead = start if self._lead is None else self._lead
        return self._start is not None or self._lead is not None

    def _goes_on(self, word: str, core: str, *, closes: bool) -> bool:
        has_comma = word[len(core) :] == ","
        after = _TOKEN.match(self._text, self._end + has_comma)
        next_core = _core(after["word"])[0] if after else ""
        # Behind a comma "NV" and "CO" are states, not the forms of companies.
        is_state = has_comma and len(next_core) == 2 and next_core not in {"LP", "PC", "AG", "SE"}  # noqa: PLR2004
        next_form = ending(next_core) is not None and not is_state
        if closes:
            takes_comma = has_comma and next_form and after is not None and "\n" not in after["gap"]
            self._stop = self._end + 1 if takes_comma else self._end
            return takes_comma
        return not self._form_seen or next_form or bool(after and after["word"] == "&")

    def _fits(self, core: str, behind: int) -> bool:
        if core in STOPS:
            return core == "the" and self._previous == "of" and self._next_fits(behind, core)
        if core in _CONNECTORS or core in {"&", "+"}:
            return self._next_fits(behind, core)
        if self._form_seen:
            return ending(core) is not None or core == "&"
        return (
            self._loose or begins_like_a_name(core) or (self._start is not None and ending(core) is not None)
        )

    def _next_fits(self, behind: int, connector: str) -> bool:
        after = _TOKEN.match(self._text, behind)
        if after is None:
            return False
        word = _core(after["word"])[0]
        if connector == "of" and word[:1].isdigit():
            return False
        if word == "the" and connector == "of":
            return True
        return begins_like_a_name(word) or word in _CONNECTORS or (self._loose and word not in STOPS)

    def _take_bracket(self, start: int) -> bool:
        """Take "(UK)" inside a name: only where a legal form follows."""
        match = _BRACKET.match(self._text, start)
        after = _TOKEN.match(self._text, match.end()) if match else None
        if self._start is None or match is None or after is None or ending(_core(after["word"])[0]) is None:
            return False
        self._end = self._stop = match.end()
        return True


def _is_final(core: str) -> bool:
    """Tell endings from words that also stand inside names, as "Company" does."""
    form = ending(core)
    return form is not None and form not in {"company", "co", "partnership"}


def _core(word: str) -> tuple[str, bool]:
    """Return a word without the punctuation behind it, and whether that punctuation ends a name."""
    core = word
    while core and (core[-1] in ',;:!?"”»…' or (core[-1] == ")" and "(" not in core)):
        core = core[:-1]
    owner = re.sub(r"['’]s$", "", core)
    if owner != core and ending(owner):
        return owner, True
    if core.endswith("'") and not core.startswith("'"):
        core = core[:-1]
    if core.endswith(".") and not _keeps_dot(core):
        return core.rstrip("."), True
    return core, len(core) < len(word)


def _is_sentence_stop(text: str, core: str, end: int) -> bool:
    """Whether the full stop of "Ltd." only ends its sentence.

    The writer's own habit decides where it shows: "Ltd.," keeps its stop and a bare "Ltd" has none. Where the message
    says it nowhere else, the stop of "Ltd." is the sentence's, and that of "Inc.", "Corp." and "Co." the name's.
    """
    form = core[:-1]
    if form.casefold() not in _FORMS_WITH_STOP or core[-1:] != "." or not _SENTENCE_BEHIND.match(text, end):
        return False
    return not _has_stop_inside(text, form) and (form.casefold() == "ltd" or _has_bare(text, form))


# Remembered: a message of nothing but company names asks at each of them.
@lru_cache(maxsize=64)
def _has_stop_inside(text: str, form: str) -> bool:
    return re.search(rf"\b{form}\.(?=[,;:)\"”'’]|\s{{1,3}}[a-z(&])", text) is not None


@lru_cache(maxsize=64)
def _has_bare(text: str, form: str) -> bool:
    return re.search(rf"\b{form}\b(?!\.)", text) is not None


def _keeps_dot(core: str) -> bool:
    bare = core[:-1]
    return (
        bare.casefold() in _DOTTED
        or (len(bare) == 1 and bare.isupper())
        or ("." in bare and not bare.endswith("."))
    )
