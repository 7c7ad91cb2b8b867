"""Reception: where articles come in from all callers, are shared, wait for their turn, and are read."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Protocol

from schemas.article import Article
from schemas.record import Record
from service.errors import DeadlineExceeded
from service.extraction.drafting import Lanes
from service.resilience.admission import Admission
from service.resilience.ending import Ending
from service.resilience.sharing import Shared


class Extracts(Protocol):
    """What reads an article."""

    async def extract(self, article: Article, *, deadline_at: float, lanes: Lanes) -> Record:
        """Return the record of `article`, or raise by `deadline_at` on the event loop's clock; pieces of it may be read side by side in `lanes`."""


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

    async def extract(self, article: Article, caller: str, *, deadline_at: float) -> Received:
        """Return the record of `article`; it is shared with requests of the same `caller` alone, so that nobody learns what others have read.

        Raises:
            Overloaded: It could not be read in time.
            Draining: The service is ending in a hurry.
            DeadlineExceeded: The deadline passed first.
            VigieError: Whatever the extractor raises.
        """
        work = self._shared.run(_key_of(article, caller), lambda: self._read(article, deadline_at))
        try:
            async with asyncio.timeout_at(deadline_at):
                return Received(*await self._ending.unless_hurried(work))
        except TimeoutError:
            raise DeadlineExceeded from None

    async def _read(self, article: Article, deadline_at: float) -> Record:
        async with self._admission.turn(deadline_at):
            return await self._extractor.extract(article, deadline_at=deadline_at, lanes=self._admission.spare)


def _key_of(article: Article, caller: str) -> str:
    """Return what two requests of a `caller` have in common that ask for the same record: all but how long they wait."""
    content = article.model_dump_json(exclude={"options": {"deadline_s"}})
    return hashlib.sha256(f"{len(caller)}:{caller}{content}".encode("utf-8", "surrogatepass")).hexdigest()
