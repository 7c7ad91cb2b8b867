"""What stays behind of many articles of jobs, in the service that hands them out and in the worker that reads them."""

import asyncio
import json
import signal
from uuid import uuid4

import httpx2
import pytest

from tests.faults.serving_process import Footprint, serving_process
from tests.faults.working_process import WORKER, working_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

COUNTED = ("-m", "tests.faults.counted_serving")
SLOTS = 4
MIB = 1 << 20
#: Articles of which the memory is full-grown, and how much more it may be after all of them.
ARTICLES, WARM, EVERY, MOST_GROWTH = 10_000, 2_000, 1_000, 1.03


async def hand_in(client: httpx2.AsyncClient, articles: int) -> str:
    """Return the address of a job of so many articles."""
    body = b"".join(json.dumps({"text": small_article(f"number {uuid4().hex}")}).encode() + b"\n" for _ in range(articles))
    answer = await client.post("/jobs", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status_code == httpx2.codes.ACCEPTED, answer.text
    return str(answer.headers["location"])


async def test_k17_nothing_stays_behind_of_jobs(database_url: str) -> None:
    """After three jobs of a hundred articles each nothing more is open, under way or kept than after the first."""
    left = list[tuple[int, int, int]]()
    settings = {"VIGIE_DATABASE_URL": database_url, "VIGIE_WORKER_CONCURRENCY": str(SLOTS), "VIGIE_CACHE_MB": "0"}
    async with FaultyUpstream() as upstream, serving_process(upstream.base_url("ok", uuid4().hex), COUNTED, **settings) as (serving, address):
        assert serving.stdout is not None
        async with httpx2.AsyncClient(base_url=address, timeout=60, trust_env=False) as client:
            for _ in range(3):
                job = await hand_in(client, 100)
                records = (await client.get(f"{job}/records")).content.splitlines()
                assert len(records) == 100
                assert (await client.get(job)).json()["state"] == "completed"
                await asyncio.sleep(1)
                serving.send_signal(signal.SIGUSR1)
                told = json.loads(await serving.stdout.readline())
                left.append((told["tasks"], told["objects"], Footprint(serving.pid).descriptors))
    (tasks, objects, descriptors), _, (last_tasks, last_objects, last_descriptors) = left

    assert last_tasks <= tasks + 1
    assert last_objects - objects < 5 * 200
    assert last_descriptors <= descriptors + SLOTS


@pytest.mark.prove
async def test_g9_memory_stays_flat_over_ten_thousand_articles(database_url: str) -> None:
    """A service and a worker take after ten thousand articles of a job what they took after two thousand, give or take a few hundredths."""
    taken = list[tuple[int, int]]()
    async with FaultyUpstream() as upstream:
        endpoint = upstream.base_url("ok", uuid4().hex)
        own = {"VIGIE_MODEL": "reader", "OPENAI_BASE_URL": endpoint, "VIGIE_WORKER_CONCURRENCY": str(SLOTS)}
        async with (
            serving_process(endpoint, VIGIE_DATABASE_URL=database_url, VIGIE_WORKER="0", VIGIE_MAX_DEADLINE_S="7200") as (serving, address),
            working_process(database_url, WORKER, **own) as working,
            httpx2.AsyncClient(base_url=address, timeout=60, trust_env=False) as client,
        ):
            both = Footprint(serving.pid), Footprint(working.process.pid)
            job, lines = await hand_in(client, ARTICLES), 0
            async with client.stream("GET", f"{job}/records") as answer:
                async for line in answer.aiter_lines():
                    assert "record" in json.loads(line)
                    lines += 1
                    if lines % EVERY == 0:
                        taken.append((both[0].bytes_now, both[1].bytes_now))
    print("MiB of the service and the worker after each thousand:", *(f"{a / MIB:.1f}/{b / MIB:.1f}" for a, b in taken))  # noqa: T201 - figures for the page

    assert lines == ARTICLES
    for first, last in zip(taken[WARM // EVERY - 1], taken[-1], strict=True):
        assert last <= MOST_GROWTH * first
