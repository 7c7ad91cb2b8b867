"""The records of a job as lines of JSON, each as soon as its article has ended."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jiter
from litestar import Request
from litestar.response import Stream

from service.disconnect import unless_gone
from service.errors import InternalError, QueueUnavailable
from service.jobs.items import Line
from service.jobs.store import JobStore
from service.jobs.submission import NDJSON
from service.logs import log_broken
from service.problems import fault_of, problem_of
from service.resilience.ending import Ending

#: So many lines are asked for at a time.
MOST_LINES = 50
#: Seconds until the job is looked at again: the first time that nothing was new, and at most.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 1.0
#: What keeps proxies from holding lines back.
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class Following:
    """A caller who follows a job of theirs, line by line."""

    store: JobStore
    job_id: UUID
    caller: str
    #: On the event loop's clock: when the caller has followed it for long enough.
    until: float
    #: Of the service, which nobody is to hold up.
    ending: Ending

    async def answer(self, request: Request[Any, Any, Any], after: int, *, public_url: str | None) -> Stream:
        """Return the lines behind the first `after`, as they come. Before the first of them whatever goes wrong is a problem like any other.

        Args:
            request: What the caller asks with.
            after: How many lines the caller has.
            public_url: Under which problems are known.

        Raises:
            NotFound: There is no such job of the caller.
            Expired: Its records are no longer kept.
            QueueUnavailable: They cannot be reached.
            ClientGone: The caller left.
        """
        first = await unless_gone(self._look(after), request.receive)
        unreadable = problem_of(InternalError(), public_url, request.scope["state"]["request_id"])
        # Whoever leaves ends the stream, which then cannot say so itself.
        facts = {"code": "client-gone"}
        request.scope["state"]["facts"] = facts
        return Stream(self._told(after, first, unreadable, facts), media_type=NDJSON, headers=_HEADERS)

    async def _told(self, after: int, seen: tuple[list[Line], bool], unreadable: bytes, facts: dict[str, str]) -> AsyncIterator[bytes]:
        """Yield lines until the job has ended or there is no time left. What breaks ends them too: whoever asks again behind the last hears why."""
        loop = asyncio.get_running_loop()
        pause_s = FIRST_PAUSE_S
        try:
            while True:
                lines, is_over = seen
                for line in lines:
                    yield _written(line, unreadable)
                    after = line.line
                if is_over or self.ending.begun or loop.time() >= self.until:
                    break
                if len(lines) < MOST_LINES:
                    pause_s = FIRST_PAUSE_S if lines else min(pause_s * 2, LONGEST_PAUSE_S)
                    await asyncio.sleep(min(pause_s, max(self.until - loop.time(), 0)))
                seen = await self._look_again(after)
        except Exception as error:  # noqa: BLE001 - there is nobody else to answer
            facts["code"] = fault_of(error).code
        else:
            del facts["code"]

    async def _look(self, after: int) -> tuple[list[Line], bool]:
        return await self.store.lines(self.job_id, self.caller, after, MOST_LINES)

    async def _look_again(self, after: int) -> tuple[list[Line], bool]:
        """Look at the job once more; a database that is away for a while has nothing new."""
        try:
            return await self._look(after)
        except QueueUnavailable:
            return [], False


def _written(line: Line, unreadable: bytes) -> bytes:
    """Return a line as it is sent: what was kept as it is, if it still is what it was."""
    kind, kept = ("record", line.record) if line.record is not None else ("problem", line.problem)
    try:
        if kept is None or b"\n" in kept or not isinstance(jiter.from_json(kept, cache_mode="none"), dict):
            raise ValueError("no line")  # noqa: TRY301 - jiter raises the same
    except ValueError as error:
        log_broken(error)
        kind, kept = "problem", unreadable
    return b'{"index":%d,"%b":%b}\n' % (line.index, kind.encode(), kept)
