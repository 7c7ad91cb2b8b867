"""The tables are brought up to date while jobs wait and are read, and two versions of the service work with them at the same time (row H21)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from psycopg import sql

from schemas.article import Article
from schemas.job import Job as Handed
from schemas.job import JobState
from schemas.record import Record
from service.database import migrating
from service.database.database import Database
from service.database.migrating import upgrade
from service.settings import Settings
from tests.faults.jobs_at import ARTICLES, door_to, lines, run, submit, until
from tests.faults.service_at import Service
from tests.faults.test_jobs_worker import reading
from tests.faults.working_process import Job
from tests.rig.postgres import Postgres
from tests.unit.job_parts import Scripted

pytestmark = pytest.mark.integration

STEPS = sorted(path.stem.partition("_")[0] for path in (Path(migrating.__file__).parent / "migrations" / "versions").glob("0*.py"))


class Held(Scripted):
    """Reads the article `slow` no sooner than it is let."""

    def __init__(self) -> None:
        """Begin with a reading that lasts."""
        super().__init__()
        self.let = asyncio.Event()

    async def extract(self, article: Article, *, deadline_at: float, **how: object) -> Record:
        """Read an article."""
        if article.text == "slow":
            await self.let.wait()
        return await super().extract(article, deadline_at=deadline_at, **how)


async def set_revision(database_url: str, revision: str) -> None:
    """Have the tables be of a revision, without changing them."""
    await run(database_url, sql.SQL("update alembic_version set version_num = {}").format(sql.Literal(revision)))


async def revision_in(database_url: str) -> str:
    """Return the revision of the tables."""
    [[revision]] = await run(database_url, sql.SQL("select version_num from alembic_version"))
    return str(revision)


@asynccontextmanager
async def older(postgres: Postgres, revision: str) -> AsyncIterator[tuple[Database, str]]:
    """Yield a database of an earlier `revision`, opened as the service of that revision did: it changes nothing in it."""
    database_url = await postgres.fresh(empty=True)
    await asyncio.to_thread(upgrade, database_url, revision)
    database = Database(Settings.model_validate({"database_url": database_url}))
    # What it does not know it leaves alone.
    await set_revision(database_url, "9999")
    await database.open()
    await set_revision(database_url, revision)
    try:
        yield database, database_url
    finally:
        await database.close()


@pytest.mark.parametrize("revision", STEPS[:-1], ids=[f"h21-{revision}" for revision in STEPS[:-1]])
async def test_jobs_go_on_through_an_upgrade(postgres: Postgres, revision: str) -> None:
    """The new version starts beside the old one, which reads: what was being read is read to its end, what waited is read by the new one, and nothing twice."""
    extractor = Held()
    async with older(postgres, revision) as (database, database_url):
        slow = await Job.of(database, "slow", "slow")
        async with reading(database, extractor, slots=2):
            await slow.until_items("running", "running")
            waiting = [await Job.of(database, *(f"{name} {number}" for number in range(6))) for name in ("first", "second")]
            assert await revision_in(database_url) == revision
            assert [await job.items() for job in waiting] == [[("waiting", 0)] * 6] * 2
            async with door_to(database_url, worker=True, worker_concurrency=2) as door:
                newer = await submit(door)
                await until(lambda: _is_new(database_url))
                await until(lambda: _has_ended(door, newer))
                assert await slow.state() == "running"
                extractor.let.set()
                for job in (*waiting, slow, Job(database, newer.id)):
                    await until(lambda job=job: _is_read_once(job))  # type: ignore[misc]
                assert len(await lines(door, newer)) == len(ARTICLES)
        assert [len(await job.lines()) for job in (*waiting, slow)] == [6, 6, 2]


async def _is_new(database_url: str) -> bool:
    return await revision_in(database_url) == STEPS[-1]


async def _is_read_once(job: Job) -> bool:
    return set(await job.items()) == {("completed", 1)}


async def _has_ended(door: Service, job: Handed) -> bool:
    return Handed.model_validate_json((await door.client.get(f"/jobs/{job.id}")).content).state == JobState.COMPLETED


async def test_h21_this_version_works_with_the_tables_of_its_successor(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """While the next version is rolled out, whose step has added to the tables, this one starts, takes jobs and reads them; the log says so."""
    await run(database_url, sql.SQL("alter table jobs add column priority smallint not null default 0"))
    await run(database_url, sql.SQL("alter table items add column region text"))
    await set_revision(database_url, "9999")
    async with door_to(database_url, worker=True, rate_per_minute=100, caller_concurrency=5) as door:
        job = await submit(door)
        await until(lambda: _has_ended(door, job))
        assert len(await lines(door, job)) == len(ARTICLES)

    assert await revision_in(database_url) == "9999"
    assert {record.message for record in caplog.records if record.name.startswith("service.database")} == {"database-newer"}
