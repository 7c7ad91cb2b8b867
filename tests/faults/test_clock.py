"""A clock on the wall that is set while calls are under way (D27)."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from tests.faults.serving_process import serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

LEAPING = str(Path(__file__).with_name("leaping_clock.py"))


@asynccontextmanager
async def leaping(fault: str, leap_s: float) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx2.AsyncClient]]:
    """Yield a service whose clock leaps when it is told to, before an endpoint with this `fault`, and a client of it."""
    async with (
        FaultyUpstream() as upstream,
        serving_process(upstream.base_url(fault, uuid4().hex), (LEAPING, str(leap_s), "serve", "--port", "0")) as (process, address),
        httpx2.AsyncClient(base_url=address, timeout=40, trust_env=False) as client,
    ):
        yield process, client


async def seconds_off(client: httpx2.AsyncClient) -> float:
    """Return by how much the clock of the service differs from that of the machine, once it has looked at it again."""
    await asyncio.sleep(1.1)
    return parsedate_to_datetime((await client.get("/livez")).headers["date"]).timestamp() - time.time()


@pytest.mark.parametrize("leap_s", [3_600, -3_600], ids=["d27-forth", "d27-back"])
async def test_a_call_ends_when_it_would_have(leap_s: float) -> None:
    """What is answered in time stays so, what is not ends at its deadline, and neither notices that the clock has leapt by an hour."""
    took_s: dict[str, float] = {}
    async with leaping("slow-2000", leap_s) as (process, client):

        async def asked(name: str, deadline_s: float) -> int:
            began = time.monotonic()
            answer = await client.post("/extract", json={"text": small_article(name), "options": {"deadline_s": deadline_s}})
            took_s[name] = time.monotonic() - began
            return answer.status_code

        calls = asyncio.gather(asked("in time", 30), asked("late", 1))
        await asyncio.sleep(0.5)
        process.send_signal(signal.SIGUSR1)
        statuses = await calls
        off_s = await seconds_off(client)

    assert list(statuses) == [200, 504]
    assert 2 <= took_s["in time"] <= 20
    assert 1 <= took_s["late"] <= 1.25
    assert abs(off_s - leap_s) < 60
