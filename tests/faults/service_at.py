"""The service as it is served, in front of an endpoint that fails as it is told."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import httpx2
import uvicorn
from litestar import Litestar

from service.app import create_app
from service.cli.connections import BoundedConnection
from service.cli.serving import server_config
from service.models.base import Model
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """A service that listens."""

    base_url: str
    client: httpx2.AsyncClient

    async def extract(self, text: str, **options: object) -> httpx2.Response:
        """Return the answer about a text."""
        return await self.client.post("/extract", json={"text": text, "options": options} if options else {"text": text})


@asynccontextmanager
async def service_at(upstream: str, reads: Model | None = None, **settings: object) -> AsyncIterator[Service]:
    """Yield a service whose model is at the base URL `upstream`, or is the one that `reads`."""
    configured = Settings.model_validate({"model": "reader", "openai_base_url": upstream, "openai_api_key": "upstream-key", "deadline_s": 5, **settings})
    async with served(create_app(configured, model=reads), configured) as service:
        yield service


class DeafServer(uvicorn.Server):
    """A server of a test, which leaves the signals of the process alone: what it restores at its end was another loop's, which is over by then."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def served(app: Litestar, settings: Settings, connection: type[BoundedConnection] = BoundedConnection) -> AsyncIterator[Service]:
    """Yield `app` as it is served with `settings`, on connections of a kind."""
    config = server_config(app, settings)
    config.http = connection
    server = DeafServer(config)
    with socket.create_server(("127.0.0.1", 0), backlog=2_048) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            async with httpx2.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
                yield Service(address, client)
        finally:
            server.should_exit = True
            await serving
