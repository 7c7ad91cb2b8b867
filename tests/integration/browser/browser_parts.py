"""A service of fakes that a browser can visit, and what is kept of a visit."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from playwright.async_api import ConsoleMessage, Dialog, Page

from service.app import app_around
from service.cli.serving import server_config
from service.settings import Settings
from tests.faults.service_at import DeafServer
from tests.unit.service_parts import FakeExtractor, FakeModel

#: What breaks the policy of a page is told to its console, as its faults are.
TELL_VIOLATIONS = "addEventListener('securitypolicyviolation', (event) => console.error('policy', event.effectiveDirective, event.blockedURI))"
#: How Chromium tells of an answer like any other.
STATUS = "Failed to load resource: the server responded with a status of"


@dataclass
class Visit:
    """A page, where it comes from, what was asked for meanwhile, and what the browser had to complain of."""

    page: Page
    home: str
    extractor: FakeExtractor
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Keep what happens from now on."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.context.on("serviceworker", lambda worker: self.requests.append(worker.url))
        self.page.on("popup", lambda other: self.complaints.append(f"a window: {other.url}"))
        self.page.on("dialog", self._dismiss)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(error.message))

    async def _dismiss(self, dialog: Dialog) -> None:
        """Keep that there was a `dialog`, and go on without it."""
        self.complaints.append(f"a dialog: {dialog.message}")
        await dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        """Keep `message` if it is a complaint."""
        if message.type in {"error", "warning"} and not message.text.startswith(STATUS):
            self.complaints.append(message.text)

    def strangers(self) -> list[str]:
        """Return what was asked of anyone else. What the page made itself, it may ask of itself."""
        origin = "/".join(self.home.split("/")[:3])
        return [url for url in self.requests if not url.startswith((f"{self.home}/", f"blob:{origin}/", "data:"))]


Open = Callable[..., Awaitable[Visit]]


@asynccontextmanager
async def serving(settings: Settings, extractor: FakeExtractor, prefix: str) -> AsyncIterator[str]:
    """Serve, behind a proxy that takes `prefix` off the path if there is one; yield the origin."""
    app = app_around(settings, FakeModel(), extractor)
    app.asgi_handler = _behind(prefix, app.asgi_handler)
    server = DeafServer(server_config(app, settings))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def _behind(prefix: str, app: ASGIApp) -> ASGIApp:
    """Return `app` as it is reached through a proxy that knows it under `prefix`."""

    async def forward(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            scope["path"] = scope["path"].removeprefix(prefix)
            scope["raw_path"] = scope["raw_path"].removeprefix(prefix.encode())
        await app(scope, receive, send)

    return forward
