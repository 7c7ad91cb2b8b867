"""The database of this installation: where it is, how it is opened, and how it is reached."""

import asyncio
import logging
import math
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

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

logger = logging.getLogger(__name__)

#: Connections of one process, and how many may wait for one.
_MOST, _MOST_WAITING = 10, 100
#: A machine that is gone without a word is noticed in ten seconds, by the system: what is sent must be acknowledged, and silence is looked into. In
#: milliseconds, seconds, seconds, times.
_LIVELINESS = {"tcp_user_timeout": 10_000, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
#: Milliseconds for a statement, for a lock, and between the statements of a transaction.
_LIMITS = {"statement_timeout": "5000", "lock_timeout": "3000", "idle_in_transaction_session_timeout": "10000"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the database, in seconds."""

    #: For a connection to be made; libpq waits no less than two.
    connect_s: int = 2
    #: For a connection to be free.
    acquire_s: float = 5
    #: While the database is opened, which goes on if it takes longer.
    opening_s: float = 8
    #: For the embedded server to be ready: after a crash it has much to read again.
    starting_s: float = 120
    #: For all that is asked over a connection that was lent, unless its borrower says otherwise; and whether it is of use, before it is lent.
    answers_s: float = 20
    check_s: float = 2
    #: After a failure, before anyone tries again: who waited for it does not wait once more.
    rest_s: float = 1


class Database:
    """The PostgreSQL server that the settings name, or the embedded one of the data folder. Making one takes nothing and starts nothing."""

    def __init__(self, settings: Settings, *, patience: Patience = Patience()) -> None:
        """Keep where it is, and how long to wait for it.

        Raises:
            SetupError: The address is none.
        """
        self.settings, self._patience = settings, patience
        self._address = _known(settings.database_url.get_secret_value()) if settings.database_url else None
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
        self._embedded.give_up()
        if self._work is not None:
            await asyncio.wait([self._work])
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()
        await asyncio.to_thread(self._embedded.leave)

    @asynccontextmanager
    async def connection(self, within_s: float | None = None) -> AsyncIterator[Connection]:
        """Lend a connection, each statement its own transaction unless one is begun; opens or mends the database if need be.

        Args:
            within_s: How long it is lent at most. A server of this machine that stands still is not noticed by the system, and no statement ends there.

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
                with _cut_off(connection, within_s or self._patience.answers_s):
                    yield connection

    async def _wait_for(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for `work`, or for what is being done already; it goes on if that takes longer than callers wait."""
        if self._work is None or (self._work.done() and time.monotonic() - self._failed_at > self._patience.rest_s):
            self._work = asyncio.create_task(self._fault_of(work))
        done, _ = await asyncio.wait([self._work], timeout=self._patience.opening_s)
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
            logger.warning("database-unavailable", extra={"error": type(error).__name__, "code": error.code})
            fault = error
        except (psycopg.Error, OSError) as error:
            logger.warning("database-unavailable", extra={"error": type(error).__name__, "code": getattr(error, "sqlstate", None)})
            fault = fault_of(error)
        else:
            return None
        self._failed_at = time.monotonic()
        return fault

    async def _start(self) -> None:
        await asyncio.to_thread(self._embedded.start, self._patience.starting_s)

    async def _open(self) -> None:
        # Imported here: it takes half a second, which only those wait for who have jobs.
        from service.database.migrating import upgrade  # noqa: PLC0415

        if self._address is None:
            await self._start()
        await asyncio.to_thread(upgrade, self.conninfo)
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            self.conninfo,
            kwargs={"autocommit": True, "connect_timeout": self._patience.connect_s, **_LIVELINESS},
            configure=self._limited,
            check=self._checked,
            min_size=1,
            max_size=_MOST,
            max_waiting=_MOST_WAITING,
            timeout=self._patience.acquire_s,
            # Whoever gives up tries less and less often; the next who asks begins anew.
            reconnect_timeout=self._patience.acquire_s,
            open=False,
        )
        try:
            await pool.open(wait=True, timeout=self._patience.acquire_s)
        except BaseException:
            await pool.close()
            raise
        self._pool = pool

    async def _limited(self, connection: Connection) -> None:
        """Bound what a connection waits for."""
        with _cut_off(connection, self._patience.check_s):
            for name, value in _LIMITS.items():
                await connection.execute("select set_config(%s, %s, false)", (name, value))

    async def _checked(self, connection: Connection) -> None:
        """Ask whether a connection is of use still."""
        with _cut_off(connection, self._patience.check_s):
            await AsyncConnectionPool.check_connection(connection)


@contextmanager
def _cut_off(connection: Connection, after_s: float) -> Iterator[None]:
    """Have whoever waits for the server hear that it is gone, after a while. To cancel what is asked would be to ask the server."""
    timer = asyncio.get_running_loop().call_later(after_s, _cut, connection)
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: Connection) -> None:
    with suppress(psycopg.Error, OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


def _known(address: str) -> str:
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
