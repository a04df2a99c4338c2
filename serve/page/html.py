"""The page's HTML: what can be asked for stands in it, drafts and figures are fetched by its scripts."""

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actors import questions
from actors.domain.jurisdictions import jurisdictions
from actors.progress import SHARE
from serve.page.assets import version
from serve.page.examples import EXAMPLES

TEMPLATES = Path(__file__).parent / "templates"
UNITS = ("day", "business_day", "week", "month", "year")
CURRENCIES = ("USD", "GBP", "EUR")
LAYER_NAMES = {
    "intake": "Intake",
    "research": "Research",
    "draft": "Draft",
    "review": "Review",
    "validation": "Validation",
    "citations": "Citations",
}


@cache
def page() -> bytes:
    """Return the page. It holds nothing of any caller, and is the same for all."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return (
        environment.get_template("page.html")
        .render(
            assets=f"assets/{version()}",
            examples=EXAMPLES,
            types=questions.types(),
            places=jurisdictions(),
            layers=[(layer, LAYER_NAMES[layer], share) for layer, share in SHARE.items()],
            units=UNITS,
            currencies=CURRENCIES,
        )
        .encode()
    )


@cache
def etag() -> str:
    """Return the page's entity tag."""
    return f'"{hashlib.sha256(page()).hexdigest()[:24]}"'
