"""`GET /jobs/{id}/records`: the records of a job as they come."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from psycopg import sql

from schemas.job import Job
from service import logs
from service.app import app_around
from service.jobs.store import JobStore
from service.settings import Settings
from service.streaming.lines import MOST_LINES
from tests.faults.jobs_at import away, door_to, lines, read, refusal, run, submit, taken, until
from tests.faults.service_at import Service, served
from tests.rig.postgres import Postgres
from tests.unit.service_parts import CANARY, FakeExtractor, FakeModel

pytestmark = pytest.mark.integration

#: Longest that a line may take that is there.
SOON_S = 3


@pytest.fixture
async def door(database_url: str) -> AsyncIterator[Service]:
    """A service whose jobs are in a database of the test's own."""
    async with door_to(database_url) as service:
        yield service


@asynccontextmanager
async def following(service: Service, job: Job, after: int = 0) -> AsyncIterator[AsyncIterator[Any]]:
    """Yield the lines of a job as they come."""
    async with service.client.stream("GET", f"/jobs/{job.id}/records", params={"after": after}) as answer:
        assert answer.status_code == 200
        told = answer.aiter_lines()

        async def parsed() -> AsyncIterator[Any]:
            async for line in told:
                yield json.loads(line)

        yield parsed()


async def soon(told: AsyncIterator[Any]) -> Any:  # noqa: ANN401 - what a line holds
    """Return the next line, which must come soon."""
    async with asyncio.timeout(SOON_S):
        return await anext(told)


async def counted(service: Service, labels: str) -> bool:
    """Return whether the service counts requests of this kind."""
    return labels in (await service.client.get("/metrics")).text


async def test_lines_come_as_articles_end(door: Service, store: JobStore) -> None:
    """Each line is there soon after its article has ended, and the stream ends with the job; what is no article is there from the beginning."""
    job = await submit(door, [{"text": "a"}, "b", {"text": "c"}])
    async with following(door, job) as told:
        assert (await soon(told))["index"] == 1
        await read(store, most=1)
        assert await soon(told) == {"index": 0, "record": {"id": "rec_0"}}
        await read(store, 2)
        assert await soon(told) == {"index": 2, "problem": {"code": "model-refused"}}
        with pytest.raises(StopAsyncIteration):
            await soon(told)


async def test_who_knows_some_lines_gets_the_others(door: Service, store: JobStore) -> None:
    """However many there are, none is missing, none comes twice, and those behind a place are the same as ever; behind the last there are none."""
    for count in (MOST_LINES - 1, MOST_LINES, 2 * MOST_LINES + 1):
        job = await submit(door, [{"text": f"{number}"} for number in range(count)])
        await read(store, most=count)
        told = await lines(door, job)

        assert [line["index"] for line in told] == [*range(count)]
        for after in (0, 1, MOST_LINES - 1, MOST_LINES, count - 1, count, count + 1, 999_999_999):
            assert await lines(door, job, after=after) == told[after:]


async def test_a26_a_place_that_is_none(door: Service) -> None:
    """What is no number of lines is refused."""
    job = await submit(door)
    for after in ("-1", "a", "1.5", "", "%EF%BC%91", "1e3", "0x1", "1&after=2", "9" * 10):
        assert refusal(await door.client.get(f"/jobs/{job.id}/records?after={after}")) == (400, "invalid-parameter"), after


async def test_a13_lines_are_served_to_those_who_take_them(door: Service) -> None:
    """Another form is not served, and neither are lines where nothing can end them."""
    job = await submit(door)
    for accept in ("application/json", "text/html", "application/x-ndjson;q=0"):
        assert refusal(await door.client.get(f"/jobs/{job.id}/records", headers={"Accept": accept})) == (406, "not-acceptable")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(door.base_url.rpartition(":")[2]))
    writer.write(f"GET /jobs/{job.id}/records HTTP/1.0\r\n\r\n".encode())
    answer = await reader.readline()
    writer.close()

    assert b" 406 " in answer


async def test_who_leaves_is_not_served_on(database_url: str) -> None:
    """Whoever leaves in the midst of a stream gives back what it held: the one place of the caller is free again, and the log knows."""
    async with door_to(database_url, caller_concurrency=1) as door:
        job = await submit(door, ["none", {"text": "a"}])
        async with following(door, job) as told:
            await soon(told)
            crowded = await door.client.get(f"/jobs/{job.id}/records")
        await until(lambda: counted(door, 'code="client-gone",method="GET",route="/jobs/{job_id}/records"'))
        async with following(door, job) as told:
            assert (await soon(told))["index"] == 0

    assert refusal(crowded) == (429, "rate-limited")


async def test_a_stream_has_an_end(database_url: str) -> None:
    """Where the job takes longer than an article may, the stream ends, with all lines that there are."""
    async with door_to(database_url, max_deadline_s=0.5, deadline_s=0.5) as door:
        job = await submit(door, ["none", {"text": "a"}])
        async with asyncio.timeout(SOON_S):
            told = await lines(door, job)

    assert [line["index"] for line in told] == [0]


async def test_k02_a_stream_does_not_hold_up_the_end_of_the_service(database_url: str) -> None:
    """Once the service is to end it tells what there is and no more, also to those who still come."""
    configured = Settings.model_validate({"database_url": database_url, "worker": False})
    app = app_around(configured, FakeModel(), FakeExtractor())
    async with served(app, configured) as service:
        job = await submit(service, ["none", {"text": "a"}])
        async with following(service, job) as told, asyncio.timeout(SOON_S):
            await anext(told)
            app.state.ending.begin()
            assert [line async for line in told] == []
            assert len(await lines(service, job)) == 1


async def test_a_broken_line_breaks_no_other(door: Service, store: JobStore, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A record that is none any more has a problem in its place, and those around it are as they were; its words are nowhere."""
    logs.configure("info")
    job = await submit(door, [{"text": f"{number}"} for number in range(5)])
    await read(store)
    for line, words in ((1, f'{{"id":"{CANARY}'), (2, f'{{"id":\n"{CANARY}"}}'), (3, f'"{CANARY}"')):
        broken = sql.SQL("update results set record = convert_to({}, 'utf8') where line = {}").format(sql.Literal(words), sql.Literal(line))
        await run(database_url, broken)
    answer = await door.client.get(f"/jobs/{job.id}/records")
    told = [json.loads(line) for line in answer.content.splitlines()]

    assert [line.get("problem", {}).get("code") for line in told] == ["internal-error"] * 3 + [None] * 2
    assert [line["index"] for line in told] == [*range(5)]
    log = capsys.readouterr().err
    assert log.count('"event": "internal-error"') == 3
    assert CANARY not in log + answer.text


async def test_a_stream_outlives_a_database_that_is_away_for_a_while(door: Service, store: JobStore, database_url: str, postgres: Postgres) -> None:
    """What ends after the database has come back is told on the same stream."""
    job = await submit(door, ["none", {"text": "a"}])
    async with following(door, job) as told:
        await soon(told)
        async with away(postgres, database_url):
            await asyncio.sleep(1)
        assert await until(lambda: taken(door))
        await read(store, most=1)
        async with asyncio.timeout(10):
            assert (await anext(told))["index"] == 1


async def test_what_is_deleted_ends_its_stream(door: Service) -> None:
    """Whoever deletes the records of a job ends the streams of it; who asks again hears why."""
    job = await submit(door, ["none", {"text": "a"}])
    async with following(door, job) as told, asyncio.timeout(SOON_S):
        await anext(told)
        await door.client.delete(f"/jobs/{job.id}/records")
        assert [line async for line in told] == []
        again = await door.client.get(f"/jobs/{job.id}/records?after=1")

    assert refusal(again) == (410, "expired")
    assert await counted(door, 'code="expired",method="GET",route="/jobs/{job_id}/records",status="200"')
