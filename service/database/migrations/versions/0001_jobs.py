"""Jobs, their articles, and what became of them."""

from alembic import op

revision = "0001"
down_revision = None

_STATEMENTS = (
    # No two claims have the same token, and a later one has a higher.
    "create sequence claims",
    """
    create table jobs (
        id uuid primary key,
        caller text not null,
        -- Which shape the rows of this job have.
        format smallint not null,
        state text not null check (state in ('queued', 'running', 'completed', 'completed_with_errors', 'failed', 'cancelled')),
        total int not null,
        -- What its caller calls the submission, and the digest of what was submitted.
        repeat_name bytea,
        body_digest bytea,
        -- How many articles ended in which way, and how many of the failed ones were none to begin with.
        completed int not null default 0,
        failed int not null default 0,
        refused int not null default 0,
        -- The number of its last line.
        lines int not null default 0,
        prompt_tokens bigint not null default 0,
        cached_tokens bigint not null default 0,
        completion_tokens bigint not null default 0,
        -- Null while there is no record, and for good once one has no price.
        cost_usd numeric,
        -- The token of its latest claim: tells whose turn it is.
        last_claim bigint,
        created_at timestamptz not null,
        started_at timestamptz,
        ended_at timestamptz,
        -- When its articles and records were deleted; what is left tells that there were some.
        cleared_at timestamptz,
        unique (caller, repeat_name),
        check (completed + failed = lines and refused <= failed and lines <= total)
    )
    """,
    "create index jobs_unfinished on jobs (caller, created_at) where state in ('queued', 'running')",
    "create index jobs_served on jobs (caller, last_claim)",
    "create index jobs_kept on jobs (ended_at) where cleared_at is null",
    # The only place of an article's text. Not compressed: it stays no longer than until it is read.
    "create table articles (job_id uuid references jobs, index int, body bytea not null, primary key (job_id, index))",
    "alter table articles alter column body set storage external",
    """
    create table items (
        job_id uuid references jobs,
        index int,
        state text not null check (state in ('waiting', 'running', 'completed', 'failed', 'cancelled')),
        -- How often it was claimed: a ticket of an earlier turn is worth nothing.
        turn int not null default 0,
        -- Those of its turns after which it is held to be poisoned, and those that failed for a passing reason.
        attempts smallint not null default 0,
        failures smallint not null default 0,
        not_before timestamptz not null default '-infinity',
        claim bigint,
        -- When the claim runs out, and for how long it was given.
        lease_until timestamptz,
        lease interval,
        primary key (job_id, index),
        check ((state = 'running') = (claim is not null and lease_until is not null and lease is not null))
    )
    """,
    "create index items_waiting on items (job_id, index) where state = 'waiting'",
    "create index items_running on items (job_id) where state = 'running'",
    """
    create table results (
        job_id uuid references jobs,
        -- 1, 2, 3 … in the order of ending.
        line int,
        index int not null,
        record bytea,
        problem bytea,
        ended_at timestamptz not null default clock_timestamp(),
        primary key (job_id, line),
        unique (job_id, index),
        check (line > 0 and (record is null) <> (problem is null))
    )
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
