"""A draft as one text that only grows: what a client that cannot take words back may be told."""

from collections.abc import Sequence

from actors.domain.assembly import GAP, header_of
from actors.events import AnyEvent, DraftFinished, Token
from actors.messages import LAYERS
from actors.progress import DraftProgress
from actors.report import ordered_sections, points_of, remarks_of, title_of

_LABELS_CHARS = 500


class Telling:
    """Makes the text of a draft's events, of which the text must come by whole sections.

    The text is the finished document's Markdown, word for word, with one exception: a step that gave up after the first
    words were told is named below the document, not above it. The same history always makes the same pieces.
    """

    def __init__(self, notes: Sequence[str] = ()) -> None:
        """Begin.

        Args:
            notes: What the reader must know before the first word, besides what the draft itself remarks.
        """
        self.progress = DraftProgress()
        self._notes = list(notes)
        self._text: list[str] = []
        self._section: int | None = None

    @property
    def text(self) -> str:
        """All that was told."""
        return "".join(self._text)

    def take(self, event: AnyEvent) -> str:
        """Return what an event adds to the text."""
        self.progress = self.progress.updated(event)
        match event:
            case Token():
                added = self._before(event.section) + event.content
            case DraftFinished():
                added = self._close()
            case _:
                return ""
        self._text.append(added)
        return added

    def _before(self, section: int) -> str:
        told, self._section = self._section, section
        if told == section:
            return ""
        return self._header() if told is None else GAP

    def _header(self) -> str:
        self._notes += remarks_of(self.progress)
        return header_of(title_of(self.progress), self._notes)

    def _close(self) -> str:
        header = self._header() if self._section is None else ""
        late = [remark for remark in remarks_of(self.progress) if remark not in self._notes]
        return header + "".join(f"{GAP}> **Note.** {remark}" for remark in late) + "\n"


def metadata_of(progress: DraftProgress) -> dict[str, str]:
    """Return what a program must know of a draft beside its text; all of it as strings, as this API's metadata is."""
    if progress.started is None:
        return {}
    points = points_of(progress, ordered_sections(progress))
    unverified = [citation for citation in progress.citations if citation.state != "verified"]
    labels = "; ".join(dict.fromkeys(point.label for point in points if point.kind not in {"notice", "step"}))
    return {
        "draft_id": progress.started.request.draft_id,
        "status": progress.status or "in_progress",
        "degraded": str(bool(progress.degraded)).lower(),
        "degraded_steps": ", ".join(dict.fromkeys(step.step for step in progress.degraded)),
        "open_points": str(len(points)),
        "open_point_labels": labels if len(labels) <= _LABELS_CHARS else labels[: _LABELS_CHARS - 2] + " …",
        "findings": str(len(progress.review) + len(progress.validation)),
        "citations": str(len(progress.citations)),
        "citations_not_verified": str(len(unverified)),
    }


def tokens_of(progress: DraftProgress) -> tuple[int, int]:
    """Return the tokens that language models read and wrote; both 0 where the clause library wrote alone."""
    uses = [use for layer in LAYERS for use in (progress.result(layer) or {}).get("models", [])]
    return sum(use["input_tokens"] for use in uses), sum(use["output_tokens"] for use in uses)
