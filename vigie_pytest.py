"""The pytest plugin for those who test against Vigie.

pytest loads it in every run where Vigie is installed. So it takes nothing before it is asked, and is in no package: a project may have a `service` of its own.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient

    from service.testing import Recordings, Server


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one setting."""
    parser.addini(
        "vigie_recordings",
        "Folder of recordings, seen from the configuration file: the fixtures of Vigie serve each test a copy of it, or an empty one.",
    )


@pytest.fixture
def vigie_settings() -> dict[str, object]:
    """Settings of the service beyond replay, by the names of their fields; for suites to override."""
    return {}


@pytest.fixture
def vigie_recordings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Recordings":
    """What the model says: `finds` and `fails` add to it, before or while the service is served. What the suite's folder holds is in it, as a copy."""
    from service.testing import Recordings  # noqa: PLC0415 - see above

    folder = tmp_path_factory.mktemp("vigie-recordings")
    if named := request.config.getini("vigie_recordings"):
        shutil.copytree(_kept(request.config, named), folder, dirs_exist_ok=True)
    return Recordings(folder)


@pytest.fixture
def vigie_client(
    vigie_recordings: "Recordings", vigie_settings: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[TestClient[Litestar]]":
    """A client of the service, in this process: `vigie_client.post("/extract", json={"text": ...})`."""
    from service.testing.serving import client_of, replaying  # noqa: PLC0415 - see above

    with client_of(replaying(vigie_recordings.folder, tmp_path_factory.mktemp("vigie-data"), **vigie_settings)) as client:
        yield client


@pytest.fixture
def vigie_server(vigie_recordings: "Recordings", vigie_settings: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """The service on a socket of this machine: its address is `vigie_server.url`."""
    from service.testing.serving import replaying, server_of  # noqa: PLC0415 - see above

    with server_of(replaying(vigie_recordings.folder, tmp_path_factory.mktemp("vigie-data"), **vigie_settings)) as server:
        yield server


def _kept(config: pytest.Config, named: str) -> Path:
    """Return the folder that the suite names.

    Raises:
        pytest.UsageError: It holds no recordings.
    """
    folder = (config.inipath.parent if config.inipath else config.rootpath) / named
    if not (folder / "model.json").is_file():
        raise pytest.UsageError(f"vigie_recordings names {folder}, which has no model.json: it is no folder of recordings.")
    return folder
