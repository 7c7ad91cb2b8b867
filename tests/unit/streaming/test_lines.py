"""Lines of a job as they are told; how they get to callers is shown with a database, in `tests/faults/test_jobs_stream.py`."""

import asyncio
from typing import cast
from uuid import uuid4

import pytest

from service.errors import Expired, QueueUnavailable, VigieError
from service.jobs.items import Line
from service.jobs.store import JobStore
from service.resilience.ending import Ending
from service.streaming.lines import Following

Seen = tuple[list[Line], bool]
FIRST = Line(1, 4, b'{"id":"a"}', None)
SECOND = Line(2, 0, None, b'{"code":"b"}')


class ScriptedStore:
    """A store that says what it is told to, and for ever the last of it."""

    def __init__(self, *says: Seen | Exception) -> None:
        """Say these, one after the other."""
        self._says, self.asked = list(says), list[int]()

    async def lines(self, _job_id: object, _caller: str, after: int, _limit: int) -> Seen:
        """Say the next."""
        self.asked.append(after)
        said = self._says.pop(0) if len(self._says) > 1 else self._says[0]
        if isinstance(said, Exception):
            raise said
        return said


async def told(store: ScriptedStore, seen: Seen, *, seconds: float = 5) -> tuple[list[bytes], dict[str, str]]:
    """Return the lines of a stream that begins with what was `seen`, and what the log is told of it."""
    facts = {"code": "client-gone"}
    until = asyncio.get_running_loop().time() + seconds
    following = Following(cast("JobStore", store), uuid4(), "a", until, Ending())
    return [line async for line in following._told(0, seen, b"{}", facts)], facts


async def test_a_database_that_is_away_is_asked_again() -> None:
    """As long as there is time a stream waits for a database that does not answer, and goes on behind the last line."""
    store = ScriptedStore(QueueUnavailable(), QueueUnavailable(), ([SECOND], True))
    lines, facts = await told(store, ([FIRST], False))

    assert lines == [b'{"index":4,"record":{"id":"a"}}\n', b'{"index":0,"problem":{"code":"b"}}\n']
    assert (store.asked, facts) == ([1, 1, 1], {})


@pytest.mark.parametrize(("error", "code"), [(Expired(), "expired"), (ValueError("a"), "internal-error")])
async def test_what_breaks_ends_the_stream(error: VigieError | ValueError, code: str) -> None:
    """The lines that were told stand, and the log knows why there are no more."""
    lines, facts = await told(ScriptedStore(error), ([FIRST], False))

    assert (len(lines), facts) == (1, {"code": code})


async def test_there_is_no_more_time_than_there_is() -> None:
    """A job that goes on and on is left when the time is over, and looked at ever more rarely meanwhile."""
    store = ScriptedStore(([], False))
    lines, facts = await told(store, ([], False), seconds=1.2)

    assert (lines, facts) == ([], {})
    assert 1 <= len(store.asked) <= 4
