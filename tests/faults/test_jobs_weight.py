"""What a job of the greatest size costs the service that takes it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from schemas.job import Job
from tests.faults.serving_process import Footprint, serving_process

pytestmark = [pytest.mark.integration, pytest.mark.load]

#: Bytes that a job may take of memory while it arrives, whatever its size: a portion, an article, and what the database is given at a time.
MOST_BYTES = 48 << 20
#: Seconds for which it may hold up others.
MOST_LAG_S = 0.05
_LAG = re.compile(r'vigie_event_loop_lag_seconds_(?:bucket\{le="0.05"\}|count) ([0-9.]+)')


async def body(articles: int, characters: int) -> AsyncIterator[bytes]:
    """Yield lines of articles."""
    for number in range(articles):
        yield json.dumps({"text": f"{number} " + "Ada said so. " * (characters // 13)}).encode() + b"\n"
        await asyncio.sleep(0)


@pytest.mark.parametrize(("articles", "characters"), [(10_000, 9_900), (650, 150_000)], ids=["many", "long"])
async def test_a_hundred_megabytes_take_no_memory_and_hold_up_nobody(database_url: str, articles: int, characters: int) -> None:
    """A job of the greatest size is kept in seconds; memory stays flat while it arrives, and the event loop is never late by more than a blink."""
    environment = {"VIGIE_DATABASE_URL": database_url, "VIGIE_WORKER": "false"}
    async with (
        serving_process("http://127.0.0.1:1/v1", **environment) as (process, base_url),
        httpx2.AsyncClient(base_url=base_url, timeout=120, trust_env=False) as client,
    ):
        await client.post("/jobs", json=[{"text": "a"}])
        footprint = Footprint(process.pid)
        footprint.forget()
        before = footprint.bytes_now
        late = await lag(client)
        answer = await client.post("/jobs", content=body(articles, characters), headers={"Content-Type": "application/x-ndjson"})
        took = footprint.bytes_at_most - before
        later = await lag(client)

    assert answer.status_code == 202, answer.text
    assert Job.model_validate_json(answer.content).counts.waiting == articles
    assert took < MOST_BYTES
    assert later[0] - late[0] == later[1] - late[1]


async def lag(client: httpx2.AsyncClient) -> tuple[float, float]:
    """Return how often the loop was late by no more than a blink, and how often it was looked at."""
    first, second = (float(found) for found in _LAG.findall((await client.get("/metrics")).text))
    return first, second
