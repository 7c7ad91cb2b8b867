"""Whose article is read next."""

import time
from collections import Counter

import pytest

from service.database.database import Database
from service.jobs.store import JobStore, Ticket
from tests.rig.submissions import FORMATS, LEASE_S, RECORD, USAGE, claim_next, hand_in

pytestmark = pytest.mark.integration


async def queue(database: Database, tickets: list[Ticket], status: str = "queued") -> None:
    """Put tickets into the queue."""
    async with database.connection() as connection:
        for ticket in tickets:
            await connection.execute("insert into saq_jobs (key, job, queue, status) values (%s, '', 'vigie', %s)", (str(ticket), status))


async def queue_rubbish(database: Database) -> None:
    """Put into the queue what is no ticket."""
    async with database.connection() as connection:
        await connection.execute("insert into saq_jobs (key, job, queue, status) values ('rubbish', '', 'vigie', 'queued'), ('a/b/c', '', 'vigie', 'queued')")


async def test_callers_take_turns(store: JobStore) -> None:
    """Of what waits each caller gets as much as the others, its older jobs first, and their articles in their places."""
    big, small = await hand_in(store, 50, caller="big"), await hand_in(store, 2, caller="small")
    later = await hand_in(store, 50, caller="big")
    tickets = await store.waiting(60, FORMATS)

    assert {ticket.job_id for ticket in tickets[:2]} == {big, small}
    assert {ticket.job_id for ticket in tickets[2:4]} == {big, small}
    assert [ticket.index for ticket in tickets if ticket.job_id == big] == [*range(50)]
    assert [ticket.index for ticket in tickets if ticket.job_id == later] == [*range(8)]
    assert [ticket.job_id for ticket in tickets[4:]] == [big] * 48 + [later] * 8


async def test_callers_take_turns_one_article_at_a_time(store: JobStore) -> None:
    """With a single slot callers take turns all the same, also one who hands in one article after the other."""
    await hand_in(store, 30, caller="big")
    await hand_in(store, 30, caller="other")
    served: Counter[str] = Counter()
    for _ in range(12):
        await hand_in(store, 1, caller="drip")
        claim = await claim_next(store)
        served[claim.caller] += 1
        await store.complete(claim, RECORD, USAGE)

    assert served == {"big": 4, "other": 4, "drip": 4}


async def test_who_has_much_under_way_waits(store: JobStore, database: Database) -> None:
    """Articles that are read or queued for a caller already count as served: who comes later gets the next slots."""
    await queue_rubbish(database)
    first = await hand_in(store, 10, caller="first")
    for _ in range(2):
        await claim_next(store)
    await queue(database, await store.waiting(2, FORMATS))
    late = await hand_in(store, 10, caller="late")

    assert [ticket.job_id for ticket in await store.waiting(6, FORMATS)].count(late) == 5
    assert first in [ticket.job_id for ticket in await store.waiting(6, FORMATS)]


async def test_what_is_queued_is_not_queued_again(store: JobStore, database: Database) -> None:
    """A ticket that is in the queue, waiting there or in a worker's hands, is not given out; one that the queue is done with is."""
    await queue_rubbish(database)
    await hand_in(store, 4)
    first, second, third, fourth = await store.waiting(4, FORMATS)
    for ticket, status in ((first, "queued"), (second, "active"), (third, "aborted")):
        await queue(database, [ticket], status)

    assert await store.waiting(4, FORMATS) == [third, fourth]


async def test_h16_a_queue_that_was_wiped_is_filled_again(store: JobStore, database: Database) -> None:
    """All that was in the queue is given out again when the queue is empty: nothing depends on what it holds."""
    await queue_rubbish(database)
    await hand_in(store, 3)
    tickets = await store.waiting(3, FORMATS)
    await queue(database, tickets)
    assert await store.waiting(3, FORMATS) == []
    async with database.connection() as connection:
        await connection.execute("truncate saq_jobs")

    assert await store.waiting(3, FORMATS) == tickets


async def test_the_ticket_of_an_earlier_turn_keeps_nobody_waiting(store: JobStore, database: Database) -> None:
    """An article that is to be read again has a ticket of its own, whatever became of the last one."""
    await queue_rubbish(database)
    await hand_in(store, 1)
    (ticket,) = await store.waiting(1, FORMATS)
    await queue(database, [ticket], "active")
    claim = await store.claim(ticket, LEASE_S)
    assert claim is not None
    await store.put_back(claim, failed=False, after_s=0)

    assert await store.waiting(1, FORMATS) == [Ticket(ticket.job_id, 0, 1)]


async def test_waiting_is_fast(store: JobStore, database: Database) -> None:
    """With ten jobs of ten thousand articles each, the next ones are found in less than 50 ms, also when most of the first job has ended."""
    await queue_rubbish(database)
    jobs = [await hand_in(store, 1, caller=f"caller {number % 5}") for number in range(10)]
    async with database.connection() as connection:
        await connection.execute("insert into items (job_id, index, state) select id, index, 'waiting' from jobs, generate_series(1, 9999) as index")
        await connection.execute("update jobs set total = 10000")
        await connection.execute("update items set state = 'completed' where job_id = %s and index < 9000", (jobs[0],))
    times = []
    for _ in range(7):
        begun = time.perf_counter()
        assert len(await store.waiting(32, FORMATS)) == 32
        times.append(time.perf_counter() - begun)

    assert min(times) < 0.05
