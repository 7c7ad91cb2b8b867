"""What a caller is told of a job."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from schemas.job import UNFINISHED, Job, JobCounts, JobState
from schemas.record import Usage


def job_of(row: Mapping[str, Any], ttl: timedelta) -> Job:
    """Return the job whose `row` the database has, and whose records are kept for `ttl` after its end."""
    state, total, lines = JobState(row["state"]), row["total"], row["lines"]
    left = total - lines
    cancelled = left if state is JobState.CANCELLED else 0
    counts = JobCounts(
        total=total,
        waiting=left - cancelled - row["running"],
        running=row["running"],
        completed=row["completed"],
        failed=row["failed"],
        cancelled=cancelled,
    )
    return Job(
        id=row["id"],
        state=state,
        counts=counts,
        progress=lines / total,
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        expires_at=row["ended_at"] and row["ended_at"] + ttl,
        estimate_s=_estimate_s(row) if state in UNFINISHED else 0,
        usage=Usage(
            prompt_tokens=row["prompt_tokens"],
            cached_tokens=row["cached_tokens"],
            completion_tokens=row["completion_tokens"],
            cost_usd=None if row["cost_usd"] is None else round(float(row["cost_usd"]), 6),
        ),
    )


def _estimate_s(row: Mapping[str, Any]) -> float | None:
    """Return the seconds until the end, if the articles that are left take as long as those that were read."""
    read: int = row["lines"] - row["refused"]
    if not read:
        return None
    taken: timedelta = row["now"] - row["started_at"]
    left: int = row["total"] - row["lines"]
    return round(max(taken.total_seconds(), 0) / read * left, 1)
