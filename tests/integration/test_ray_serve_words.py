"""`lexray serve` with keys: strangers stay out, and no word of a draft is in any log of Ray or of ours."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from actors.config import Settings
from tests.integration.guarded_api import key_for
from tests.integration.served_command import Served, served
from tests.integration.test_http_tenants import CONFIDENTIAL, hostile_requests, marks_in


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """A server, and a key that may do everything."""
    folder = tmp_path_factory.mktemp("words")
    key = key_for(Settings(home=folder / "home"), "acme", "draft", "metrics", "admin")
    with served(
        folder, "--replicas", "1", env={"LEXRAY_SERVE_RATE": "100000", "LEXRAY_SERVE_BURST": "1000"}
    ) as made:
        yield made, key


def session_of(server: Served) -> Path:
    """Return the folder of the server's own Ray."""
    return next(Path("/tmp/ray").glob(f"session_*_{server.process.pid}"))


def logs_of(server: Served) -> list[Path]:
    """Return every log file of the server's own Ray, and what the command itself wrote."""
    return [file for file in (session_of(server) / "logs").rglob("*") if file.is_file()] + list(
        server.folder.glob("serve.*")
    )


def test_it_says_that_keys_are_on_and_lets_nobody_in_without(server: tuple[Served, str]) -> None:
    running, key = server
    assert "keys are on" in running.out
    assert httpx2.get(f"{running.url}/v1/types").status_code == 401
    assert httpx2.get(f"{running.url}/v1/types", headers={"X-Api-Key": key}).status_code == 200
    assert httpx2.get(f"{running.url}/healthz").status_code == 200


def test_its_ray_asks_whoever_comes_for_a_token(server: tuple[Served, str]) -> None:
    session = session_of(server[0]).name.encode()
    core = [
        process
        for process in Path("/proc").glob("[0-9]*")
        if session in (command := command_of(process))
        and command.split(b"\0")[0].endswith((b"gcs_server", b"raylet"))
    ]
    assert len(core) == 2
    for process in core:
        assert b"RAY_AUTH_MODE=token" in (process / "environ").read_bytes().split(b"\0")


def command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""  # it has ended


def test_no_word_of_a_draft_is_in_any_log(server: tuple[Served, str]) -> None:
    running, key = server
    with httpx2.Client(
        base_url=running.url, headers={"Authorization": f"Bearer {key}"}, timeout=120
    ) as client:
        report = client.post("/v1/drafts", json={"message": CONFIDENTIAL})
        assert marks_in(report.text), "the words must reach the document"
        events = client.get(f"/v1/drafts/{report.json()['draft_id']}/events")
        assert marks_in(events.text)
        assert client.post("/v1/review", json={"text": CONFIDENTIAL}).status_code == 200
        for method, path, sent in hostile_requests():
            answer = client.request(method, path, **sent)
            assert answer.status_code < 500 or answer.status_code == 501, (method, path, answer.text)
    logs = {file: file.read_bytes().decode(errors="replace") for file in logs_of(running)}
    assert any("route=/v1/drafts/{draft_id}/events status=200" in text for text in logs.values())
    assert not any(key in text for text in logs.values())
    assert not [
        (file.name, line[:300]) for file, text in logs.items() for line in text.splitlines() if marks_in(line)
    ]
