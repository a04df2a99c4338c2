"""A real server in a thread of its own, for clients that know no event loop."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


@contextmanager
def threaded_server(made: Callable[[], ASGIApp]) -> Iterator[str]:
    """Serve the app on loopback until the block ends.

    Args:
        made: Makes the app, within the server's own loop.

    Yields:
        Its address.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(
                made, factory=True, log_level="critical", access_log=False, timeout_graceful_shutdown=1
            )
        )
        thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[listening]),))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
