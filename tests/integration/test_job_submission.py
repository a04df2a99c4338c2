"""A cluster of `ray_cluster.yaml` on this machine, head and worker: the README's job, and Serve's own commands."""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from actors.messages import LAYERS
from tests.integration.lexray_command import ROOT
from tests.integration.redis_server import RedisServer, free_port

LIMIT_S = 180
CLUSTER = yaml.safe_load((ROOT / "ray_cluster.yaml").read_text(encoding="utf-8"))
SECRET = "5ec7e7" * 8


@dataclass(frozen=True)
class Cluster:
    """Where the cluster is, and the environment of who may speak to it."""

    dashboard: str
    address: str
    environment: dict[str, str]

    def get(self, path: str, token: str = SECRET) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"{self.dashboard}{path}", headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310
            return json.loads(reply.read())

    def nodes(self) -> list[dict[str, Any]]:
        """Return the raylets that are alive."""
        try:
            told = self.get("/nodes?view=summary")["data"]["summary"]
        except (urllib.error.URLError, TimeoutError):
            return []
        raylets = (node["raylet"] for node in told)
        return [raylet for raylet in raylets if raylet.get("state") == "ALIVE"]


@pytest.fixture(scope="module")
def cluster(redis_binary: str) -> Iterator[Cluster]:
    """A head and a worker, started by the cluster file's own commands."""
    # Not pytest's folder: its path is too long for Ray's sockets.
    with tempfile.TemporaryDirectory(prefix="lexray-") as name, ExitStack() as running:
        folder = Path(name)
        environment = home_of_a_node(folder / "home")
        redis = RedisServer(redis_binary, folder)
        redis.start("--requirepass", SECRET)
        running.callback(redis.stop)
        ports = {"port": free_port(), "dashboard-port": free_port(), "redis": redis.port}
        made = Cluster(
            f"http://127.0.0.1:{ports['dashboard-port']}", f"127.0.0.1:{ports['port']}", environment
        )
        for number, kind in enumerate(("head", "worker"), start=1):
            command = on_this_machine(CLUSTER[f"{kind}_start_ray_commands"][-1], ports, 20_000 + 200 * number)
            log = folder / f"{kind}.log"
            # A folder for each: a node deletes a job's files there when it needs them no more.
            running.enter_context(
                process(f"cd {folder}; {command} --temp-dir={folder}/{kind}", environment, log)
            )
            assert eventually(lambda: len(made.nodes()) == number), log.read_text()  # noqa: B023 (now)
        yield made


def on_this_machine(command: str, ports: dict[str, int], first_worker_port: int) -> str:
    """Return a start command with ports that are free here, its Redis here, and no machines to start."""
    chosen = ports | {"min-worker-port": first_worker_port, "max-worker-port": first_worker_port + 150}
    command = re.sub(r"redis-\w+\.example\.internal:6379", f"127.0.0.1:{ports['redis']}", command)
    command = command.replace("$RAY_HEAD_IP:6379", f"127.0.0.1:{ports['port']}")
    command = command.replace("--autoscaling-config=~/ray_bootstrap_config.yaml", "")
    command = re.sub(
        r"--([a-z-]*port)=\d+", lambda match: f"--{match[1]}={chosen.get(match[1]) or free_port()}", command
    )
    command = command.replace(
        " ray start ", " exec ray start "
    )  # the shell's process becomes the one to stop
    return f"{command} --block --node-ip-address=127.0.0.1"


def home_of_a_node(home: Path) -> dict[str, str]:
    """Lay out what `file_mounts` and `setup_commands` bring to a node; return the environment there."""
    for remote, local in CLUSTER["file_mounts"].items():
        path = home / remote.removeprefix("~/")
        path.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / local).exists():
            path.symlink_to(ROOT / local)
        else:
            path.write_text(SECRET)
    (home / "lexray/.venv").symlink_to(sys.prefix)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "LEXRAY_"))}
    return {**kept, "HOME": str(home), "RAY_HEAD_IP": "127.0.0.1"}


@contextmanager
def process(command: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    """Run a shell command until the end of the block; Ray ends what it started when it is told to stop."""
    with log.open("w") as file:
        running = subprocess.Popen(["bash", "-c", command], env=environment, stdout=file, stderr=file)
    try:
        yield
    finally:
        running.terminate()
        running.wait(60)


def eventually(look: Callable[[], Any]) -> Any:
    """Return the first true answer, or the last false one."""
    deadline = time.monotonic() + LIMIT_S
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return seen


def the_readmes_job() -> list[str]:
    """Return the words of the command that submits a job."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^ray job submit .*?(?<!\\)$", readme, re.MULTILINE | re.DOTALL)
    assert command
    return shlex.split(command[0].replace("\\\n", " "))


def submit(cluster: Cluster, out: Path, *, inline: bool) -> str:
    """Submit the README's job and wait for its end; return its log."""
    words = the_readmes_job()
    words[words.index("--address") + 1] = cluster.dashboard
    words[words.index("--out") + 1] = str(out)
    if not inline:
        words.remove("--inline")
    return rays_command(cluster, *words)


def rays_command(cluster: Cluster, name: str, *words: str) -> str:
    """Run a command that comes with Ray, as a user who has the token; return what it prints."""
    access = {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": cluster.environment["HOME"] + "/.ray/auth_token",
    }
    ran = subprocess.run(
        [str(Path(sys.executable).with_name(name)), *words],
        cwd=ROOT,
        env={**cluster.environment, **access},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_a_job_drafts_and_leaves_its_summary_in_the_log(cluster: Cluster, tmp_path: Path) -> None:
    log = submit(cluster, tmp_path, inline=True)

    assert re.search(r"^document +Mutual Non-Disclosure Agreement$", log, re.MULTILINE)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("document.docx", "document.md", "report.json")
    ]
    (job,) = cluster.get("/api/jobs/")
    assert job["status"] == "SUCCEEDED"
    assert "excludes" in job["runtime_env"]


def test_a_jobs_agents_are_actors_on_the_worker(cluster: Cluster, tmp_path: Path) -> None:
    submit(cluster, tmp_path, inline=False)

    assert json.loads((tmp_path / "report.json").read_bytes())["status"] == "finished"
    actors = cluster.get("/api/v0/actors")["data"]["result"]["result"]
    named = {actor["name"]: actor["node_id"] for actor in actors if actor["name"] in LAYERS}
    (worker,) = (node["nodeId"] for node in cluster.nodes() if node["resourcesTotal"].get("CPU"))
    assert named == dict.fromkeys(LAYERS, worker)


def test_the_job_server_wants_the_token(cluster: Cluster) -> None:
    for wrong in ("", "0" * 48):
        with pytest.raises(urllib.error.HTTPError, match=r"40[13]"):
            cluster.get("/api/jobs/", token=wrong)


def test_the_head_has_no_room_for_agents_and_the_worker_has(cluster: Cluster) -> None:
    room = sorted(node.get("resourcesTotal", {}).get("CPU", 0) for node in cluster.nodes())
    assert room[0] == 0
    assert room[1] > 0


def test_the_api_is_deployed_and_run_again_by_serves_own_commands(cluster: Cluster, tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / "cluster/manifests/serve_config.yaml").read_text(encoding="utf-8"))
    config["http_options"]["port"] = port = free_port()
    config["grpc_options"]["port"] = free_port()
    config["proxy_location"] = "HeadOnly"  # both nodes are this machine: the second has no port to itself
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")

    rays_command(cluster, "serve", "deploy", str(tmp_path / "config.yaml"), "--address", cluster.dashboard)
    deployed = eventually(lambda: application(cluster))
    assert deployed["status"] == "RUNNING", deployed
    assert draft_over_http(port)["document"]["title"] == "Mutual Non-Disclosure Agreement"

    words = ("serve.app:build", "replicas=1", "--name", "lexray", "--non-blocking")
    rays_command(cluster, "serve", "run", *words, "--address", cluster.address)
    replicas = application(cluster)["deployments"]["api"]["replicas"]
    assert len([one for one in replicas if one["state"] == "RUNNING"]) == 1
    assert draft_over_http(port)["status"] == "finished"

    rays_command(cluster, "serve", "shutdown", "--address", cluster.dashboard, "--yes")


def application(cluster: Cluster) -> dict[str, Any]:
    """Return what Ray Serve says of the application once it has come to an end with deploying it."""
    told: dict[str, Any] = cluster.get("/api/serve/applications/")["applications"]["lexray"]
    return told if told["status"] in {"RUNNING", "DEPLOY_FAILED"} else {}


def draft_over_http(port: int) -> dict[str, Any]:
    """Draft a document at a server on this machine."""
    order = json.dumps({"message": "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC, two-year term"})
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/drafts",
        data=order.encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=LIMIT_S) as reply:  # noqa: S310
        report: dict[str, Any] = json.loads(reply.read())
    return report
