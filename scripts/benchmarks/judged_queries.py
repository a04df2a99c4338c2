"""A judged retrieval set in BEIR's form, and the measures over it."""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from actors.retrieval.passages import Passage

RELEVANT = 2
"""From this grade on a clause counts for precision: of 0 to 4, the lawyers' "somewhat relevant" and better."""


OWN = "short"
"""The queries' own text; the other forms carry the names of their columns."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """One query in all its forms, with the grades of its pool."""

    id: str
    forms: Mapping[str, str]
    grades: Mapping[str, float]


def read_corpus(file: Path) -> list[Passage]:
    """Return the passages of a BEIR corpus; a title stands before its text."""
    return [
        Passage(str(row["_id"]), " ".join(filter(None, (row.get("title"), row["text"]))))
        for row in _json_lines(file)
    ]


def read_queries(queries: Path, qrels: Sequence[Path], forms: Path | None) -> list[JudgedQuery]:
    """Return the queries that have judgements, in the order of the qrels.

    A query without judgements is no part of this run; a form that is empty or missing for a query is not asked.
    """
    texts = {str(row["_id"]): str(row["text"]) for row in _json_lines(queries)}
    grades: dict[str, dict[str, float]] = {}
    for file in qrels:
        for row in _rows(file)[1:]:
            grades.setdefault(row[0], {})[row[1]] = float(row[-1])
    unknown = sorted(grades.keys() - texts.keys())
    if unknown:
        raise SystemExit(f"{queries}: no text for the judged query {unknown[0]!r}")
    more = _forms(forms) if forms else {}
    return [
        JudgedQuery(id_, {OWN: texts[id_], **more.get(_plain(texts[id_]), {})}, pool)
        for id_, pool in grades.items()
    ]


def measures(ranking: Sequence[str], grades: Mapping[str, float]) -> dict[str, float]:
    """Return the measures of one ranking of a pool, in percent: linear gain, binary logarithm as discount."""
    gains = [grades[id_] for id_ in ranking]
    ideal = sorted(grades.values(), reverse=True)
    return {
        "ndcg@5": 100 * _dcg(gains[:5]) / (_dcg(ideal[:5]) or 1),
        "ndcg@10": 100 * _dcg(gains[:10]) / (_dcg(ideal[:10]) or 1),
        "precision@5": 100 * sum(gain >= RELEVANT for gain in gains[:5]) / 5,
    }


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def _forms(file: Path) -> dict[str, dict[str, str]]:
    """Read the further wordings: first column the query's own text, one column a form, `Long Format` is `long`."""
    header, *rows = _rows(file)
    names = [name.casefold().removesuffix("format").strip() for name in header]
    return {
        _plain(row[0]): {name: text for name, text in zip(names[1:], row[1:], strict=False) if text.strip()}
        for row in rows
        if row
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip("\"'“” ")


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.reader(stream, delimiter="\t") if row]


def _json_lines(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]
