"""What is handed to and fro between the store of jobs and those who use it."""

import re
from dataclasses import dataclass
from typing import Self
from uuid import UUID

#: How this code keeps a job, and the ways that it knows.
FORMAT = 1
FORMATS = (1,)

#: A ticket as text: a number has no sign, no leading zero and as many digits as the database's `int`.
_TICKET = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(0|[1-9][0-9]{0,8})/(0|[1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line or element of a submission became: one of the two."""

    #: The article as JSON in UTF-8.
    body: bytes | None
    #: Why it is none, as the JSON of a problem.
    problem: bytes | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that the queue ever carries: which article, and at which of its turns."""

    job_id: UUID
    #: Place of the article in its job, from 0.
    index: int
    #: How often it was begun before: a ticket of an earlier turn is worth nothing.
    attempt: int

    def __str__(self) -> str:
        """Return it as the queue has it."""
        return f"{self.job_id}/{self.index}/{self.attempt}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the ticket that `text` is.

        Raises:
            ValueError: It is none.
        """
        found = _TICKET.fullmatch(text)
        if not found:
            raise ValueError("no ticket")
        return cls(UUID(found[1]), int(found[2]), int(found[3]))


@dataclass(frozen=True, slots=True)
class Claim:
    """An article that a worker may read, and nobody else as long as the claim holds."""

    job_id: UUID
    index: int
    #: No other claim has the same, and a later one has a higher.
    token: int
    #: How many readings of it ended with whoever read it.
    deaths: int
    #: How often reading it failed for a passing reason.
    failures: int
    #: Whose it is.
    caller: str
    #: The article as JSON in UTF-8.
    body: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """How one article ended: with a record or with a problem, both as JSON in UTF-8."""

    #: From 1, in the order in which articles ended.
    line: int
    #: Place of the article in its job, from 0.
    index: int
    record: bytes | None
    problem: bytes | None
