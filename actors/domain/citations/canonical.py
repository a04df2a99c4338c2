"""One key and one spelling for all ways to write a citation of written law."""

from actors.domain.citations.mentions import Mention
from actors.domain.citations.sections import Locator
from actors.domain.citations.sources import Source

_SIGNS = {"s": ("§", "§§"), "art": ("art.", "arts."), "reg": ("reg", "regs"), "r": ("r", "rr"),
          "ch": ("ch.", "chs."), "pt": ("pt.", "pts."), "sch": ("sch.", "schs.")}  # fmt: skip
_UK_SIGNS = {"s": ("s", "ss"), "art": ("art", "arts"), "reg": ("reg", "regs"), "r": ("r", "rr"), "ch": ("Ch", "Chs"),
             "pt": ("Pt", "Pts"), "sch": ("Sch", "Schs")}  # fmt: skip


def key_base(mention: Mention) -> str:
    """Return the part of a key that names the source with its title: `us-de/del-c/6`."""
    source = mention.source
    return f"{source.id}/{mention.title.lower() or '?'}" if source.title else source.id


def key_number(source: Source, unit: str, number: str) -> str:
    """Return the part of a key that names a provision: `2708`, `ch-49.62`, `pt-910`."""
    other = _other_unit(source, unit, number)
    return f"{other}-{number.lower()}" if other else number.lower()


def canonical(mention: Mention, unit: str, item: Locator) -> str:
    """Return one spelling for a provision: `Cal. Bus. & Prof. Code § 16600`, `Patents Act 1977, ss 39-42`."""
    sign = _sign(mention.source, _other_unit(mention.source, unit, item.number), bool(item.number_end))
    number = f"{item.number}-{item.number_end}" if item.number_end else item.number
    pins = "".join(f"({pin})" for pin in item.pin) + (f"-({item.pin_end})" if item.pin_end else "")
    return f"{_head(mention)}{sign}{number}{pins}"


def _other_unit(source: Source, unit: str, number: str) -> str:
    """Return the unit where it is not the source's own; "Section 6" of a convention is its article."""
    if unit in ("", "s") and source.numbers == "dotted" and "." not in number:
        return "pt"  # 45 C.F.R. 46
    own = (
        unit in ("", "s", source.unit)
        or (unit == "r" and not source.sign)
        or (unit == "art" and bool(source.title))
    )
    return "" if own else unit


def _head(mention: Mention) -> str:
    """Return the source's name up to the sign: `6 Del. C. `, `Mass. Gen. Laws ch. 149, `."""
    source, title = mention.source, mention.title
    if source.jurisdiction == "UK-EW":
        return f"{source.name}{', ' if source.unit in ('s', 'reg') else ' '}"
    if not title:
        return f"{source.name} "
    if source.title == "front":
        return f"{title} {source.name} "
    return f"{source.name} {source.title}. {title}, "


def _sign(source: Source, unit: str, plural: bool) -> str:
    if not unit and (not source.sign or source.kind == "rule"):
        return ""
    signs = _UK_SIGNS if source.jurisdiction == "UK-EW" else _SIGNS
    return signs[unit or source.unit][plural] + " "
