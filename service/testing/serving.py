"""The service on a folder of recordings, for as long as a test takes."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from litestar import Litestar
from litestar.testing import TestClient

from service import logs
from service.app import create_app
from service.cli.serving import server_config
from service.settings import Settings, bare_settings


@dataclass(frozen=True, slots=True)
class Server:
    """A service that is served."""

    #: Its address, without a slash at the end.
    url: str


def replaying(recordings: Path, data: Path, **settings: object) -> Settings:
    """Return the settings of a service that replays a folder, and keeps what it must in the folder `data`."""
    return bare_settings(**{"mode": "replay", "replay_dir": recordings, "data_dir": data, **settings})


@contextmanager
def client_of(settings: Settings) -> Iterator[TestClient[Litestar]]:
    """Yield a client, of httpx's kind, of a service in this process, whose own logging comes back with the end of the block."""
    with logs.put_back(), TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@contextmanager
def server_of(settings: Settings) -> Iterator[Server]:
    """Yield a service on a socket of this machine, in a thread of its own; the logging of this process comes back with the end of the block."""
    with logs.put_back(), _access_put_back(), socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(server_config(create_app(settings), settings))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="vigie")
        thread.start()
        try:
            # What is sent before it listens waits in the socket.
            yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def _access_put_back() -> Iterator[None]:
    """Put back what uvicorn changes where it is to keep no log of its own: a team may serve something else in this process."""
    access = logging.getLogger("uvicorn.access")
    handlers, propagates = access.handlers, access.propagate
    try:
        yield
    finally:
        access.handlers, access.propagate = handlers, propagates
