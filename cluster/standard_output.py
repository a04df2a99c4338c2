"""Writing to standard output, which may be closed at its other end."""

import sys


def write_text(text: str) -> None:
    """Write to stdout. A reader that has closed it (`| head`) has seen enough; the draft goes on."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115, PTH123
