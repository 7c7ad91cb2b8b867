"""Requests to which callers gave a key of their own (`Idempotency-Key`), so that to ask again is never to ask twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from litestar.stores.base import Store

from schemas.article import Article
from service.caching.answer import Answer
from service.caching.naming import repeat_name, request_name
from service.caching.sealing import opened, sealed
from service.errors import IdempotencyKeyReused

#: The header in which a caller gives a request its key.
REPEAT_HEADER = "Idempotency-Key"
#: Seconds for which a key stands for its record.
KEPT_S = 86_400


@dataclass(slots=True)
class Repeat:
    """A request with a key: the name of caller and key, and that of what is asked for."""

    name: str
    request: str
    #: How many of the same are under way.
    under_way: int = 0


class Repeats:
    """What became of requests with a key. Only records are kept, also those that lack something: a failure leaves the key free."""

    def __init__(self, store: Store) -> None:
        """Keep them in `store`."""
        self._store = store
        self._under_way: dict[str, Repeat] = {}

    @contextmanager
    def asked(self, article: Article, caller: str, key: str) -> Iterator[Repeat]:
        """Yield the request for `article` to which `caller` gave `key`.

        Raises:
            IdempotencyKeyReused: Another request with this key is under way.
        """
        name, request = repeat_name(caller, key), request_name(article)
        repeat = self._under_way.setdefault(name, Repeat(name, request))
        if repeat.request != request:
            raise IdempotencyKeyReused
        repeat.under_way += 1
        try:
            yield repeat
        finally:
            repeat.under_way -= 1
            if not repeat.under_way:
                del self._under_way[name]

    async def get(self, repeat: Repeat) -> Answer | None:
        """Return what was answered to this request before.

        Raises:
            IdempotencyKeyReused: It was another request that was answered.
        """
        kept = opened(repeat.name, await self._store.get(repeat.name))
        if kept is None:
            return None
        request, _, body = kept.partition(b"\n")
        if request != repeat.request.encode():
            raise IdempotencyKeyReused
        return Answer.again(body)

    async def keep(self, repeat: Repeat, answer: Answer) -> None:
        """Keep the `answer` to this request."""
        data = repeat.request.encode() + b"\n" + answer.body
        await self._store.set(repeat.name, sealed(repeat.name, data), expires_in=KEPT_S)
