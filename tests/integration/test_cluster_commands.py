"""`lexray` with Ray: a cluster that stays, and one for a single draft. A minute and a half on a quiet machine."""

import json
import os
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from actors.messages import LAYERS
from tests.integration.lexray_command import NDA, Outcome, run, start

ACTORS = {*LAYERS, "batches", "cache", "monitor", "coordinator"}
LIMIT_S = 240
Lexray = Callable[..., Outcome]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for commands and home of one cluster, which is down again at the end."""
    folder = tmp_path_factory.mktemp("cluster")
    yield folder
    run("down", cwd=folder, env=home_of(folder), limit_s=LIMIT_S)


@pytest.fixture
def lexray(place: Path) -> Lexray:
    """Commands beside a cluster that is up."""

    def command(*arguments: str) -> Outcome:
        return run(*arguments, cwd=place, env=home_of(place), limit_s=LIMIT_S)

    started = command("up")
    assert started.code == 0, started.err
    return command


def home_of(folder: Path) -> dict[str, str]:
    return {"LEXRAY_HOME": str(folder / "home"), "LEXRAY_DASHBOARD_PORT": "0"}


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of the processes that live in a home: Ray's servers and workers inherit it."""
    mark = f"LEXRAY_HOME={folder / 'home'}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it has ended meanwhile
    return found


def eventually(look: Callable[[], Any], limit_s: float) -> Any:
    """Return the first true answer, or the last false one."""
    deadline = time.monotonic() + limit_s
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return seen


def get(url: str, token: str = "") -> bytes:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as reply:  # noqa: S310
        return bytes(reply.read())


def test_up_is_said_once_and_found_the_second_time(lexray: Lexray) -> None:
    again = lexray("up")
    assert re.fullmatch(r"already up: \S+, dashboard http://127\.0\.0\.1:\d+\n", again.out)


def test_status_shows_where_the_cluster_is_and_how_it_does(lexray: Lexray) -> None:
    told = json.loads(lexray("status", "--json").out)
    plain = lexray("status").out
    assert {"optimization_active", "cache_stats", "performance_stats"} <= set(told)
    assert told["drafts_in_flight"] == 0
    assert f"cluster    {told['address']}\ndashboard  {told['dashboard']}\n" in plain


def test_a_second_draft_finds_its_research_in_the_cache(lexray: Lexray, place: Path) -> None:
    lexray("cache", "clear")
    first, second = (json.loads(lexray("draft", NDA, "--json").out) for _ in range(2))
    stats = json.loads(lexray("cache", "stats", "--json").out)

    assert first["cache"]["research"] == "miss"
    assert second["cache"]["research"] == "exact"
    assert first["document"] == second["document"]
    assert (stats["total_entries"], stats["hits"] >= 1) == (1, True)
    assert sorted(path.name for path in (place / "out").iterdir()) == [
        *("document.docx", "document.md", "report.json")
    ]


def test_a_cluster_drafts_what_one_process_drafts(lexray: Lexray) -> None:
    on_ray, inline = (json.loads(lexray("draft", NDA, "--json", *how).out) for how in ([], ["--inline"]))
    for part in ("document", "open_points", "citations", "validation", "matter"):
        assert on_ray[part] == inline[part]


def test_the_cache_is_warmed_from_a_file_and_cleared(lexray: Lexray, place: Path) -> None:
    lines = ['{"type": "nda_mutual", "jurisdiction": "US-DE"}', "", '{"type": "lease"}']
    (place / "warm.jsonl").write_text("\n".join(lines), encoding="utf-8")
    lexray("cache", "clear")

    assert lexray("cache", "warm", "warm.jsonl").out == "warmed 2 research queries\n"
    assert json.loads(lexray("cache", "stats", "--json").out)["total_entries"] == 2
    assert json.loads(lexray("draft", NDA, "--json").out)["cache"]["research"] == "exact"
    assert lexray("cache", "clear").code == 0
    assert json.loads(lexray("cache", "stats", "--json").out)["total_entries"] == 0


def test_the_cache_is_warmed_with_what_drafts_asked_for_most(lexray: Lexray) -> None:
    lexray("draft", NDA, "--no-stream")
    lexray("cache", "clear")

    assert re.fullmatch(
        r"warmed [1-9]\d* research queries\n", lexray("cache", "warm", "--most-used", "5").out
    )
    assert json.loads(lexray("draft", NDA, "--json").out)["cache"]["research"] == "exact"
    assert lexray("cache", "warm").code == 2


def test_the_cache_is_cleared_of_a_tenant_a_version_or_a_key(lexray: Lexray) -> None:
    def entries() -> int:
        return int(json.loads(lexray("cache", "stats", "--json").out)["total_entries"])

    lexray("cache", "clear")
    lexray("draft", NDA, "--no-stream")
    version = json.loads(lexray("corpus", "stats", "--json").out)["version"]
    for other in (("--tenant", "nobody"), ("--version", "older"), ("--key", "0" * 64)):
        assert lexray("cache", "clear", *other).code == 0
        assert entries() == 1
    assert lexray("cache", "clear", "--tenant", "public", "--version", version).code == 0
    assert entries() == 0
    assert lexray("cache", "clear", "--key", "no key").code == 2


def test_the_short_commands_ask_the_cluster(lexray: Lexray, place: Path) -> None:
    (place / "a.md").write_text("# A\n\nSee 15 U.S.C. § 7001(a).\n", encoding="utf-8")
    assert lexray("cite", "a.md").out == "verified      line 3: 15 U.S.C. § 7001(a)\n"
    assert "§ 16600" in lexray("corpus", "search", "non-compete", "--jurisdiction", "US-CA").out


def test_the_dashboard_shows_the_actors_to_who_has_the_token(lexray: Lexray, place: Path) -> None:
    dashboard = json.loads(lexray("status", "--json").out)["dashboard"]
    token = (place / "home/ray_token").read_text(encoding="utf-8")

    reply = json.loads(get(f"{dashboard}/api/v0/actors", token))
    actors = {actor["name"]: actor["state"] for actor in reply["data"]["result"]["result"]}
    assert actors == dict.fromkeys(ACTORS, "ALIVE")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        get(f"{dashboard}/api/v0/actors")


def test_the_figures_are_there_for_prometheus(lexray: Lexray, place: Path) -> None:
    lexray("draft", NDA, "--no-stream")
    dashboard = json.loads(lexray("status", "--json").out)["dashboard"]
    token = (place / "home/ray_token").read_text(encoding="utf-8")
    wanted = {"lexray_requests", "lexray_request_seconds", "lexray_layer_seconds", "lexray_cache_lookups"}

    def missing() -> set[str]:
        targets = json.loads(get(f"{dashboard}/api/prometheus/sd", token))[0]["targets"]
        text = "".join(get(f"http://{target}/metrics").decode() for target in targets)
        return {name for name in wanted if f"\nray_{name}" not in text}

    assert eventually(lambda: not missing(), limit_s=60), missing()


def test_down_leaves_no_process_of_the_cluster(lexray: Lexray, place: Path) -> None:
    assert processes_of(place)
    assert lexray("down").out == "stopped\n"
    assert eventually(lambda: not processes_of(place), limit_s=30), processes_of(place)
    assert run("down", cwd=place, env=home_of(place)).code == 1
    assert "SIGTERM" not in (place / "home/up.log").read_text(encoding="utf-8")


# Without `up`: a Ray of the draft's own.


def test_one_command_drafts_on_a_ray_of_its_own_and_stops_it(tmp_path: Path) -> None:
    process = start("draft", NDA, cwd=tmp_path, env=home_of(tmp_path))
    out, err = process.communicate(timeout=LIMIT_S)

    assert process.returncode == 0, err
    assert err.startswith("starting Ray")
    assert out == (tmp_path / "out/document.md").read_text(encoding="utf-8")
    assert eventually(lambda: not processes_of(tmp_path), limit_s=30), processes_of(tmp_path)


def test_ctrl_c_while_ray_starts_ends_all_of_it(tmp_path: Path) -> None:
    # Python drops an interrupt that meets a finaliser: then the draft is made, and whoever pressed presses again.
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        process = start("draft", NDA, cwd=folder, env=home_of(folder), start_new_session=True)
        assert process.stderr
        assert process.stderr.readline().startswith("starting Ray")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: Ray's servers get it too
        _, err = process.communicate(timeout=LIMIT_S)
        if process.returncode:
            break

    assert process.returncode == 130
    assert err.splitlines()[-1] == "lexray: interrupted; no unfinished file was left"
    assert not (folder / "out").exists()
    assert eventually(lambda: not processes_of(folder), limit_s=30), processes_of(folder)
