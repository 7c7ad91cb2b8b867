"""Two workers do nearly twice the work of one."""

from contextlib import AbstractAsyncContextManager
from statistics import mean
from uuid import uuid4

import pytest

from service.database.database import Database
from tests.faults.working_process import WORKER, Job, Working, working_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

SLOTS, LATENCY_MS = 4, 500
#: What one worker reads in a second, if it does nothing but wait for the endpoint.
CAPACITY = SLOTS * 1_000 / LATENCY_MS
#: Articles of a job: for one worker ten seconds, so that the first and the last of them count for little.
ARTICLES = 80


async def pace(database: Database, articles: int = ARTICLES) -> float:
    """Return the articles of a job that are read in a second, by the database's clock."""
    job = await Job.of(database, *(small_article(f"number {uuid4().hex}") for _ in range(articles)))
    await job.until("completed", seconds=120)
    ((took_s,),) = await job.ask("select extract(epoch from ended_at - started_at)::float8 from jobs where id = %s", job.id)
    return articles / float(str(took_s))


@pytest.mark.load
async def test_two_workers_do_the_work_of_two(database: Database, database_url: str) -> None:
    """At least 1.8 times as much is read as with one, which reads nearly as much as the endpoint lets it."""
    async with FaultyUpstream() as upstream:
        endpoint = upstream.base_url(f"slow-{LATENCY_MS}", uuid4().hex)

        def another() -> AbstractAsyncContextManager[Working]:
            settings = {"VIGIE_MODEL": "reader", "OPENAI_BASE_URL": endpoint, "VIGIE_WORKER_CONCURRENCY": str(SLOTS)}
            return working_process(database_url, WORKER, **settings)

        alone, together = list[float](), list[float]()
        async with another():
            await pace(database, SLOTS)  # what the first article costs no other does
            alone.append(await pace(database))
            async with another():
                await pace(database, 4 * SLOTS)
                together += [await pace(database), await pace(database)]
            alone.append(await pace(database))
    print(f"one worker {alone}, two {together} articles a second, at most {CAPACITY} and {2 * CAPACITY}: {mean(together) / mean(alone):.2f} times")  # noqa: T201

    assert mean(together) >= 1.8 * mean(alone)
    assert mean(alone) >= 0.7 * CAPACITY
