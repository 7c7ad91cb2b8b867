"""Jobs as they are handed in."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from uuid import UUID

import pytest
from psycopg import AsyncConnection

from schemas.job import JobState
from service.database.database import Database
from service.errors import IdempotencyKeyReused, StorageUnavailable, TooManyJobs
from service.jobs.store import Entry, JobStore
from service.jobs.ticketing import Tickets
from service.settings import Settings
from tests.rig.submissions import FORMATS, PROBLEM, article, batched, claim_next, hand_in, read_all

pytestmark = pytest.mark.integration


async def counted(database: Database) -> dict[str, int]:
    """Return how many rows each table has."""
    async with database.connection() as connection:
        found = {table: await connection.execute(f"select from {table}".encode()) for table in ("jobs", "articles", "items", "results")}
        return {table: rows.rowcount for table, rows in found.items()}


async def test_a_job_is_kept_as_it_was_handed_in(store: JobStore) -> None:
    """Every article comes back byte by byte, in its place, also with a null character in it; what is none has its problem at once."""
    job_id = await hand_in(store, 5, refused={1, 3})
    job = await store.job(job_id, "caller")

    assert (job.id, job.state, job.started_at, job.ended_at) == (job_id, JobState.QUEUED, None, None)
    assert job.counts.model_dump() == {"total": 5, "waiting": 3, "running": 0, "completed": 0, "failed": 2, "cancelled": 0}
    lines, last = await store.lines(job_id, "caller", 0, 10)
    assert [(line.line, line.index, line.record, line.problem) for line in lines] == [(1, 1, None, PROBLEM), (2, 3, None, PROBLEM)]
    assert not last
    claims = [await claim_next(store) for _ in range(3)]
    assert [(claim.index, claim.body, claim.caller, claim.failures) for claim in claims] == [(index, article(index), "caller", 0) for index in (0, 2, 4)]


async def test_a_job_without_an_article_has_failed(store: JobStore) -> None:
    """If nothing that was handed in is an article there is nothing to wait for."""
    job = await store.job(await hand_in(store, 2, refused={0, 1}), "caller")

    assert (job.state, job.progress, job.estimate_s) == (JobState.FAILED, 1, 0)
    assert job.ended_at == job.created_at or job.ended_at is not None
    assert await store.waiting(10, FORMATS) == []


async def test_nothing_is_left_of_what_breaks_off(store: JobStore, database: Database) -> None:
    """A caller who leaves while handing in, after however much, leaves nothing behind."""

    async def broken(batches: int) -> AsyncIterator[Sequence[Entry]]:
        for _ in range(batches):
            yield [Entry(b"x" * 600_000, None), Entry(None, PROBLEM)]
        raise ConnectionResetError

    for batches in (0, 1, 4):
        with pytest.raises(ConnectionResetError):
            await store.create("caller", broken(batches), repeat_name=b"name", digest=lambda: b"digest")
    assert await counted(database) == {"jobs": 0, "articles": 0, "items": 0, "results": 0}


async def test_a_job_has_articles(store: JobStore, database: Database) -> None:
    """Whoever stores nothing has made a mistake, which leaves nothing."""
    with pytest.raises(ValueError, match="at least one"):
        await store.create("caller", batched([]), repeat_name=None, digest=lambda: b"digest")
    assert (await counted(database))["jobs"] == 0


async def test_h03_the_same_again_is_the_same_job(store: JobStore, database: Database) -> None:
    """Who did not get the answer hands in again under the same name, and gets the job that is there already, running or ended."""
    job_id = await hand_in(store, name=b"name")

    assert await hand_in(store, name=b"name") == job_id
    await read_all(store)
    assert await hand_in(store, name=b"name") == job_id
    assert await counted(database) == {"jobs": 1, "articles": 0, "items": 3, "results": 3}


async def test_h04_another_submission_under_the_same_name_is_refused(store: JobStore) -> None:
    """A name stands for what was handed in under it, told by the digest."""
    await hand_in(store, name=b"name")

    with pytest.raises(IdempotencyKeyReused):
        await store.create("caller", batched([Entry(article(0), None)]), repeat_name=b"name", digest=lambda: b"other")


async def test_h05_fifty_at_once_are_one_job(store: JobStore, database: Database) -> None:
    """However many hand in the same under the same name at the same moment, there is one job, and all get its id."""
    ids = await asyncio.gather(*(hand_in(store, 20, name=b"name") for _ in range(50)))

    assert len(set(ids)) == 1
    assert await counted(database) == {"jobs": 1, "articles": 20, "items": 20, "results": 0}


async def test_h06_names_are_the_caller_s_own(store: JobStore) -> None:
    """Two callers may use the same name for different submissions; without a name each submission is a job."""
    ids = [await hand_in(store, caller="one", name=b"name"), await hand_in(store, 2, caller="two", name=b"name"), await hand_in(store), await hand_in(store)]

    assert len(set(ids)) == 4


async def test_h08_what_was_refused_pins_no_name(database_url: str) -> None:
    """A name under which nothing was kept stands for nothing; and a repetition is no further job, however many there may be."""
    async with _store(database_url, most_jobs=1) as store:
        first = await hand_in(store, name=b"first")
        with pytest.raises(TooManyJobs) as refused:
            await hand_in(store, name=b"second")
        assert refused.value.limit == 1
        assert await hand_in(store, name=b"first") == first
        await read_all(store)
        assert await hand_in(store, 7, name=b"second") != first


async def test_many_at_once_are_not_too_many(database_url: str) -> None:
    """However many a caller hands in at the same moment, no more are kept than one may have, and those of others are."""
    async with _store(database_url, most_jobs=3) as store:
        results = await asyncio.gather(*(hand_in(store, caller=f"caller {number % 2}") for number in range(20)), return_exceptions=True)

    assert sum(isinstance(one, UUID) for one in results) == 6
    assert sum(isinstance(one, TooManyJobs) for one in results) == 14


@pytest.mark.parametrize("name", [None, b"name"], ids=["h05-number", "h05-name"])
async def test_two_at_the_same_moment_come_one_after_the_other(database_url: str, name: bytes | None) -> None:
    """Who hands in while another process is about to keep a job of the same caller waits for that: it is counted, and known by its name."""

    async def other() -> UUID | TooManyJobs:
        async with _store(database_url, most_jobs=1) as store:
            try:
                return await hand_in(store, name=name)
            except TooManyJobs as refused:
                return refused

    with ThreadPoolExecutor(1) as threads:
        others: list[Future[UUID | TooManyJobs]] = []

        def digest() -> bytes:
            # The last that is asked for before the job is kept.
            others.append(threads.submit(asyncio.run, other()))
            wait(others, timeout=1)
            return b"digest"

        async with _store(database_url, most_jobs=1) as store:
            job_id = await store.create("caller", batched([Entry(article(0), None)]), repeat_name=name, digest=digest)
        came = await asyncio.wrap_future(others[0])
    assert came == job_id if name else isinstance(came, TooManyJobs)


async def test_h20_a_full_or_read_only_database_keeps_nothing(store: JobStore, database_url: str) -> None:
    """While the database takes nothing the caller is told so, and what is there can be read; once it does again, so does the service, without a restart."""
    job_id = await hand_in(store)
    async with await AsyncConnection.connect(database_url, autocommit=True) as admin:
        name = admin.info.dbname
        for read_only in ("on", "off"):
            await admin.execute(f"alter database {name} set default_transaction_read_only = {read_only}".encode())
            await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
            if read_only == "on":
                with pytest.raises(StorageUnavailable):
                    await hand_in(store)
                assert (await store.job(job_id, "caller")).counts.waiting == 3
    assert await hand_in(store) != job_id


async def test_a_slow_caller_keeps_no_connection(store: JobStore) -> None:
    """Twenty who hand in little and slowly keep nobody from asking how far a job is."""
    job_id = await hand_in(store)
    over = asyncio.Event()

    async def slow() -> AsyncIterator[Sequence[Entry]]:
        yield [Entry(article(0), None)]
        await over.wait()

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(store.create(f"slow {number}", slow(), repeat_name=None, digest=lambda: b"digest"))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(2):
            assert (await store.job(job_id, "caller")).counts.total == 3
        over.set()


async def test_a_slow_caller_leaves_room_to_write(store: JobStore) -> None:
    """However much a caller hands in slowly at the same time, others hand in at once."""
    over = asyncio.Event()

    async def slow() -> AsyncIterator[Sequence[Entry]]:
        yield [Entry(b"x" * 2_000_000, None)]
        await over.wait()

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(store.create("slow", slow(), repeat_name=None, digest=lambda: b"digest"))
        await asyncio.sleep(0.3)
        async with asyncio.timeout(2):
            assert await hand_in(store) is not None
        over.set()


class _store:  # noqa: N801 - it is used as a function
    """The store of a database, with settings."""

    def __init__(self, database_url: str, **settings: object) -> None:
        self._database = Database(Settings.model_validate({"database_url": database_url, **settings}))

    async def __aenter__(self) -> JobStore:
        await Tickets(self._database).open()
        return JobStore(self._database)

    async def __aexit__(self, *_: object) -> None:
        await self._database.close()
