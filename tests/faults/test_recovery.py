"""How soon all is as before, when what was too much, or did not work, is over (F14, G4)."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.faults.service_at import service_at
from tests.faults.serving_process import serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.open_load import Load, Request, offer
from tests.rig.small_article import small_article

pytestmark = pytest.mark.load

SLOTS, LATENCY_MS, DEADLINE_S = 4, 500, 2.5
CAPACITY = SLOTS * 1_000 / LATENCY_MS
#: What is asked for when all is over, how soon nearly all of it must be read again, and how long that is watched.
CALM, WITHIN_S, WATCHED_S = 0.8 * CAPACITY, 5, 7


def articles() -> Callable[[int], Request]:
    """Return what makes articles, all of them different."""
    run = uuid4().hex[:8]
    return lambda number: Request(small_article(f"run {run} number {number}").encode())


async def test_f14_g4_a_storm_of_retries_leaves_nothing_behind() -> None:
    """For ten seconds three times as much comes as can be read, and whoever is refused is back at once; when less comes, by callers as rude, it is read."""
    settings = {"VIGIE_CONCURRENCY": str(SLOTS), "VIGIE_DEADLINE_S": str(DEADLINE_S)}
    async with FaultyUpstream() as upstream, serving_process(upstream.base_url(f"slow-{LATENCY_MS}", uuid4().hex), **settings) as (_, address):
        url = f"{address}/extract"
        # The first article costs what no other does.
        await offer(Load(url, articles(), rate=1, seconds=1, timeout_s=20))
        before = await offer(Load(url, articles(), rate=CALM, seconds=WATCHED_S))
        storm = asyncio.create_task(offer(Load(url, articles(), rate=3 * CAPACITY, seconds=10, timeout_s=4, insists=True)))
        await asyncio.sleep(10)
        calm = await offer(Load(url, articles(), rate=CALM, seconds=WITHIN_S + WATCHED_S, timeout_s=4, insists=True))
        stormed = await storm

    print(f"storm {stormed.goodput(since_s=2):.1f}/s of {CAPACITY}, afterwards {calm.goodput(since_s=WITHIN_S):.1f}/s of {CALM}; lost {stormed.losses}")  # noqa: T201 - figures for the page
    assert calm.goodput(since_s=WITHIN_S) >= 0.95 * min(before.goodput(since_s=1), CALM)


async def test_g4_an_endpoint_that_is_back_is_used() -> None:
    """After an outage of six seconds, in which the endpoint was left alone, articles are read again within five."""
    outage_s = 6
    fault = f"fails-for-{outage_s}000-slow-{LATENCY_MS}-slots-{SLOTS}"
    async with FaultyUpstream() as upstream:
        async with service_at(upstream.base_url(f"slow-{LATENCY_MS}", "before"), concurrency=SLOTS, deadline_s=DEADLINE_S) as service:
            await service.extract(small_article(), deadline_s=20)
            before = await offer(Load(f"{service.base_url}/extract", articles(), rate=CALM, seconds=WATCHED_S))
        async with service_at(upstream.base_url(fault, uuid4().hex), concurrency=SLOTS, deadline_s=DEADLINE_S) as service:
            run = await offer(Load(f"{service.base_url}/extract", articles(), rate=CALM, seconds=outage_s + WITHIN_S + WATCHED_S))

    print(f"outage {run.goodput(until_s=outage_s - 1):.1f}/s, afterwards {run.goodput(since_s=outage_s + WITHIN_S):.1f}/s of {CALM}; {run.answers}")  # noqa: T201 - figures for the page
    assert run.answers[503, "upstream-unavailable"] > 0
    assert run.goodput(since_s=outage_s + WITHIN_S) >= 0.95 * min(before.goodput(since_s=1), CALM)
