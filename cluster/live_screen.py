"""Standard error as a person watches it: a place that is drawn again on a terminal, plain lines elsewhere."""

from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text


class LiveScreen:
    """Shows what is going on for as long as its block runs; nothing of it stays on a terminal."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        # Rich would send what is written to stdout to its own console, which is stderr.
        self._live = Live(
            console=self.console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self.is_live = self.console.is_terminal and not self.console.is_dumb_terminal

    def __enter__(self) -> Self:
        if self.is_live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_live:
            self._live.stop()

    def say(self, text: str) -> None:
        """Tell something in a sentence, in the place of what was shown before."""
        if self.is_live:
            self.draw(Text(text, style="dim"))
        else:
            self.print(text)

    def draw(self, what: RenderableType) -> None:
        """Show on a terminal what goes on now."""
        self._live.update(what, refresh=True)

    def print(self, text: str) -> None:
        """Write a line that stays."""
        self.console.print(text, markup=False, soft_wrap=True)
