"""Whatever workers, callers and time do to jobs, in whatever order: each article ends once, lines are gapless and never change, and counts add up."""

import asyncio
from collections.abc import Awaitable, Iterator
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule, run_state_machine_as_test

from schemas.job import UNFINISHED, JobState
from service.database.database import Database
from service.errors import AlreadyTerminal, Expired
from service.jobs.store import Claim, JobStore, Line, Ticket
from service.jobs.ticketing import Tickets
from service.settings import Settings
from tests.rig.postgres import Postgres
from tests.rig.submissions import FORMATS, LEASE_S, RECORD, USAGE, hand_in

pytestmark = pytest.mark.integration

T = TypeVar("T")
POISONED, MOST_ATTEMPTS = b'{"code": "poisoned"}', 3


class AnyOrder(RuleBasedStateMachine):
    """Some jobs, and those who change them one after the other."""

    runner: asyncio.Runner
    store: JobStore
    database: Database

    jobs: Bundle[UUID] = Bundle("jobs")
    tickets: Bundle[Ticket] = Bundle("tickets")
    claims: Bundle[Claim] = Bundle("claims")

    def __init__(self) -> None:
        """Begin with an empty database."""
        super().__init__()
        self.sizes: dict[UUID, int] = {}
        #: Which claim holds each article, and what every line was when it was first read.
        self.held: dict[tuple[UUID, int], int] = {}
        self.seen: dict[UUID, list[Line]] = {}
        self.cancelled: set[UUID] = set()

    def run(self, work: Awaitable[T]) -> T:
        """Return what `work` returns."""

        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Return what the database answers."""

        async def asked() -> list[tuple[object, ...]]:
            async with self.database.connection() as connection:
                found = await connection.execute(statement.encode(), values)
                return await found.fetchall() if found.description else []

        return self.run(asked())

    @initialize()
    def clean(self) -> None:
        """Forget the jobs of earlier examples."""
        self.sql("truncate jobs, articles, items, results")

    @rule(target=jobs, size=st.integers(1, 4), refused=st.sets(st.integers(0, 3), max_size=2), caller=st.sampled_from("ab"))
    def hand_in(self, size: int, refused: set[int], caller: str) -> UUID:
        """A caller hands in."""
        job_id = self.run(hand_in(self.store, size, refused=refused))
        self.sizes[job_id] = size
        self.seen[job_id] = []
        return job_id

    @rule(target=tickets, limit=st.integers(1, 5))
    def wait(self, limit: int) -> MultipleResults[Ticket]:
        """A dispatcher looks for what is next: nothing that is held or has ended."""
        tickets = self.run(self.store.waiting(limit, FORMATS))

        assert not {(ticket.job_id, ticket.index) for ticket in tickets} & {*self.held}
        return multiple(*tickets)

    @rule(target=claims, ticket=tickets)
    def claim(self, ticket: Ticket) -> MultipleResults[Claim]:
        """A worker comes with a ticket, new or old."""
        claim = self.run(self.store.claim(ticket, LEASE_S))
        if claim is None:
            return multiple()
        assert (claim.job_id, claim.index) not in self.held
        self.held[claim.job_id, claim.index] = claim.token
        return multiple(claim)

    def holds(self, claim: Claim) -> bool:
        """Return whether nobody took the article from `claim`."""
        return self.held.get((claim.job_id, claim.index)) == claim.token

    def let_go(self, claim: Claim, held: bool) -> None:  # noqa: FBT001 - it is what is told
        """Check that `claim` held as it should have; it does not any more."""
        assert held == self.holds(claim)
        if held:
            del self.held[claim.job_id, claim.index]

    @rule(claim=claims)
    def complete(self, claim: Claim) -> None:
        """A worker has a record, whether the article is still its own or not."""
        self.let_go(claim, self.run(self.store.complete(claim, RECORD + b"%d" % claim.token, USAGE)))

    @rule(claim=claims)
    def fail(self, claim: Claim) -> None:
        """A worker has a problem."""
        self.let_go(claim, self.run(self.store.fail(claim, b"%d" % claim.token)))

    @rule(claim=claims, failed=st.booleans())
    def put_back(self, claim: Claim, failed: bool) -> None:  # noqa: FBT001 - drawn by name
        """A worker gives an article back."""
        self.let_go(claim, self.run(self.store.put_back(claim, failed=failed, after_s=0)))

    @rule(claims=st.lists(claims, max_size=4))
    def renew(self, claims: list[Claim]) -> None:
        """A worker renews what it thinks it has."""
        assert self.run(self.store.renew(claims, LEASE_S)) == {claim.token for claim in claims if self.holds(claim)}

    @rule(claim=consumes(claims))
    def die(self, claim: Claim) -> None:
        """A worker dies, its claim runs out, and somebody notices."""
        self.sql("update items set lease_until = clock_timestamp() - interval '1 second', lease = '0' where claim = %s", claim.token)
        held = self.holds(claim)
        assert self.run(self.store.recover(POISONED, MOST_ATTEMPTS)) == held
        self.let_go(claim, held)

    @rule(claim=claims)
    def lose(self, claim: Claim) -> None:
        """A worker is stuck, its claim runs out, and it comes back later, not knowing."""
        self.die(claim)

    @rule(job_id=jobs)
    def cancel(self, job_id: UUID) -> None:
        """A caller cancels."""
        unfinished = self.run(self.store.job(job_id, "caller")).state in UNFINISHED
        try:
            assert self.run(self.store.cancel(job_id, "caller")).state is JobState.CANCELLED
        except AlreadyTerminal:
            assert not unfinished
            assert job_id not in self.cancelled
            return
        self.cancelled.add(job_id)
        self.held = {place: token for place, token in self.held.items() if place[0] != job_id}

    @rule(job_id=consumes(jobs))
    def clear(self, job_id: UUID) -> None:
        """A caller deletes what there is."""
        self.run(self.store.clear(job_id, "caller"))
        self.held = {place: token for place, token in self.held.items() if place[0] != job_id}
        del self.sizes[job_id], self.seen[job_id]
        with pytest.raises(Expired):
            self.run(self.store.job(job_id, "caller"))

    @invariant()
    def lines_never_change(self) -> None:
        """What was read once is the same ever after, numbered from 1 without a gap, one line an article; and the text is there as long as there is none."""
        for job_id, size in self.sizes.items():
            lines, last = self.run(self.store.lines(job_id, "caller", 0, 100))
            assert lines[: len(self.seen[job_id])] == self.seen[job_id]
            assert [line.line for line in lines] == [*range(1, len(lines) + 1)]
            assert len({line.index for line in lines}) == len(lines)
            self.seen[job_id] = lines
            job = self.run(self.store.job(job_id, "caller"))
            counts = job.counts
            assert counts.total == size == counts.waiting + counts.running + counts.completed + counts.failed + counts.cancelled
            assert (counts.completed, counts.failed) == (sum(line.record is not None for line in lines), sum(line.problem is not None for line in lines))
            assert counts.running == sum(held == job_id for held, _ in self.held)
            assert last == (job.state not in UNFINISHED) == (counts.waiting + counts.running == 0)
            assert job.usage.prompt_tokens == USAGE.prompt_tokens * counts.completed
            texts = {index for (index,) in self.sql("select index from articles where job_id = %s", job_id)}
            assert texts == (set() if job_id in self.cancelled else {*range(size)} - {line.index for line in lines})


@pytest.fixture
def machine(postgres: Postgres) -> Iterator[type[AnyOrder]]:
    """Yield the machine, with a database."""
    with asyncio.Runner() as runner:
        database = Database(Settings.model_validate({"database_url": runner.run(postgres.fresh()), "most_jobs": 1_000}))
        runner.run(Tickets(database).open())
        yield type("Machine", (AnyOrder,), {"runner": runner, "database": database, "store": JobStore(database)})
        runner.run(database.close())


def test_h14_h15_in_any_order(machine: type[AnyOrder]) -> None:
    """Twelve histories of workers that claim, die, come back late and give back, and of callers who cancel and delete, keep every promise."""
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=25, deadline=None))


@pytest.mark.prove
def test_h14_h15_in_any_order_at_length(machine: type[AnyOrder]) -> None:
    """Two hundred longer histories do so as well."""
    run_state_machine_as_test(machine, settings=settings(max_examples=200, stateful_step_count=50, deadline=None))
