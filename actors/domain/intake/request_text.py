"""What a request's text must be before anything reads it."""

import re
import unicodedata

from actors.errors import InvalidInputError

LIMIT_CHARS = 20_000
FIELD = "message"

# U+E000 and U+E001 mark blanks in the drafting engine's own text; a user's words must not forge them.
PRIVATE_SIGNS = re.compile("[\ue000\ue001]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
# Signs that turn the direction of the text around them: what is read is not what stands there.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Signs without a shape: two names that look the same would differ. Joiners shape Persian and Indic words and emoji, so
# they may stand between such signs; beside Latin letters they do nothing.
UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?:(?<=[\u0000-\u024f])|^)[\u200c\u200d]|[\u200c\u200d](?=[\u0000-\u024f]|$)"
)
# Any of the above, in one look: hardly a text has one, and bulk runs read gigabytes.
SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff"
    "\ue000\ue001\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LINE_END = re.compile(r"\r\n?")


def check_request_text(message: str) -> str:
    """Return the message in one Unicode form, with plain line ends and no outer white space.

    Raises:
        InvalidInputError: It is empty, too long, or holds characters that no document can carry.
    """
    if len(message) > LIMIT_CHARS:
        raise InvalidInputError(
            FIELD, f"it has {len(message):,} characters; the limit is {LIMIT_CHARS:,} characters"
        )
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", message.removeprefix("\ufeff")))
    refuse_signs(FIELD, text)
    text = text.strip()
    if not text:
        raise InvalidInputError(FIELD, "it is empty; say in plain words which document to draft")
    return text


def refuse_signs(field: str, text: str) -> None:
    """Refuse characters that cannot stand in a document.

    Raises:
        InvalidInputError: `text` holds a lone surrogate, a control character, a sign that turns or hides text, or
            one of our private signs.
    """
    if not SUSPECT.search(text):
        return
    for pattern, what in (
        (SURROGATE, "half of a surrogate pair"),
        (CONTROL, "a control character"),
        (PRIVATE_SIGNS, "a private-use sign"),
        (TURNING, "a sign that turns the direction of text"),
        (UNSEEN, "an invisible sign"),
    ):
        found = pattern.search(text)
        if found:
            sign = f"U+{ord(found[0]):04X}"
            raise InvalidInputError(field, f"it holds {what} ({sign}) at character {found.start() + 1}")
