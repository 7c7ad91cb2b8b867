"""How the service ends (K02, K03, G12)."""

import asyncio
import signal
import time
from http import HTTPStatus
from itertools import count
from uuid import uuid4

import httpx2
import pytest

from tests.faults.serving_process import serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration


async def test_k02_what_is_under_way_is_finished() -> None:
    """At the first signal the service says that it ends and goes on serving for a while; what it was reading is read, and then it is gone."""
    async with FaultyUpstream() as upstream, serving_process(upstream.base_url("slow-2500", uuid4().hex)) as (serving, address):
        async with httpx2.AsyncClient(base_url=address, timeout=10, trust_env=False) as client:
            reading = asyncio.create_task(client.post("/extract", json={"text": small_article()}))
            await asyncio.sleep(0.5)
            serving.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.1)
            ready = await client.get("/readyz")
            live = await client.get("/livez")
            answer = await reading
        await asyncio.wait_for(serving.wait(), 5)

    assert (ready.status_code, ready.json()["code"]) == (503, "draining")
    assert (live.status_code, live.headers["connection"]) == (200, "close")
    assert answer.status_code == 200


async def test_k03_a_second_signal_ends_what_is_under_way() -> None:
    """Its caller is told so, and the process is gone soon."""
    async with FaultyUpstream() as upstream, serving_process(upstream.base_url("slow-20000", uuid4().hex)) as (serving, address):
        async with httpx2.AsyncClient(base_url=address, timeout=10, trust_env=False) as client:
            reading = asyncio.create_task(client.post("/extract", json={"text": small_article()}))
            await asyncio.sleep(0.5)
            serving.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.1)
            serving.send_signal(signal.SIGTERM)
            began = time.monotonic()
            answer = await reading
        await asyncio.wait_for(serving.wait(), 5)

    assert (answer.status_code, answer.json()["code"]) == (503, "draining")
    assert time.monotonic() - began < 3


class Fleet:
    """Services behind one address: whoever asks goes where it is ready."""

    def __init__(self, upstream: str) -> None:
        """Begin with none; all ask the model at the base URL `upstream`."""
        self._upstream = upstream
        self._ready: dict[str, bool] = {}
        self._asked = 0

    async def live(self, until: asyncio.Event) -> None:
        """Lead a service through its life."""
        async with serving_process(self._upstream) as (serving, address):
            watching = asyncio.create_task(self._watch(address))
            await until.wait()
            serving.send_signal(signal.SIGTERM)
            await asyncio.wait_for(serving.wait(), 20)
            watching.cancel()
            del self._ready[address]

    async def count(self, ready: int) -> None:
        """Return when so many are ready."""
        while sum(self._ready.values()) < ready:  # noqa: ASYNC110 - what is watched for is in other processes
            await asyncio.sleep(0.05)

    def next(self) -> str:
        """Return where to ask next: as proxies do, anywhere if nothing seems ready, since it may only be slow to say so."""
        ready = [address for address, is_ready in self._ready.items() if is_ready] or list(self._ready)
        self._asked += 1
        return ready[self._asked % len(ready)]

    async def _watch(self, address: str) -> None:
        async with httpx2.AsyncClient(base_url=address, timeout=10, trust_env=False) as client:
            while True:
                try:
                    self._ready[address] = (await client.get("/readyz")).status_code == HTTPStatus.OK
                except httpx2.HTTPError:
                    self._ready[address] = False
                await asyncio.sleep(0.05)


async def restarted(times: int, between: int) -> list[int]:
    """Return what callers are answered while two services are restarted in turn, so often, with so many answers between a restart and the next."""
    answers: list[int] = []
    ended = asyncio.Event()

    async def ask(fleet: Fleet, name: int) -> None:
        async with httpx2.AsyncClient(timeout=60, trust_env=False) as client:
            for number in count():
                if ended.is_set():
                    return
                answer = await client.post(f"{fleet.next()}/extract", json={"text": small_article(f"caller {name} number {number}")})
                answers.append(answer.status_code)

    async def asked(more: int) -> None:
        until = len(answers) + more
        while len(answers) < until:  # noqa: ASYNC110 - callers tell nobody
            await asyncio.sleep(0.05)

    # A caller or a service that fails ends all of it.
    async with FaultyUpstream() as upstream, asyncio.TaskGroup() as group:
        fleet = Fleet(upstream.base_url("slow-50", uuid4().hex))
        stops = [asyncio.Event() for _ in range(times + 2)]
        lives = [group.create_task(fleet.live(stop)) for stop in stops[:2]]
        await fleet.count(2)
        callers = [group.create_task(ask(fleet, name)) for name in range(4)]
        for number in range(times):
            lives.append(group.create_task(fleet.live(stops[number + 2])))
            await fleet.count(3)
            await asked(between // 2)
            stops[number].set()
            await lives[number]
            await asked(between // 2)
        ended.set()
        await asyncio.gather(*callers)
        for stop in stops[times:]:
            stop.set()
    return answers


async def test_g12_restarts_fail_nobody() -> None:
    """Two services are restarted while callers go on asking: nobody is failed."""
    assert set(await restarted(2, between=40)) == {HTTPStatus.OK}


@pytest.mark.prove
async def test_g12_ten_restarts_fail_nobody() -> None:
    """Nor are any of a thousand requests in the course of ten restarts."""
    answers = await restarted(10, between=100)
    print(f"{len(answers)} requests: {set(answers)}")  # noqa: T201 - figures for the page

    assert len(answers) >= 1_000
    assert set(answers) == {HTTPStatus.OK}
