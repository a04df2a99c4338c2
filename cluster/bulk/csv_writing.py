"""CSV as lexray writes it: the one place that does, so that no cell leaves us as a formula."""

import csv
import io
from collections.abc import Sequence

from cluster.bulk.cells import neutralised


def csv_line(cells: Sequence[str]) -> str:
    """Return one record with its line end; every cell is quoted, and formulas are made text."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(map(neutralised, cells))
    return line.getvalue()
