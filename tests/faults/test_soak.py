"""What stays behind of many requests, and how much one takes at most (K17, G9)."""

import asyncio
import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from statistics import linear_regression
from uuid import uuid4

import httpx2
import pytest

from tests.faults.serving_process import Footprint, serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

COUNTED = ("-m", "tests.faults.counted_serving")
#: So many callers ask at once.
CALLERS = 8
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Left:
    """What there is when nobody asks."""

    requests: int
    #: How many of them were answered with a record.
    read: int
    resident: int
    descriptors: int
    tasks: int
    objects: int


async def soak(rounds: int, requests: int, *, cache_mb: int) -> list[Left]:
    """Return what there is after each of so many rounds of so many requests, with so many MiB of records kept.

    Of a hundred calls to the endpoint six fail; of a hundred callers four do.
    """
    left, read = list[Left](), 0
    settings = {"VIGIE_CONCURRENCY": str(CALLERS), "VIGIE_DEADLINE_S": "2", "VIGIE_CACHE_MB": str(cache_mb)}
    async with FaultyUpstream() as upstream, serving_process(upstream.base_url("mixed-6", uuid4().hex), COUNTED, **settings) as (serving, address):
        assert serving.stdout is not None
        async with httpx2.AsyncClient(base_url=address, timeout=20, trust_env=False) as client:
            for done in range(requests, (rounds + 1) * requests, requests):
                numbers = iter(range(done - requests, done))
                read += sum(await asyncio.gather(*(_ask(client, numbers) for _ in range(CALLERS))))
                await asyncio.sleep(0.3)
                serving.send_signal(signal.SIGUSR1)
                told = json.loads(await serving.stdout.readline())
                footprint = Footprint(serving.pid)
                left.append(Left(done, read, footprint.bytes_now, footprint.descriptors, **told))
    return left


async def _ask(client: httpx2.AsyncClient, numbers: Iterator[int]) -> int:
    """Ask for each number; return how many records there were."""
    read = 0
    for number in numbers:
        if number % 50 == 0:
            assert (await client.post("/extract", content=b'{"text": "cut', headers={"Content-Type": "application/json"})).status_code == 400
            continue
        article = small_article(f"number {number}")
        try:
            async with asyncio.timeout(0.01 if number % 50 == 25 else None):
                answer = await client.post("/extract", json={"text": article, "options": {"sections": ["timelines"]}})
        except TimeoutError:
            continue
        assert answer.status_code in (200, 413, 422, 502, 503, 504)
        read += answer.status_code == HTTPStatus.OK
    return read


def growth(left: list[Left]) -> float:
    """Return by which share of itself the memory grows in 10,000 requests, as the line goes that fits best."""
    line = linear_regression([one.requests for one in left], [one.resident for one in left])
    return line.slope * 10_000 / left[0].resident


async def test_k17_nothing_stays_behind() -> None:
    """After a hundred and fifty requests, of which some fail, nothing more is open, under way or kept than after the first fifty."""
    first, *_, last = await soak(3, 50, cache_mb=0)

    assert last.read >= 0.8 * last.requests
    assert last.descriptors <= first.descriptors + CALLERS
    assert last.tasks == first.tasks
    assert last.objects - first.objects < 5 * (last.requests - first.requests)


@pytest.mark.prove
async def test_k17_g9_nothing_stays_behind_in_the_long_run() -> None:
    """Nor after thousands, and memory does not grow: at most by a hundredth in 10,000 requests, once the first third has warmed the service up."""
    left = await soak(24, 500, cache_mb=1)  # which are full after the first of the rounds
    settled = left[len(left) // 3 :]
    print(growth(settled), *settled, sep="\n")  # noqa: T201 - figures for the page

    assert settled[-1].read >= 0.8 * settled[-1].requests
    assert growth(settled) <= 0.01
    assert max(one.descriptors for one in settled) <= settled[0].descriptors + CALLERS
    assert max(one.tasks for one in settled) <= settled[0].tasks
