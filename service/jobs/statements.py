"""Every statement about jobs.

Whoever changes an article of a job locks the job first and the article then, always in this order, so that nobody waits in a circle and lines are numbered in
the order in which they are committed. What is looked at after the wait for a lock is looked at in a statement of its own, which sees what was committed
meanwhile; and the clock is then asked anew, since a transaction's own stands still.
"""

UNFINISHED = "state in ('queued', 'running')"
#: Whether what is kept of a job is kept from callers.
_EXPIRED = "(cleared_at is not null or coalesce(ended_at + %(ttl)s < clock_timestamp(), false))"

# Handing in

NEW = "insert into jobs (id, caller, format, state, total, created_at) values (%(id)s, %(caller)s, %(format)s, 'queued', 0, clock_timestamp())"
COPY_ARTICLES = "copy articles (job_id, index, body) from stdin (format binary)"
COPY_REFUSED = "copy results (job_id, line, index, problem) from stdin (format binary)"
ITEMS = """
    insert into items (job_id, index, state)
    select job_id, index, 'waiting' from articles where job_id = %(id)s union all select job_id, index, 'failed' from results where job_id = %(id)s
"""
#: Nobody else hands in for this caller until the end of the transaction.
ALONE = "select pg_advisory_xact_lock(%(lock)s, hashtext(%(caller)s))"
#: A name is free once what was handed in under it is no longer kept, deleted or not.
FREE_NAME = f"update jobs set repeat_name = null, body_digest = null where caller = %(caller)s and repeat_name = %(name)s and {_EXPIRED}"  # noqa: S608 - a constant
NAMED = "select id, body_digest from jobs where caller = %(caller)s and repeat_name = %(name)s"
#: Without the one that is being written, which has no articles yet.
UNFINISHED_OF = f"select count(*) from jobs where caller = %(caller)s and {UNFINISHED} and total > 0"  # noqa: S608 - a constant
HANDED_IN = """
    update jobs
    set repeat_name = %(name)s, body_digest = %(digest)s, total = %(total)s, failed = %(refused)s, refused = %(refused)s, lines = %(refused)s,
        state = case when %(refused)s = %(total)s then 'failed' else 'queued' end, created_at = clock_timestamp(),
        ended_at = case when %(refused)s = %(total)s then clock_timestamp() end
    where id = %(id)s
"""

# For callers

#: All that is told of a job, in one statement: from one moment.
JOB = f"""
    select id, state, total, completed, failed, refused, lines, prompt_tokens, cached_tokens, completion_tokens, cost_usd, created_at, started_at, ended_at,
           {_EXPIRED} as expired, clock_timestamp() as now, (select count(*) from items where job_id = jobs.id and items.state = 'running') as running
    from jobs where id = %(id)s and caller = %(caller)s
"""  # noqa: S608 - a constant
STATE_OF = f"select state, lines, {_EXPIRED} from jobs where id = %(id)s and caller = %(caller)s"  # noqa: S608 - a constant
KEPT_STATE_OF = "select state, cleared_at from jobs where id = %(id)s and caller = %(caller)s"
#: The first of them however long it is, and as many of the others as are not too much with it.
LINES = """
    select line, index, record, problem
    from (
        select *, sum(octet_length(coalesce(record, problem))) over so_far as bytes, row_number() over so_far as place
        from (select * from results where job_id = %(id)s and line > %(after)s order by line limit %(limit)s) as next
        window so_far as (order by line)
    ) as measured where bytes <= %(most_bytes)s or place = 1 order by line
"""
CANCEL_ITEMS = "update items set state = 'cancelled', claim = null, lease_until = null, lease = null where job_id = %(id)s and state in ('waiting', 'running')"
CANCEL_JOB = "update jobs set state = 'cancelled', ended_at = clock_timestamp() where id = %(id)s"
NO_ARTICLES = "delete from articles where job_id = %(id)s"
NO_ITEMS = "delete from items where job_id = %(id)s"
NO_RESULTS = "delete from results where job_id = %(id)s"
#: The name is free again, and nothing is left that was made of the text.
CLEARED = "update jobs set cleared_at = clock_timestamp(), repeat_name = null, body_digest = null where id = %(id)s"

# For workers

LOCK = "select caller from jobs where id = %(id)s for no key update"
LOCK_TO_CLAIM = f"select caller from jobs where id = %(id)s and {UNFINISHED} and format = any(%(formats)s) for no key update"  # noqa: S608 - a constant
CLAIM = """
    with item as (
        update items
        set state = 'running', turn = turn + 1, attempts = attempts + 1, claim = nextval('claims'),
            lease = %(lease)s, lease_until = clock_timestamp() + %(lease)s
        where job_id = %(id)s and index = %(index)s and turn = %(turn)s and state = 'waiting' and not_before <= clock_timestamp()
        returning job_id, index, claim, attempts - 1 as deaths, failures
    ), job as (
        update jobs set state = 'running', started_at = coalesce(started_at, clock_timestamp()), last_claim = item.claim from item where id = job_id
    )
    select claim, deaths, failures, body from item join articles using (job_id, index)
"""
#: Those that somebody is changing are passed over: to end or to cancel a large job takes a while, in which the articles of others are to be held on to.
LOCK_ALL = "select id from jobs where id = any(%(ids)s) order by id for share skip locked"
#: In the order of articles, so that no two who renew the same wait for each other.
RENEW = """
    with held as (
        select job_id, index
        from items join unnest(%(ids)s::uuid[], %(indices)s::int[], %(tokens)s::bigint[]) as mine (id, place, token)
            on job_id = id and index = place and claim = token
        order by job_id, index for no key update of items
    )
    update items set lease = %(lease)s, lease_until = clock_timestamp() + %(lease)s
    from held where items.job_id = held.job_id and items.index = held.index
    returning claim
"""
#: An article ends: its text goes, its job counts it, and what became of it is the next line. Nothing happens if the claim no longer holds.
END = """
    with item as (
        update items set state = %(state)s, claim = null, lease_until = null, lease = null
        where job_id = %(id)s and index = %(index)s and claim = %(token)s
        returning job_id, index
    ), text as (
        delete from articles using item where articles.job_id = item.job_id and articles.index = item.index
    ), job as (
        update jobs
        set lines = lines + 1, completed = completed + %(completed)s, failed = failed + 1 - %(completed)s,
            prompt_tokens = prompt_tokens + %(prompt)s, cached_tokens = cached_tokens + %(cached)s, completion_tokens = completion_tokens + %(written)s,
            cost_usd = case when %(completed)s = 0 then cost_usd when completed = 0 then %(cost)s::numeric else cost_usd + %(cost)s::numeric end,
            ended_at = case when lines + 1 = total then clock_timestamp() end,
            state = case when lines + 1 < total then 'running' when completed + %(completed)s = total then 'completed'
                         when completed + %(completed)s = 0 then 'failed' else 'completed_with_errors' end
        from item where id = job_id
        returning id, lines
    )
    insert into results (job_id, line, index, record, problem)
    select id, lines, index, %(record)s, %(problem)s from job join item on id = job_id
"""
PUT_BACK = """
    update items
    set state = 'waiting', claim = null, lease_until = null, lease = null, attempts = attempts - %(uncounted)s, failures = failures + %(failed)s,
        not_before = clock_timestamp() + %(pause)s
    where job_id = %(id)s and index = %(index)s and claim = %(token)s
"""

# For the dispatcher

#: After a large job was handed in the server may believe for a minute that it is small, and that sorting all of it is cheaper than reading it in order.
IN_ORDER = ("set local enable_bitmapscan = off", "set local enable_seqscan = off")
_QUEUED = "status not in ('aborted', 'complete', 'failed')"
#: Of each caller no more than could be wanted, beginning with the oldest job, in a row that begins after what is read or queued for the caller already; and of
#: those the first of every row, then the second of every row. Where rows are equally long, whoever was served longest ago comes first.
WAITING = f"""
    with unfinished as materialized (
        select id, caller from jobs where {UNFINISHED} and format = any(%(formats)s)
    ), under_way as materialized (
        select caller, count(*) as articles
        from (
            select caller from items join unfinished on id = job_id where items.state = 'running'
            union all
            select caller from saq_jobs join unfinished on id::text = split_part(key, '/', 1) where status in ('new', 'deferred', 'queued')
        ) as each group by caller
    ), callers as materialized (
        select caller, coalesce(articles, 0) as articles, (select max(last_claim) from jobs where jobs.caller = each.caller) as served
        from (select distinct caller from unfinished) as each left join under_way using (caller)
    ), rows as (
        select callers.*, row.*, articles + row_number() over (partition by callers.caller order by created_at, job_id, index) as place
        from callers cross join lateral (
            select created_at, item.*
            from jobs cross join lateral (
                select job_id, index, turn from items
                where job_id = id and state = 'waiting' and not_before <= now()
                      and not exists (select from saq_jobs where key = job_id::text || '/' || index || '/' || turn and {_QUEUED})
                order by index limit %(limit)s
            ) as item
            where caller = callers.caller and {UNFINISHED} and format = any(%(formats)s)
            order by created_at, job_id, index limit %(limit)s
        ) as row
    )
    select job_id, index, turn from rows order by place, served nulls first, caller limit %(limit)s
"""  # noqa: S608 - constants
#: A server that was away lets nobody renew: what ran out meanwhile is held for one more lease.
_RUN_OUT = "state = 'running' and greatest(lease_until, pg_postmaster_start_time() + lease) < clock_timestamp()"
RUN_OUT_JOBS = f"select distinct job_id from items where {_RUN_OUT}"  # noqa: S608 - a constant
RUN_OUT = f"select index, claim, attempts from items where job_id = %(id)s and {_RUN_OUT} order by index"  # noqa: S608 - a constant
EXPIRED_JOBS = "select id from jobs where cleared_at is null and ended_at < clock_timestamp() - %(ttl)s order by ended_at limit 1000"
LOCK_TO_CLEAR = "select from jobs where id = %(id)s and cleared_at is null for no key update skip locked"
