"""Contract paragraphs of any length, the same for the same seed."""

import random

from tests.provider.tokens import tokens_of

SUBJECTS = (
    "The Receiving Party",
    "The Disclosing Party",
    "Each party",
    "The Provider",
    "The Customer",
    "Neither party",
)
VERBS = (
    "shall keep a written record of",
    "may disclose to its advisers",
    "shall return or destroy",
    "is responsible for",
    "shall not assign without consent",
    "shall give notice in writing of",
)
OBJECTS = (
    "the materials received under this Agreement",
    "every change to the agreed schedule",
    "the amounts that fall due in a calendar month",
    "any claim brought by a third party",
    "the information marked as confidential",
    "all copies made in the course of the work",
)
CONDITIONS = (
    "within thirty days of the request",
    "unless a court of competent jurisdiction orders otherwise",
    "for as long as this Agreement is in force",
    "to the extent that applicable law permits",
    "except where the other party has agreed in writing",
    "without prejudice to rights that have already accrued",
)


def contract_text(tokens: int, seed: str) -> str:
    """Return paragraphs of exactly `tokens` tokens, the last sentence ended if there is room for its stop."""
    draw = random.Random(seed)  # noqa: S311 (words, not secrets)
    words: list[str] = []
    while len(words) < tokens:
        sentence = " ".join(draw.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, CONDITIONS))
        gap = "\n\n" if words and draw.random() < 0.25 else " " if words else ""
        words.extend(tokens_of(f"{gap}{sentence}."))
    return "".join([*words[: tokens - 1], "."])
