"""The service on a folder of recordings, for as long as a test takes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from litestar import Litestar
from litestar.testing import TestClient
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from service.app import create_app
from service.cli.serving import server_config
from service.settings import Settings


class _BareSettings(Settings):
    """Settings that are what they are told to be: the environment of whoever runs a test is none of the test's."""

    model_config = SettingsConfigDict(extra="forbid")

    @classmethod
    def settings_customise_sources(  # type: ignore[override] # Pydantic passes them by their names
        cls, _settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, **_others: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take none but what was passed."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Server:
    """A service that is served."""

    #: Its address, without a slash at the end.
    url: str


def bare_settings(**settings: object) -> Settings:
    """Return these `settings`, by the names of their fields; all others have their defaults, whatever the environment says.

    Raises:
        pydantic.ValidationError: One is none, or does not fit.
    """
    return _BareSettings.model_validate(settings)


def replaying(recordings: Path, data: Path, **settings: object) -> Settings:
    """Return the settings of a service that replays a folder, and keeps what it must in the folder `data`."""
    return bare_settings(**{"mode": "replay", "replay_dir": recordings, "data_dir": data, **settings})


@contextmanager
def client_of(settings: Settings) -> Iterator[TestClient[Litestar]]:
    """Yield a client, of httpx's kind, of a service in this process."""
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@contextmanager
def server_of(settings: Settings) -> Iterator[Server]:
    """Yield a service on a socket of this machine, in a thread of its own."""
    server = uvicorn.Server(server_config(create_app(settings), settings))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="vigie")
        thread.start()
        try:
            # What is sent before it listens waits in the socket.
            yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()
