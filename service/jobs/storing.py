"""How a submission becomes a job: in one transaction, as it arrives, without ever being held whole."""

import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from psycopg import Rollback

from service.database.database import Connection
from service.errors import IdempotencyKeyReused, TooManyJobs
from service.jobs import statements
from service.jobs.items import FORMAT, Entry

#: The first half of the advisory locks of callers, "VJ"; the second half is the caller's.
_CALLERS = 0x564A
#: How much is awaited of a submission before a connection is taken for it: what is small never keeps one from others while it is on its way.
_AHEAD = 1024 * 1024
#: For a statement with much to write, and between two batches.
_LIMITS = "set local statement_timeout = '60s'; set local idle_in_transaction_session_timeout = '60s'"


@dataclass(frozen=True, slots=True)
class Submission:
    """What a caller hands in."""

    caller: str
    #: What the caller calls it, so that it may be repeated.
    name: bytes | None
    #: The entries that have arrived, in batches, those that have not, and what is the digest of all of them once they have.
    arrived: Sequence[Sequence[Entry]]
    arriving: AsyncIterator[Sequence[Entry]]
    digest: Callable[[], bytes]

    async def batches(self) -> AsyncIterator[Sequence[Entry]]:
        """Yield all batches."""
        for batch in self.arrived:
            yield batch
        async for batch in self.arriving:
            yield batch


async def begun(entries: AsyncIterator[Sequence[Entry]]) -> list[Sequence[Entry]]:
    """Return the first batches of `entries`, all of them if they are small."""
    batches, size = [], 0
    async for batch in entries:
        batches.append(batch)
        size += sum(len(entry.body or b"") + len(entry.problem or b"") for entry in batch)
        if size >= _AHEAD:
            break
    return batches


async def known(connection: Connection, submission: Submission, ttl: timedelta) -> tuple[UUID, bytes] | None:
    """Return the job that a submission of this name became, and its digest; what a job became is kept for `ttl` after its end."""
    if submission.name is None:
        return None
    name = {"caller": submission.caller, "name": submission.name, "ttl": ttl}
    await connection.execute(statements.FREE_NAME, name)
    found = await (await connection.execute(statements.NAMED, name)).fetchone()
    return (found[0], found[1]) if found else None


async def check_number(connection: Connection, caller: str, most: int) -> None:
    """Return if the caller may have another job.

    Raises:
        TooManyJobs: Not with `most` unfinished ones.
    """
    found = await (await connection.execute(statements.UNFINISHED_OF, {"caller": caller})).fetchone()
    if found and found[0] >= most:
        raise TooManyJobs(most)


async def repeated(submission: Submission, job_id: UUID, digest: bytes) -> UUID:
    """Return the job that `submission` was kept as before, if it is the same.

    Raises:
        IdempotencyKeyReused: It is not.
    """
    async for _ in submission.batches():
        pass  # Its digest is known at its end.
    if submission.digest() != digest:
        raise IdempotencyKeyReused
    return job_id


async def stored(connection: Connection, submission: Submission, most: int, ttl: timedelta) -> UUID:
    """Keep `submission` as a job and return its id, or that of the job that it was kept as meanwhile.

    Raises:
        IdempotencyKeyReused: The name stands for another submission of the same caller.
        TooManyJobs: The caller has `most` unfinished jobs.
    """
    async with connection.transaction() as transaction:
        for limit in _LIMITS.split("; "):
            await connection.execute(limit)
        job_id = uuid4()
        job = {"id": job_id, "caller": submission.caller, "format": FORMAT, "name": submission.name, "lock": _CALLERS}
        await connection.execute(statements.NEW, job)
        total, refused = await _copied(connection, job_id, submission.batches())
        await connection.execute(statements.ITEMS, job)
        await connection.execute(statements.ALONE, job)
        twin = await known(connection, submission, ttl)
        if twin is not None:
            raise Rollback(transaction)
        await check_number(connection, submission.caller, most)
        await connection.execute(statements.HANDED_IN, {**job, "total": total, "refused": refused, "digest": submission.digest()})
        return job_id
    return await repeated(submission, *twin)


async def _copied(connection: Connection, job_id: UUID, batches: AsyncIterator[Sequence[Entry]]) -> tuple[int, int]:
    """Write what comes, and return how many entries there were, and how many of them no articles."""
    total = refused = 0
    async for batch in batches:
        places = range(total, total + len(batch))
        articles = [(job_id, index, entry.body) for index, entry in zip(places, batch, strict=True) if entry.problem is None]
        problems = [(index, entry.problem) for index, entry in zip(places, batch, strict=True) if entry.problem is not None]
        lines = [(job_id, line, index, problem) for line, (index, problem) in zip(itertools.count(refused + 1), problems, strict=False)]
        await _copy(connection, statements.COPY_ARTICLES, ("uuid", "int4", "bytea"), articles)
        await _copy(connection, statements.COPY_REFUSED, ("uuid", "int4", "int4", "bytea"), lines)
        total, refused = total + len(batch), refused + len(problems)
    if not total:
        raise ValueError("a job has at least one entry")
    return total, refused


async def _copy(connection: Connection, statement: str, types: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    if not rows:
        return
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            await copy.write_row(row)
