"""The store of jobs: the only way to what the database keeps of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import UUID
from weakref import WeakValueDictionary

from psycopg.rows import dict_row

from schemas.job import UNFINISHED, Job, JobState
from schemas.record import Usage
from service.database.database import Connection, Database
from service.errors import AlreadyTerminal, Expired, NotFound, QueueUnavailable
from service.jobs import statements
from service.jobs.items import FORMATS, Claim, Entry, Line, Ticket
from service.jobs.storing import Submission, begun, check_number, known, repeated, stored
from service.jobs.telling import job_of

__all__ = ["Claim", "Entry", "JobStore", "Line", "Ticket"]

#: How many submissions of this process are written at the same time, how many of them may be one caller's, and seconds for which others wait: there must be
#: connections left, and a caller whose line is slow keeps them to the end.
_WRITERS, _WRITERS_EACH, _WAITING_S = 4, 2, 5
#: Seconds for which a connection is lent: to write a submission, which may arrive slowly, and to go through all articles of a job.
_WRITING_S, _MUCH_S = 1_200, 300
#: Bytes of the lines that are read at once, unless the first alone is longer.
_MOST_BYTES = 4 * 1024 * 1024
#: For a statement that has to do with every article of a job.
_MUCH = "set local statement_timeout = '60s'"
#: What an article cost that became no record.
_NOTHING = Usage(prompt_tokens=0, cached_tokens=0, completion_tokens=0, cost_usd=None)


class JobStore:
    """The jobs in a database. Every method raises `QueueUnavailable` or `StorageUnavailable` where the database does not do its part."""

    def __init__(self, database: Database) -> None:
        """Keep the `database`; its settings say how many jobs a caller may have, and how long their records are kept."""
        self._database = database
        self._most_jobs = database.settings.most_jobs
        self._ttl = timedelta(seconds=database.settings.job_ttl_s)
        self._writers = asyncio.Semaphore(_WRITERS)
        self._writers_of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    # For callers

    async def create(self, caller: str, entries: AsyncIterator[Sequence[Entry]], *, repeat_name: bytes | None, digest: Callable[[], bytes]) -> UUID:
        """Keep the `entries` as a job of `caller` and return its id; keep nothing if they break off.

        Args:
            caller: Whose job it is.
            entries: What was handed in, in batches; at least one entry in all.
            repeat_name: What the caller calls the submission, so that it may be repeated.
            digest: Returns the digest of all that was handed in; asked after the last batch.

        Raises:
            IdempotencyKeyReused: The name stands for another submission of the same caller.
            TooManyJobs: The caller has as many unfinished jobs as one may have.
        """
        submission = Submission(caller, repeat_name, await begun(entries), entries, digest)
        async with self._database.connection() as connection:
            twin = await known(connection, submission, self._ttl)
            if twin is None:
                await check_number(connection, caller, self._most_jobs)
        if twin is not None:
            return await repeated(submission, *twin)
        async with self._writing(caller), self._database.connection(_WRITING_S) as connection:
            return await stored(connection, submission, self._most_jobs, self._ttl)

    async def job(self, job_id: UUID, caller: str) -> Job:
        """Return how far the job is.

        Raises:
            NotFound: There is none, or it is another caller's.
            Expired: Its records are no longer kept.
        """
        async with self._database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            row = await (await cursor.execute(statements.JOB, {"id": job_id, "caller": caller, "ttl": self._ttl})).fetchone()
        if row is None:
            raise NotFound
        if row["expired"]:
            raise Expired
        return job_of(row, self._ttl)

    async def lines(self, job_id: UUID, caller: str, after: int, limit: int) -> tuple[list[Line], bool]:
        """Return up to `limit` lines after the line `after`, fewer where that would be much, and whether these are the last that there will be.

        Raises:
            NotFound: There is none, or it is another caller's.
            Expired: Its records are no longer kept.
        """
        async with self._database.connection() as connection:
            # The state first: what it says of the number of lines is true of all that is read later.
            state, last = await self._state(connection, job_id, caller)
            found = await connection.execute(statements.LINES, {"id": job_id, "after": after, "limit": limit, "most_bytes": _MOST_BYTES})
            lines = [Line(*row) for row in await found.fetchall()]
        return lines, state not in UNFINISHED and (lines[-1].line if lines else after) >= last

    async def cancel(self, job_id: UUID, caller: str) -> Job:
        """End the job as it is; what is being read is read in vain. One that was cancelled before stays so.

        Raises:
            NotFound: There is none, or it is another caller's.
            AlreadyTerminal: It has ended.
            Expired: Its records are no longer kept.
        """
        async with self._changing(job_id, _MUCH_S) as connection:
            state, _ = await self._state(connection, job_id, caller)
            if state in UNFINISHED:
                await _cancel(connection, job_id)
            elif state != JobState.CANCELLED:
                raise AlreadyTerminal
        return await self.job(job_id, caller)

    async def clear(self, job_id: UUID, caller: str) -> None:
        """Delete the articles and the records of the job; cancel it first if it has not ended.

        Raises:
            NotFound: There is none, or it is another caller's.
            Expired: That was done before.
        """
        async with self._changing(job_id, _MUCH_S) as connection:
            row = await (await connection.execute(statements.KEPT_STATE_OF, {"id": job_id, "caller": caller})).fetchone()
            if row is None:
                raise NotFound
            state, cleared_at = row
            if cleared_at is not None:
                raise Expired
            if state in UNFINISHED:
                await _cancel(connection, job_id)
            await _clear(connection, job_id)

    # For workers

    async def claim(self, ticket: Ticket, lease_s: float) -> Claim | None:
        """Return the article of `ticket`, nobody else's for `lease_s` seconds; None if somebody else has it, it ended, or the ticket is old."""
        what = {"id": ticket.job_id, "index": ticket.index, "turn": ticket.attempt, "formats": [*FORMATS], "lease": timedelta(seconds=lease_s)}
        async with self._database.connection() as connection, connection.transaction():
            job = await (await connection.execute(statements.LOCK_TO_CLAIM, what)).fetchone()
            item = await (await connection.execute(statements.CLAIM, what)).fetchone() if job else None
        if job is None or item is None:
            return None
        token, deaths, failures, body = item
        return Claim(ticket.job_id, ticket.index, token, deaths, failures, job[0], body)

    async def renew(self, claims: Sequence[Claim], lease_s: float) -> set[int]:
        """Hold the `claims` for further `lease_s` seconds; return the tokens of those that still hold, as far as can be told without waiting."""
        async with self._database.connection() as connection, connection.transaction():
            found = await connection.execute(statements.LOCK_ALL, {"ids": [claim.job_id for claim in claims]})
            locked = {job_id for (job_id,) in await found.fetchall()}
            mine = [claim for claim in claims if claim.job_id in locked]
            what = {
                "ids": [claim.job_id for claim in mine],
                "indices": [claim.index for claim in mine],
                "tokens": [claim.token for claim in mine],
                "lease": timedelta(seconds=lease_s),
            }
            found = await connection.execute(statements.RENEW, what)
            return {token for (token,) in await found.fetchall()} | {claim.token for claim in claims if claim.job_id not in locked}

    async def complete(self, claim: Claim, record: bytes, usage: Usage) -> bool:
        """End the article with its `record`; return False, and keep nothing, if the claim no longer holds."""
        async with self._changing(claim.job_id) as connection:
            return await _end(connection, _held(claim), record=record, usage=usage)

    async def fail(self, claim: Claim, problem: bytes) -> bool:
        """End the article with a `problem`; return False, and keep nothing, if the claim no longer holds."""
        async with self._changing(claim.job_id) as connection:
            return await _end(connection, _held(claim), problem=problem)

    async def put_back(self, claim: Claim, *, failed: bool, after_s: float) -> bool:
        """Let the article wait again; return False, and change nothing, if the claim no longer holds. Nobody died of it, so this reading does not count.

        Args:
            claim: What is given back.
            failed: Whether it failed for a passing reason: one more of the article's failures.
            after_s: Seconds for which nobody is to take it.
        """
        how = {"uncounted": 1, "failed": int(failed), "pause": timedelta(seconds=after_s)}
        async with self._changing(claim.job_id) as connection:
            return (await connection.execute(statements.PUT_BACK, {**_held(claim), **how})).rowcount > 0

    # For the dispatcher

    async def waiting(self, limit: int, formats: Sequence[int]) -> list[Ticket]:
        """Return up to `limit` tickets of articles that wait and are not in the open queue: in turn by caller, their jobs by age, articles by place.

        Args:
            limit: How many at most.
            formats: The formats of jobs that the asker knows.
        """
        async with self._database.connection() as connection, connection.transaction():
            for hint in statements.IN_ORDER:
                await connection.execute(hint)
            found = await connection.execute(statements.WAITING, {"limit": limit, "formats": [*formats]})
            return [Ticket(*row) for row in await found.fetchall()]

    async def recover(self, poisoned: bytes, most_attempts: int) -> int:
        """Take back the articles whose claims ran out, and return how many they are: they wait again, or end with the problem `poisoned`.

        Args:
            poisoned: The problem of an article that ended every worker that read it, as JSON.
            most_attempts: After how many readings that count.
        """
        async with self._database.connection() as connection:
            jobs = [job_id for (job_id,) in await (await connection.execute(statements.RUN_OUT_JOBS)).fetchall()]
        recovered = 0
        for job_id in jobs:
            async with self._changing(job_id) as connection:
                items = await (await connection.execute(statements.RUN_OUT, {"id": job_id})).fetchall()
                for index, token, attempts in items:
                    item = {"id": job_id, "index": index, "token": token}
                    if attempts >= most_attempts:
                        await _end(connection, item, problem=poisoned)
                    else:
                        await connection.execute(statements.PUT_BACK, {**item, "uncounted": 0, "failed": 0, "pause": timedelta()})
                recovered += len(items)
        return recovered

    async def tidy(self, ttl_s: float) -> int:
        """Delete the articles and records of all jobs that ended `ttl_s` seconds ago; return how many jobs they were."""
        async with self._database.connection(_MUCH_S) as connection:
            found = await connection.execute(statements.EXPIRED_JOBS, {"ttl": timedelta(seconds=ttl_s)})
            jobs = [job_id for (job_id,) in await found.fetchall()]
            tidied = 0
            for job_id in jobs:
                async with connection.transaction():
                    if (await connection.execute(statements.LOCK_TO_CLEAR, {"id": job_id})).rowcount:
                        await _clear(connection, job_id)
                        tidied += 1
        return tidied

    # What they share

    async def _state(self, connection: Connection, job_id: UUID, caller: str) -> tuple[JobState, int]:
        """Return the state of the job and how many lines it has.

        Raises:
            NotFound: There is none, or it is another caller's.
            Expired: Its records are no longer kept.
        """
        row = await (await connection.execute(statements.STATE_OF, {"id": job_id, "caller": caller, "ttl": self._ttl})).fetchone()
        if row is None:
            raise NotFound
        state, lines, is_expired = row
        if is_expired:
            raise Expired
        return JobState(state), lines

    @asynccontextmanager
    async def _writing(self, caller: str) -> AsyncIterator[None]:
        """Be one of the few submissions that are written at the same time."""
        of_caller = self._writers_of.setdefault(caller, asyncio.Semaphore(_WRITERS_EACH))
        async with AsyncExitStack() as turns:
            try:
                async with asyncio.timeout(_WAITING_S):
                    await turns.enter_async_context(of_caller)
                    await turns.enter_async_context(self._writers)
            except TimeoutError:
                raise QueueUnavailable("Others are handing in.") from None
            yield

    @asynccontextmanager
    async def _changing(self, job_id: UUID, within_s: float | None = None) -> AsyncIterator[Connection]:
        """Lend a connection in a transaction in which nobody else changes the job."""
        async with self._database.connection(within_s) as connection, connection.transaction():
            await connection.execute(statements.LOCK, {"id": job_id})
            yield connection


def _held(claim: Claim) -> dict[str, object]:
    """Return what tells the article of `claim`, as long as it holds."""
    return {"id": claim.job_id, "index": claim.index, "token": claim.token}


async def _cancel(connection: Connection, job_id: UUID) -> None:
    for statement in (_MUCH, statements.CANCEL_ITEMS, statements.NO_ARTICLES, statements.CANCEL_JOB):
        await connection.execute(statement, {"id": job_id})


async def _clear(connection: Connection, job_id: UUID) -> None:
    for statement in (_MUCH, statements.NO_ARTICLES, statements.NO_ITEMS, statements.NO_RESULTS, statements.CLEARED):
        await connection.execute(statement, {"id": job_id})


async def _end(
    connection: Connection, item: Mapping[str, object], *, record: bytes | None = None, problem: bytes | None = None, usage: Usage = _NOTHING
) -> bool:
    """End the article `item` as long as its claim holds; return whether it did."""
    cost = None if usage.cost_usd is None else Decimal(str(usage.cost_usd))
    spent = {"prompt": usage.prompt_tokens, "cached": usage.cached_tokens, "written": usage.completion_tokens, "cost": cost}
    how = {"state": "failed" if record is None else "completed", "completed": int(record is not None), "record": record, "problem": problem}
    return (await connection.execute(statements.END, {**item, **how, **spent})).rowcount > 0
