"""What a caller is told of a job."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.job import Job, JobState
from service.jobs.telling import job_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TTL = timedelta(days=7)


def row(**fields: object) -> dict[str, Any]:
    """Return what the database has of a job of ten articles, two of which were none, that was begun a minute ago and has read three."""
    counts = {"total": 10, "completed": 2, "failed": 3, "refused": 2, "lines": 5, "running": 2, "now": NOW}
    tokens = {"prompt_tokens": 30, "cached_tokens": 10, "completion_tokens": 5, "cost_usd": Decimal("0.1234567")}
    times = {"created_at": NOW - timedelta(hours=1), "started_at": NOW - timedelta(minutes=1), "ended_at": None}
    return {"id": uuid4(), "state": "running", **counts, **tokens, **times, **fields}


def test_a_running_job() -> None:
    """How many articles are where, how far that is, and how long the rest takes at the pace so far: three in a minute."""
    job = job_of(row(), TTL)

    assert job.counts.model_dump() == {"total": 10, "waiting": 3, "running": 2, "completed": 2, "failed": 3, "cancelled": 0}
    assert (job.progress, job.estimate_s, job.expires_at) == (0.5, 100, None)
    assert job.usage.cost_usd == 0.123457


@pytest.mark.parametrize("left", [{"lines": 2, "failed": 2, "completed": 0}, {"lines": 0, "failed": 0, "refused": 0, "completed": 0, "started_at": None}])
def test_no_estimate_before_there_is_a_pace(left: dict[str, object]) -> None:
    """As long as no article was read to its end nobody guesses how long the rest takes; those that were none to begin with say nothing about it."""
    assert job_of(row(**left), TTL).estimate_s is None


def test_a_clock_that_was_set_back_makes_no_negative_estimate() -> None:
    """The database's clock may leap back; the job is told all the same."""
    assert job_of(row(started_at=NOW + timedelta(hours=1)), TTL).estimate_s == 0


def test_an_ended_job_says_until_when_it_is_kept() -> None:
    """From its end on a job has nothing left to wait for, and its records a day on which they go."""
    job = job_of(row(state="completed_with_errors", completed=7, lines=10, running=0, ended_at=NOW), TTL)

    assert (job.progress, job.estimate_s, job.expires_at) == (1, 0, NOW + TTL)


@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.just(total), st.integers(0, total))), st.sampled_from(JobState))
def test_counts_add_up(totals: tuple[int, int], state: JobState) -> None:
    """Waiting, running, completed, failed and cancelled articles are all articles."""
    total, lines = totals
    counts = job_of(row(state=state, total=total, lines=lines, completed=lines, failed=0, refused=0, running=0, ended_at=NOW), TTL).counts

    assert counts.total == counts.waiting + counts.running + counts.completed + counts.failed + counts.cancelled


def test_every_field_of_a_job_is_always_there() -> None:
    """No part of a job has a default, so that generated clients know each field as present; each says what it is."""
    schema = Job.model_json_schema(mode="serialization")

    for part in [schema, schema["$defs"]["JobCounts"]]:
        assert {*part["required"]} == {*part["properties"]}
        assert all("description" in field for field in part["properties"].values())
