"""Workers, dispatchers, callers and time, all at once."""

import asyncio
import random
from collections import Counter

import pytest

from schemas.job import UNFINISHED, JobState
from service.database.database import Database
from service.errors import AlreadyTerminal
from service.jobs.store import Claim, JobStore
from service.jobs.ticketing import Tickets
from service.settings import Settings
from tests.rig.submissions import FORMATS, RECORD, USAGE, hand_in

pytestmark = pytest.mark.integration

POISONED = b'{"code": "poisoned"}'


async def worked(store: JobStore, chance: random.Random, over: asyncio.Event, ended: Counter[object]) -> None:
    """Work until it is `over`: some readings take longer than their claims, and nobody knows which still hold."""
    while not over.is_set():
        for ticket in await store.waiting(3, FORMATS):
            claim = await store.claim(ticket, chance.choice((0.01, 0.05, 0.5)))
            if claim is not None:
                await end(store, claim, chance, ended)
        await asyncio.sleep(0.001)


async def end(store: JobStore, claim: Claim, chance: random.Random, ended: Counter[object]) -> None:
    """Read an article."""
    await asyncio.sleep(chance.choice((0, 0.005, 0.03)))
    if chance.random() < 0.3:
        await store.renew([claim], 0.5)
    match chance.randrange(10):
        case 0:
            await store.put_back(claim, failed=True, after_s=0)
        case 1:
            return  # It died.
        case 2 | 3:
            held = await store.fail(claim, b"%d" % claim.token)
            ended[claim.job_id, claim.index] += held
        case _:
            held = await store.complete(claim, RECORD, USAGE)
            ended[claim.job_id, claim.index] += held


async def recovered(store: JobStore, over: asyncio.Event) -> None:
    """Take back what ran out, all the time."""
    while not over.is_set():
        await store.recover(POISONED, 1_000)
        await asyncio.sleep(0.005)


async def run_all(url: str, *, jobs: int, articles: int, seed: int) -> None:
    """Have two processes' worth of workers end all jobs, one of which is cancelled meanwhile, and check every promise."""
    chance, over, ended = random.Random(seed), asyncio.Event(), Counter[object]()  # noqa: S311 - no secret
    databases = [Database(Settings.model_validate({"database_url": url})) for _ in range(2)]
    await Tickets(databases[0]).open()
    stores = [JobStore(database) for database in databases]
    ids = [await hand_in(stores[0], articles, caller=f"caller {number}", refused={1}) for number in range(jobs)]
    # Those who were alive when the server started hold for a lease after it; these tests begin later.
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(worked(stores[number % 2], random.Random(seed + number), over, ended))  # noqa: S311 - no secret
        for store in stores:
            group.create_task(recovered(store, over))
        await asyncio.sleep(0.1)
        victim = chance.randrange(jobs)
        try:
            await stores[1].cancel(ids[victim], f"caller {victim}")
        except AlreadyTerminal:
            victim = -1
        read: dict[int, list[object]] = {number: [] for number in range(jobs)}
        while open_jobs := [number for number, job_id in enumerate(ids) if (await stores[0].job(job_id, f"caller {number}")).state in UNFINISHED]:
            for number in open_jobs:
                lines, _ = await stores[1].lines(ids[number], f"caller {number}", len(read[number]), 1_000)
                read[number] += lines
            await asyncio.sleep(0.01)
        over.set()
    for number, job_id in enumerate(ids):
        lines, last = await stores[0].lines(job_id, f"caller {number}", 0, 100_000)
        job = await stores[0].job(job_id, f"caller {number}")
        assert last
        assert [*lines[: len(read[number])]] == read[number]
        assert [line.line for line in lines] == [*range(1, len(lines) + 1)]
        assert len({line.index for line in lines}) == len(lines) == job.counts.completed + job.counts.failed
        assert sum(ended[job_id, index] for index in range(articles)) == len(lines) - 1
        assert (job.state is JobState.CANCELLED) == (number == victim)
        assert job.counts.cancelled == articles - len(lines)
    assert max(ended.values()) == 1
    async with databases[0].connection() as connection:
        assert (await connection.execute("select from articles")).rowcount == 0
    for database in databases:
        await database.close()


async def test_h09_h14_h15_all_at_once(database_url: str) -> None:
    """Eight workers whose claims run out while they read, those who take back what ran out and one who cancels: each article ends once, and nobody fails."""
    await run_all(database_url, jobs=3, articles=15, seed=9)


async def test_nobody_waits_in_a_circle(store: JobStore) -> None:
    """A job may be cancelled, and its articles may end, while all its claims are being renewed, in whatever order: all of it happens, one after the other."""
    for _ in range(5):
        job_id = await hand_in(store, 60)
        claims = [claim for ticket in await store.waiting(60, FORMATS) if (claim := await store.claim(ticket, 60))]
        renewing = [store.renew(claims[::step], 60) for step in (1, -1, 7)]
        ending = [store.complete(claim, RECORD, USAGE) for claim in claims[::9]]
        await asyncio.gather(*renewing, *ending, store.cancel(job_id, "caller"), store.recover(POISONED, 3), *(store.renew(claims[::-2], 60) for _ in range(3)))
        assert (await store.job(job_id, "caller")).state is JobState.CANCELLED


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(10))
async def test_h09_h14_h15_all_at_once_at_length(database_url: str, seed: int) -> None:
    """The same with ten times as many articles, ten times."""
    await run_all(database_url, jobs=6, articles=200, seed=seed)
