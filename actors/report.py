"""The result of a draft, as the report and `--json` show it."""

from typing import Any

from actors.domain.assembly import body_of, header_of, moved, section_offsets
from actors.domain.markup import plain
from actors.domain.matter import Money
from actors.domain.sections import OpenPoint, Section, open_points, plain_text
from actors.events import DraftFailed, DraftFinished
from actors.messages import LAYERS
from actors.progress import DraftProgress, PlacedFinding


def report_of(progress: DraftProgress) -> dict[str, Any]:
    """Return the report as JSON values. All offsets are into `document.markdown`.

    Raises:
        ValueError: The draft has not started.
    """
    if progress.started is None:
        raise ValueError("a draft that has not started has no report")
    request = progress.started.request
    intake = progress.result("intake") or {}
    matter = intake.get("matter", {})
    sections = ordered_sections(progress)
    header = header_of(title_of(progress), remarks_of(progress))
    offsets = {
        section.index: at + len(header)
        for section, at in zip(sections, section_offsets(sections), strict=True)
    }
    research = progress.result("research")
    validation = progress.result("validation") or {}
    return {
        "draft_id": request.draft_id,
        "session_id": request.session_id,
        "status": progress.status,
        "degraded": bool(progress.degraded),
        "degraded_steps": [
            {"step": step.step, "reason": step.reason, "instead": step.instead} for step in progress.degraded
        ],
        "error": _error(progress),
        "essential_data": {
            "user_request": request.message,
            "task_type": matter.get("task_type"),
            "jurisdiction": matter.get("jurisdiction"),
            "current_layer": progress.current_layer,
            "progress_percentage": progress.percentage,
        },
        "as_of": request.as_of.isoformat(),
        "engine": (progress.result("draft") or {}).get("engine"),
        "versions": progress.started.versions,
        "matter": matter_view(matter),
        "notices": intake.get("notices", []),
        "document": {
            "title": title_of(progress),
            "markdown": header + body_of(sections) + "\n" if sections else "",
            "sections": [
                {
                    "number": section.number,
                    "heading": plain(section.heading),
                    "text": plain_text(section),
                    "writer": section.writer,
                }
                for section in sections
            ],
        },
        "open_points": [point.model_dump(mode="json") for point in points_of(progress, sections)],
        "research": research,
        "review": {"findings": _findings(progress.review, offsets, len(header))},
        "validation": {
            "findings": _findings(progress.validation, offsets, len(header)),
            "for_lawyer": validation.get("for_lawyer", []),
            "passed": validation.get("passed", []),
        },
        "citations": [
            {**c.model_dump(mode="json"), "start": c.start + len(header), "end": c.end + len(header)}
            for c in progress.citations
        ],
        "timings_s": {
            **{
                layer: round(progress.completed[layer].seconds, 4)
                for layer in LAYERS
                if layer in progress.completed
            },
            **({"total": round(progress.end.seconds, 4)} if isinstance(progress.end, DraftFinished) else {}),
        },
        "cache": {"research": (research or {}).get("cache")},
        "models": [
            {"step": layer, **use}
            for layer, done in progress.completed.items()
            for use in done.result.get("models", [])
        ],
        "attempts": {layer: done.attempts for layer, done in progress.completed.items()},
        "retries": [retry.model_dump(mode="json", exclude={"type", "seq"}) for retry in progress.retries],
    }


def ordered_sections(progress: DraftProgress) -> list[Section]:
    """Return the sections in document order."""
    return [progress.sections[index] for index in sorted(progress.sections)]


def title_of(progress: DraftProgress) -> str:
    """Return the document's title, as far as it is known."""
    if isinstance(progress.end, DraftFinished):
        return progress.end.title
    return str((progress.result("intake") or {}).get("title", ""))


def remarks_of(progress: DraftProgress) -> list[str]:
    """Return what a reader must know before the first word: degraded steps and notices of intake."""
    notices = (progress.result("intake") or {}).get("notices", [])
    return [*notices, *(step.instead for step in progress.degraded)]


def points_of(progress: DraftProgress, sections: list[Section]) -> list[OpenPoint]:
    """Return everything that a person must still settle: blanks, then notices, then degraded steps."""
    notices = (progress.result("intake") or {}).get("notices", [])
    noted = [
        OpenPoint(id=f"notice-{n}", label="Notice", kind="notice", question=text)
        for n, text in enumerate(notices, start=1)
    ]
    steps = [
        OpenPoint(id=f"step-{step.step}", label=step.step, kind="step", question=step.instead)
        for step in progress.degraded
    ]
    return [*open_points(sections), *noted, *steps]


def matter_view(matter: dict[str, Any]) -> dict[str, Any]:
    """Return the matter with its facts sorted by kind: terms, dates, amounts, others."""
    facts: dict[str, Any] = matter.get("facts", {})
    kinds: dict[str, dict[str, Any]] = {"terms": {}, "dates": {}, "amounts": {}, "facts": {}}
    for name, value in facts.items():
        kinds[_kind(value)][name] = value
    return {
        **{
            key: matter.get(key)
            for key in ("task_type", "jurisdiction", "jurisdiction_named", "stance", "as_of")
        },
        "parties": matter.get("parties", []),
        **kinds,
        "requests": matter.get("requests", []),
        "carve_outs": matter.get("carve_outs", []),
    }


def _kind(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dict):
        return "amounts" if set(value) == set(Money.model_fields) else "terms"
    if isinstance(value, str) and len(value) == len("2026-01-31") and value[4:5] == "-":
        return "dates"
    return "facts"


def _findings(placed: dict[str, PlacedFinding], offsets: dict[int, int], header: int) -> list[dict[str, Any]]:
    found = [
        moved(p.finding, header if p.section_index is None else offsets[p.section_index])
        for p in placed.values()
    ]
    rank = {"error": 0, "warning": 1, "info": 2}
    found.sort(key=lambda f: (rank[f.severity], f.start, f.id))
    return [finding.model_dump(mode="json") for finding in found]


def _error(progress: DraftProgress) -> dict[str, str] | None:
    if not isinstance(progress.end, DraftFailed):
        return None
    return {"type": progress.end.error, "step": progress.end.step, "message": progress.end.message}
