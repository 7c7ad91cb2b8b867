"""The database as it is opened and reached."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path

import psycopg
import pytest

from service.database.database import Connection, Database, Patience
from service.database.faults import translated
from service.errors import InternalError, QueueUnavailable
from service.settings import Settings
from tests.rig.postgres import Postgres, embedded, end

pytestmark = pytest.mark.integration


@asynccontextmanager
async def opened(**settings: object) -> AsyncIterator[Database]:
    """Yield an open database with `settings`."""
    database = Database(Settings.model_validate(settings))
    try:
        await database.open()
        yield database
    finally:
        await database.close()


async def value(connection: Connection, statement: str) -> object:
    """Return what the database answers."""
    row = await (await connection.execute(statement.encode())).fetchone()
    return row[0] if row else None


async def test_a_named_server_is_used(database_url: str) -> None:
    """Where the settings name a server nothing is made in the data folder."""
    async with opened(database_url=database_url) as database, database.connection() as connection:
        assert database.exists
        assert database.is_open
        assert await value(connection, "select count(*) from jobs") == 0
        assert not (database.settings.data_dir / "postgres").exists()


async def test_without_a_name_there_is_one_in_the_data_folder(tmp_path: Path) -> None:
    """The first who opens it has it made with all tables; the second process finds it; and it is gone with the last, but for its data."""
    first = Database(Settings(data_dir=tmp_path))
    assert not first.exists
    await first.open()
    async with opened(data_dir=tmp_path) as second:
        assert second.exists
        await first.close()
        async with second.connection() as connection:
            assert await value(connection, "select count(*) from jobs") == 0
        with pytest.raises(QueueUnavailable, match="closed"):
            async with first.connection():
                pass
    assert not second._embedded.runs
    assert first.exists


async def test_h18_a_database_that_was_killed_is_started_again(tmp_path: Path) -> None:
    """After a crash of the embedded server, whoever asks next starts it again and gets an answer; what was committed is there."""
    async with opened(data_dir=tmp_path) as database:
        async with database.connection() as connection:
            await connection.execute("create table kept (value int)")
        end(database._embedded, signal.SIGKILL)
        begun = time.monotonic()
        async with database.connection() as connection:
            assert await value(connection, "select count(*) from kept") == 0
        assert time.monotonic() - begun < 10


async def test_many_open_it_at_once(database_url: str) -> None:
    """However many requests are the first, it is opened once."""
    database = Database(Settings.model_validate({"database_url": database_url}))

    async def ask() -> object:
        async with database.connection() as connection:
            return await value(connection, "select 1")

    assert await asyncio.gather(*(ask() for _ in range(30))) == [1] * 30
    async with database.connection() as connection:
        assert await value(connection, "select count(*) from pg_stat_activity where datname = current_database()") <= 10  # type: ignore[operator]
    await database.close()


async def test_h01_no_server_no_waiting() -> None:
    """Where no server listens callers are told within seconds, and those who come at once are told together."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    database = Database(Settings.model_validate({"database_url": f"postgresql://vigie:secret@127.0.0.1:{port}/vigie"}))
    begun = time.monotonic()
    faults = await asyncio.gather(*(database.open() for _ in range(20)), return_exceptions=True)

    assert {type(fault) for fault in faults} == {QueueUnavailable}
    assert "secret" not in str(faults)
    assert time.monotonic() - begun < 5
    await database.close()


async def test_a_server_that_is_silent_is_given_up() -> None:
    """A server that takes connections and never answers is given up after seconds."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database(Settings.model_validate({"database_url": f"postgresql://vigie@127.0.0.1:{silent.getsockname()[1]}/vigie"}))
        begun = time.monotonic()
        with pytest.raises(QueueUnavailable):
            await database.open()
        assert time.monotonic() - begun < 5
        await database.close()


@pytest.mark.parametrize("lent", [True, False], ids=["asked", "idle"])
async def test_a_server_that_stands_still_is_given_up(database_url: str, lent: bool) -> None:  # noqa: FBT001 - a case
    """On the same machine its system says that all is well. Who waits for an answer hears in time that there is none; who comes next has another connection."""
    patient = Database(Settings.model_validate({"database_url": database_url}), patience=Patience(answers_s=0.5, check_s=0.5))
    begun, stopped = time.monotonic(), 0
    try:
        with pytest.raises(QueueUnavailable) if lent else nullcontext():
            async with patient.connection() as connection:
                stopped = int(str(await value(connection, "select pg_backend_pid()")))
                os.kill(stopped, signal.SIGSTOP)
                if lent:
                    await value(connection, "select 1")
        async with patient.connection() as connection:
            assert await value(connection, "select pg_backend_pid()") != stopped
        assert time.monotonic() - begun < 4
    finally:
        os.kill(stopped, signal.SIGCONT)
        await patient.close()


async def test_h19_slow_statements_and_held_locks_end(database: Database) -> None:
    """A statement, a wait for a lock and a forgotten transaction are all ended by the server; the connection that was lent is none the worse for the next."""
    async with database.connection() as connection:
        found = {name: await value(connection, f"show {name}") for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")}
        assert found == {"statement_timeout": "5s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "10s"}
        assert await value(connection, "show synchronous_commit") == "on"
        await connection.execute("set statement_timeout = 50")
        with pytest.raises(QueueUnavailable), translated():
            await connection.execute("select pg_sleep(5)")
    async with database.connection() as connection:
        assert await value(connection, "select 1") == 1


async def test_h19_who_finds_no_free_connection_is_told(database_url: str) -> None:
    """When all connections are lent one waits for as long as one waits, and no more than a hundred wait."""
    database = Database(Settings.model_validate({"database_url": database_url}), patience=Patience(acquire_s=1))
    over = asyncio.Event()

    async def hold() -> None:
        async with database.connection():
            await over.wait()

    async def ask() -> float:
        begun = time.monotonic()
        with pytest.raises(QueueUnavailable):
            async with database.connection():
                pass
        return time.monotonic() - begun

    await database.open()
    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(hold())
        await asyncio.sleep(0.5)
        waited = await asyncio.gather(*(ask() for _ in range(120)))
        over.set()
    assert max(waited) < 3
    assert sum(one < 0.9 for one in waited) >= 15
    await database.close()


async def test_h18_it_is_there_again_after_an_outage() -> None:
    """While a named server is away everyone is told within seconds, and soon after it is back everyone is served, without a restart of ours."""
    with embedded() as server:
        server.start(60)
        address = Postgres(server).address("postgres")
        database = Database(Settings.model_validate({"database_url": address}), patience=Patience(acquire_s=1))
        await database.open()
        end(server)
        outage_ends = time.monotonic() + 2.5
        while time.monotonic() < outage_ends:
            begun = time.monotonic()
            with pytest.raises(QueueUnavailable):
                async with database.connection():
                    pass
            assert time.monotonic() - begun < 3
        await asyncio.to_thread(server.start, 60)
        begun = time.monotonic()
        while True:
            with suppress(QueueUnavailable):
                async with database.connection() as connection:
                    assert await value(connection, "select 1") == 1
                    break
        assert time.monotonic() - begun < 5
        await database.close()


async def test_a_fault_of_ours_is_told_as_one(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """A statement that the database cannot read is an internal error; the log has its kind and not its words."""
    with pytest.raises(InternalError):
        async with database.connection() as connection:
            await connection.execute("words of an article")

    assert [record.message for record in caplog.records if record.name.startswith("service")] == ["database-fault"]
    assert "words" not in caplog.text


async def test_h18_it_is_there_again_after_a_restart(postgres: Postgres, database: Database) -> None:
    """When the server has ended every connection, the next who asks gets a new one."""
    async with database.connection() as connection:
        await connection.execute("select 1")
    with psycopg.connect(postgres.server.conninfo, autocommit=True) as other:
        other.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'")

    async with database.connection() as connection:
        assert await value(connection, "select 1") == 1
