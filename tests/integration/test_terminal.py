"""What `lexray draft` shows on a terminal: lines that change in place, at any width, in colours that can be read."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

import pytest

from tests.integration.lexray_command import NDA, start

COLOUR = re.compile(r"\x1b\[[\d;]*m")
CONTROL = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")


def on_terminal(
    cwd: Path, *options: str, columns: int = 80, env: dict[str, str] | None = None, pipe: bool = False
) -> tuple[str, str]:
    """Run a draft with stderr, and unless `pipe` also stdout, on a terminal; return what each end got."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = start(
        *("draft", NDA, "--inline", *options),
        cwd=cwd,
        env={"TERM": "xterm-256color", **(env or {})},
        stdout=subprocess.PIPE if pipe else theirs,
        stderr=theirs,
    )
    os.close(theirs)
    screen = read_all(ours)
    out = process.stdout.read() if process.stdout else ""
    assert process.wait(timeout=30) == 0
    return out, screen


def read_all(descriptor: int) -> str:
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # Linux: the other end is closed
            part = b""
        if not part:
            os.close(descriptor)
            return b"".join(parts).decode()
        parts.append(part)


def visible(screen: str) -> list[str]:
    """Return the lines without the signs that move the cursor or colour the text."""
    return re.split(r"\r*\n|\r", CONTROL.sub("", screen))


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_broken(columns: int, tmp_path: Path) -> None:
    _, screen = on_terminal(tmp_path, columns=columns)

    lines = visible(screen)
    words = (tmp_path / "out/document.md").read_text(encoding="utf-8").split()
    assert max(map(len, lines)) <= columns
    shown = set(" ".join(lines).split())
    assert {word for word in words if len(word) <= columns} <= shown


def test_the_lines_of_progress_change_in_place_and_are_gone_at_the_end(tmp_path: Path) -> None:
    _, screen = on_terminal(tmp_path, "--no-stream")
    assert "\x1b[1A" in screen
    assert screen.rstrip().endswith("out/report.json")
    assert screen.count("\x1b[?25l") == screen.count("\x1b[?25h")  # the cursor is shown again


def test_text_goes_to_the_pipe_while_progress_stays_on_the_terminal(tmp_path: Path) -> None:
    out, screen = on_terminal(tmp_path, pipe=True)
    assert out == (tmp_path / "out/document.md").read_text(encoding="utf-8")
    assert "citations" in screen
    assert "Acme Robotics" not in screen


def test_no_colour_is_one_that_a_light_background_swallows(tmp_path: Path) -> None:
    _, screen = on_terminal(tmp_path)
    used = {code for style in COLOUR.findall(screen) for code in re.findall(r"\d+", style)}
    assert used
    assert not used & {"33", "36", "37", "93", "96", "97"}


def test_no_colour_where_none_is_wanted(tmp_path: Path) -> None:
    _, screen = on_terminal(tmp_path, env={"NO_COLOR": "1"})
    used = {code for style in COLOUR.findall(screen) for code in re.findall(r"\d+", style)}
    assert not {code for code in used if 30 <= int(code) <= 107}


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(tmp_path: Path) -> None:
    _, screen = on_terminal(tmp_path, "--no-stream", env={"TERM": "dumb"})
    assert "\x1b" not in screen
    assert "100%  citations" in screen
