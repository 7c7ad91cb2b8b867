"""The service as it is served, with an extractor of the test's own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from service.app import app_around
from service.cli.connections import BoundedConnection
from service.cli.serving import server_config
from service.reception import Extracts
from service.settings import Settings
from tests.unit.service_parts import FakeModel


@asynccontextmanager
async def served_app(settings: Settings, extractor: Extracts, connection: type[BoundedConnection] = BoundedConnection) -> AsyncIterator[str]:
    """Yield the address of a service in which `extractor` reads."""
    config = server_config(app_around(settings, FakeModel(), extractor), settings)
    config.http = connection
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0), backlog=2_048) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
