"""Tokens as the simulated provider counts them: a word with the space before it, or a single sign."""

import re

_TOKEN = re.compile(r"\s*(?:\w+|[^\w\s])|\s+$")


def tokens_of(text: str) -> list[str]:
    """Cut a text into tokens; joined, they are the text again."""
    return _TOKEN.findall(text)


def token_count(text: str) -> int:
    """Return the number of tokens of a text."""
    return len(tokens_of(text))
