"""What may happen to the worker of jobs, to its queue and to its database (section H)."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from service.database.database import Database
from service.jobs.reading import Reader
from service.jobs.store import JobStore, Ticket
from service.jobs.ticketing import Tickets
from service.jobs.worker import Desk, Worker
from service.metrics import Metrics
from service.resilience.admission import Admission
from service.resilience.ending import Ending
from service.settings import Settings
from tests.faults.service_at import service_at
from tests.faults.serving_process import serving_process
from tests.faults.working_process import WORKER, Job, scripted, working_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.postgres import Postgres, embedded, end
from tests.rig.small_article import small_article
from tests.unit.job_parts import Scripted
from tests.unit.service_parts import FakeModel

pytestmark = pytest.mark.integration


@asynccontextmanager
async def reading(database: Database, extractor: Scripted, *, slots: int = 4, tickets: Tickets | None = None) -> AsyncIterator[Metrics]:
    """Have a worker that reads with `extractor`, and tell what it counts."""
    settings, ending, measures = Settings(drain_s=0), Ending(), Metrics()
    desk = Desk.of(database)
    desk = replace(desk, tickets=tickets) if tickets else desk
    worker = Worker(desk, Reader(extractor, FakeModel(), Admission(slots, reserve=0), settings), ending, settings, measures)
    working = asyncio.create_task(worker.run())
    try:
        yield measures
    finally:
        ending.hurry()
        await working


def counted(measures: Metrics, line: str) -> float:
    """Return what stands behind `line` in the metrics."""
    return next((float(one.rpartition(" ")[2]) for one in measures.text().decode().splitlines() if one.startswith(line)), 0.0)


async def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Return once it is so."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


def texts(count: int) -> list[str]:
    """Return so many articles."""
    return [f"number {number}" for number in range(count)]


@asynccontextmanager
async def locked(database: Database, table: str) -> AsyncIterator[None]:
    """Let nobody else do anything with a `table`."""
    async with database.connection() as connection, connection.transaction():
        await connection.execute("set local idle_in_transaction_session_timeout = 0")
        await connection.execute(f"lock table {table}".encode())
        yield


async def test_h01_h02_what_was_committed_is_dispatched_whatever_the_queue_did(database: Database) -> None:
    """A job that was handed in while there was no queue at all, by a service that died thereafter, is read by the first worker that comes."""
    job = await Job.of(database, *texts(3))
    assert (await job.ask("select to_regclass('saq_jobs')"))[0][0] is None
    began = time.monotonic()
    async with reading(database, Scripted()):
        await job.until("completed", seconds=10)

    assert time.monotonic() - began < 10
    assert [line.index for line in await job.lines()] == [0, 1, 2]


async def test_h01_while_the_queue_cannot_be_reached_jobs_are_kept(database: Database) -> None:
    """They are dispatched once it can."""
    async with reading(database, Scripted()):
        await (await Job.of(database, "first")).until("completed")
        async with locked(database, "saq_jobs"):
            job = await Job.of(database, *texts(3))
            await asyncio.sleep(0.5)
            assert await job.state() == "queued"
        await job.until("completed")

    assert len(await job.lines()) == 3


async def test_h09_k04_a_killed_worker_loses_nothing(database: Database, database_url: str) -> None:
    """Of two workers one is killed amid its articles: once its leases have run out the other reads them, and each has one result."""
    job = await Job.of(database, "sleep 2", "sleep 2 too", *texts(4))
    async with working_process(database_url) as killed:
        await job.until_items("running", "running", *["completed"] * 4)
        killed.process.kill()
        await killed.ended()
    assert (await job.items())[:2] == [("running", 1), ("running", 1)]
    await job.let_leases_run_out()
    extractor = Scripted()
    async with reading(database, extractor) as measures:
        await job.until("completed")

    assert [attempts for _, attempts in await job.items()] == [2, 2, 1, 1, 1, 1]
    assert sorted(extractor.begun) == ["sleep 2", "sleep 2 too"]
    assert len(await job.lines()) == 6
    assert counted(measures, 'vigie_job_readings_total{code="none",outcome="recovered"}') == 2


@pytest.mark.prove
async def test_h09_within_thirty_seconds(database: Database, database_url: str) -> None:
    """Nobody lets the leases run out but time."""
    job = await Job.of(database, "sleep 60")
    async with working_process(database_url) as killed:
        await job.until_items("running")
        killed.process.kill()
        began = time.monotonic()
        async with reading(database, Scripted()):
            await job.until("completed", seconds=40)
    took_s = time.monotonic() - began
    print(f"read {took_s:.1f} s after the worker was killed")  # noqa: T201 - figures for the page

    assert took_s < 30


@pytest.mark.prove
async def test_h10_a_worker_that_is_asked_to_stop_finishes_or_gives_back(database: Database, database_url: str) -> None:
    """It begins nothing more, what is done in time is kept, the rest waits and is blamed for nothing, and the process is gone in time."""
    job = await Job.of(database, "sleep 1", "sleep 60", *texts(2))
    async with working_process(database_url, VIGIE_WORKER_CONCURRENCY="2") as working:
        await job.until_items("running", "running", "waiting", "waiting")
        working.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert await working.ended() == -signal.SIGTERM
        took_s = time.monotonic() - began

    assert took_s < 2 + 2
    assert await job.items() == [("completed", 1), ("waiting", 0), ("waiting", 0), ("waiting", 0)]
    assert [line["event"] for line in working.lines if line["event"] in {"draining", "worker-ended"}] == ["draining", "worker-ended"]


@pytest.mark.prove
async def test_h11_a_worker_that_stands_still_is_ended(database: Database, database_url: str) -> None:
    """Its watchdog ends it, which counts as an attempt at the article, and another worker reads on."""
    job = await Job.of(database, "stand still", "after")
    async with working_process(database_url, scripted(patience=2), VIGIE_WORKER_CONCURRENCY="1") as stuck:
        assert await stuck.ended() == 70
    assert (await job.items())[0] == ("running", 1)
    await job.let_leases_run_out()
    async with reading(database, Scripted()):
        await job.until("completed")

    assert (await job.items())[0] == ("completed", 2)


@pytest.mark.prove
async def test_h12_an_article_that_ends_its_worker_is_given_up_and_takes_nobody_with_it(database: Database, database_url: str) -> None:
    """Three workers die of it and no more; it has the problem `poisoned`, and all others, which were read beside it, have their records."""
    job = await Job.of(database, "sleep 0.5", "sleep 0.5 too", "die now", *texts(4))
    deaths = 0
    while await job.state() not in {"completed_with_errors", "failed"}:
        async with working_process(database_url) as working:
            ending = asyncio.create_task(working.ended(60))
            await asyncio.wait({ending, asyncio.create_task(job.until("completed_with_errors", "failed"))}, return_when=asyncio.FIRST_COMPLETED)
            deaths += ending.done()
            ending.cancel()
        await job.let_leases_run_out()

    assert deaths == 3
    assert await job.problems() == [None, None, "poisoned", *[None] * 4]


#: Rows that are no tickets, some of which SAQ falls over: what they hold, by their keys.
RUBBISH = {
    "no json": b"\xff\x00canari-7f3a",
    "nothing": b"",
    "no object": b"[1, 2]",
    "no job": b'{"queue": "vigie"}',
    "unknown fields": b'{"queue": "vigie", "function": "read", "key": "unknown fields", "more": 1}',
    "deep": b"[" * 100_000,
    "another function": json.dumps({"queue": "vigie", "function": "system", "key": "another function"}).encode(),
    "another queue": json.dumps({"queue": "default", "function": "read", "key": "another queue"}).encode(),
    f"{UUID(int=1)}/0/0": json.dumps({"queue": "vigie", "function": "read", "key": f"{UUID(int=2)}/0/0"}).encode(),
}


async def test_h13_rubbish_in_the_queue_is_removed(database: Database) -> None:
    """Once, and counted; articles are read as if it were not there, and none of its words is seen anywhere."""
    async with reading(database, Scripted()) as measures:
        await (await Job.of(database, "first")).until("completed")
        job = await Job.of(database, *texts(8))
        for key, payload in RUBBISH.items():
            await job.ask("insert into saq_jobs (key, job, queue, status, scheduled) values (%s, %s, 'vigie', 'queued', 1)", key, payload)
        ticket = f"{UUID(int=3)}/0/0"
        sound = json.dumps({"queue": "vigie", "function": "read", "key": ticket}).encode()
        await job.ask("insert into saq_jobs (key, job, queue, status, scheduled, group_key) values (%s, %s, 'vigie', 'active', 1, 'all')", ticket, sound)
        await job.until("completed")
        await job.until_nothing_is_queued()

        assert counted(measures, "vigie_queue_rows_removed_total") == pytest.approx(len(RUBBISH) + 1, abs=2)  # some may have been taken before they were seen
    assert len(await job.lines()) == 8


async def test_h14_a_ticket_that_was_taken_by_nobody_comes_again(database: Database) -> None:
    """A worker that died with a ticket in hand, before it claimed the article, holds nobody up."""
    job = await Job.of(database, "one")
    tickets = Tickets(database, abandoned_s=0.5)
    await tickets.open()
    await tickets.put([Ticket(job.id, 0, 0)], 1)
    await job.ask("update saq_jobs set status = 'active'")
    extractor = Scripted()
    async with reading(database, extractor, tickets=tickets):
        await job.until("completed", seconds=10)

    assert extractor.begun == ["one"]


async def test_h14_a_ticket_that_comes_twice_has_one_result(database: Database) -> None:
    """Whoever comes second finds the article claimed."""
    extractor = Scripted(one=1.0)
    job = await Job.of(database, "one")
    async with reading(database, extractor):
        await job.until_items("running")
        tickets = Tickets(database)
        await tickets.open()
        await tickets.put([Ticket(job.id, 0, 0), Ticket(job.id, 0, 1)], 1)
        await job.until_nothing_is_queued()
        await job.until("completed")

    assert (extractor.begun, len(await job.lines())) == (["one"], 1)


@pytest.mark.prove
async def test_h15_a_worker_that_comes_back_too_late_writes_nothing(database: Database, database_url: str) -> None:
    """It was stopped, another has read its article meanwhile, and that result stays."""
    job = await Job.of(database, "sleep 1")
    async with working_process(database_url) as zombie:
        await job.until_items("running")
        zombie.process.send_signal(signal.SIGSTOP)
        await job.let_leases_run_out()
        async with reading(database, Scripted()):
            await job.until("completed")
        first = await job.lines()
        zombie.process.send_signal(signal.SIGCONT)
        await zombie.said("article-lost")

    assert await job.lines() == first


async def test_h16_an_emptied_queue_is_filled_again(database: Database) -> None:
    """Whatever it held; every article is read, and none twice."""
    extractor = Scripted(**dict.fromkeys(texts(6), 0.2))
    job = await Job.of(database, *texts(6))
    async with reading(database, extractor, slots=2):
        await job.until("running")
        while await job.state() == "running":
            await job.ask("truncate saq_jobs")
            await asyncio.sleep(0.3)

    assert await job.state() == "completed"
    assert sorted(extractor.begun) == sorted(texts(6))


async def test_h18_a_database_that_is_killed_amid_a_job_loses_nothing() -> None:
    """The worker waits until it is back and goes on; what it was reading meanwhile is kept, and nothing is read twice."""
    with embedded() as server:
        address = await asyncio.to_thread(_prepared, Postgres(server))
        extractor = Scripted(**dict.fromkeys(texts(12), 0.4))
        database = Database(Settings.model_validate({"database_url": address}))
        job = await Job.of(database, *texts(12))
        async with reading(database, extractor, slots=2):
            for _ in range(2):
                await asyncio.sleep(0.6)
                end(server, signal.SIGKILL)
                await asyncio.sleep(0.6)
                await asyncio.to_thread(server.start, 30)
            await job.until("completed")
        lines = await job.lines()
        await database.close()

    assert [line.index for line in lines] == list(range(12))
    assert sorted(extractor.begun) == sorted(texts(12))


def _prepared(postgres: Postgres) -> str:
    postgres.prepare()
    return asyncio.run(postgres.fresh())


async def test_h19_a_database_that_does_not_answer_is_not_besieged(database: Database) -> None:
    """Statements give up in time, nobody queues for connections, and the worker goes on when it answers again."""
    extractor = Scripted(one=0.3)
    async with reading(database, extractor):
        job = await Job.of(database, "one", "two", "three")
        await job.until_items("running", "completed", "completed")
        async with locked(database, "items"):
            await asyncio.sleep(4)
            pool = database._pool
            assert pool is not None
            assert pool.get_stats()["requests_waiting"] == 0
            assert pool.get_stats()["pool_size"] <= 6
        await job.until("completed")

    assert extractor.begun.count("one") == 1


async def test_h21_a_job_of_a_newer_version_waits_for_it(database: Database) -> None:
    """Workers of both versions are at work: one that does not know how a job is kept leaves it to the other, and fails nothing."""
    newer = await Job.of(database, "newer")
    await newer.ask("update jobs set format = 2")
    older = await Job.of(database, "older")
    extractor = Scripted()
    tickets = Tickets(database)
    await tickets.open()
    await tickets.put([Ticket(newer.id, 0, 0)], 1)
    async with reading(database, extractor):
        await older.until("completed")
        await asyncio.sleep(0.5)
        assert (extractor.begun, await newer.items()) == (["older"], [("waiting", 0)])
        await newer.ask("update jobs set format = 1")
        await newer.until("completed")


async def test_h22_a_cancelled_job_is_not_read_on(database: Database, database_url: str) -> None:
    """Within two seconds the endpoint is rid of the call."""
    token = uuid4().hex
    async with FaultyUpstream() as upstream, service_at(upstream.base_url("slow-30000", token), database_url=database_url, drain_s=0, deadline_s=60):
        job = await Job.of(database, small_article("one"), small_article("two"))
        tally = upstream.tally("slow-30000", token)
        await until(lambda: tally.calls == 2)
        began = time.monotonic()
        await JobStore(database).cancel(job.id, "caller")
        await until(lambda: tally.cancelled == 2)

    assert time.monotonic() - began < 2
    assert (await job.state(), tally.calls) == ("cancelled", 2)


async def test_h29_tickets_know_no_time(database: Database) -> None:
    """They stand in a line, in which nobody has to wait for a clock to show anything."""
    line = [Ticket(uuid4(), number, 0) for number in range(4)]
    tickets = Tickets(database)
    await tickets.open()
    for place in (1, 3):
        await tickets.put(line[place - 1 : place + 1], place)
        assert await tickets.tend() == (place + 1, place + 2, 0)

    assert [await tickets.take() for _ in line] == line


@pytest.mark.prove
async def test_h29_clocks_that_differ_make_no_difference(database: Database, database_url: str) -> None:
    """Of two workers one is an hour ahead and one an hour behind: neither takes the other's articles, nor waits for its tickets."""
    job = await Job.of(database, *(f"sleep 0.5 {number}" for number in range(8)), "sleep 3")
    few = {"VIGIE_WORKER_CONCURRENCY": "2"}
    async with working_process(database_url, scripted(wrong_s=3_600), **few) as ahead, working_process(database_url, scripted(wrong_s=-3_600), **few) as behind:
        await job.until("completed")
        read = [sum(line.get("event") == "article-read" for line in one.lines) for one in (ahead, behind)]

    assert await job.items() == [("completed", 1)] * 9
    assert all(read)


@pytest.mark.prove
async def test_k03_a_second_signal_gives_the_articles_of_jobs_back(database: Database, database_url: str) -> None:
    """`vigie serve` has no time for them, and blames them for nothing."""
    async with FaultyUpstream() as upstream:
        address = upstream.base_url("slow-30000", uuid4().hex)
        job = await Job.of(database, small_article())
        async with serving_process(address, VIGIE_DATABASE_URL=database_url, VIGIE_DRAIN_S="30") as (serving, _):
            await job.until_items("running")
            serving.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.3)
            assert await job.items() == [("running", 1)]
            serving.send_signal(signal.SIGTERM)
            await asyncio.wait_for(serving.wait(), 8)

    assert await job.items() == [("waiting", 0)]


@pytest.mark.prove
async def test_k03_so_does_a_worker(database: Database, database_url: str) -> None:
    """`vigie worker` ends as `vigie serve` does."""
    async with FaultyUpstream() as upstream:
        endpoint = {"VIGIE_MODEL": "reader", "OPENAI_BASE_URL": upstream.base_url("slow-30000", uuid4().hex), "VIGIE_DRAIN_S": "30"}
        job = await Job.of(database, small_article())
        async with working_process(database_url, WORKER, **endpoint) as working:
            await job.until_items("running")
            working.process.send_signal(signal.SIGTERM)
            await working.said("draining")
            assert await job.items() == [("running", 1)]
            working.process.send_signal(signal.SIGTERM)
            assert await working.ended(8) == -signal.SIGTERM

    assert await job.items() == [("waiting", 0)]


async def test_f13_requests_do_not_wait_for_jobs(database: Database, database_url: str) -> None:
    """Before a hundred articles of a job whoever asks waits no longer than on an idle service, give or take a half."""

    async def longest_s() -> float:
        async def asked(number: int) -> float:
            began = time.monotonic()
            assert (await service.extract(small_article(f"request {number}"))).status_code == 200
            return time.monotonic() - began

        return max([took for _ in range(2) for took in await asyncio.gather(asked(1), asked(2))])

    async with (
        FaultyUpstream() as upstream,
        service_at(upstream.base_url("slow-700", uuid4().hex), database_url=database_url, drain_s=0, concurrency=6, cache_mb=0, deadline_s=60) as service,
    ):
        await service.extract(small_article("the first"))
        idle_s = await longest_s()
        job = await Job.of(database, *map(small_article, texts(100)))
        await job.until_items(*["running"] * 4, *["waiting"] * 96)
        busy_s = await longest_s()

        assert await job.state() == "running"
    print(f"idle {idle_s:.3f} s, before a hundred articles {busy_s:.3f} s")  # noqa: T201 - figures for the page

    assert busy_s < 1.5 * idle_s
