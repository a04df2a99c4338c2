"""Signs that no document can carry."""

from actors.domain.intake.request_text import refuse_signs
from actors.errors import InvalidInputError, ModelAnswerError


def checked_text(text: str, most_chars: int) -> str:
    """Return a model's text with plain line ends and without outer white space.

    Raises:
        ModelAnswerError: It is empty, longer than `most_chars`, or holds control, turning or invisible signs.
    """
    if len(text) > most_chars:
        raise ModelAnswerError("draft", f"the text has {len(text):,} characters; the limit is {most_chars:,}")
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not plain:
        raise ModelAnswerError("draft", "the text is empty")
    try:
        refuse_signs("text", plain)
    except InvalidInputError as error:
        raise ModelAnswerError("draft", f"the text: {error.reason}") from None
    return plain
