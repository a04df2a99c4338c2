"""The process behind `lexray up`: holds a Ray with its dashboard and the fleet until it is told to stop."""

import asyncio
import os
import signal
import sys

from actors.config import Settings
from actors.errors import LexrayError
from cluster.launch import ready, start_fleet
from cluster.ray_session import namespace, own_ray
from cluster.state_file import UpState, process_start, state_path, write_state


async def hold(settings: Settings) -> None:
    """Start everything, say where it is, wait for SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with own_ray(settings, dashboard=True) as info:
        running = start_fleet(settings, settings.folder / "journal.sqlite", batches=True)
        await ready(running)
        state = UpState(
            pid=os.getpid(),
            started=process_start(os.getpid()),
            address=info["gcs_address"],
            namespace=namespace(),
            dashboard_url=f"http://{info['dashboard_url']}",
        )
        write_state(settings.folder, state)
        try:
            await stop.wait()
        finally:
            state_path(settings.folder).unlink(missing_ok=True)
            running.handles.clear()  # until here they kept the actors alive


def main() -> None:
    """Run until stopped; an error of ours is one line in the log."""
    try:
        asyncio.run(hold(Settings()))
    except LexrayError as error:
        sys.exit(f"lexray: {error}")


if __name__ == "__main__":
    main()
