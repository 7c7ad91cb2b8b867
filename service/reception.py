"""Reception: where articles come in from all callers, are shared, wait for their turn, and are read."""

import asyncio
from dataclasses import dataclass
from typing import Literal, Protocol

from schemas.article import Article
from schemas.record import Record
from schemas.vocabulary import Section
from service.caching.answer import Answer
from service.caching.keeping import Keeping
from service.caching.naming import record_name
from service.errors import DeadlineExceeded
from service.extraction.drafting import NOT_READ, Lanes, one_lane
from service.extraction.progress import Forgotten, Hear, Tell, nobody
from service.resilience.admission import Admission
from service.resilience.ending import Ending
from service.resilience.sharing import Shared
from service.streaming.feed import Feed, Feeds, Follower


class Extracts(Protocol):
    """What reads an article."""

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, hear: Hear | None = None, lanes: Lanes = one_lane) -> Record:
        """Return the record of `article`, or raise by `deadline_at` on the event loop's clock."""


@dataclass(frozen=True, slots=True)
class Received:
    """A record, and where it came from."""

    answer: Answer
    #: It was kept, or read, or read for another request at the same time; None: it was read, and none are kept.
    cache: Literal["hit", "miss", "shared"] | None

    @property
    def facts(self) -> dict[str, object]:
        """What the log and the metrics are told of it: what was used, if it was read for this very request."""
        how = self.answer.record.extraction
        used = {} if self.cache in {"hit", "shared"} else {"calls": how.calls, "chunks": how.chunks, **how.usage.model_dump()}
        return {**used, "cache": self.cache}


class _Cut(DeadlineExceeded):
    """A record that lacks what could not be read in the time of whoever began the reading: others may have more, and begin it anew."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Reception:
    """The way of articles to the extractor."""

    def __init__(self, extractor: Extracts, admission: Admission, ending: Ending, keeping: Keeping | None = None) -> None:
        """Keep the parts; without `keeping` no records are kept."""
        self._extractor, self._admission, self._ending = extractor, admission, ending
        self._keeping = keeping or Keeping()
        self._shared: Shared[tuple[Answer, bool]] = Shared()
        self._feeds = Feeds()

    async def extract(self, article: Article, caller: str, *, deadline_at: float, repeat_key: str | None = None, follower: Follower | None = None) -> Received:
        """Return the record of `article`; it is shared with requests of the same `caller` alone, so that nobody learns what others have read.

        Args:
            article: What to read.
            caller: Who asks.
            deadline_at: When the record must be there, on the clock of the running event loop.
            repeat_key: What the caller calls the request, so as to ask for the same again.
            follower: Hears how the reading goes. One that is followed is shared with others that are.

        Raises:
            IdempotencyKeyReused: The caller called another request so.
            Overloaded: It could not be read in time.
            Draining: The service is ending in a hurry.
            DeadlineExceeded: The deadline passed first.
            VigieError: Whatever the extractor raises.
        """
        repeats = self._keeping.repeats
        if repeat_key is None or repeats is None:
            return await self._receive(article, caller, deadline_at, follower)
        with repeats.asked(article, caller, repeat_key) as repeat:
            if known := await repeats.get(repeat):
                return Received(known, "hit")
            received = await self._receive(article, caller, deadline_at, follower)
            await repeats.keep(repeat, received.answer)
            return received

    async def _receive(self, article: Article, caller: str, deadline_at: float, follower: Follower | None) -> Received:
        name = record_name(article, caller, self._keeping.reader)
        with self._feeds.followed(name, follower) as feed:
            work = self._shared.run(f"followed {name}" if feed else name, lambda: self._answer(name, article, deadline_at, feed))
            try:
                async with asyncio.timeout_at(deadline_at):
                    (answer, kept), shared = await self._ending.unless_hurried(work)
            except TimeoutError:
                raise DeadlineExceeded from None
            except _Cut as cut:
                return Received(cut.answer, "miss" if self._keeping.records else None)
        if kept:
            return Received(answer, "hit")
        return Received(answer, "shared" if shared else "miss" if self._keeping.records else None)

    async def _answer(self, name: str, article: Article, deadline_at: float, feed: Feed | None) -> tuple[Answer, bool]:
        """Return the answer, and whether it was kept. Whoever asks for the same meanwhile waits for it, so that nothing is read between look and keeping."""
        records = self._keeping.records
        if records and (known := await records.get(name)):
            return known, True
        async with self._admission.turn(deadline_at):
            answer = Answer.of(await self._read(article, deadline_at, feed))
            if any(notice.code == NOT_READ and DeadlineExceeded.code in notice.detail for notice in answer.record.warnings):
                raise _Cut(answer)
        if records:
            await records.keep(name, answer)
        return answer, False

    async def _read(self, article: Article, deadline_at: float, feed: Feed | None) -> Record:
        if feed is None:
            return await self._extractor.extract(article, deadline_at=deadline_at, lanes=self._admission.spare)
        tell = feed.begin(Forgotten(tuple(Section), 0, len(article.text)))
        return await self._extractor.extract(article, deadline_at=deadline_at, tell=tell, hear=tell, lanes=self._admission.spare)
