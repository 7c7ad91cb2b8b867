"""Read the articles of an archive, as many at once as the model reads, and hand on the line of each as it ends."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from structlog.contextvars import bound_contextvars

from schemas.article import Article
from schemas.record import Record
from service.cli.archive.articles import Item
from service.cli.archive.line import line_of
from service.cli.extracting import Extracts
from service.errors import (
    DeadlineExceeded,
    ModelLoading,
    ModelUnavailable,
    RequestError,
    SetupError,
    UpstreamInvalidResponse,
    UpstreamMisconfigured,
    UpstreamQuotaExhausted,
    UpstreamRateLimited,
    UpstreamRejectedRequest,
    UpstreamUnavailable,
    VigieError,
)
from service.problems import fault_of
from service.resilience.admission import Admission
from service.settings import Settings

#: With these no article can be read: the run ends.
LOST = (SetupError, ModelUnavailable, UpstreamMisconfigured, UpstreamQuotaExhausted)
#: These may pass: the article is read again after so many seconds each.
PASSING = (UpstreamUnavailable, UpstreamRateLimited, ModelLoading)
WAITS_S = (5.0, 10.0, 20.0, 40.0)
#: These say that the endpoint does not work, if one article after the other meets them. Whether a deadline passed for that or not nobody can say.
BROKEN = (*PASSING, UpstreamInvalidResponse, UpstreamRejectedRequest)
#: The run ends when so many articles met nothing else, or twice as many as are read at once: an outage must not use up the archive.
MOST_IN_A_ROW = 20


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads."""

    extractor: Extracts
    settings: Settings
    #: How many articles are read at once.
    slots: int
    waits_s: Sequence[float] = WAITS_S
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


class Step(Protocol):
    """What is told of each article that has ended."""

    def __call__(self, *, failed: bool) -> None:
        """Take note of it."""


class Reading:
    """One run through an archive."""

    def __init__(self, reader: Reader, keep: Callable[[bytes], None], step: Step) -> None:
        """Begin.

        Args:
            reader: Who reads.
            keep: Takes the line of each article, newline included.
            step: Told of each article that has ended.
        """
        self._reader, self._keep, self._step = reader, keep, step
        self._admission = Admission(reader.slots)
        self._taking = asyncio.Lock()
        self._broken_in_a_row = 0

    async def read(self, items: Iterator[Item]) -> None:
        """Read all `items`.

        Raises:
            VigieError: The model cannot be had, or a line cannot be kept.
        """
        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(self._reader.slots):
                    workers.create_task(self._work(items))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _work(self, items: Iterator[Item]) -> None:
        """Read one article after the other."""
        while taken := await self._take(items):
            item, found = taken
            request_id = uuid4().hex
            with bound_contextvars(request_id=request_id):
                outcome = await self._outcome(found) if isinstance(found, Article) else found
            self._keep(line_of(item, outcome, self._reader.settings.public_url, request_id))
            self._step(failed=isinstance(outcome, VigieError))
            self._watch(outcome)

    def _watch(self, outcome: Record | VigieError) -> None:
        """Raise what ended an article if one after the other ends so."""
        if isinstance(outcome, BROKEN):
            self._broken_in_a_row += 1
            if self._broken_in_a_row >= max(MOST_IN_A_ROW, 2 * self._reader.slots):
                raise outcome
        elif not isinstance(outcome, DeadlineExceeded):
            self._broken_in_a_row = 0

    async def _take(self, items: Iterator[Item]) -> tuple[Item, Article | VigieError] | None:
        """Return the next article, or why it is none; None at the end."""

        def take() -> tuple[Item, Article | VigieError] | None:
            item = next(items, None)
            if item is None:
                return None
            try:
                return item, item.article()
            except RequestError as error:
                return item, error

        # Off the loop: to skip what was read before takes a while. One at a time, since the archive is gone through only once.
        async with self._taking:
            return await asyncio.to_thread(take)

    async def _outcome(self, article: Article) -> Record | VigieError:
        """Return the record of `article`, or why there is none.

        Raises:
            VigieError: The model cannot be had.
        """
        for wait_s in self._reader.waits_s:
            outcome = await self._attempt(article)
            if not isinstance(outcome, PASSING):
                return outcome
            await self._reader.sleep(max(wait_s, outcome.retry_after_s))
        return await self._attempt(article)

    async def _attempt(self, article: Article) -> Record | VigieError:
        # In an archive nobody waits: the time of an article begins with its turn.
        async with self._admission.turn(math.inf):
            deadline_at = asyncio.get_running_loop().time() + self._reader.settings.deadline_for(article.options.deadline_s)
            try:
                return await self._reader.extractor.extract(article, deadline_at=deadline_at, lanes=self._admission.spare)
            except LOST:
                raise
            except Exception as error:  # noqa: BLE001 - the edge of an article: whatever it breaks, the others are read
                return fault_of(error)
