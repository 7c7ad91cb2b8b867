"""A job: many articles handed in at once, and how far they are."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from schemas.problem import Problem
from schemas.record import Record, Usage


class JobState(StrEnum):
    """Where a job is."""

    #: No article of it was begun.
    QUEUED = "queued"
    #: Some article was begun, and not all have ended.
    RUNNING = "running"
    #: Every article became a record.
    COMPLETED = "completed"
    #: Some articles became records, and of the others there is a problem each.
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    #: No article became a record.
    FAILED = "failed"
    #: Its caller ended it; what had ended by then is kept.
    CANCELLED = "cancelled"


#: The states in which there is work left.
UNFINISHED = frozenset({JobState.QUEUED, JobState.RUNNING})


class _Frozen(BaseModel):
    """Base of the job's parts: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class JobCounts(_Frozen):
    """How many articles of a job are where; the last five add up to `total`."""

    total: int = Field(ge=0, description="Articles of the job, those that are no articles included.")
    waiting: int = Field(ge=0, description="Articles that nobody reads yet, or that are to be read again.")
    running: int = Field(ge=0, description="Articles that are being read.")
    completed: int = Field(ge=0, description="Articles that became records.")
    failed: int = Field(ge=0, description="Articles that became problems.")
    cancelled: int = Field(ge=0, description="Articles that were not read to the end because the job was cancelled.")


class Job(_Frozen):
    """Many articles handed in at once, and how far they are."""

    id: UUID = Field(description="What the job is called: `/jobs/{id}`.")
    state: JobState = Field(description="Where the job is; the last four states are final.")
    counts: JobCounts = Field(description="How many of its articles are where.")
    progress: float = Field(ge=0, le=1, description="The part of its articles that became records or problems, from 0 to 1.")
    created_at: AwareDatetime = Field(description="When it was accepted.")
    started_at: AwareDatetime | None = Field(description="When its first article was begun; null before.")
    ended_at: AwareDatetime | None = Field(description="When its last article ended, or it was cancelled; null before.")
    expires_at: AwareDatetime | None = Field(description="Until when its records are served, and deleted soon after; null before its end.")
    estimate_s: float | None = Field(
        ge=0, description="Seconds until its end at the pace so far; 0 after its end, null as long as no article of it was read to its end."
    )
    usage: Usage = Field(description="What its records cost so far. What was read and became no record is not in it.")


class RecordLine(_Frozen):
    """What became of an article that was read: a line of `/jobs/{id}/records`."""

    index: int = Field(ge=0, description="Place of the article in the job, from 0.")
    record: Record = Field(description="The record.")


class ProblemLine(_Frozen):
    """What became of an article that could not be read: a line of `/jobs/{id}/records`."""

    index: int = Field(ge=0, description="Place of the article in the job, from 0.")
    problem: Problem = Field(description="Why there is no record.")


#: A line of `/jobs/{id}/records`.
JobLine = RecordLine | ProblemLine
