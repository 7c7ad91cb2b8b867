"""The database of this installation: where it is, how it is opened, and what its faults mean to callers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from service.settings import Settings


class Database:
    """The PostgreSQL server that the settings name, or the embedded one of the data folder. Making one takes nothing and starts nothing."""

    def __init__(self, settings: Settings) -> None:
        """Keep where it is."""
        self.settings = settings
        self._opening = asyncio.Lock()
        self._pool: AsyncConnectionPool[AsyncConnection[TupleRow]] | None = None

    @property
    def exists(self) -> bool:
        """Whether there is one already: a server is named, or the data folder has one, running or not."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        """Whether it was opened, and not closed since."""
        return self._pool is not None

    @property
    def conninfo(self) -> str:
        """What psycopg connects to; for whoever needs a pool of its own. Holds a password."""
        raise NotImplementedError

    async def open(self) -> None:
        """Start the embedded server if nobody has, bring the tables up to date, and connect. Opening what is open does nothing.

        Raises:
            QueueUnavailable: There is no server, or no way to it.
            StorageUnavailable: It takes nothing more.
        """
        raise NotImplementedError

    async def mend(self) -> None:
        """Start the embedded server again if it is gone; does nothing where a server is named.

        Raises:
            QueueUnavailable: It cannot be started.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Disconnect, and end the embedded server if nobody else uses it. It may be opened again."""
        raise NotImplementedError

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[TupleRow]]:
        """Lend a connection, each statement its own transaction unless one is begun; opens the database if need be.

        Raises:
            QueueUnavailable: There is none in time.
            StorageUnavailable: The database takes nothing more.
        """
        raise NotImplementedError
        yield
