"""The parts that tests of the worker put in place of the database: a store and a queue in memory, which can be away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import cast
from uuid import UUID, uuid4

from schemas.article import Article
from schemas.record import Record, Usage
from service.database.database import Database
from service.errors import QueueUnavailable
from service.jobs.reading import Reader
from service.jobs.store import Claim, JobStore, Ticket
from service.jobs.ticketing import Tickets
from service.jobs.worker import Desk, Worker
from service.metrics import Metrics
from service.reception import Extracts
from service.resilience.admission import Admission
from service.resilience.ending import Ending
from service.settings import Settings
from tests.unit.service_parts import FakeModel, record_of


def now() -> float:
    """Return the time of the event loop."""
    return asyncio.get_running_loop().time()


@dataclass
class Item:
    """An article of a job."""

    body: bytes
    state: str = "waiting"
    turn: int = 0
    attempts: int = 0
    failures: int = 0
    not_before: float = 0.0
    claim: int | None = None
    lease_until: float = 0.0
    #: How it ended.
    record: bytes | None = None
    problem: bytes | None = None
    #: How often that was said.
    ends: int = 0


@dataclass
class FakeDatabase:
    """A database that may be away."""

    exists: bool = True
    away: bool = False
    #: How often it was asked for while it was.
    asked_in_vain: int = 0

    def check(self) -> None:
        """Fail if it is away."""
        if self.away:
            self.asked_in_vain += 1
            raise QueueUnavailable


class FakeStore(JobStore):
    """One job in memory, whose leases run out as soon as they should."""

    def __init__(self, database: FakeDatabase, *texts: str) -> None:
        """Keep an article of each of the `texts`."""
        self.database, self.job_id = database, uuid4()
        self.items = [Item(Article(text=text).model_dump_json().encode()) for text in texts]
        self.tokens = count(1)
        #: Seconds until who claims hears of it, and what befalls whoever has a record kept.
        self.claim_s = 0.0
        self.breaks: Exception | None = None

    def states(self) -> list[str]:
        """Return the state of each article."""
        return [item.state for item in self.items]

    async def until(self, *states: str, seconds: float = 10.0) -> None:
        """Return once the articles are in these states."""
        async with asyncio.timeout(seconds):
            while self.states() != list(states):  # noqa: ASYNC110 - a store tells nobody
                await asyncio.sleep(0.01)

    async def claim(self, ticket: Ticket, lease_s: float) -> Claim | None:
        """Give it to whoever comes first."""
        self.database.check()
        item = self.items[ticket.index]
        if item.state != "waiting" or item.turn != ticket.attempt or ticket.job_id != self.job_id:
            return None
        item.state, item.claim, item.lease_until = "running", next(self.tokens), now() + lease_s
        item.turn += 1
        item.attempts += 1
        await asyncio.sleep(self.claim_s)
        return Claim(self.job_id, ticket.index, item.claim, item.attempts - 1, item.failures, "caller", item.body)

    async def renew(self, claims: Sequence[Claim], lease_s: float) -> set[int]:
        """Renew those that hold."""
        self.database.check()
        held = [claim for claim in claims if self.items[claim.index].claim == claim.token]
        for claim in held:
            self.items[claim.index].lease_until = now() + lease_s
        return {claim.token for claim in held}

    async def complete(self, claim: Claim, record: bytes, usage: Usage) -> bool:
        """Keep the record."""
        if self.breaks:
            raise self.breaks
        return self._end(claim, "completed", record, None)

    async def fail(self, claim: Claim, problem: bytes) -> bool:
        """Keep the problem."""
        return self._end(claim, "failed", None, problem)

    async def put_back(self, claim: Claim, *, failed: bool, after_s: float) -> bool:
        """Let it wait."""
        self.database.check()
        item = self.items[claim.index]
        if item.claim != claim.token:
            return False
        item.state, item.claim, item.not_before = "waiting", None, now() + after_s
        item.attempts -= 1
        item.failures += failed
        return True

    async def waiting(self, limit: int, formats: Sequence[int]) -> list[Ticket]:
        """Return those that wait."""
        self.database.check()
        ready = [Ticket(self.job_id, at, item.turn) for at, item in enumerate(self.items) if item.state == "waiting" and item.not_before <= now()]
        return ready[:limit]

    async def recover(self, poisoned: bytes, most_attempts: int) -> int:
        """Take back what ran out."""
        self.database.check()
        over = [item for item in self.items if item.state == "running" and item.lease_until < now()]
        for item in over:
            item.claim = None
            item.state, item.problem = ("failed", poisoned) if item.attempts >= most_attempts else ("waiting", None)
        return len(over)

    async def tidy(self, ttl_s: float) -> int:
        """Keep everything."""
        return 0

    def _end(self, claim: Claim, state: str, record: bytes | None, problem: bytes | None) -> bool:
        self.database.check()
        item = self.items[claim.index]
        if item.claim != claim.token:
            return False
        item.state, item.claim, item.record, item.problem = state, None, record, problem
        item.ends += 1
        return True


class FakeTickets(Tickets):
    """A queue in memory."""

    def __init__(self, database: FakeDatabase) -> None:
        """Begin with nothing queued."""
        self.database = database
        self.queued: list[Ticket] = []

    async def open(self) -> None:
        """Fail if the database is away."""
        self.database.check()

    @asynccontextmanager
    async def filling(self) -> AsyncIterator[bool]:
        """Be alone."""
        self.database.check()
        yield True

    async def tend(self) -> tuple[int, int, int]:
        """Count them."""
        return len(self.queued), 1, 0

    async def put(self, tickets: Sequence[Ticket], place: int) -> None:
        """Queue those that are not."""
        self.queued += [ticket for ticket in tickets if ticket not in self.queued]

    async def take(self) -> Ticket | None:
        """Wait for one."""
        while not self.queued:
            self.database.check()
            await asyncio.sleep(0.01)
        return self.queued.pop(0)


class Scripted:
    """An extractor that does with each text as it is told, and counts."""

    def __init__(self, **acts: object) -> None:
        """Of each text, what is done: seconds of reading, or what is raised; any other is read at once."""
        self.acts = acts
        self.begun: list[str] = []
        self.cancelled: list[str] = []
        self.at_once: list[set[str]] = []
        self._reading: set[str] = set()

    async def extract(self, article: Article, *, deadline_at: float, **_how: object) -> Record:
        """Do as told."""
        self.begun.append(article.text)
        self._reading.add(article.text)
        self.at_once.append(set(self._reading))
        act = self.acts.get(article.text, 0)
        try:
            if isinstance(act, Exception):
                raise act
            await asyncio.sleep(cast("float", act))
        except asyncio.CancelledError:
            self.cancelled.append(article.text)
            raise
        finally:
            self._reading.discard(article.text)
        return record_of(article)


@dataclass
class Shop:
    """A worker and what it works with."""

    store: FakeStore
    tickets: FakeTickets
    database: FakeDatabase
    admission: Admission
    ending: Ending
    measures: Metrics
    model: FakeModel
    reader: Reader
    worker: Worker
    settings: Settings = field(default_factory=Settings)

    @property
    def job_id(self) -> UUID:
        """The job."""
        return self.store.job_id


def shop(extractor: Extracts, *texts: str, slots: int = 4, reserve: int | None = 0, **settings: object) -> Shop:
    """Return a worker that reads the `texts` with `extractor`."""
    configured = Settings.model_validate({"drain_s": 0.3, **settings})
    database = FakeDatabase()
    store, tickets = FakeStore(database, *texts), FakeTickets(database)
    admission, ending, measures, model = Admission(slots, reserve=reserve), Ending(), Metrics(), FakeModel()
    reader = Reader(extractor, model, admission, configured)
    worker = Worker(Desk(cast("Database", database), store, tickets), reader, ending, configured, measures)
    return Shop(store, tickets, database, admission, ending, measures, model, reader, worker, configured)


@asynccontextmanager
async def at_work(shop: Shop) -> AsyncIterator[asyncio.Task[None]]:
    """Have the worker at work."""
    working = asyncio.create_task(shop.worker.run())
    try:
        yield working
    finally:
        shop.ending.hurry()
        await working
