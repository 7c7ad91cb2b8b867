"""Articles as workers take and end them, and jobs as their callers follow and end them."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from schemas.job import JobState
from schemas.record import Usage
from service.database.database import Database
from service.errors import AlreadyTerminal, Expired, NotFound
from service.jobs.store import Claim, JobStore, Line, Ticket
from tests.rig.submissions import FORMATS, LEASE_S, PROBLEM, RECORD, USAGE, claim_next, hand_in, read_all

pytestmark = pytest.mark.integration

POISONED = b'{"code": "poisoned"}'


async def let_run_out(database: Database, claim: Claim) -> None:
    """Have the claim run out, as time would."""
    async with database.connection() as connection:
        await connection.execute("update items set lease_until = clock_timestamp() - interval '1 second', lease = '0' where claim = %s", (claim.token,))


async def texts_of(database: Database, job_id: UUID) -> int:
    """Return how many texts there are of a job."""
    async with database.connection() as connection:
        return (await connection.execute("select from articles where job_id = %s", (job_id,))).rowcount


async def test_a_job_goes_its_way(store: JobStore, database: Database) -> None:
    """From its first article on a job runs, with its last it has ended; of each article there is one line, in the order of ending, and no text any more."""
    job_id = await hand_in(store, 3)
    first, second, third = [await claim_next(store) for _ in range(3)]
    running = await store.job(job_id, "caller")
    assert (running.state, running.counts.running, running.estimate_s) == (JobState.RUNNING, 3, None)

    assert await store.complete(second, b"second", USAGE)
    assert await store.fail(third, b"third")
    assert await texts_of(database, job_id) == 1
    halfway = await store.job(job_id, "caller")
    assert halfway.estimate_s is not None
    assert await store.complete(first, b"first", USAGE)

    job = await store.job(job_id, "caller")
    assert (job.state, job.progress) == (JobState.COMPLETED_WITH_ERRORS, 1)
    assert job.started_at is not None
    assert job.ended_at is not None
    assert job.created_at <= job.started_at <= job.ended_at
    assert job.expires_at == job.ended_at + timedelta(days=7)
    assert job.usage.model_dump() == {"prompt_tokens": 200, "cached_tokens": 100, "completion_tokens": 20, "cost_usd": 0.5}
    assert await store.lines(job_id, "caller", 0, 10) == (
        [Line(1, 1, b"second", None), Line(2, 2, None, b"third"), Line(3, 0, b"first", None)],
        True,
    )
    assert await texts_of(database, job_id) == 0


@pytest.mark.parametrize(("failed", "state"), [(0, JobState.COMPLETED), (1, JobState.COMPLETED_WITH_ERRORS), (2, JobState.FAILED)])
async def test_h23_how_a_job_ends(store: JobStore, failed: int, state: JobState) -> None:
    """A job of records alone is completed, one of problems alone has failed, and one of both says so; its counts add up."""
    job_id = await hand_in(store, 2)
    for number in range(2):
        claim = await claim_next(store)
        await (store.fail(claim, PROBLEM) if number < failed else store.complete(claim, RECORD, USAGE))
    job = await store.job(job_id, "caller")

    assert job.state is state
    assert job.counts.model_dump() == {"total": 2, "waiting": 0, "running": 0, "completed": 2 - failed, "failed": failed, "cancelled": 0}


async def test_a_price_that_is_not_known_stays_so(store: JobStore) -> None:
    """The cost of a job is null before there is any, and as soon as that of one record is not known; what fails costs nothing that is told."""
    job_id = await hand_in(store, 4)
    costs = [(await store.job(job_id, "caller")).usage.cost_usd]
    for cost in (0.1, 0.2, None, 0.3):
        await store.complete(await claim_next(store), RECORD, Usage(prompt_tokens=1, cached_tokens=0, completion_tokens=1, cost_usd=cost))
        costs.append((await store.job(job_id, "caller")).usage.cost_usd)

    assert costs == [None, 0.1, 0.3, None, None]


async def test_lines_are_read_on_from_the_last_one(store: JobStore) -> None:
    """Who has read so many lines asks for those after them, as many as wanted, and is told when there will be no more."""
    job_id = await hand_in(store, 5)
    await read_all(store)
    assert [await _places(store, job_id, after, 2) for after in (0, 2, 4, 5, 10**12)] == [
        ([1, 2], False),
        ([3, 4], False),
        ([5], True),
        ([], True),
        ([], True),
    ]
    assert await _places(store, job_id, 0, 5) == ([1, 2, 3, 4, 5], True)


async def test_a_ticket_is_good_for_one_claim(store: JobStore) -> None:
    """Of fifty who come with the same ticket one gets the article; a ticket of an earlier turn, of no article or of no job gets nobody anything."""
    await hand_in(store, 1)
    (ticket,) = await store.waiting(1, FORMATS)
    claims = [claim for claim in await asyncio.gather(*(store.claim(ticket, LEASE_S) for _ in range(50))) if claim]

    assert len(claims) == 1
    assert await store.put_back(claims[0], failed=False, after_s=0)
    assert await store.claim(ticket, LEASE_S) is None
    assert await store.claim(Ticket(ticket.job_id, 7, 0), LEASE_S) is None
    assert await store.claim(Ticket(uuid4(), 0, 0), LEASE_S) is None
    again = await claim_next(store)
    assert again.token > claims[0].token
    assert again.deaths == 0


async def test_h21_a_format_that_is_not_known_is_left_to_others(store: JobStore, database: Database) -> None:
    """A job that a newer version took waits for one: it is neither given out nor claimed here, and does not fail."""
    job_id = await hand_in(store)
    tickets = await store.waiting(1, FORMATS)
    async with database.connection() as connection:
        await connection.execute("update jobs set format = 2")

    assert await store.waiting(10, FORMATS) == []
    assert await store.claim(tickets[0], LEASE_S) is None
    assert len(await store.waiting(10, (1, 2))) == 3
    assert (await store.job(job_id, "caller")).state is JobState.QUEUED


async def test_what_is_put_back_is_read_again(store: JobStore) -> None:
    """An article that was given back waits as long as was said, keeps its text, and remembers how often it failed."""
    job_id = await hand_in(store, 1)
    claim = await claim_next(store)
    assert await store.put_back(claim, failed=True, after_s=60)
    assert await store.waiting(10, FORMATS) == []
    assert (await store.job(job_id, "caller")).counts.waiting == 1
    assert not await store.put_back(claim, failed=True, after_s=0)


async def test_failures_are_counted(store: JobStore) -> None:
    """How often reading failed for a passing reason is known to the next reader."""
    await hand_in(store, 1)
    failures = []
    for failed in (True, False, True, False):
        claim = await claim_next(store)
        failures.append(claim.failures)
        await store.put_back(claim, failed=failed, after_s=0)

    assert failures == [0, 1, 1, 2]
    assert (await claim_next(store)).deaths == 0


async def test_h09_an_article_whose_reader_died_is_read_again(store: JobStore, database: Database) -> None:
    """A claim that ran out is taken back, the article is read by another, and there is one record of it."""
    job_id = await hand_in(store, 1)
    lost = await claim_next(store, lease_s=LEASE_S)
    assert await store.recover(POISONED, 3) == 0
    await let_run_out(database, lost)
    assert await store.recover(POISONED, 3) == 1
    assert await store.recover(POISONED, 3) == 0

    claim = await claim_next(store)
    assert (lost.deaths, claim.deaths) == (0, 1)
    assert await store.complete(claim, RECORD, USAGE)
    assert (await store.job(job_id, "caller")).state is JobState.COMPLETED


async def test_h12_an_article_that_ends_its_readers_is_given_up(store: JobStore, database: Database) -> None:
    """After three readings that nobody came back from, an article gets the problem `poisoned`; those that were given back uncounted do not count."""
    job_id = await hand_in(store, 2)
    spared = await claim_next(store)
    for death in range(3):
        await store.put_back(claim := await claim_next(store), failed=False, after_s=0)
        claim = await claim_next(store)
        await let_run_out(database, claim)
        assert await store.recover(POISONED, 3) == 1
        assert (await store.job(job_id, "caller")).counts.failed == (death == 2)

    assert await store.complete(spared, RECORD, USAGE)
    assert (await store.job(job_id, "caller")).state is JobState.COMPLETED_WITH_ERRORS
    assert (await store.lines(job_id, "caller", 0, 10))[0][0] == Line(1, 1, None, POISONED)


async def test_h15_who_comes_back_late_writes_nothing(store: JobStore, database: Database) -> None:
    """A reader whose claim was lost to another can neither end the article nor give it back nor hold it; the first valid record stays."""
    job_id = await hand_in(store, 1)
    zombie = await claim_next(store)
    await let_run_out(database, zombie)
    await store.recover(POISONED, 3)

    async def fails_for_zombie() -> None:
        assert not await store.complete(zombie, b"zombie", USAGE)
        assert not await store.fail(zombie, b"zombie")
        assert not await store.put_back(zombie, failed=True, after_s=9)
        assert await store.renew([zombie], LEASE_S) == set()

    await fails_for_zombie()
    claim = await claim_next(store)
    await fails_for_zombie()
    assert await store.complete(claim, RECORD, USAGE)
    await fails_for_zombie()
    assert (await store.lines(job_id, "caller", 0, 10))[0] == [Line(1, 0, RECORD, None)]
    assert (await store.job(job_id, "caller")).usage == USAGE


async def test_h18_after_a_restart_of_the_server_claims_hold_for_another_lease(store: JobStore, database: Database) -> None:
    """What ran out while nobody could renew it, because the database was away, is not taken from its reader as soon as it is back."""
    await hand_in(store, 1)
    claim = await claim_next(store)
    ran_out = "update items set lease_until = clock_timestamp() - interval '1 second', lease = clock_timestamp() - pg_postmaster_start_time() + interval '1 h'"
    async with database.connection() as connection:
        await connection.execute(ran_out.encode())

    assert await store.recover(POISONED, 3) == 0
    assert await store.renew([claim], LEASE_S) == {claim.token}


async def test_renewing_many(store: JobStore) -> None:
    """All claims of a process are renewed at once; those that no longer hold are told by their absence."""
    await hand_in(store, 4)
    other = await hand_in(store, 2, caller="other")
    claims = [await claim_next(store) for _ in range(6)]
    await store.cancel(other, "other")
    ended = next(claim for claim in claims if claim.caller == "caller")
    await store.complete(ended, RECORD, USAGE)

    assert await store.renew(claims, LEASE_S) == {claim.token for claim in claims if claim.caller == "caller" and claim is not ended}
    assert await store.renew([], LEASE_S) == set()


async def test_what_is_held_is_held_on_to_while_another_job_is_changed(store: JobStore, database: Database) -> None:
    """To cancel a large job takes a while, in which its articles are not taken for lost, and those of other jobs are renewed."""
    busy = await hand_in(store, 1)
    await hand_in(store, 1, caller="other")
    claims = [await claim_next(store, 0.3), await claim_next(store, 0.3)]
    async with database.connection() as connection, connection.transaction():
        await connection.execute("select from jobs where id = %s for no key update", (busy,))
        async with asyncio.timeout(2):
            assert await store.renew(claims, LEASE_S) == {claim.token for claim in claims}
    await asyncio.sleep(0.3)
    async with database.connection() as connection:
        found = await connection.execute("select job_id from items where lease_until < clock_timestamp()")
        assert await found.fetchall() == [(busy,)]


async def test_h22_a_job_is_cancelled(store: JobStore, database: Database) -> None:
    """Queued or running, a job that is cancelled ends as it is: its texts are gone, its claims hold no longer, what had ended stays; once more is the same."""
    job_id = await hand_in(store, 4, refused={3})
    await store.complete(await claim_next(store), RECORD, USAGE)
    claim = await claim_next(store)
    cancelled = await store.cancel(job_id, "caller")

    assert cancelled.state is JobState.CANCELLED
    assert cancelled.counts.model_dump() == {"total": 4, "waiting": 0, "running": 0, "completed": 1, "failed": 1, "cancelled": 2}
    assert await store.cancel(job_id, "caller") == cancelled
    assert await texts_of(database, job_id) == 0
    assert await store.renew([claim], LEASE_S) == set()
    assert not await store.complete(claim, RECORD, USAGE)
    assert await store.waiting(10, FORMATS) == []
    lines, last = await store.lines(job_id, "caller", 0, 10)
    assert (len(lines), last) == (2, True)


async def test_h22_what_has_ended_is_not_cancelled(store: JobStore) -> None:
    """A job that has ended by itself cannot be cancelled."""
    job_id = await hand_in(store)
    await read_all(store)

    with pytest.raises(AlreadyTerminal):
        await store.cancel(job_id, "caller")


async def test_h24_another_caller_s_job_is_not_there(store: JobStore) -> None:
    """Of an unknown job, of another caller's and of another caller's that is no longer kept one learns the same: nothing."""
    mine, kept = await hand_in(store), await hand_in(store)
    await store.clear(mine, "caller")
    for job_id in (mine, kept, uuid4()):
        for asked in (store.job(job_id, "other"), store.lines(job_id, "other", 0, 10), store.cancel(job_id, "other"), store.clear(job_id, "other")):
            with pytest.raises(NotFound) as found:
                await asked
            assert found.value.detail == NotFound().detail
    assert (await store.job(kept, "caller")).counts.waiting == 3


async def test_h24_what_is_cleared_is_gone(store: JobStore, database: Database) -> None:
    """Whoever deletes the records of a job, running or not, gets them, its articles and its name deleted, and is told so from then on."""
    running, ended = await hand_in(store, name=b"running"), await hand_in(store, name=b"ended")
    claim = await claim_next(store)
    while ended_claims := await store.waiting(1, FORMATS):
        other = await store.claim(ended_claims[0], LEASE_S)
        assert other is not None
        await (store.complete(other, RECORD, USAGE) if other.job_id == ended else store.put_back(other, failed=False, after_s=99))
    for job_id in (running, ended):
        await store.clear(job_id, "caller")
        for asked in (store.job(job_id, "caller"), store.lines(job_id, "caller", 0, 10), store.cancel(job_id, "caller"), store.clear(job_id, "caller")):
            with pytest.raises(Expired):
                await asked

    assert not await store.complete(claim, RECORD, USAGE)
    async with database.connection() as connection:
        for table in ("articles", "items", "results"):
            assert (await connection.execute(f"select from {table}".encode())).rowcount == 0
        assert (await connection.execute("select from jobs where repeat_name is null and body_digest is null")).rowcount == 2
    assert await hand_in(store, name=b"ended") not in (running, ended)


async def test_h24_records_are_kept_so_long(store: JobStore, database: Database) -> None:
    """When the time is over that records are kept, those of ended jobs are deleted, whatever way they ended, and those of others are not."""
    cancelled, unfinished = await hand_in(store, name=b"name"), await hand_in(store, caller="other")
    await store.cancel(cancelled, "caller")
    ended = await hand_in(store, 1)
    await store.complete(next(claim for claim in [await claim_next(store), await claim_next(store)] if claim.job_id == ended), RECORD, USAGE)

    assert await store.tidy(3600) == 0
    async with database.connection() as connection:
        await connection.execute("update jobs set ended_at = ended_at - interval '8 days'")
    for job_id in (cancelled, ended):  # nobody sees them from then on, although nobody deleted them yet
        with pytest.raises(Expired):
            await store.job(job_id, "caller")
        with pytest.raises(Expired):
            await store.lines(job_id, "caller", 0, 10)
    assert await hand_in(store, name=b"name") not in (cancelled, ended)
    assert sorted(await asyncio.gather(store.tidy(3600), store.tidy(3600))) in ([0, 2], [1, 1])
    assert await store.tidy(3600) == 0
    for job_id in (cancelled, ended):
        with pytest.raises(Expired):
            await store.job(job_id, "caller")
    assert (await store.job(unfinished, "other")).counts.total == 3


async def test_not_too_much_is_read_at_once(store: JobStore) -> None:
    """Of long records so many are read at a time as are four megabytes, and one at least."""
    job_id = await hand_in(store, 4)
    for size in (5, 3, 1, 1):
        assert await store.complete(await claim_next(store), b"x" * size * 1_000_000, USAGE)

    assert await _places(store, job_id, 0, 10) == ([1], False)
    assert await _places(store, job_id, 1, 10) == ([2, 3], False)
    assert await _places(store, job_id, 3, 10) == ([4], True)


async def _places(store: JobStore, job_id: UUID, after: int, limit: int) -> tuple[list[int], bool]:
    lines, last = await store.lines(job_id, "caller", after, limit)
    return [line.line for line in lines], last
