"""A Redis server of a test's own, and a way to it that can be made to stall."""

import asyncio
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RedisServer:
    """One redis-server process, on loopback, without persistence."""

    binary: str
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *options: str) -> None:
        """Start the server and return when it accepts connections."""
        command = [self.binary, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--save", "", "--appendonly", "no", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        if not any("Ready to accept connections" in line for line in self.process.stdout):
            raise RuntimeError(f"redis-server did not start on port {self.port}")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop this very process in its tracks: it accepts connections, and answers nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End this very process and wait for its end."""
        if self.process is None:
            return
        self.process.terminate()
        self.process.communicate(timeout=10)
        self.process = None


@dataclass
class Wire:
    """A TCP connection to the server on which nothing moves while it is cut off."""

    url: str
    flowing: asyncio.Event
    connections: int = 0
    """How many were opened so far."""

    def stall(self) -> None:
        self.flowing.clear()

    def resume(self) -> None:
        self.flowing.set()


@asynccontextmanager
async def stallable(server: RedisServer, on_reply: Callable[[], None] = lambda: None) -> AsyncIterator[Wire]:
    """Listen on a port of its own and pass everything on, or hold it back.

    Args:
        server: Where to.
        on_reply: Called before each reply is passed on.
    """
    flowing = asyncio.Event()
    flowing.set()
    wire = Wire("", flowing)
    pumps: set[asyncio.Task[None]] = set()

    async def pump(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, before: Callable[[], None]
    ) -> None:
        try:
            while chunk := await reader.read(65_536):
                await flowing.wait()
                before()
                writer.write(chunk)
        except ConnectionError:
            pass  # one side went away: so does the other
        finally:
            writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", server.port)
        except ConnectionRefusedError:
            writer.close()
            return
        for way in ((reader, far_writer, lambda: None), (far_reader, writer, on_reply)):
            task = asyncio.create_task(pump(*way))
            pumps.add(task)
            task.add_done_callback(pumps.discard)

    listener = await asyncio.start_server(connect, "127.0.0.1", 0)
    try:
        wire.url = f"redis://127.0.0.1:{listener.sockets[0].getsockname()[1]}/0"
        yield wire
    finally:
        listener.close()
        for task in tuple(pumps):
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
