"""What is handed in as a job, read as it arrives: never is more of it held than a portion and the article that is under way."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Never

from litestar.types import Receive

from schemas.problem import FieldError
from service.disconnect import ClientGone
from service.errors import BodyTooLarge, JobTooLarge, MalformedBody, RequestError, RequestTimeout, ValidationFailed
from service.intake import JSON, article_of, is_crowded
from service.jobs.elements import Element, Elements, Lines, Splitter
from service.jobs.items import Entry
from service.resilience.room import Place

NDJSON = "application/x-ndjson"
#: The most that one job may be.
MOST_ARTICLES, MOST_BYTES = 10_000, 100_000_000
#: So much is split and read at a time, off the event loop.
PORTION_BYTES = 512 * 1024
#: Entries that are handed on at a time: whoever stores them does so on the event loop.
BATCH = 500
#: Seconds in which a portion of the length of one article must arrive.
ARRIVAL_S = 30.0

_SPLITTERS: Mapping[str, Callable[[int], Splitter]] = {JSON: Elements, NDJSON: Lines}


class Submission:
    """One job as it is handed in."""

    def __init__(self, receive: Receive, media_type: str, place: Place, *, most_article_bytes: int, told: Callable[[RequestError], bytes]) -> None:
        """Read what is sent.

        Args:
            receive: Brings the body.
            media_type: That of a JSON array or of lines of JSON.
            place: For what is held of it.
            most_article_bytes: Longest article that is read.
            told: Returns the problem, as JSON, that an article has which cannot be read.
        """
        self._receive, self._told, self._most_article_bytes = receive, told, most_article_bytes
        # A portion as it came and as it is read, what is read ahead of the database, and the article that is under way.
        self._place, self._most_held_bytes = place, 4 * PORTION_BYTES + most_article_bytes
        self._splitter = _SPLITTERS[media_type](most_article_bytes)
        self._is_array = media_type == JSON
        # The kind has its length before it, so that no byte moves from it into the body unseen.
        self._digest = hashlib.sha256(b"%d:%b" % (len(media_type), media_type.encode()))
        #: How many articles were handed in, and how many of them are none.
        self.articles = self.refused = 0

    def digest(self) -> bytes:
        """Return what tells the bytes that have come from all others."""
        return self._digest.digest()

    async def batches(self) -> AsyncIterator[Sequence[Entry]]:
        """Yield what becomes of the articles, in their order.

        Raises:
            MalformedBody: The body is no JSON array.
            JobTooLarge: It has too many bytes or articles.
            ValidationFailed: It has none.
            RequestTimeout: It did not arrive in time.
            NoRoom: There is no room for it.
            ClientGone: The caller left before its end.
        """
        async for portion in self._portions():
            entries = await asyncio.to_thread(self._read, portion)
            for at in range(0, len(entries), BATCH):
                yield entries[at : at + BATCH]
        if batch := await asyncio.to_thread(self._read_last):
            yield batch
        if not self.articles:
            raise ValidationFailed([FieldError(pointer="", code="too_short", detail="A job has one article at least.")])

    async def _portions(self) -> AsyncIterator[bytes]:
        """Yield the body; of the time only that counts in which the caller was waited for."""
        loop = asyncio.get_running_loop()
        portion, arrived, left_s = bytearray(), 0, ARRIVAL_S
        more = True
        while more:
            began = loop.time()
            try:
                async with asyncio.timeout(left_s):
                    message = await self._receive()
            except TimeoutError:
                raise RequestTimeout from None
            if message["type"] != "http.request":
                raise ClientGone
            portion += message["body"]
            before, arrived = arrived, arrived + len(message["body"])
            if arrived > MOST_BYTES:
                raise JobTooLarge(MOST_BYTES, None, "bytes")
            self._place.take(min(arrived, self._most_held_bytes) - min(before, self._most_held_bytes))
            is_further = arrived // self._most_article_bytes > before // self._most_article_bytes
            left_s = ARRIVAL_S if is_further else left_s - (loop.time() - began)
            more = message["more_body"]
            if len(portion) >= PORTION_BYTES or not more:
                yield bytes(portion)
                portion.clear()

    def _read(self, portion: bytes) -> list[Entry]:
        self._digest.update(portion)
        return [self._entry(element) for element in self._splitter.feed(portion)]

    def _read_last(self) -> list[Entry]:
        return [self._entry(element) for element in self._splitter.end()]

    def _entry(self, element: Element) -> Entry:
        """Return what becomes of an element; in an array one that is no JSON breaks all of it."""
        if self.articles == MOST_ARTICLES:
            raise JobTooLarge(MOST_ARTICLES, None, "articles")
        self.articles += 1
        try:
            if element.raw is None:
                raise BodyTooLarge(self._most_article_bytes, element.size, "bytes")
            article = article_of(element.raw, JSON)
        except RequestError as fault:
            if self._is_array and isinstance(fault, MalformedBody) and not _may_be_json(element.raw):
                raise MalformedBody(f"Element {self.articles - 1}, counted from 0: {fault.detail}") from None
            self.refused += 1
            return Entry(None, self._told(fault))
        return Entry(article.model_dump_json().encode(), None)


def _may_be_json(raw: bytes | None) -> bool:
    """Return whether an element that is not read here may be JSON all the same: it has a key twice, an endless number, or too much to be looked at."""
    if raw is None or is_crowded(raw):
        return True
    try:
        json.loads(raw.decode(), parse_int=str, parse_float=str, parse_constant=_refuse)
    except ValueError:
        return False
    return True


def _refuse(_name: str) -> Never:
    """Refuse NaN and its kin."""
    raise ValueError("no JSON")
