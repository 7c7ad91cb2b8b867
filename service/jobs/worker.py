"""The worker: takes tickets, claims their articles, has them read, and keeps what became of them.

Whatever fails, it goes on; what it held when it died is taken back by another.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from structlog.contextvars import bind_contextvars

from service.database.database import Database
from service.errors import InternalError, ModelError, QueueUnavailable, StorageUnavailable
from service.jobs.dispatching import Dispatcher
from service.jobs.leasing import LEASE_S, Lease, Leases
from service.jobs.reading import Back, Failed, Outcome, Read, Reader
from service.jobs.store import Claim, JobStore, Ticket
from service.jobs.ticketing import Tickets
from service.logs import log, log_broken
from service.metrics import Metrics
from service.racing import unless
from service.resilience.ending import Ending
from service.settings import Settings

#: Tickets in the queue for each article that is read at once.
WINDOW = 2
#: Seconds after which what failed is tried again, and how much of it is left to chance.
RETRY_S, _SPREAD = 1.0, 0.5
#: Seconds between two looks whether the end has begun, and in which what is given back must be in the database.
_LOOK_S, _FAREWELL_S = 0.2, 3.0
#: Seconds of rest for each article that failed after the other for a passing reason, and the most of them: an endpoint that is down fails all articles.
_PAUSE_S, _MOST_PAUSE_S = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Where articles come from, and where their records go."""

    database: Database
    store: JobStore
    tickets: Tickets

    @classmethod
    def of(cls, database: Database) -> "Desk":
        """Return the one that is in `database`."""
        return cls(database, JobStore(database), Tickets(database))


class Worker:
    """Reads the articles of jobs."""

    def __init__(self, desk: Desk, reader: Reader, ending: Ending, settings: Settings, measures: Metrics) -> None:
        """Keep the parts; the `ending` is begun by whoever runs the process."""
        self._desk, self._reader, self._ending, self._settings, self._measures = desk, reader, ending, settings, measures
        self._store = desk.store
        self._leases = Leases(desk.store)
        self._dispatcher = Dispatcher(desk.store, desk.tickets, WINDOW * reader.slots, settings, measures)
        self._readings: set[asyncio.Task[None]] = set()
        #: Set once there is no time left for what is being read.
        self._over = asyncio.Event()
        #: How many articles failed one after the other for passing reasons.
        self._failures = 0
        self._away = False
        measures.watch("job_articles_held", "Articles of jobs that this process reads or is about to.", lambda: len(self._leases))

    async def run(self) -> None:
        """Read what waits until the end begins; then finish what is under way, if that does not take long, and give back the rest."""
        # It comes with the first job.
        await self._until(lambda: self._desk.database.exists or self._ending.begun, RETRY_S)
        if self._ending.begun:
            return
        log.info("worker-started", slots=self._reader.slots)
        steps = (self._leases.renew, self._serve_queue, self._take, self._dispatcher.tidy)
        renewing, *taking = (asyncio.create_task(self._again_and_again(step)) for step in steps)
        try:
            await self._until(lambda: self._ending.begun)
            for task in taking:
                task.cancel()
            await asyncio.gather(*taking, return_exceptions=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.drain_s):
                    await self._until(lambda: self._ending.hurried or not self._readings)
            self._over.set()
            if self._readings:
                await asyncio.wait(self._readings, timeout=_FAREWELL_S)
        finally:
            rest = (renewing, *taking, *self._readings)
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
            log.info("worker-ended")

    async def _until(self, is_so: Callable[[], bool], every_s: float = _LOOK_S) -> None:
        """Look until it is so: that the end has begun nobody is told, since a signal does that."""
        while not is_so():
            await self._ending.pause(every_s)

    async def _again_and_again(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do `step` for ever; what fails is tried again after a while."""
        while True:
            try:
                await step()
            except (QueueUnavailable, StorageUnavailable):
                self._note_database(away=True)
                await self._rest(RETRY_S)
            except ModelError:  # not ready, or not to be had: the model tells the log
                await self._rest(RETRY_S)
            except Exception as error:  # noqa: BLE001 - a worker goes on whatever befalls it
                log_broken(error)
                await self._rest(RETRY_S)

    @staticmethod
    async def _rest(seconds: float) -> None:
        await asyncio.sleep(seconds * random.uniform(1 - _SPREAD, 1 + _SPREAD))  # noqa: S311 - no secret

    def _note_database(self, *, away: bool) -> None:
        """Tell the log when the database goes and when it is back, once."""
        if away != self._away:
            self._away = away
            (log.warning if away else log.info)("database-away" if away else "database-back")

    async def _serve_queue(self) -> None:
        await self._desk.tickets.open()
        await self._dispatcher.round()
        self._note_database(away=False)

    async def _take(self) -> None:
        """Begin with one more article, once there is one and a slot to read it in."""
        if len(self._readings) >= self._reader.slots:
            await asyncio.wait(self._readings, return_when=asyncio.FIRST_COMPLETED)
            return
        if self._failures:
            await self._rest(min(self._failures * _PAUSE_S, _MOST_PAUSE_S))
        await self._reader.ready()
        await self._desk.tickets.open()
        ticket = await self._desk.tickets.take()
        if ticket is None:
            return
        self._dispatcher.taken()
        claim = await self._claim(ticket)
        if claim is None:
            return
        # Whoever read it before died of it, or of another that was read at the same time. So it is read alone: it takes nobody with it, and nobody takes it.
        is_suspect = claim.deaths > 0
        reading = asyncio.create_task(self._hold(claim, before=set(self._readings) if is_suspect else set()))
        self._readings.add(reading)
        reading.add_done_callback(self._readings.discard)
        if is_suspect:
            await asyncio.wait({reading})

    async def _claim(self, ticket: Ticket) -> Claim | None:
        """Claim the article of `ticket`; if the end begins meanwhile, give back what was claimed all the same."""
        claiming = asyncio.create_task(self._store.claim(ticket, LEASE_S))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with suppress(QueueUnavailable, StorageUnavailable):
                if claim := await claiming:
                    await self._write(claim, Back())
            raise

    async def _hold(self, claim: Claim, before: set[asyncio.Task[None]]) -> None:
        """Read what was claimed once those `before` it are read, and keep what became of it."""
        occurrence, began = uuid4().hex, time.monotonic()
        bind_contextvars(request_id=occurrence, job=str(claim.job_id), index=claim.index)
        with self._leases.holding(claim) as lease:
            try:
                outcome = await unless(lease.lost.wait(), unless(self._over.wait(), self._outcome(claim, before, occurrence), _Over), _Lost)
            except _Lost:
                self._tell(None, began)
                return
            except _Over:
                outcome = Back()
            if not isinstance(outcome, Back):
                self._failures = 0
            elif outcome.fault:
                self._failures += 1
            self._tell(await self._keep(lease, outcome, occurrence), began)

    async def _outcome(self, claim: Claim, before: set[asyncio.Task[None]], occurrence: str) -> Outcome:
        if before:
            await asyncio.wait(before)
        return await self._reader.read(claim, occurrence)

    async def _keep(self, lease: Lease, outcome: Outcome, occurrence: str) -> Outcome | None:
        """Return what is in the database of `outcome`, which is tried as long as the article is ours; None if it is no longer."""
        while not lease.lost.is_set():
            try:
                return outcome if await self._write(lease.claim, outcome) else None
            except (QueueUnavailable, StorageUnavailable):
                await self._rest(RETRY_S)
            except Exception as error:  # noqa: BLE001 - it would be so again, and is no reason to read the article again
                log_broken(error)
                if isinstance(outcome, Failed):
                    break
                outcome = self._reader.failed(InternalError(), occurrence)
        return None

    async def _write(self, claim: Claim, outcome: Outcome) -> bool:
        match outcome:
            case Read():
                return await self._store.complete(claim, outcome.body, outcome.record.extraction.usage)
            case Failed():
                return await self._store.fail(claim, outcome.problem)
            case Back():
                return await self._store.put_back(claim, failed=outcome.fault is not None and outcome.is_its_own, after_s=outcome.after_s)

    def _tell(self, outcome: Outcome | None, began: float) -> None:
        """Tell the log and the metrics what became of an article; None: it is no longer ours."""
        facts: dict[str, object] = {"duration_ms": round((time.monotonic() - began) * 1_000)}
        match outcome:
            case Read():
                how = outcome.record.extraction
                facts |= {"calls": how.calls, "chunks": how.chunks, "characters": outcome.record.article.characters, **how.usage.model_dump()}
                event = "read"
            case Failed() | Back():
                facts["code"] = outcome.fault.code if outcome.fault else None
                event = "failed" if isinstance(outcome, Failed) else "put-back"
            case None:
                event = "lost"
        self._measures.job_reading(event.replace("-", "_"), code=str(facts.get("code") or "none"))
        log.info(f"article-{event}", **facts)


class _Over(Exception):
    """There is no time left."""


class _Lost(Exception):
    """The article is no longer ours."""
