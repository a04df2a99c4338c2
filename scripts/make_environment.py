"""Makes the private environment, one builder at a time. Runs on the system's Python: standard library only."""

import fcntl
import subprocess
import sys
import venv
from pathlib import Path


def main(target: Path, requirements: Path, kind: str, stamp: str) -> int:
    """Install the locked requirements into `target`; the ready marks are written last."""
    with target.with_name(f"{target.name}.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"lexray: waiting for another command that is setting up {target}", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        mark = target / f"ready-{kind}"
        if mark.exists() and mark.read_text(encoding="utf-8") == stamp:
            return 0
        print(f"lexray: setting up {target} from {requirements.name} (once; a minute or two)", flush=True)
        if not (target / "bin" / "python").exists():
            venv.create(target, with_pip=True, clear=True)
        done = subprocess.run(
            [
                target / "bin" / "python",
                *(
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-input",
                    "--no-deps",
                ),
                *("--require-hashes", "--only-binary", ":all:", "--requirement", requirements),
            ],
            check=False,
        )
        if done.returncode:
            return done.returncode
        mark.write_text(stamp, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]))
