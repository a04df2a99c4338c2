"""Bulk drafting: throughput, schedule, scale and resume, each against what is possible."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import bulk_library
import bulk_model
import bulk_ray_data
import bulk_scale

PARTS = ("library", "model", "scale", "bytes", "nodes", "resume", "ray-data")


def main() -> None:
    """Run the parts that are asked for; the exit code tells whether all targets were reached."""
    given = arguments()
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}", flush=True)
    reached = True
    for part in given.parts.split(","):
        print(f"\n## {part}", flush=True)
        with tempfile.TemporaryDirectory(prefix="bench-bulk-") as name:
            reached = run(part, given, Path(name)) and reached
    sys.exit(0 if reached else 1)


def run(part: str, given: argparse.Namespace, folder: Path) -> bool:  # noqa: PLR0911 (one case a part)
    match part:
        case "library":
            told = bulk_library.measure(given.documents, given.rounds, folder)
            return bulk_library.show(told, bulk_library.layers(30, folder))
        case "model":
            return bulk_model.schedule(
                [int(n) for n in given.model_documents.split(",")], given.scale, given.limit, folder
            )
        case "scale":
            return bulk_scale.rows([int(n) for n in given.rows.split(",")], folder)
        case "bytes":
            return bulk_scale.large(given.gibibytes, folder)
        case "nodes":
            return bulk_scale.nodes([int(n) for n in given.nodes.split(",")], given.node_documents, folder)
        case "resume":
            return bulk_model.resume(given.resume_documents, given.scale, given.limit, folder)
        case "ray-data":
            return bulk_ray_data.compare(given.documents, folder)
        case _:
            sys.exit(f"there is no part {part}; there are {', '.join(PARTS)}")


def arguments() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parts", default=",".join(PARTS))
    options.add_argument("--documents", type=int, default=1000, help="of library and ray-data")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--model-documents", default="10,100,1000")
    options.add_argument("--scale", type=float, default=1.0, help="of the provider's times")
    options.add_argument("--limit", type=int, default=16, help="requests that the provider serves at a time")
    options.add_argument("--rows", default="100,1000,10000,100000")
    options.add_argument("--gibibytes", type=float, default=1.0, help="of the file of long rows")
    options.add_argument("--nodes", default="1,2,4,8")
    options.add_argument("--node-documents", type=int, default=64, help="on one node")
    options.add_argument("--resume-documents", type=int, default=1000)
    return options.parse_args()


if __name__ == "__main__":
    main()
