"""The dispatcher: keeps the queue filled with a few of the articles that wait, and takes back those whose workers died.

Each worker has one, and one at a time is at work. What waits is known by the store alone, so that a queue that was emptied is filled again at the next round.
"""

import asyncio
from uuid import uuid4

from service.errors import Poisoned
from service.jobs.items import FORMATS
from service.jobs.store import JobStore
from service.jobs.ticketing import Tickets
from service.logs import log
from service.metrics import Metrics
from service.problems import problem_of
from service.settings import Settings

#: Seconds between two rounds where nothing is wanted, and the least between any two.
ROUND_S, LEAST_S = 1.0, 0.05
#: After so many readings that ended with their worker an article is not read again.
MOST_ATTEMPTS = 3
#: Seconds between two looks for records that were kept long enough.
TIDYING_S = 60.0


class Dispatcher:
    """Fills the queue."""

    def __init__(self, store: JobStore, tickets: Tickets, window: int, settings: Settings, measures: Metrics) -> None:
        """Keep so many tickets in the queue, the `window`."""
        self._store, self._tickets, self._window, self._settings, self._measures = store, tickets, window, settings, measures
        self._queued = 0
        #: Set where the queue has become short.
        self._wanted = asyncio.Event()
        measures.watch("job_tickets_queued", "Articles of jobs that are about to be read, as this process saw them last.", lambda: self._queued)

    async def round(self) -> None:
        """Take back what was left, remove what is wrong, and fill the queue, unless another process is about it; then wait a while.

        Raises:
            QueueUnavailable: The database does not answer.
            StorageUnavailable: It takes nothing more.
        """
        async with self._tickets.filling() as alone:
            if alone:
                await self._fill()
        await asyncio.sleep(LEAST_S)
        try:
            async with asyncio.timeout(ROUND_S):
                await self._wanted.wait()
        except TimeoutError:
            return

    def taken(self) -> None:
        """Note that there is a ticket less."""
        self._queued -= 1
        if self._queued <= self._window // 2:
            self._wanted.set()

    async def tidy(self) -> None:
        """Delete what was kept long enough; then wait a while. Apart from the rounds: a thousand jobs take their time, and nobody waits for them.

        Raises:
            QueueUnavailable: The database does not answer.
            StorageUnavailable: It takes nothing more.
        """
        await self._store.tidy(self._settings.job_ttl_s)
        await asyncio.sleep(TIDYING_S)

    async def _fill(self) -> None:
        self._wanted.clear()
        occurrence = uuid4().hex
        problem = problem_of(Poisoned(), self._settings.public_url, occurrence)
        if recovered := await self._store.recover(problem, MOST_ATTEMPTS):
            self._measures.job_reading("recovered", recovered)
            log.warning("leases-ran-out", articles=recovered, request_id=occurrence)
        self._queued, place, removed = await self._tickets.tend()
        self._measures.queue_rows_removed(removed)
        if self._queued < self._window:
            tickets = await self._store.waiting(self._window - self._queued, FORMATS)
            await self._tickets.put(tickets, place)
            self._queued += len(tickets)
