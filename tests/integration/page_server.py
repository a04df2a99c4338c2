"""The page on a real server, guarded as in earnest, with the whole fleet in this process, and a browser to see it."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from actors.config import Settings
from actors.errors import UnauthorisedError
from actors.serve_settings import ServeSettings
from cluster.inline import InlineFleet
from serve.access import Caller, Role
from serve.api import create_api
from serve.guarded import guarded
from serve.service import DraftService

NAMES = ("chromium", "chromium-browser", "google-chrome")
STARTED_S = 10.0


class AnyKey:
    """Every key is a tenant of its own; one whose name begins with `admin` may see the figures."""

    def caller(self, headers: Mapping[str, str]) -> Caller:
        key = headers.get("authorization", "").removeprefix("Bearer ")
        if not key or key.startswith("wrong"):
            raise UnauthorisedError("this key is not known" if key else "there is no key")
        more: frozenset[Role] = frozenset(("metrics", "admin") if key.startswith("admin") else ())
        return Caller(key, more | {"draft"})


class PageServer:
    """A server that can be stopped and started again on its port, while the fleet lives on."""

    def __init__(self, settings: Settings) -> None:
        self.service = DraftService(InlineFleet(settings), settings)
        access = AnyKey()
        # Many browsers with empty caches come from one address here: more than a person's would.
        limits = ServeSettings(rate=100_000, burst=100_000)
        self._app = guarded(create_api(self.service, access), access, limits)
        self._port = 0
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    async def start(self) -> None:
        config = uvicorn.Config(self._app, log_level="error", timeout_graceful_shutdown=1)
        self._server = server = uvicorn.Server(config)
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self._serving = asyncio.create_task(server.serve(sockets=[listening]))
        async with asyncio.timeout(STARTED_S):
            while not server.started:
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        assert self._server is not None
        assert self._serving is not None
        self._server.should_exit = True
        await self._serving


@asynccontextmanager
async def page_server(settings: Settings) -> AsyncIterator[PageServer]:
    """Serve on a port of the system's choice."""
    server = PageServer(settings)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def chromium() -> str | None:
    """Return the path of the system's browser, if it has one."""
    return os.environ.get("LEXRAY_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@asynccontextmanager
async def headless(binary: str) -> AsyncIterator[Browser]:
    """Start the browser, and stop just that one."""
    async with async_playwright() as playwright:
        # Root, which tests in containers are, gets no sandbox from Chromium.
        browser = await playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(slots=True)
class Visit:
    """One tab, and what the browser complained of."""

    page: Page
    server: PageServer
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    async def draft(self, message: str, **fields: str) -> None:
        """Ask for a draft; fields are the ids of inputs."""
        await self.page.fill("#message", message)
        for name, value in fields.items():
            await self.page.select_option(f"#{name}", value)
        await self.page.click("#submit")

    async def finished(self) -> str:
        """Wait for the document, and return the draft's id."""
        await self.page.wait_for_selector("#downloads:not([hidden])", timeout=60_000)
        return self.page.url.rpartition("/")[2]

    async def text(self, selector: str) -> str:
        """Return what stands there now."""
        return (await self.page.inner_text(selector)).strip()

    async def texts(self, selector: str) -> list[str]:
        return [text.strip() for text in await self.page.locator(selector).all_inner_texts()]

    async def asks(self, path: str) -> Any:
        """Return what the server tells this tab's key as JSON."""
        return await self.module("api.js", "await m.askJson(v[0])", path)

    async def module(self, name: str, expression: str, *values: Any) -> Any:
        """Evaluate an expression of `m`, one of the page's modules, and of `v`, the values."""
        script = (
            "async ([name, values]) => {"
            " const page = document.querySelector('script[type=module]').src;"
            " const m = await import(new URL(name, page));"
            f" const v = values; return ({expression}); }}"
        )
        return await self.page.evaluate(script, [name, list(values)])


@asynccontextmanager
async def visit(
    browser: Browser, server: PageServer, key: str = "", path: str = "", **options: Any
) -> AsyncIterator[Visit]:
    """Open the page in a browser of its own: its storage is empty, but for the key."""
    context = await browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    context.set_default_timeout(20_000)
    try:
        page = await context.new_page()
        seen = Visit(page, server)
        page.on("console", lambda said: seen.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", lambda dialog: seen.complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: seen.addresses.append(request.url))
        if key:
            await page.add_init_script(f"sessionStorage.setItem('lexray.key', '{key}')")
        await page.goto(server.url + path)
        yield seen
    finally:
        await context.close()
