"""Every error crosses a process border whole."""

import inspect
import pickle
from collections.abc import Iterator, Sequence
from typing import get_type_hints

import pytest

from actors.errors import LexrayError

SAMPLES: dict[object, object] = {str: "a word", int: 3, float: 1.5, bool: True, Sequence[str]: ("one", "two")}


def family(kind: type[LexrayError]) -> Iterator[type[LexrayError]]:
    """Yield a class and all below it that the project itself defines."""
    yield kind
    for child in kind.__subclasses__():
        if child.__module__.split(".")[0] in {"actors", "serve", "cluster"}:
            yield from family(child)


def fields_of(kind: type[LexrayError]) -> list[str]:
    if "__init__" not in vars(kind):
        return []
    return list(inspect.signature(kind).parameters)


def sample(kind: type[LexrayError]) -> LexrayError:
    hints = get_type_hints(kind.__init__)
    return kind(*(SAMPLES[hints[name]] for name in fields_of(kind)))


ERRORS = list(family(LexrayError))


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_survives_pickling_with_type_fields_and_text(kind: type[LexrayError]) -> None:
    error = sample(kind)

    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        copy = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301  # our own bytes
        assert type(copy) is kind
        assert vars(copy) == vars(error)
        assert copy.args == error.args
        assert str(copy) == str(error)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_keeps_every_field_that_it_was_given(kind: type[LexrayError]) -> None:
    error = sample(kind)

    assert list(vars(error)) == fields_of(kind)
    assert error.args == tuple(vars(error).values())


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if fields_of(kind)], ids=lambda kind: kind.__name__)
def test_the_text_of_an_error_is_a_sentence_and_no_tuple(kind: type[LexrayError]) -> None:
    text = str(sample(kind))

    assert "a word" in text
    assert text != str(sample(kind).args)
    assert "object at 0x" not in text


def test_leaves_of_every_branch_are_among_the_errors_tested() -> None:
    names = {kind.__name__ for kind in ERRORS}

    assert {"UnknownJurisdictionError", "ThrottledError", "LibraryError"} <= names
