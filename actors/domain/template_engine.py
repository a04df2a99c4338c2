"""The sandbox in which the library's templates run.

A user's value is never parsed as a template, and is escaped for Markdown on its way out.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from actors.domain.wording_context import FactView, Marked, PartyView, escape_value

Names = Mapping[str, Any]


def render(source: str, names: Names) -> str:
    """Render one template text.

    Raises:
        jinja2.TemplateError: The template is wrong (the library's fault, never a value's).
    """
    return _template(source).render(names)


def holds(condition: str, names: Names) -> bool:
    """Evaluate a condition of the library.

    Raises:
        jinja2.TemplateError: The condition is wrong, or names something unknown.
    """
    value = _condition(condition)(**names)
    # An unknown name must not pass for "no": printing it raises.
    return bool(str(value) and value) if isinstance(value, StrictUndefined) else bool(value)


def _finalize(value: object) -> str:
    if isinstance(value, Marked | PartyView | FactView):
        return str(value)
    return escape_value(str(value))


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_finalize, autoescape=False)


@lru_cache(maxsize=4096)
def _template(source: str) -> Template:
    return _environment().from_string(source)


@lru_cache(maxsize=1024)
def _condition(condition: str) -> Callable[..., Any]:
    return _environment().compile_expression(condition, undefined_to_none=False)
