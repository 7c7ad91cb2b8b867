"""How the service ends (K02, K03, G12)."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from itertools import count
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
#: So many answers stand between a restart and the next.
BETWEEN = 20


@asynccontextmanager
async def process(upstream: str, **settings: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Yield `vigie serve`, and where it listens."""
    environment = {**os.environ, "VIGIE_MODEL": "reader", "OPENAI_BASE_URL": upstream, "VIGIE_DRAIN_S": "2", **settings}
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "service.cli", "serve", "--port", "0")
    serving = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stderr=pipe)
    assert serving.stderr is not None
    try:
        listening = json.loads(await serving.stderr.readline())
        yield serving, f"http://127.0.0.1:{listening['port']}"
    finally:
        if serving.returncode is None:
            serving.kill()
        await serving.communicate()


async def test_k02_what_is_under_way_is_finished() -> None:
    """At the first signal the service says that it ends and goes on serving for a while; what it was reading is read, and then it is gone."""
    async with FaultyUpstream() as upstream, process(upstream.base_url("slow-2500", uuid4().hex)) as (serving, address):
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
    async with FaultyUpstream() as upstream, process(upstream.base_url("slow-20000", uuid4().hex)) as (serving, address):
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
        async with process(self._upstream) as (serving, address):
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
        """Return where to ask next."""
        ready = [address for address, is_ready in self._ready.items() if is_ready]
        self._asked += 1
        return ready[self._asked % len(ready)]

    async def _watch(self, address: str) -> None:
        async with httpx2.AsyncClient(base_url=address, timeout=2, trust_env=False) as client:
            while True:
                try:
                    self._ready[address] = (await client.get("/readyz")).status_code == HTTPStatus.OK
                except httpx2.HTTPError:
                    self._ready[address] = False
                await asyncio.sleep(0.05)


async def test_g12_restarts_fail_nobody() -> None:
    """Two services are restarted in turn while callers go on asking: nobody is failed."""
    answers: list[int] = []
    ended = asyncio.Event()

    async def ask(fleet: Fleet, name: int) -> None:
        async with httpx2.AsyncClient(timeout=20, trust_env=False) as client:
            for number in count():
                if ended.is_set():
                    return
                answer = await client.post(f"{fleet.next()}/extract", json={"text": small_article(f"caller {name} number {number}")})
                answers.append(answer.status_code)

    async def asked(times: int) -> None:
        while len(answers) < times:  # noqa: ASYNC110 - callers tell nobody
            await asyncio.sleep(0.05)

    async with FaultyUpstream() as upstream:
        fleet = Fleet(upstream.base_url("slow-50", uuid4().hex))
        stops = [asyncio.Event() for _ in range(4)]
        lives = [asyncio.create_task(fleet.live(stop)) for stop in stops[:2]]
        await fleet.count(2)
        callers = [asyncio.create_task(ask(fleet, name)) for name in range(4)]
        for number, stop in enumerate(stops[:2]):
            lives.append(asyncio.create_task(fleet.live(stops[number + 2])))
            await fleet.count(3)
            await asked(len(answers) + BETWEEN)
            stop.set()
            await lives[number]
            await asked(len(answers) + BETWEEN)
        ended.set()
        await asyncio.gather(*callers)
        for stop in stops[2:]:
            stop.set()
        await asyncio.gather(*lives)

    assert set(answers) == {HTTPStatus.OK}
