"""The floor of a library document: the product's own pure functions in one plain loop, to the same file and line."""

import datetime
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from actors.corpus_store import CorpusStore
from actors.document_files import document_bytes
from actors.domain.assembly import body_of
from actors.domain.authority import ResearchQuery
from actors.domain.citations.check import check_citations
from actors.domain.corpus import the_corpus
from actors.domain.intake.understand import understand
from actors.domain.library import load_shared, load_type
from actors.domain.planning import plan
from actors.domain.rendering import render_section
from actors.domain.review.completeness import missing_clauses
from actors.domain.review.lint import lint_document, lint_section
from actors.domain.rules.checking import check_document, check_section
from actors.domain.rules.rule import applicable
from actors.events import DraftFinished, DraftStarted, LayerCompleted
from actors.intake import reply_of
from actors.messages import DraftRequest, ResearchView
from actors.progress import DraftProgress, PlacedFinding
from actors.report import report_of
from actors.review import essential_of, known_facts
from cluster.bulk.result import as_note, result_of
from cluster.versions import versions

AS_OF = datetime.date(2026, 11, 22)
State = Mapping[str, Any]


def message(number: int) -> str:
    """Return the words of row `number`: rows that differ in names alone."""
    return (
        f"Create a mutual NDA between Acme {number:06d} Robotics, Inc. and Beta Labs LLC under Delaware law, "
        "two-year term"
    )


@cache
def law() -> Any:
    """Return the law, opened once."""
    return CorpusStore(None).current()


@cache
def searched(query_json: str) -> Any:
    """Return what is known on a question: rows that differ in names share it here too."""
    return law().search(ResearchQuery.model_validate_json(query_json))


@cache
def rules(families: tuple[str, ...], jurisdiction: str | None) -> Any:
    """Return the rules that apply, as the validation agent keeps them."""
    return applicable(the_corpus(), families, jurisdiction, AS_OF)


def intake(state: State) -> State:
    given = understand(message(state["number"]), task_type=None, jurisdiction=None, facts=None, as_of=AS_OF)
    return {"reply": reply_of(given), "matter": given.matter}


def research(state: State) -> State:
    return {"packet": searched(state["reply"].query.model_dump_json())}


def draft(state: State) -> State:
    planned = plan(load_type(state["matter"].task_type), load_shared(), state["matter"])
    sections = tuple(render_section(planned, index) for index in range(len(planned.sections)))
    return {"title": planned.title, "sections": sections}


def review(state: State) -> State:
    matter, sections = state["matter"], state["sections"]
    found = [
        (finding, section.index)
        for section in sections
        for finding in lint_section(section.markdown, section.number, known_facts(matter, (section,)))
    ]
    body = body_of(sections)
    whole = [
        *lint_document(body, known_facts(matter, sections)),
        *missing_clauses(body, essential_of(matter.task_type, matter.jurisdiction)),
    ]
    return {"review": placed([*found, *((finding, None) for finding in whole)])}


def validation(state: State) -> State:
    matter, sections = state["matter"], state["sections"]
    pack = rules(load_type(matter.task_type).families, matter.jurisdiction)
    found = [
        (finding, section.index)
        for section in sections
        for finding in check_section(pack, section.markdown, section.number)
    ]
    report = check_document(pack, body_of(sections), matter, matter.requests)
    return {
        "validation": placed([*found, *((finding, None) for finding in report.findings)]),
        "rules": report.model_dump(mode="json", include={"for_lawyer", "passed"}),
    }


def citations(state: State) -> State:
    return {"citations": tuple(check_citations(body_of(state["sections"]), law().citations, AS_OF))}


STAGES: dict[str, Callable[[State], State]] = {
    "intake": intake,
    "research": research,
    "draft": draft,
    "review": review,
    "validation": validation,
    "citations": citations,
}


def write(state: State, folder: Path) -> str:
    """Write the document of a whole state; return its line."""
    progress = progress_of(state)
    report = report_of(progress)
    name = f"r{state['number']}.md"
    (folder / name).write_bytes(document_bytes("md", progress, report))
    return as_note(result_of(report, [name]))


def document(number: int, folder: Path) -> str:
    """Draft and write one document, one stage after the other."""
    state: dict[str, Any] = {"number": number}
    for stage in STAGES.values():
        state.update(stage(state))
    return write(state, folder)


def progress_of(state: State) -> DraftProgress:
    """Return the state as the fold of a draft's events would leave it."""
    matter, reply = state["matter"], state["reply"]
    view = ResearchView.of(state["packet"]).model_dump(mode="json")
    results: dict[Any, dict[str, Any]] = {
        "intake": {
            "matter": matter.model_dump(mode="json"),
            "title": reply.title,
            "notices": list(reply.notices),
        },
        "research": {**view, "cache": "exact", "near": None},
        "validation": state["rules"],
    }
    number = state["number"]
    request = DraftRequest(draft_id=f"plain-{number:06d}", message=message(number), as_of=AS_OF)
    return DraftProgress(
        started=DraftStarted(request=request, engine="library", versions=versions("library")),
        completed={
            layer: LayerCompleted(layer=layer, seconds=0.0, attempts=1, result=result)
            for layer, result in results.items()
        },
        sections={section.index: section for section in state["sections"]},
        review=state["review"],
        validation=state["validation"],
        citations=state["citations"],
        end=DraftFinished(status="finished", title=state["title"], seconds=0.0),
    )


def placed(found: list[tuple[Any, int | None]]) -> dict[str, PlacedFinding]:
    return {finding.id: PlacedFinding(finding, index) for finding, index in found}
