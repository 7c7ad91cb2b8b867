"""Limits of callers that hold over all processes which share a database, and what becomes of them while it is away (rows F08 to F10, gate G14)."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx2
import psycopg
import pytest
from psycopg import sql

from service.access.limits import Limits
from service.database.database import Database
from service.database.limits import Pace, SharedLimits
from service.errors import RateLimited
from service.settings import Settings
from tests.faults.jobs_at import away, door_to, run, until
from tests.faults.serving_process import ROOT, serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.postgres import Postgres
from tests.rig.small_article import small_article
from tests.unit.access.test_door import filed

pytestmark = pytest.mark.integration

ORDINARY = Pace()
#: For tests that wait for a round to pass, or for a lease to run out.
QUICK = Pace(round_s=0.2, lease_s=1)


@asynccontextmanager
async def counting(database_url: str, pace: Pace = ORDINARY) -> AsyncIterator[SharedLimits]:
    """Yield what one process counts with, once it is connected."""
    database = Database(Settings.model_validate({"database_url": database_url}))
    shared = SharedLimits(database, pace)
    running = asyncio.create_task(shared.run())
    try:
        await connected(shared)
        yield shared
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await database.close()


async def connected(shared: SharedLimits) -> None:
    """Return once the database counts."""

    async def answers() -> bool:
        return shared.answers

    await until(answers)


@asynccontextmanager
async def fleet(database_url: str, size: int = 4, pace: Pace = ORDINARY) -> AsyncIterator[list[SharedLimits]]:
    """Yield what so many processes count with."""
    async with AsyncExitStack() as held:
        yield [await held.enter_async_context(counting(database_url, pace)) for _ in range(size)]


#: Has each request take a tenth of a second to be counted.
_SLOWLY = """
    create function slowly() returns trigger language plpgsql as 'begin perform pg_sleep(0.1); return null; end';
    create trigger slowly before insert on rates for each statement execute function slowly();
"""


@asynccontextmanager
async def silent(shared: SharedLimits) -> AsyncIterator[None]:
    """Have the server take what a process sends it, and answer nothing."""
    assert shared._connection is not None
    backend = shared._connection.info.backend_pid
    os.kill(backend, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(backend, signal.SIGCONT)


async def passes(limits: Limits, limit: int, caller: str = "caller") -> bool:
    """Return whether a request passes."""
    try:
        await limits.take(caller, limit)
    except RateLimited:
        return False
    return True


async def waits_s(limits: Limits) -> list[float]:
    """Return how long many callers waited for both their limits, the shortest first."""
    took = []
    for number in range(51):
        began = time.perf_counter()
        await limits.take(f"caller {number}", 1)
        with await limits.place(f"caller {number}", 1):
            took.append(time.perf_counter() - began)
    return sorted(took)


@pytest.mark.parametrize("limit", [1, 50], ids=["f09-g14-one", "f09-g14-many"])
async def test_as_many_pass_in_all_processes_as_may(database_url: str, limit: int) -> None:
    """Four processes are asked at the same time, and let exactly as many pass together as one alone: neither one more nor one less."""
    async with fleet(database_url) as processes:
        limits = [Limits(shared) for shared in processes]
        passed = await asyncio.gather(*(passes(limits[number % 4], limit) for number in range(4 * limit + 8)))

        assert sum(passed) == limit
        assert await asyncio.gather(*(passes(one, limit) for one in limits)) == [False] * 4
        assert await passes(limits[0], limit, "another")


async def test_f09_g14_no_window_holds_more_than_the_limit(database_url: str) -> None:
    """Four processes that are asked all the time let as many pass in each window as may, wherever the window begins."""
    limit, window_s, until_at = 20, 0.5, time.monotonic() + 3.2

    async def asking(shared: SharedLimits) -> None:
        while time.monotonic() < until_at:
            wait_s = await shared.take("caller", limit, window_s)
            assert wait_s is not None
            if wait_s == 0:
                passed.append(time.monotonic())
            await asyncio.sleep(min(wait_s, 0.01))

    passed: list[float] = []
    async with fleet(database_url) as processes:
        await asyncio.gather(*map(asking, processes))

    # The answer is here a little later than it was given.
    assert all(later - earlier > window_s - 0.05 for earlier, later in zip(passed, passed[limit:], strict=False))
    assert 5 * limit <= len(passed) <= 7 * limit


async def test_f09_so_many_at_the_same_time_in_all_processes(database_url: str) -> None:
    """Four processes have as many places together as one alone, and what is given back in one is there for the others."""
    async with fleet(database_url) as processes:
        limits = [Limits(shared) for shared in processes]
        for _ in range(2):
            tried = await asyncio.gather(*(limits[number % 4].place("caller", 5) for number in range(20)), return_exceptions=True)
            held = [one for one in tried if not isinstance(one, BaseException)]
            assert len(held) == 5
            assert {type(one) for one in tried if isinstance(one, BaseException)} == {RateLimited}
            for one in held:
                with one:
                    pass


async def test_f09_one_after_the_other_is_never_one_too_many(database_url: str) -> None:
    """Whoever sends the next request when the answer is there, to another process each time, is not refused though the place is given back a little later."""
    async with fleet(database_url, 2) as processes:
        limits = [Limits(shared) for shared in processes]
        for number in range(60):
            with await limits[number % 2].place("caller", 1):
                pass


async def test_f09_what_lasts_is_held_on_to(database_url: str) -> None:
    """A request that takes longer than a lease keeps its place, also if the server forgets it in a crash."""
    async with fleet(database_url, 2, QUICK) as (one, another):
        with await Limits(one).place("caller", 1):
            await asyncio.sleep(1.5)
            with pytest.raises(RateLimited):
                await Limits(another).place("caller", 1)
            await run(database_url, sql.SQL("truncate places"))
            await asyncio.sleep(0.6)
            with pytest.raises(RateLimited):
                await Limits(another).place("caller", 1)


async def test_f09_a_clock_that_is_set_back_locks_nobody_out(database_url: str) -> None:
    """What the database's clock has not reached yet, though it was noted, is not counted."""
    async with counting(database_url) as shared:
        limits = Limits(shared)
        assert [await passes(limits, 1), await passes(Limits(shared), 1)] == [True, False]
        with await limits.place("caller", 1):
            await run(database_url, sql.SQL("update rates set asked = array[clock_timestamp() + interval '1 hour']"))
            await run(database_url, sql.SQL("update places set held = jsonb_build_object('gone', extract(epoch from clock_timestamp()) + 3600)"))
            assert [await passes(Limits(shared), 1), await passes(Limits(shared), 1)] == [True, False]
            with await Limits(shared).place("caller", 1):
                pass


async def test_f09_a_process_that_is_killed_gives_its_place_back(database_url: str) -> None:
    """Nobody has to clear up after it: its place is held while it lives, and free a lease after its end."""
    holding = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.faults.holding_process", database_url, cwd=ROOT, stdout=PIPE)
    assert holding.stdout is not None
    try:
        assert await holding.stdout.readline()
        async with counting(database_url, QUICK) as shared:
            limits = Limits(shared)
            await asyncio.sleep(QUICK.lease_s)
            with pytest.raises(RateLimited):
                await limits.place("caller", 1)
            holding.kill()
            await holding.wait()
            await asyncio.sleep(QUICK.lease_s)
            with await limits.place("caller", 1):
                pass
    finally:
        if holding.returncode is None:
            holding.kill()
        await holding.wait()


@pytest.mark.prove
async def test_f08_f09_processes_count_together(postgres: Postgres, tmp_path: Path) -> None:
    """Four times `vigie serve` let exactly as many requests of a key pass as it may; one that is killed gives back what it held; other keys lose nothing."""
    rated, placed, free = filed(tmp_path, rate=40), filed(tmp_path, concurrency=2), filed(tmp_path)
    settings = {"VIGIE_DATA_DIR": str(tmp_path), "VIGIE_DATABASE_URL": await postgres.fresh(), "VIGIE_WORKER": "false", "VIGIE_CACHE_MB": "0"}

    async def status(at: str, key: str, marker: object) -> int:
        answer = await client.post(f"{at}/extract", json={"text": small_article(str(marker))}, headers={"Authorization": f"Bearer {key}"})
        return answer.status_code

    async def counts_together(at: str) -> bool:
        return "vigie_limits_shared 1.0" in (await client.get(f"{at}/metrics")).text

    async with FaultyUpstream() as upstream, httpx2.AsyncClient(timeout=30, trust_env=False) as client, AsyncExitStack() as held:
        slow = upstream.base_url("slow-30000", uuid4().hex)
        serving = await asyncio.gather(
            *(held.enter_async_context(serving_process(upstream.base_url("ok", uuid4().hex), **settings)) for _ in range(3)),
            held.enter_async_context(serving_process(slow, **settings)),
        )
        for _, at in serving:
            await until(lambda at=at: counts_together(at))  # type: ignore[misc]
        (_, first), *_, (killed, last) = serving
        statuses = Counter(await asyncio.gather(*(status(serving[number % 3][1], rated, number) for number in range(60))))
        assert statuses == {200: 40, 429: 20}
        lasting = [asyncio.create_task(status(last, placed, number)) for number in range(2)]
        await asyncio.sleep(1)
        assert [await status(first, placed, "three"), await status(first, free, "four")] == [429, 200]
        killed.kill()
        await asyncio.gather(*lasting, return_exceptions=True)

        async def is_served() -> bool:
            return await status(first, placed, "five") == 200

        await until(is_served, ORDINARY.lease_s + 2)


@pytest.mark.parametrize("fault", ["f10-away", "f10-without-tables"])
async def test_a_database_that_fails_refuses_nobody(postgres: Postgres, database_url: str, caplog: pytest.LogCaptureFixture, fault: str) -> None:
    """Each process counts for itself, at once and to the request; the log says so, once; and when the database is back they count together again."""
    async with fleet(database_url, 2, QUICK) as processes, AsyncExitStack() as faulty:
        limits = [Limits(shared) for shared in processes]
        if fault == "f10-away":
            await faulty.enter_async_context(away(postgres, database_url))
        else:
            await run(database_url, sql.SQL("alter table rates rename to away"))
            await run(database_url, sql.SQL("alter table places rename to gone"))
        passed = [await passes(one, 3) for one in limits for _ in range(5)]
        assert passed == [True, True, True, False, False] * 2
        assert (await waits_s(limits[0]))[25] < 0.005
        await asyncio.sleep(0.5)
        assert [record.message for record in caplog.records if record.name.startswith("service.database.limits")] == ["limits-not-shared"] * 2
        if fault == "f10-away":
            await faulty.aclose()
        else:
            await run(database_url, sql.SQL("alter table away rename to rates"))
            await run(database_url, sql.SQL("alter table gone rename to places"))
        for shared in processes:
            await connected(shared)

        assert sum(await asyncio.gather(*(passes(limits[number % 2], 3, "later") for number in range(10)))) == 3


async def test_f10_a_silent_database_holds_nobody_up(database_url: str) -> None:
    """Those who ask when it falls silent wait a quarter of a second together, and whoever comes after them not at all; what is held meanwhile is told later."""
    async with fleet(database_url, 2) as (one, another):
        limits = Limits(one)
        async with silent(one):
            began = time.monotonic()
            assert sum(await asyncio.gather(*(passes(limits, 20) for _ in range(50)))) == 20
            waited_s = time.monotonic() - began
            later_s = await waits_s(limits)
            lasting = await limits.place("lasting", 1)
        with lasting:
            await connected(one)
            await asyncio.sleep(0.3)
            with pytest.raises(RateLimited):
                await Limits(another).place("lasting", 1)

    assert 0.2 < waited_s < 0.6
    assert later_s[25] < 0.005
    assert later_s[-1] < 0.1


async def test_a_slow_database_holds_nobody_up(database_url: str) -> None:
    """Each answer is there in time, and of fifty who ask at once the last does not wait for all of them."""
    async with fleet(database_url, 1) as (one,):
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            await connection.execute(_SLOWLY)
        limits, began = Limits(one), time.monotonic()
        # Those whom the database counted and those whom this process counted do not know of each other.
        assert 20 <= sum(await asyncio.gather(*(passes(limits, 20) for _ in range(50)))) < 30
        waited_s = time.monotonic() - began

    assert waited_s < 0.6


async def test_f10_articles_are_read_without_the_database(postgres: Postgres, database_url: str) -> None:
    """While it is away callers with limits are served, and refused beyond them: nothing is an outage."""
    async with door_to(database_url, rate_per_minute=3, caller_concurrency=2) as door, away(postgres, database_url):
        statuses = [(await door.client.post("/extract", json={"text": "Ada said so."})).status_code for _ in range(5)]
        told = (await door.client.get("/metrics")).text

    assert statuses == [200] * 3 + [429] * 2
    assert "vigie_limits_shared 0.0" in told
