"""Reception: where articles come in from all callers, are shared, wait for their turn, and are read."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from schemas.article import Article
from schemas.record import Record
from schemas.vocabulary import Section
from service.errors import DeadlineExceeded
from service.extraction.drafting import Lanes, one_lane
from service.extraction.progress import Forgotten, Hear, Tell, nobody
from service.resilience.admission import Admission
from service.resilience.ending import Ending
from service.resilience.sharing import Shared
from service.streaming.feed import Feed, Follower


class Extracts(Protocol):
    """What reads an article."""

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, hear: Hear | None = None, lanes: Lanes = one_lane) -> Record:
        """Return the record of `article`, or raise by `deadline_at` on the event loop's clock."""


@dataclass(frozen=True, slots=True)
class Received:
    """A record, and whether it was read for someone else who asked for the same at the same time."""

    record: Record
    shared: bool


class Reception:
    """The way of articles to the extractor."""

    def __init__(self, extractor: Extracts, admission: Admission, ending: Ending) -> None:
        """Keep the parts."""
        self._extractor, self._admission, self._ending = extractor, admission, ending
        self._shared: Shared[Record] = Shared()
        #: Of readings that somebody follows, by what they are about.
        self._feeds: dict[str, Feed] = {}

    async def extract(self, article: Article, caller: str, *, deadline_at: float, follower: Follower | None = None) -> Received:
        """Return the record of `article`; it is shared with requests of the same `caller` alone, so that nobody learns what others have read.

        A reading that is followed is shared with others that are.

        Raises:
            Overloaded: It could not be read in time.
            Draining: The service is ending in a hurry.
            DeadlineExceeded: The deadline passed first.
            VigieError: Whatever the extractor raises.
        """
        key = _key_of(article, caller)
        with self._feed(f"followed {key}", follower) if follower else nullcontext() as feed:
            work = self._shared.run(f"followed {key}" if feed else key, lambda: self._read(article, deadline_at, feed))
            try:
                async with asyncio.timeout_at(deadline_at):
                    return Received(*await self._ending.unless_hurried(work))
            except TimeoutError:
                raise DeadlineExceeded from None

    @contextmanager
    def _feed(self, key: str, follower: Follower) -> Iterator[Feed]:
        """Yield the feed of a reading, which `follower` follows."""
        feed = self._feeds.setdefault(key, Feed())
        leave = feed.join(follower)
        try:
            yield feed
        finally:
            leave()
            if not feed.is_followed:
                self._feeds.pop(key, None)

    async def _read(self, article: Article, deadline_at: float, feed: Feed | None) -> Record:
        async with self._admission.turn(deadline_at):
            if feed is None:
                return await self._extractor.extract(article, deadline_at=deadline_at, lanes=self._admission.spare)
            # Whoever began it may have left: it is begun anew.
            feed.begin_anew(Forgotten(tuple(Section), 0, len(article.text)))
            return await self._extractor.extract(article, deadline_at=deadline_at, tell=feed.tell, hear=feed.tell, lanes=self._admission.spare)


def _key_of(article: Article, caller: str) -> str:
    """Return what two requests of a `caller` have in common that ask for the same record: all but how long they wait."""
    content = article.model_dump_json(exclude={"options": {"deadline_s"}})
    return hashlib.sha256(f"{len(caller)}:{caller}{content}".encode("utf-8", "surrogatepass")).hexdigest()
