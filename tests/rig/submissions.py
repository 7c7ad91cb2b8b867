"""Jobs as callers hand them in, and articles as workers end them."""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from uuid import UUID

from schemas.record import Usage
from service.jobs.store import Claim, Entry, JobStore

#: What an article costs in these tests, and a record and a problem for those who do not look into them.
USAGE = Usage(prompt_tokens=100, cached_tokens=50, completion_tokens=10, cost_usd=0.25)
RECORD, PROBLEM = b'{"id": "rec_0"}', b'{"code": "validation-failed"}'
#: Seconds of a claim that nobody is to lose while a test runs.
LEASE_S = 600
FORMATS = (1,)


def article(number: int) -> bytes:
    """Return an article as it is kept."""
    return json.dumps({"text": f"Article {number}: a null \0 and all."}).encode()


async def batched(entries: Iterable[Entry], size: int = 3) -> AsyncIterator[Sequence[Entry]]:
    """Yield `entries` in batches."""
    left = list(entries)
    while left:
        yield left[:size]
        left = left[size:]


async def hand_in(store: JobStore, articles: int = 3, *, refused: Collection[int] = (), caller: str = "caller", name: bytes | None = None) -> UUID:
    """Hand in a job of so many `articles`; those at the places `refused` are none."""
    entries = [Entry(None, PROBLEM) if index in refused else Entry(article(index), None) for index in range(articles)]
    return await store.create(caller, batched(entries), repeat_name=name, digest=lambda: b"digest")


async def claim_next(store: JobStore, lease_s: float = LEASE_S) -> Claim:
    """Claim the article whose turn it is."""
    (ticket,) = await store.waiting(1, FORMATS)
    claim = await store.claim(ticket, lease_s)
    assert claim is not None
    return claim


async def read_all(store: JobStore) -> int:
    """Read every article that waits, to a record; return how many they were."""
    read = 0
    while tickets := await store.waiting(100, FORMATS):
        for ticket in tickets:
            claim = await store.claim(ticket, LEASE_S)
            assert claim is not None
            assert await store.complete(claim, RECORD, USAGE)
            read += 1
    return read
