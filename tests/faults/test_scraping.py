"""A service that is watched closely reads as well (K14)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from statistics import median
from uuid import uuid4

import httpx2
import pytest

from tests.faults.serving_process import serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.open_load import Load, Outcome, Request, offer
from tests.rig.small_article import small_article

pytestmark = pytest.mark.load

SCRAPERS, SCRAPES_A_SECOND, ARTICLES_A_SECOND, SECONDS, ROUNDS = 4, 100, 5, 4, 3


@asynccontextmanager
async def scraped(address: str, seen: list[int]) -> AsyncIterator[None]:
    """Have the metrics asked for a hundred times a second, and the size of each answer `seen`."""
    clock = asyncio.get_running_loop().time

    async def scrape() -> None:
        async with httpx2.AsyncClient(base_url=address, timeout=10, trust_env=False) as client:
            began = clock()
            for number in count(1):
                seen.append(len((await client.get("/metrics")).content))
                await asyncio.sleep(began + number * SCRAPERS / SCRAPES_A_SECOND - clock())

    scraping = [asyncio.create_task(scrape()) for _ in range(SCRAPERS)]
    try:
        yield
    finally:
        for one in scraping:
            one.cancel()
        await asyncio.gather(*scraping, return_exceptions=True)


async def test_k14_a_hundred_scrapes_a_second_change_nothing() -> None:
    """Round by round, with and without them, as many articles are read, and each about as fast."""
    alone, watched, seen = list[Outcome](), list[Outcome](), list[int]()
    async with FaultyUpstream() as upstream, serving_process(upstream.base_url("slow-200", uuid4().hex)) as (_, address):

        async def read(seconds: float = SECONDS) -> Outcome:
            run = uuid4().hex[:8]
            request = lambda number: Request(small_article(f"run {run} number {number}").encode())  # noqa: E731
            return await offer(Load(f"{address}/extract", request, rate=ARTICLES_A_SECOND, seconds=seconds, timeout_s=20))

        await read(1)
        for _ in range(ROUNDS):
            alone.append(await read())
            scrapes: list[int] = []
            async with scraped(address, scrapes):
                watched.append(await read())
            seen += scrapes

    typical = [median(run.accepted.percentile(50) for run in runs) for runs in (alone, watched)]
    print(f"{len(seen) / ROUNDS / SECONDS:.0f} scrapes/s of {max(seen):,} bytes; p50 {typical[0] * 1_000:.0f} ms alone, {typical[1] * 1_000:.0f} ms watched")  # noqa: T201 - figures for the page
    assert all(shot.accepted for run in (*alone, *watched) for shot in run.shots)
    assert typical[1] <= 1.25 * typical[0]
