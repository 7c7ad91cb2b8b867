"""The service on a folder of recordings, for as long as a test takes."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import uvicorn
from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import Receive, Scope, Send

from service import logs
from service.app import create_app
from service.cli.serving import server_config
from service.errors import InternalError
from service.extraction.pipeline import warm_up
from service.resilience.ending import Ending
from service.settings import Settings, bare_settings

#: Seconds for what is under way when a test has ended; a job that is followed would hold it up for as long as an article may take.
END_S = 3
_LOOK_S = 0.01


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
    """Yield a service on a socket of this machine, in a thread of its own; the logging of this process comes back with the end of the block.

    Raises:
        service.errors.InternalError: It did not start; its cause is the error that kept it from it.
        service.errors.SetupError: It is not configured right.
    """
    _warm_up_once()
    with logs.put_back(), served(create_app(settings), settings) as server:
        yield server


@contextmanager
def served(app: Litestar, settings: Settings) -> Iterator[Server]:
    """Yield the service `app`, as `server_of` does.

    Raises:
        InternalError: As there.
    """
    with _access_put_back(), socket.create_server(("127.0.0.1", 0)) as listener:
        heard = _Heard(app)
        server = _ThreadedServer(server_config(heard, settings), app.state.ending)
        # As a daemon it does not keep a suite from ending that is interrupted while it starts.
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="vigie", daemon=True)
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise InternalError("The service did not start.") from heard.broken
            time.sleep(_LOOK_S)
        try:
            yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()


class _Heard:
    """A service, of which it is known what broke it before it had started."""

    def __init__(self, app: Litestar) -> None:
        """Go around `app`."""
        self._app = app
        self.broken: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call it; until it has started, this is its life itself."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            self.broken = error
            raise


class _ThreadedServer(uvicorn.Server):
    """A server that ends its thread alone, and in a hurry."""

    def __init__(self, config: uvicorn.Config, ending: Ending) -> None:
        """Serve as `config` says, but for the end."""
        super().__init__(config)
        config.timeout_graceful_shutdown = END_S
        self._ending = ending

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until the end; where it does not start, uvicorn would end the process."""
        with suppress(SystemExit):
            super().run(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is under way: at once what the service can end, after some seconds all else."""
        self._ending.hurry()
        await super().shutdown(sockets)


@cache
def _warm_up_once() -> None:
    """Have the tables read once a process, as `vigie serve` does: a client that waits five seconds should not have to wait for them."""
    warm_up()


@contextmanager
def _access_put_back() -> Iterator[None]:
    """Put back what uvicorn changes where it is to keep no log of its own: a team may serve something else in this process."""
    access = logging.getLogger("uvicorn.access")
    handlers, propagates = access.handlers, access.propagate
    try:
        yield
    finally:
        access.handlers, access.propagate = handlers, propagates
