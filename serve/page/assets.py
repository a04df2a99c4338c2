"""The page's styles, scripts and pictures: read once, named by a version that changes with any of them."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
SHEETS = ("tokens", "frame", "request", "pipeline", "document", "remarks", "figures")
"""Written apart, sent as one `page.css`, in this order."""
VERSION_SIGNS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    content: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file that the page may ask for, by its name: no path from outside ever reaches the disk."""
    found = {
        file.name: Asset(file.read_bytes(), MEDIA_TYPES[file.suffix])
        for file in sorted(FOLDER.iterdir())
        if file.suffix in {".js", ".svg"}
    }
    sheets = b"\n".join((FOLDER / f"{name}.css").read_bytes() for name in SHEETS)
    return {**found, "page.css": Asset(sheets, MEDIA_TYPES[".css"])}


@cache
def version() -> str:
    """Return what the addresses of all files carry, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for name, asset in assets().items():
        digest.update(f"{name}:{len(asset.content)}:".encode())
        digest.update(asset.content)
    return digest.hexdigest()[:VERSION_SIGNS]
