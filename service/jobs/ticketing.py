"""The queue of tickets: SAQ's, with tables of its own in the same database.

It is a thin window on the articles that wait, and nothing is lost with it. A ticket is out of the queue once it is taken, before its article is claimed, and
whether an article is being read is known by its claim alone. So nothing of SAQ's is needed that recovers work (its worker, its sweeps, its locks that stay with
a connection), and what a worker that died left behind in the queue is merely in the way.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, cast

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool
from saq import Job, Status
from saq.queue.postgres import PostgresQueue

from service.database.database import Database
from service.jobs.items import Ticket

logger = logging.getLogger(__name__)

#: What the queue is called, and the function that its rows name.
QUEUE, FUNCTION = "vigie", "read"
#: Seconds between two looks for a ticket. LISTEN would hold a connection, and not outlive it.
POLL_S = 0.5
#: Whoever takes a ticket has it out of the queue in milliseconds; after so many seconds nobody will.
ABANDONED_S = 10.0
#: Where SAQ has a time, rows have their place in the line: it orders them one by one, where the time does by whole seconds and by the clock of whoever queued
#: them. Places stay below any time that a clock shows, so that all of them have come.
_MOST_PLACES = 1_000_000_000
#: Names of advisory locks: one at a time makes SAQ's tables, and one at a time fills the queue.
_MAKING, _FILLING = 0x56494701, 0x56494702
_MOST_KEYSPACE = 2**31


class Tickets:
    """The tickets that are queued. Every method raises `QueueUnavailable` or `StorageUnavailable` where the database does not do its part."""

    def __init__(self, database: Database, *, abandoned_s: float = ABANDONED_S) -> None:
        """Keep where they are; what was taken and is there so many seconds later is removed."""
        self._database, self._abandoned_s = database, abandoned_s
        # SAQ tries its lock for making tables once, goes on without tables where another connection has it, and never lets go of it. So it has one of its own.
        self._saq = PostgresQueue(cast("AsyncConnectionPool[Any]", _Lent(database)), name=QUEUE, saq_lock_keyspace=secrets.randbelow(_MOST_KEYSPACE))
        #: Since when rows are seen that were taken and not removed, by this machine's clock, which only ever measures itself.
        self._taken_at: dict[str, float] = {}
        self._is_open = False

    async def open(self) -> None:
        """Make the tables if they are missing; opening what is open does nothing."""
        if self._is_open:
            return
        async with self._database.connection() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING])
            await self._saq.connect()
        self._is_open = True

    @asynccontextmanager
    async def filling(self) -> AsyncIterator[bool]:
        """Yield whether nobody else fills the queue meanwhile."""
        async with self._database.connection() as connection, connection.transaction():
            row = await (await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FILLING])).fetchone()
            yield bool(row and row[0])

    async def tend(self) -> tuple[int, int, int]:
        """Remove what does not belong in the queue; return how many tickets wait in it, the next free place, and how many rows were removed.

        SAQ takes no ticket at all while a single row does not decode.
        """
        async with self._database.connection() as connection:
            found = await connection.execute("SELECT key, status, scheduled, group_key, job FROM saq_jobs WHERE queue = %s", [QUEUE])
            rows = await found.fetchall()
            wrong = [key for key, *rest in rows if not self._is_sound(key, *rest)]
            self._taken_at = {key: self._taken_at.get(key, time.monotonic()) for key, status, *_ in rows if status == Status.ACTIVE}
            abandoned = [key for key, since in self._taken_at.items() if time.monotonic() - since > self._abandoned_s]
            if wrong:
                await connection.execute("DELETE FROM saq_jobs WHERE queue = %s AND key = ANY(%s)", [QUEUE, wrong])
            if abandoned:
                await connection.execute("DELETE FROM saq_jobs WHERE queue = %s AND key = ANY(%s) AND status = 'active'", [QUEUE, abandoned])
        for _ in wrong:
            logger.error("queue-row-removed")
        queued = [place for key, status, place, *_ in rows if status == Status.QUEUED and key not in wrong]
        return len(queued), max(queued, default=0) + 1, len(wrong)

    async def put(self, tickets: Sequence[Ticket], place: int) -> None:
        """Queue `tickets` from a `place` in the line on; those that are queued already stay where they are."""
        for scheduled, ticket in enumerate(map(str, tickets), place):
            # Kept neither time nor result: the row is gone before the work begins.
            await self._saq.enqueue(FUNCTION, key=ticket, scheduled=scheduled, timeout=0, retries=1, ttl=-1, ticket=ticket)

    async def take(self) -> Ticket | None:
        """Wait for a ticket and return it; None if what came is none."""
        job = await self._saq.dequeue(poll_interval=POLL_S)
        task = asyncio.current_task()
        if task and task.cancelling():  # which SAQ takes for the end of the waiting alone
            raise asyncio.CancelledError
        if job is None:
            return None
        await job.finish(Status.COMPLETE)
        try:
            return Ticket.parse(job.key)
        except ValueError:
            return None

    def _is_sound(self, key: str, status: str, place: int, group: str | None, payload: bytes) -> bool:
        """Return whether a row is a ticket such as `put` queues; a group, if it had one, could hold up all others."""
        try:
            job: Job | None = self._saq.deserialize(bytes(payload), status)
            Ticket.parse(key)
        except Exception:  # noqa: BLE001 - whatever SAQ falls over: no JSON, no object, fields that are missing, unknown or of another kind
            return False
        is_ours = job is not None and (job.key, job.function) == (key, FUNCTION)
        return is_ours and status in {Status.QUEUED, Status.ACTIVE} and 0 < place < _MOST_PLACES and group is None


class _Lent:
    """The database's own connections, as SAQ asks a pool for them: bounded in time, and with faults that are ours."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: SAQ sees to it that each statement is its own transaction, which it is.
        self.kwargs: dict[str, object] = {}

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection[TupleRow]]:
        return self._database.connection()
