"""Whoever waits for a record comes before ten thousand articles that nobody waits for (F13, G13)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import pytest

from service.database.database import Database
from service.jobs.store import JobStore
from tests.faults.serving_process import serving_process
from tests.faults.working_process import WORKER, Job, working_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.open_load import Latencies, Load, Outcome, Request, offer
from tests.rig.small_article import small_article

pytestmark = [pytest.mark.integration, pytest.mark.load]

SLOTS, LATENCY_MS, BACKLOG = 8, 500, 10_000
#: Requests a second, for so many seconds a round: as many at a time as slots are reserved, in the mean three quarters of them.
RATE, ROUND_S, ROUNDS = 3, 20, 3


@asynccontextmanager
async def backlog(database: Database) -> AsyncIterator[Job]:
    """Have ten thousand articles wait, of which some are being read, until it is left."""
    job = await Job.of(database, *(small_article(f"number {number}") for number in range(BACKLOG)))
    await job.until("running")
    yield job
    assert await job.state() == "running"
    await JobStore(database).cancel(job.id, "caller")


async def asked(address: str) -> Outcome:
    """Return what became of a round of requests."""
    return await offer(
        Load(f"{address}/extract", lambda _: Request(small_article(f"request {uuid4().hex}").encode()), rate=RATE, seconds=ROUND_S, timeout_s=30)
    )


@pytest.mark.parametrize("workers", [0, 1], ids=["worker of the service", "worker of its own"])
async def test_f13_g13_requests_do_not_wait_for_ten_thousand_articles(database: Database, database_url: str, workers: int) -> None:
    """The slowest of a hundred requests takes at most half as long again as where nothing waits, and jobs go on meanwhile."""
    idle, busy, read = list[Outcome](), list[Outcome](), list[int]()
    async with FaultyUpstream() as upstream, AsyncExitStack() as stack:
        endpoint = upstream.base_url(f"slow-{LATENCY_MS}", uuid4().hex)
        settings = {"VIGIE_CONCURRENCY": str(SLOTS), "VIGIE_CACHE_MB": "0", "VIGIE_DATABASE_URL": database_url, "VIGIE_WORKER": str(int(not workers))}
        _, address = await stack.enter_async_context(serving_process(endpoint, **settings))
        for _ in range(workers):
            own = {"VIGIE_MODEL": "reader", "OPENAI_BASE_URL": endpoint, "VIGIE_WORKER_CONCURRENCY": str(SLOTS)}
            await stack.enter_async_context(working_process(database_url, WORKER, **own))
        await asked(address)  # what the first article costs no other does
        for _ in range(ROUNDS):
            idle.append(await asked(address))
            async with backlog(database) as job:
                busy.append(await asked(address))
                read.append(len(await job.lines()))
    for name, outcomes in (("idle", idle), ("under the backlog", busy)):
        rounds = [f"p50 {one.accepted.percentile(50):.3f} p99 {one.accepted.percentile(99):.3f} s (late {one.late_s:.3f})" for one in outcomes]
        print(f"{name}: p99 {p99(outcomes):.3f} s; rounds {', '.join(rounds)}")  # noqa: T201 - figures for the page
    print(f"{p99(busy) / p99(idle):.2f} times; articles of jobs read in {ROUND_S} s: {read}")  # noqa: T201 - figures for the page

    assert all(shot.accepted for one in (*idle, *busy) for shot in one.shots)
    assert p99(busy) <= 1.5 * p99(idle)
    assert min(read) >= 0.5 * (SLOTS - 2) * 1_000 / LATENCY_MS * ROUND_S


def p99(outcomes: list[Outcome]) -> float:
    """Return the seconds that ninety-nine of a hundred requests do not exceed."""
    return Latencies(sorted(shot.latency for one in outcomes for shot in one.shots if shot.accepted)).percentile(99)
