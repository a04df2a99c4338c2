"""Spreadsheet cells: what in them is a formula, coming in and going out."""

import re

_FORMULA = re.compile(r"\s*(?:=|[+\-@]\w+(?:\(|!)|[+\-@].*\|.*!)")
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet would compute this cell of a CSV: "=A1", "@SUM(A1)", "+cmd|' /C calc'!A0".

    A phone number ("+44 20 …") and a list item ("- the fees") are none.
    """
    return _FORMULA.match(cell) is not None


def neutralised(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before one that it might."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS) else cell
