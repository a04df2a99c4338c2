"""Where what is dear to compute and cheap to lose is kept: built graphs and passages' vectors."""

import os
from pathlib import Path


def default_cache_folder() -> Path:
    """Return `$LEXRAY_HOME/cache`, else `$XDG_CACHE_HOME/lexray`, else `~/.cache/lexray`; not created here."""
    if home := os.environ.get("LEXRAY_HOME"):
        return Path(home).expanduser() / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "lexray"
