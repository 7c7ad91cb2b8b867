"""The database of this installation: where it is, how it is opened, and how it is reached."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from service.database.embedded import Embedded
from service.database.faults import fault_of, translated
from service.errors import QueueUnavailable, SetupError, VigieError
from service.settings import Settings

Connection = AsyncConnection[TupleRow]

#: Seconds in which a connection is made, and for which one waits for a free one.
_CONNECT_S, _ACQUIRE_S = 2, 5
#: Seconds for which callers wait while the database is opened; the opening itself goes on.
_OPENING_S = 8
#: Seconds in which the embedded server is ready: after a crash it has much to read again.
_STARTING_S = 120
#: Seconds after a failure in which nobody tries again: who waited does not wait once more.
_REST_S = 1
#: Connections of one process, and how many may wait for one.
_MOST, _MOST_WAITING = 10, 100
#: Milliseconds for a statement, for a lock, and between the statements of a transaction.
_LIMITS = {"statement_timeout": "5000", "lock_timeout": "3000", "idle_in_transaction_session_timeout": "10000"}


class Database:
    """The PostgreSQL server that the settings name, or the embedded one of the data folder. Making one takes nothing and starts nothing."""

    def __init__(self, settings: Settings) -> None:
        """Keep where it is.

        Raises:
            SetupError: The address is none.
        """
        self.settings = settings
        self._address = _checked(settings.database_url.get_secret_value()) if settings.database_url else None
        self._embedded = Embedded(settings.data_dir / "postgres")
        self._pool: AsyncConnectionPool[Connection] | None = None
        #: What is being done so that there is a connection, or was last; it returns why there is none.
        self._work: asyncio.Task[VigieError | None] | None = None
        self._failed_at = -math.inf
        self._closed = False

    @property
    def exists(self) -> bool:
        """Whether there is one already: a server is named, or the data folder has one, running or not."""
        return self._address is not None or self._embedded.exists

    @property
    def is_open(self) -> bool:
        """Whether it was opened and not closed."""
        return self._pool is not None

    @property
    def conninfo(self) -> str:
        """What psycopg connects to, once it was opened; for whoever needs a pool of its own. May hold a password."""
        return self._address or self._embedded.conninfo

    async def open(self) -> None:
        """Start the embedded server if nobody has, bring the tables up to date, and connect. What is open stays so, and so does what was closed.

        Raises:
            QueueUnavailable: There is no server, or no way to it.
            StorageUnavailable: It takes nothing more.
        """
        while self._pool is None:
            if self._closed:
                raise QueueUnavailable("The database is closed.")
            await self._wait_for(self._open)

    async def mend(self) -> None:
        """Start the embedded server again if it is gone; does nothing where a server is named.

        Raises:
            QueueUnavailable: It cannot be started.
            StorageUnavailable: Its disk is full.
        """
        if self._address is None and not self._embedded.runs:
            await self._wait_for(self._start)

    async def close(self) -> None:
        """Disconnect, and end the embedded server if nobody else uses it."""
        self._closed = True
        if self._work is not None:
            await asyncio.wait([self._work])
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()
        await asyncio.to_thread(self._embedded.leave)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection, each statement its own transaction unless one is begun; opens or mends the database if need be.

        Raises:
            QueueUnavailable: There is none in time, or it broke.
            StorageUnavailable: The database takes nothing more.
        """
        await self.open()
        await self.mend()
        pool = self._pool
        if pool is None:
            raise QueueUnavailable("The database is closed.")
        with translated():
            async with pool.connection() as connection:
                yield connection

    async def _wait_for(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for `work`, or for what is being done already; it goes on if that takes longer than callers wait."""
        if self._work is None or (self._work.done() and time.monotonic() - self._failed_at > _REST_S):
            self._work = asyncio.create_task(self._fault_of(work))
        done, _ = await asyncio.wait([self._work], timeout=_OPENING_S)
        if not done:
            raise QueueUnavailable("The database is being started.")
        fault = self._work.result()
        if fault is not None:
            raise fault.with_traceback(None)  # it is raised many times, and would gather the frames of all

    async def _fault_of(self, work: Callable[[], Awaitable[None]]) -> VigieError | None:
        """Return why `work` fails, if it does."""
        try:
            await work()
        except VigieError as error:
            fault = error
        except (psycopg.Error, OSError) as error:
            fault = fault_of(error)
        else:
            return None
        self._failed_at = time.monotonic()
        return fault

    async def _start(self) -> None:
        await asyncio.to_thread(self._embedded.start, _STARTING_S)

    async def _open(self) -> None:
        # Imported here: it takes half a second, which only those wait for who have jobs.
        from service.database.migrating import upgrade  # noqa: PLC0415

        if self._address is None:
            await self._start()
        await asyncio.to_thread(upgrade, self.conninfo)
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            self.conninfo,
            kwargs={"autocommit": True, "connect_timeout": _CONNECT_S},
            configure=_limited,
            check=AsyncConnectionPool.check_connection,
            min_size=1,
            max_size=_MOST,
            max_waiting=_MOST_WAITING,
            timeout=_ACQUIRE_S,
            open=False,
        )
        try:
            await pool.open(wait=True, timeout=_ACQUIRE_S)
        except BaseException:
            await pool.close()
            raise
        self._pool = pool


def _checked(address: str) -> str:
    """Return `address` if it is one.

    Raises:
        SetupError: It is none.
    """
    try:
        if address.startswith(("postgresql://", "postgres://")) and conninfo_to_dict(address):
            return address
    except psycopg.ProgrammingError:
        pass  # Its words may be the password.
    raise SetupError("VIGIE_DATABASE_URL: must be the address of a PostgreSQL server, such as postgresql://vigie@db.example/vigie.")


async def _limited(connection: Connection) -> None:
    """Bound what a connection waits for."""
    for name, value in _LIMITS.items():
        await connection.execute("select set_config(%s, %s, false)", (name, value))
