"""The records that are kept for callers who ask for the same again."""

from litestar.stores.base import Store

from schemas.record import Record
from service.caching.answer import Answer
from service.caching.sealing import opened, sealed


def is_worth_keeping(record: Record) -> bool:
    """Return whether `record` may be kept: it lacks nothing, and nothing in its article looked odd.

    Each warning says one or the other, and the next reading may be better; so does one of a kind that is still to come.
    """
    return not record.warnings


class Records:
    """Records by the names of what was asked for. Failures never come here."""

    def __init__(self, store: Store, ttl_s: int) -> None:
        """Keep each record for so many seconds in `store`."""
        self._store, self._ttl_s = store, ttl_s

    async def get(self, name: str) -> Answer | None:
        """Return what is kept under `name`, as valid as on the first day; whatever else stands there is none."""
        body = opened(name, await self._store.get(name))
        answer = Answer.again(body) if body is not None else None
        return answer if answer and is_worth_keeping(answer.record) else None

    async def keep(self, name: str, answer: Answer) -> None:
        """Keep `answer`, if it is worth it."""
        if is_worth_keeping(answer.record):
            await self._store.set(name, sealed(name, answer.body), expires_in=self._ttl_s)
