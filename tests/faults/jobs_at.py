"""A service whose jobs are in a database, what is asked of it, and a worker that reads nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx2
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from schemas.job import Job
from schemas.problem import Problem
from schemas.record import Usage
from service.app import app_around
from service.jobs.store import JobStore
from service.settings import Settings
from tests.faults.service_at import Service, served
from tests.rig.postgres import Postgres
from tests.unit.service_parts import FakeExtractor, FakeModel

T = TypeVar("T")

ARTICLES = [{"text": f"Ada said so {number} times."} for number in range(3)]
NDJSON = {"Content-Type": "application/x-ndjson"}
A, B = "vg_a_0123456789abcdef0123", "vg_b_0123456789abcdef0123"
NOTHING = Usage(prompt_tokens=5, cached_tokens=0, completion_tokens=2, cost_usd=None)
NONE_KEPT = {"jobs": 0, "articles": 0, "items": 0, "results": 0}


@asynccontextmanager
async def door_to(database_url: str, **settings: object) -> AsyncIterator[Service]:
    """Yield a service whose jobs are in a database; nobody reads them but a test."""
    configured = Settings.model_validate({"database_url": database_url, "worker": False, **settings})
    async with served(app_around(configured, FakeModel(), FakeExtractor()), configured) as service:
        yield service


def problem_in(answer: httpx2.Response) -> Problem:
    """Return the problem that an answer is, which has all that a problem has."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate_json(answer.content)
    assert problem.status == answer.status_code
    assert ("retry-after" in answer.headers) is problem.retryable
    return problem


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """Return what a refusal says."""
    return answer.status_code, problem_in(answer).code


async def submit(service: Service, articles: Sequence[object] = ARTICLES, **headers: str) -> Job:
    """Return the job that these articles became."""
    answer = await service.client.post("/jobs", json=articles, headers=headers)
    assert answer.status_code == 202, answer.text
    job = Job.model_validate_json(answer.content)
    assert answer.headers["location"] == f"/jobs/{job.id}"
    return job


async def read(store: JobStore, *bad: int, most: int = 100) -> None:
    """Read what waits, as a worker does; the articles at the places `bad` cannot be read."""
    for ticket in await store.waiting(most, [1]):
        claim = await store.claim(ticket, 60)
        assert claim is not None
        if claim.index in bad:
            assert await store.fail(claim, b'{"code":"model-refused"}')
        else:
            assert await store.complete(claim, b'{"id":"rec_%d"}' % claim.index, NOTHING)


async def lines(service: Service, job: Job, **query: int) -> list[Any]:
    """Return the lines that a caller gets."""
    answer = await service.client.get(f"/jobs/{job.id}/records", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.content.splitlines()]


async def run(url: str, statement: sql.SQL | sql.Composed) -> list[tuple[Any, ...]]:
    """Return what the database says to a statement."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(statement)
        return await cursor.fetchall() if cursor.description else []


async def kept(url: str) -> dict[str, int]:
    """Return how many rows the tables of jobs have."""
    counts = {}
    for table in ("jobs", "articles", "items", "results"):
        [[counts[table]]] = await run(url, sql.SQL("select count(*) from {}").format(sql.Identifier(table)))
    return counts


@asynccontextmanager
async def away(postgres: Postgres, url: str) -> AsyncIterator[None]:
    """Have a database let nobody in, and send away those who are in it."""
    name, others = sql.Identifier(str(conninfo_to_dict(url)["dbname"])), postgres.server.conninfo
    await run(others, sql.SQL("alter database {} with allow_connections false").format(name))
    await run(others, sql.SQL("select pg_terminate_backend(pid) from pg_stat_activity where datname = {}").format(sql.Literal(name.as_string().strip('"'))))
    try:
        yield
    finally:
        await run(others, sql.SQL("alter database {} with allow_connections true").format(name))


async def until(look: Callable[[], Awaitable[T]], within_s: float = 10) -> T:
    """Return what there is to see as soon as there is something."""
    async with asyncio.timeout(within_s):
        while True:
            if seen := await look():
                return seen
            await asyncio.sleep(0.02)


async def taken(service: Service, articles: Sequence[object] = ARTICLES, **headers: str) -> Job | None:
    """Return the job that these articles became, if jobs are taken at all."""
    answer = await service.client.post("/jobs", json=articles, headers=headers)
    return Job.model_validate_json(answer.content) if answer.status_code == 202 else None


def addresses(job_id: object) -> list[tuple[str, str]]:
    """Return all that can be asked of one job."""
    return [
        ("GET", f"/jobs/{job_id}"),
        ("DELETE", f"/jobs/{job_id}"),
        ("GET", f"/jobs/{job_id}/records"),
        ("GET", f"/jobs/{job_id}/records?after=2"),
        ("DELETE", f"/jobs/{job_id}/records"),
    ]
