"""A Ray of our own, or one that is there: started, joined, and stopped without touching anybody else's."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray
from ray._raylet import Config  # type: ignore[attr-defined]

from actors.config import Settings
from actors.errors import AgentUnavailableError, ResourceMissingError
from actors.remote import RemoteAgent
from cluster.versions import ROOT, code_version


def namespace() -> str:
    """Return the namespace of this code's actors: another version's are never joined."""
    return f"lexray-{code_version()}"


def namespace_of_job() -> str:
    """Return a namespace that no other driver of the joined cluster has."""
    return f"{namespace()}-{ray.get_runtime_context().get_job_id()}"


def address_given() -> str | None:
    """Return the cluster that Ray's own variable names: within a job, the one that runs it."""
    return os.environ.get("RAY_ADDRESS") or None


@contextmanager
def own_ray(settings: Settings, *, dashboard: bool = False) -> Iterator[dict[str, Any]]:
    """Run a local Ray of our own, and stop just that.

    Yields:
        Ray's own description: addresses of the cluster and of the dashboard.
    """
    prepare_environment(settings)
    context = ray.init(
        address="local",
        namespace=namespace(),
        include_dashboard=dashboard,
        dashboard_host="127.0.0.1",
        dashboard_port=settings.dashboard_port or None,
        object_store_memory=settings.object_store_bytes,
        log_to_driver=False,
        logging_level="ERROR",
        configure_logging=False,
    )
    try:
        yield {**context.address_info, "dashboard_url": context.dashboard_url}
    finally:
        ray.shutdown()


def join_ray(settings: Settings, address: str) -> None:
    """Connect to a running Ray."""
    prepare_environment(settings)
    ray.init(
        address=address,
        namespace=namespace(),
        log_to_driver=False,
        logging_level="ERROR",
        configure_logging=False,
    )


def prepare_environment(settings: Settings) -> None:
    """Set what Ray and its workers read from the environment: a token of our own, our code, no usage reports."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Ray Serve's proxies take from each request what would switch off their own rules.
    os.environ.setdefault("RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH", "serve.edge:middlewares")
    # Workers inherit it: they import the same checkout as this process, wherever it was started from.
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    if "RAY_AUTH_TOKEN_PATH" not in os.environ and "RAY_AUTH_TOKEN" not in os.environ:
        os.environ["RAY_AUTH_TOKEN_PATH"] = str(_token(settings.folder / "ray_token"))
    if "RAY_AUTH_MODE" not in os.environ:
        os.environ["RAY_AUTH_MODE"] = "token"
        # Ray has read its environment when it was imported; `ray.init` has no argument for this.
        Config.initialize("")


def find_agent(name: str) -> RemoteAgent:
    """Return the port of a named actor of the joined cluster.

    Raises:
        ResourceMissingError: There is none.
    """
    agent = RemoteAgent(name, namespace())
    try:
        agent.handle  # noqa: B018 (looks it up)
    except AgentUnavailableError as error:
        raise ResourceMissingError(
            f"the cluster has no {name} actor", "run `lexray down` and `lexray up`"
        ) from error
    return agent


class Joined:
    """The agents of the joined cluster, by name."""

    def port(self, name: str) -> RemoteAgent:
        """Return the port of an agent.

        Raises:
            ResourceMissingError: The cluster has none of this name.
        """
        return find_agent(name)


def _token(path: Path) -> Path:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Two that start at once: the first to link wins, the other uses its token.
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path
