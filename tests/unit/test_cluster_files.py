"""The files for a cluster, held against Ray's own schemas and command line, and against what they promise."""

import ast
import copy
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "cluster/manifests"
CLUSTERS = {
    "local": ROOT / "ray_cluster.yaml",
    "aws": MANIFESTS / "ray_cluster.aws.yaml",
    "gcp": MANIFESTS / "ray_cluster.gcp.yaml",
}
KUBERNETES = {"rayService": MANIFESTS / "rayservice.yaml", "rayJob": MANIFESTS / "rayjob.yaml"}
SECRETS = {"~/.ray/auth_token", "~/.lexray/redis_gcs_password", "~/.lexray/redis_cache_password"}
EVERYWHERE = "0.0.0.0"  # noqa: S104 (what must not be there)


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(params=CLUSTERS)
def cluster(request: pytest.FixtureRequest) -> Any:
    return loaded(CLUSTERS[request.param])


# For `ray up`.


def complete(config: Any) -> Any:
    """Return a cluster file as `ray up` completes and checks it."""
    from ray.autoscaler._private import util  # noqa: TID251 (its schema check, without a cluster)

    prepared = util.prepare_config(copy.deepcopy(config))
    util.validate_config(prepared)
    return prepared


def test_ray_accepts_the_cluster_file(cluster: Any) -> None:
    complete(cluster)


def test_ray_would_not_accept_a_slip_of_the_pen(cluster: Any) -> None:
    with pytest.raises(jsonschema.ValidationError, match="idle_timeout_minuets"):
        complete({**cluster, "idle_timeout_minuets": 5})


def test_a_worker_is_always_there_and_the_autoscaler_may_add_more(cluster: Any) -> None:
    prepared = complete(cluster)
    types = prepared["available_node_types"]
    workers = types.get("worker", types.get("local.cluster.node"))
    assert workers["min_workers"] == 1
    assert prepared["max_workers"] == workers["max_workers"] > 1


def test_a_cluster_of_ones_own_has_as_many_workers_as_host_names() -> None:
    config = loaded(CLUSTERS["local"])
    assert config["max_workers"] == len(config["provider"]["worker_ips"])


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_clouds_head_runs_no_agents(cloud: str) -> None:
    config = loaded(CLUSTERS[cloud])
    assert config["available_node_types"][config["head_node_type"]]["resources"] == {"CPU": 0}


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_cloud_differs_in_provider_node_types_and_what_its_head_installs(cloud: str) -> None:
    ours, theirs = (loaded(CLUSTERS[name]) for name in ("local", cloud))
    locked = theirs["file_mounts"].pop("~/lexray/requirements-cloud.txt")
    assert locked == f"cluster/manifests/requirements-{cloud}.txt"
    assert len(theirs.pop("head_setup_commands")) == len(ours.pop("head_setup_commands")) + 1
    alike = (
        *("file_mounts", "rsync_exclude", "setup_commands", "worker_setup_commands"),
        *("head_start_ray_commands", "worker_start_ray_commands", "idle_timeout_minutes", "cluster_name"),
    )
    assert {key: theirs[key] for key in alike} == {key: ours[key] for key in alike}


def test_the_code_and_the_secrets_go_to_every_node_and_nothing_else(cluster: Any) -> None:
    mounts = cluster["file_mounts"]
    code = {remote: local for remote, local in mounts.items() if remote not in SECRETS}
    assert set(mounts) >= SECRETS
    assert all((ROOT / local).exists() for local in code.values())
    assert {local for local in code.values() if (ROOT / local).is_dir()} == {
        *("actors", "cluster", "scripts", "serve")
    }


def test_every_node_installs_the_locked_packages_by_their_hashes(cluster: Any) -> None:
    assert "bash ~/lexray/scripts/environment run" in cluster["setup_commands"]
    assert cluster["file_mounts"]["~/lexray/requirements.txt"] == "requirements.txt"
    recipe = (ROOT / "scripts/make_environment.py").read_text(encoding="utf-8")
    assert "--require-hashes" in recipe
    assert "--no-deps" in recipe
    for command in cluster["head_setup_commands"]:
        assert "pip install --quiet --require-hashes --no-deps -r" in command


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_what_a_clouds_head_installs_is_locked(cloud: str) -> None:
    text = (MANIFESTS / f"requirements-{cloud}.txt").read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z].*?==", text, re.MULTILINE)
    assert packages
    assert len(packages) == len(re.findall(r"^[a-z].*\\\n    --hash=sha256:", text, re.MULTILINE))


# What a node runs when Ray starts on it.


def started(commands: list[str], home: Path) -> tuple[dict[str, str], list[str]]:
    """Run a node's start commands with a stand-in for `ray`; return its environment and its arguments."""
    binary = home / "lexray/.venv/bin/ray"
    binary.parent.mkdir(parents=True)
    binary.write_text('#!/bin/sh\nenv -0 > "$HOME/environment"\nprintf "%s\\0" "$@" > "$HOME/arguments"\n')
    binary.chmod(0o755)
    for secret in SECRETS:
        path = home / secret.removeprefix("~/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"the {path.name}\n")
    for command in commands:
        subprocess.run(
            ["bash", "-c", command],
            check=True,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "RAY_HEAD_IP": "10.0.0.1"},
        )
    environment = (home / "environment").read_text().split("\0")
    arguments = (home / "arguments").read_text().split("\0")[:-1]
    return dict(line.split("=", 1) for line in environment if line), arguments


@pytest.fixture(params=["head", "worker"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def start(cluster: Any, kind: str, tmp_path: Path) -> tuple[dict[str, str], list[str]]:
    return started(cluster[f"{kind}_start_ray_commands"], tmp_path)


def options_of(arguments: list[str]) -> dict[str, Any]:
    """Return the options of `ray start` as its own command line reads them."""
    from ray.scripts.scripts import start as command  # noqa: TID251 (its options, without a cluster)

    assert arguments[0] == "start"
    options: dict[str, Any] = command.make_context("start", arguments[1:]).params
    return options


def test_every_node_starts_with_the_token(start: tuple[dict[str, str], list[str]], tmp_path: Path) -> None:
    environment, _ = start
    assert environment["RAY_AUTH_MODE"] == "token"
    assert environment["RAY_AUTH_TOKEN_PATH"] == str(tmp_path / ".ray/auth_token")


def test_every_node_imports_the_code_that_was_copied_there(
    start: tuple[dict[str, str], list[str]], tmp_path: Path
) -> None:
    environment, _ = start
    assert environment["PYTHONPATH"] == str(tmp_path / "lexray")
    assert environment["PATH"].startswith(f"{tmp_path}/lexray/.venv/bin:")


def test_ray_reads_the_options_of_every_start(
    start: tuple[dict[str, str], list[str]], kind: str, cluster: Any
) -> None:
    options = options_of(start[1])
    assert options["head"] is (kind == "head")
    assert options["object_store_memory"] == 1_000_000_000
    if kind == "head":
        assert options["autoscaling_config"] == "~/ray_bootstrap_config.yaml"
        assert options["num_cpus"] == 0
    else:
        assert options["address"] == "10.0.0.1:6379"


def test_every_port_is_chosen_and_no_two_are_the_same(start: tuple[dict[str, str], list[str]]) -> None:
    options = options_of(start[1])
    single = {name: value for name, value in options.items() if name.endswith("port")}
    ports = [
        value
        for name, value in single.items()
        if value is not None and name not in {"min_worker_port", "max_worker_port"}
    ]
    assert len(ports) == len(set(ports))
    assert all(not options["min_worker_port"] <= port <= options["max_worker_port"] for port in ports)
    assert set(single) - {name for name, value in single.items() if value} <= {
        *("port", "ray_client_server_port")  # the head's alone
    }


def test_the_dashboard_answers_on_loopback_only(cluster: Any, tmp_path: Path) -> None:
    _, arguments = started(cluster["head_start_ray_commands"], tmp_path)
    assert options_of(arguments)["dashboard_host"] == "127.0.0.1"


@pytest.mark.parametrize("path", CLUSTERS.values(), ids=CLUSTERS)
def test_nothing_of_a_cluster_listens_for_everybody(path: Path) -> None:
    assert EVERYWHERE not in path.read_text(encoding="utf-8")


def test_the_clusters_memory_is_not_the_caches(cluster: Any, tmp_path: Path) -> None:
    environment, arguments = started(cluster["head_start_ray_commands"], tmp_path)
    host = environment["RAY_REDIS_ADDRESS"].partition(":")[0]
    assert host
    assert host not in environment["LEXRAY_REDIS_URL"]
    assert options_of(arguments)["redis_password"].endswith("redis_gcs_password")
    assert "redis_cache_password@" in environment["LEXRAY_REDIS_URL"]


def test_the_cache_is_the_same_on_head_and_workers(cluster: Any, tmp_path: Path) -> None:
    head, worker = (
        started(cluster[f"{kind}_start_ray_commands"], tmp_path / kind)[0]["LEXRAY_REDIS_URL"]
        for kind in ("head", "worker")
    )
    assert head == worker


# For Kubernetes.


def complaints(kind: str, manifest: Any) -> list[str]:
    """Return what our own schema has to say about a manifest."""
    schema = loaded(MANIFESTS / "schemas/kuberay.yaml")
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(
        {"$ref": f"#/definitions/{kind}", "definitions": schema["definitions"]}
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]


@pytest.fixture(params=KUBERNETES)
def kubernetes(request: pytest.FixtureRequest) -> tuple[str, Any]:
    return request.param, loaded(KUBERNETES[request.param])


def group_of(kind: str, manifest: Any) -> Any:
    return manifest["spec"]["rayClusterConfig" if kind == "rayService" else "rayClusterSpec"]


def test_a_manifest_has_the_fields_of_kuberay(kubernetes: tuple[str, Any]) -> None:
    assert complaints(*kubernetes) == []


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("headGroupSpec", "serviceType"), "LoadBalancer", "'ClusterIP' was expected"),
        (("headGroupSpec", "rayStartParams", "num-cpus"), 0, "0 is not of type 'string'"),
        (("authOptions", "mode"), "disabled", "'token' was expected"),
        (("workerGroupSpec",), [], "'workerGroupSpec' was unexpected"),
        (("headGroupSpec", "template", "spec", "containers", 0, "image"), "ray:latest", "does not match"),
    ],
)
def test_the_schema_notices_what_is_wrong(
    kubernetes: tuple[str, Any], path: tuple[str | int, ...], value: object, complaint: str
) -> None:
    kind, manifest = kubernetes
    changed = copy.deepcopy(manifest)
    place: Any = group_of(kind, changed)
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert any(complaint in told for told in complaints(kind, changed))


def test_a_service_whose_memory_ends_with_its_head_is_refused() -> None:
    manifest = loaded(KUBERNETES["rayService"])
    del manifest["spec"]["rayClusterConfig"]["gcsFaultToleranceOptions"]
    assert any("gcsFaultToleranceOptions" in told for told in complaints("rayService", manifest))


def test_the_pods_run_the_ray_of_the_lock(kubernetes: tuple[str, Any]) -> None:
    locked = re.search(r"^ray==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert locked
    assert group_of(*kubernetes)["rayVersion"] == locked[1]


def test_the_pods_run_the_version_of_this_checkout(kubernetes: tuple[str, Any]) -> None:
    version = re.search(
        r'^version = "(\S+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert version
    group = group_of(*kubernetes)
    for part in (group["headGroupSpec"], *group["workerGroupSpecs"]):
        assert part["template"]["spec"]["containers"][0]["image"] == f"lexray:{version[1]}"


def test_the_pods_cache_is_another_redis_than_the_clusters_memory() -> None:
    group = loaded(KUBERNETES["rayService"])["spec"]["rayClusterConfig"]
    memory = group["gcsFaultToleranceOptions"]["redisPassword"]["valueFrom"]["secretKeyRef"]["name"]
    for part in (group["headGroupSpec"], *group["workerGroupSpecs"]):
        variables = {
            entry["name"]: entry["valueFrom"]["secretKeyRef"]["name"]
            for entry in part["template"]["spec"]["containers"][0]["env"]
            if "valueFrom" in entry
        }
        assert variables["LEXRAY_REDIS_URL"] != memory


def test_a_service_that_listens_for_everybody_has_keys() -> None:
    group = loaded(KUBERNETES["rayService"])["spec"]["rayClusterConfig"]
    assert serve_configs()["service"]["http_options"]["host"] == EVERYWHERE
    for part in (group["headGroupSpec"], *group["workerGroupSpecs"]):
        variables = {entry["name"]: entry for entry in part["template"]["spec"]["containers"][0]["env"]}
        assert variables["LEXRAY_SERVE_HOST"]["value"] == EVERYWHERE
        assert "secretKeyRef" in variables["LEXRAY_SERVE_KEYS"]["valueFrom"]


def test_the_job_runs_a_command_that_there_is() -> None:
    words = shlex.split(loaded(KUBERNETES["rayJob"])["spec"]["entrypoint"])
    assert words[:4] == ["python", "-m", "cluster.command_line", "draft"]


def test_the_image_installs_the_locked_packages_by_their_hashes() -> None:
    text = (MANIFESTS / "Dockerfile").read_text(encoding="utf-8")
    assert "pip install --no-cache-dir --require-hashes --no-deps" in text
    copied = re.findall(r"^COPY (\S+)", text, re.MULTILINE)
    assert {"actors", "serve", "cluster", "requirements.txt"} <= set(copied)
    assert all((ROOT / path).exists() for path in copied)


# For Ray Serve.


def serve_configs() -> dict[str, Any]:
    service = loaded(KUBERNETES["rayService"])["spec"]["serveConfigV2"]
    return {"alone": loaded(MANIFESTS / "serve_config.yaml"), "service": yaml.safe_load(service)}


@pytest.mark.filterwarnings(
    "ignore::pydantic.warnings.PydanticDeprecatedSince20"
)  # of Ray Serve's own schema
@pytest.mark.parametrize("place", serve_configs())
def test_ray_serve_reads_its_config_whole(place: str) -> None:
    from ray.serve.schema import ServeDeploySchema  # noqa: TID251 (its schema, without a cluster)

    config = serve_configs()[place]
    read = ServeDeploySchema.model_validate(config).model_dump(mode="json", exclude_unset=True)
    assert read == config


def test_serve_runs_the_same_on_kubernetes_but_for_the_host() -> None:
    alone, service = serve_configs().values()
    assert alone["http_options"].pop("host") == "127.0.0.1"
    assert service["http_options"].pop("host") == EVERYWHERE
    assert alone == service


def test_serve_builds_an_application_that_there_is() -> None:
    module, _, name = serve_configs()["alone"]["applications"][0]["import_path"].partition(":")
    path = ROOT / f"{module.replace('.', '/')}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("place", ["the nodes", "the pods"])
def test_every_proxy_of_ray_serve_takes_away_what_steers_it(
    place: str, cluster: Any, kind: str, tmp_path: Path
) -> None:
    """Clients' header fields, by `serve/edge.py`."""
    if place == "the nodes":
        environment, _ = started(cluster[f"{kind}_start_ray_commands"], tmp_path)
    else:
        group = loaded(KUBERNETES["rayService"])["spec"]["rayClusterConfig"]["headGroupSpec"]
        entries = group["template"]["spec"]["containers"][0]["env"]
        environment = {entry["name"]: entry.get("value", "") for entry in entries}
    assert environment["RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH"] == "serve.edge:middlewares"
