"""The same API over the same agents, behind plain FastAPI and uvicorn: what Ray Serve's own part costs."""

import argparse
import os

import ray  # noqa: TID251 (joins the cluster of the benchmark)
import uvicorn

from actors.config import Settings
from cluster.ray_session import namespace
from serve.admission import Gate
from serve.admitted import AdmittedDrafts
from serve.app import Agents
from serve.guarded import create_app


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", required=True)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    settings = Settings()
    ray.init(given.address, namespace=namespace(), log_to_driver=False, logging_level="ERROR")
    gates = {"library": Gate("drafts", 1000), "model": Gate("drafts", 1000)}
    app = create_app(AdmittedDrafts(Agents(namespace()), settings, gates), settings)
    config = uvicorn.Config(app, port=given.port, log_level="warning", access_log=False)
    uvicorn.Server(config).run()
    os._exit(0)  # Ray's threads would wait for a cluster that is about to end


if __name__ == "__main__":
    main()
