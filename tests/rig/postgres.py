"""A PostgreSQL of the tests: one server for all of them, and a database of its own for each.

For a test or a fixture that asks for it by name (`tests/conftest.py` makes these known everywhere):

- `database_url`: the address of a fresh database whose tables are there, for `Settings(database_url=…)` or `VIGIE_DATABASE_URL`
- `database`: the same, opened as the service opens it
- `store`: the store of jobs in it
- `postgres`: the server; `await postgres.fresh()` makes another database
"""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import pytest_asyncio
from psycopg.conninfo import conninfo_to_dict

from service.database.database import Database
from service.database.embedded import Embedded
from service.jobs.store import JobStore
from service.jobs.ticketing import Tickets
from service.settings import Settings

#: Nothing of a test has to outlive the machine.
_HASTY = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
#: Waits for the end of its input, and then ends the server of a folder, if there is one, and deletes the folder.
_CLEARING = """
cat > /dev/null
exec 2> /dev/null
if read -r server < "$0/postgres/cluster/postmaster.pid" && [ "$(readlink "/proc/$server/cwd")" = "$0/postgres/cluster" ]; then kill -QUIT "$server"; fi
rm -rf "$0"
"""
#: Bytes for the databases of all tests.
_ROOM = 2**30
_TEMPLATE = "vigie_template"


@dataclass(slots=True)
class Postgres:
    """A server of the tests."""

    server: Embedded
    _numbers: Iterator[int] = field(default_factory=count)

    def prepare(self) -> None:
        """Start it, and make what every database is a copy of."""
        # Imported here: Alembic takes longer than all else that tests start with.
        from service.database.migrating import upgrade  # noqa: PLC0415

        self.server.start(60)
        self._run(f"create database {_TEMPLATE}")
        upgrade(self.address(_TEMPLATE))

    def address(self, name: str) -> str:
        """Return the address of the database `name`."""
        known = conninfo_to_dict(self.server.conninfo)
        return f"postgresql://{known['user']}@/{name}?host={quote(str(known['host']), safe='')}"

    async def fresh(self, *, empty: bool = False) -> str:
        """Return the address of a new database with all tables, and nothing in them; without tables if it is to be `empty`."""
        name = f"test_{next(self._numbers)}"
        await asyncio.to_thread(self._run, f"create database {name} template {'template0' if empty else _TEMPLATE}")
        return self.address(name)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.server.conninfo, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def embedded(like: Path | None = None) -> Iterator[Embedded]:
    """Yield a server in a folder of its own, not started; whatever is left of it is ended and deleted. A database that is copied from `like` is made sooner."""
    folder = tempfile.mkdtemp(prefix="pg-", dir=_in_memory())
    # Ends with us, in whatever way that is: nothing is left of tests that were killed.
    with subprocess.Popen(("/bin/sh", "-c", _CLEARING, folder), stdin=subprocess.PIPE, start_new_session=True) as clearing:
        server = Embedded(Path(folder, "postgres"), options=_HASTY)
        if like is not None:
            shutil.copytree(like, server._cluster)
        try:
            yield server
        finally:
            server.leave()
            clearing.communicate()


def _in_memory() -> Path | None:
    """Return a folder whose files are in memory, if there is one with room for databases: disks of machines that test are slow."""
    folder = Path("/dev/shm")  # noqa: S108 - what is made there has a name that nobody can guess
    return folder if folder.exists() and shutil.disk_usage(folder).free > _ROOM else None


def end(server: Embedded, how: signal.Signals = signal.SIGQUIT, *, wait_s: float = 10) -> None:
    """End `server` although others may use it, with SIGKILL as a crash does; wait so long for all its processes to be gone."""
    process = server._server()
    if process is not None:
        os.kill(process, how)
    until = time.monotonic() + wait_s
    while server.runs and time.monotonic() < until:
        time.sleep(0.01)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Yield a server that runs."""
    with embedded() as server:
        running = Postgres(server)
        running.prepare()
        yield running


@pytest_asyncio.fixture
async def database_url(postgres: Postgres) -> str:
    """Return the address of a database of the test's own."""
    return await postgres.fresh()


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Yield that database, open."""
    opened = Database(Settings.model_validate({"database_url": database_url}))
    await opened.open()
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def store(database: Database) -> JobStore:
    """Return the store of jobs in it, beside an empty queue."""
    await Tickets(database).open()
    return JobStore(database)
