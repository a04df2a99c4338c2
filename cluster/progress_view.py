"""What a person sees while a draft is made: one line a layer, on stderr; the text itself, on stdout."""

import sys
import textwrap

from rich.console import Group
from rich.table import Table
from rich.text import Text

from actors.domain.assembly import GAP, header_of
from actors.events import (
    AnyEvent,
    DraftCancelled,
    DraftFailed,
    LayerCompleted,
    LayerStarted,
    SectionRestarted,
    StepDegraded,
    StepRetried,
    Token,
)
from actors.messages import LAYERS, Layer
from actors.progress import DraftProgress
from actors.report import remarks_of, title_of
from cluster.live_screen import LiveScreen
from cluster.standard_output import write_text

# Nothing here is yellow, cyan or white: those vanish on a light background.
MARKS = {
    "waiting": ("·", "dim"),
    "running": ("▸", "bold"),
    "done": ("✓", "green"),
    "degraded": ("!", "bold red"),
}


class ProgressView(LiveScreen):
    """Shows a draft as it is made. On a terminal the lines are live; elsewhere each change is one plain line."""

    def __init__(self, *, stream_text: bool) -> None:
        super().__init__()
        self._stream_text = stream_text
        self._started: set[Layer] = set()
        self._progress = DraftProgress()
        self._line = ""
        """On a screen: the text's last line, as far as it has come."""
        self._text_begun = False

    def show(self, event: AnyEvent, progress: DraftProgress) -> None:
        """Show one event, given the state after it."""
        self._progress = progress
        match event:
            case Token():
                self._stream(GAP * bool(event.section and not event.offset) + event.content)
            case SectionRestarted():
                self._end_line()
                self._note(f"a section is written again: {event.reason}")
            case LayerCompleted(layer="draft") | DraftFailed() | DraftCancelled():
                self._end_line()
            case LayerStarted():
                self._started.add(event.layer)
                if event.layer == "draft":
                    self._stream(header_of(title_of(progress), remarks_of(progress)))
            case StepRetried():
                self._note(f"{event.agent}: {event.reason}; trying again")
            case StepDegraded():
                self._note(f"{event.instead} ({event.reason})")
        if self.is_live:
            self.draw(Group(Text(self._line), self._table()))
        elif event.type == "layer.completed":
            self.print(self._plain(event.layer))

    def _stream(self, text: str) -> None:
        """Write a piece of the document; all pieces together are `document.md` of a draft without mishaps."""
        if not self._stream_text:
            return
        self._text_begun = True
        if not sys.stdout.isatty():
            write_text(text)
            return
        # What stands behind the last line break of a screen is kept back: progress on stderr shares the screen.
        *lines, self._line = wrapped_lines(self._line + text, self.console.width).split("\n")
        if lines:
            self._write_lines(lines)

    def _end_line(self) -> None:
        """Put the text's last line down."""
        if not self._stream_text or not self._text_begun:
            return
        self._text_begun = False
        if sys.stdout.isatty():
            self._write_lines([self._line])
            self._line = ""
        else:
            write_text("\n")

    def _write_lines(self, lines: list[str]) -> None:
        if self.is_live:
            self.draw(Text())  # stdout and stderr share the screen: make room
        write_text("\n".join(lines) + "\n")

    def _note(self, text: str) -> None:
        self.console.print(text, markup=False, soft_wrap=not self.is_live)

    def _plain(self, layer: Layer) -> str:
        return f"{self._progress.percentage:3d}%  {layer:<10}  {self._told(layer)}"

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        table.add_row()  # apart from the text above
        for layer in LAYERS:
            mark, style = MARKS[self._state(layer)]
            told = Text(self._told(layer), style="dim", no_wrap=True, overflow="ellipsis")
            table.add_row(Text(mark, style=style), Text(layer, style=style, no_wrap=True), told)
        table.add_row("", Text(f"{self._progress.percentage} %", style="bold"), "")
        return table

    def _state(self, layer: Layer) -> str:
        if any(step.step == layer for step in self._progress.degraded):
            return "degraded"
        if layer in self._progress.completed:
            return "done"
        return "running" if layer in self._started else "waiting"

    def _told(self, layer: Layer) -> str:
        """Return what a layer has to show so far."""
        progress = self._progress
        result = progress.result(layer) or {}
        seconds = f"{progress.completed[layer].seconds:.2f} s" if layer in progress.completed else ""
        match layer:
            case "intake":
                matter = result.get("matter", {})
                told = f"{matter.get('task_type', '')} {matter.get('jurisdiction') or ''}".strip()
            case "research":
                told = (
                    f"{len(result.get('authorities', []))} authorities, cache {result.get('cache') or '-'}"
                    if result
                    else ""
                )
            case "draft":
                told = f"{len(progress.sections)} sections" if progress.sections else ""
            case "review":
                told = f"{len(progress.review)} findings" if layer in self._started else ""
            case "validation":
                told = f"{len(progress.validation)} findings" if layer in self._started else ""
            case "citations":
                verified = sum(citation.state == "verified" for citation in progress.citations)
                told = f"{verified} of {len(progress.citations)} verified" if layer in self._started else ""
        return "  ".join(part for part in (told, seconds) if part)


def wrapped_lines(text: str, width: int) -> str:
    """Return the text with its long lines broken between words."""
    lines = [textwrap.wrap(line, width, break_on_hyphens=False) or [line] for line in text.split("\n")]
    return "\n".join(part for line in lines for part in line)
