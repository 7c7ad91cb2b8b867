"""The store of jobs: the only way to what the database keeps of them."""

from collections.abc import AsyncIterator, Callable, Sequence
from uuid import UUID

from schemas.job import Job
from schemas.record import Usage
from service.database.database import Database
from service.jobs.items import Claim, Entry, Line, Ticket

__all__ = ["Claim", "Entry", "JobStore", "Line", "Ticket"]


class JobStore:
    """The jobs in a database. Every method raises `QueueUnavailable` or `StorageUnavailable` where the database does not do its part."""

    def __init__(self, database: Database) -> None:
        """Keep the `database`; its settings say how many jobs a caller may have, and how long their records are kept."""
        self._database = database

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
        raise NotImplementedError

    async def job(self, job_id: UUID, caller: str) -> Job:
        """Return how far the job is.

        Raises:
            NotFound: There is none, or it is another caller's.
            Expired: Its records are no longer kept.
        """
        raise NotImplementedError

    async def lines(self, job_id: UUID, caller: str, after: int, limit: int) -> tuple[list[Line], bool]:
        """Return up to `limit` lines after the line `after`, and whether the job has ended, so that beyond these and those before the limit no more will come.

        Raises:
            NotFound: There is none, or it is another caller's.
            Expired: Its records are no longer kept.
        """
        raise NotImplementedError

    async def cancel(self, job_id: UUID, caller: str) -> Job:
        """End the job as it is; what is being read is read in vain. One that was cancelled before stays so.

        Raises:
            NotFound: There is none, or it is another caller's.
            AlreadyTerminal: It has ended.
            Expired: Its records are no longer kept.
        """
        raise NotImplementedError

    async def clear(self, job_id: UUID, caller: str) -> None:
        """Delete the articles and the records of the job; cancel it first if it has not ended.

        Raises:
            NotFound: There is none, or it is another caller's.
            Expired: That was done before.
        """
        raise NotImplementedError

    # For workers

    async def claim(self, ticket: Ticket, lease_s: float) -> Claim | None:
        """Return the article of `ticket`, nobody else's for `lease_s` seconds; None if somebody else has it, it ended, or the ticket is old."""
        raise NotImplementedError

    async def renew(self, claims: Sequence[Claim], lease_s: float) -> set[int]:
        """Hold the `claims` for further `lease_s` seconds; return the tokens of those that still hold."""
        raise NotImplementedError

    async def complete(self, claim: Claim, record: bytes, usage: Usage) -> bool:
        """End the article with its `record`; return False, and keep nothing, if the claim no longer holds."""
        raise NotImplementedError

    async def fail(self, claim: Claim, problem: bytes) -> bool:
        """End the article with a `problem`; return False, and keep nothing, if the claim no longer holds."""
        raise NotImplementedError

    async def put_back(self, claim: Claim, *, counted: bool, failed: bool, after_s: float) -> bool:
        """Let the article wait again; return False, and change nothing, if the claim no longer holds.

        Args:
            claim: What is given back.
            counted: Whether this reading counts among those after which an article is held to be poisoned.
            failed: Whether it failed for a passing reason: one more of the article's failures.
            after_s: Seconds for which nobody is to take it.
        """
        raise NotImplementedError

    # For the dispatcher

    async def waiting(self, limit: int, formats: Sequence[int]) -> list[Ticket]:
        """Return up to `limit` tickets of articles that wait and are not queued yet: in turn by caller, each caller's jobs by age, articles by their place.

        Args:
            limit: How many at most.
            formats: The formats of jobs that the asker knows.
        """
        raise NotImplementedError

    async def recover(self, poisoned: bytes, most_attempts: int) -> int:
        """Take back the articles whose claims ran out, and return how many they are: they wait again, or end with the problem `poisoned`.

        Args:
            poisoned: The problem of an article that ended every worker that read it, as JSON.
            most_attempts: After how many readings that count.
        """
        raise NotImplementedError

    async def tidy(self, ttl_s: float) -> int:
        """Delete the articles and records of all jobs that ended `ttl_s` seconds ago; return how many jobs they were."""
        raise NotImplementedError
