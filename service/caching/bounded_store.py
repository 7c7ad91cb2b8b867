"""A store of Litestar's in memory that never holds more than it may, nor anything for longer."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType

from litestar.stores.base import Store

#: Bytes that an entry takes beside its key and its value: the objects that hold them, and the timer.
ENTRY_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class _Entry:
    data: bytes
    size: int
    #: Ends the entry; None: it ends when others need its place.
    timer: asyncio.TimerHandle | None


class BoundedStore(Store):
    """So many bytes of entries; where there is no place for one more, those go that nobody has asked for for longest.

    Litestar's own store in memory has no bound, and keeps what is over until it is asked for.
    """

    def __init__(self, most_bytes: int) -> None:
        """Begin empty."""
        self.most_bytes, self.held_bytes = most_bytes, 0
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        """Keep `value`; one that is too large for the whole store is not kept, nor is what stood in its place."""
        data = value.encode() if isinstance(value, str) else value
        self._drop(key)
        size = len(key) + len(data) + ENTRY_BYTES
        if size > self.most_bytes:
            return
        while self.held_bytes + size > self.most_bytes:
            self._drop(next(iter(self._entries)))
        self._entries[key] = _Entry(data, size, self._timer(key, expires_in))
        self.held_bytes += size

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        """Return the value, if it is kept."""
        entry = self._live(key)
        if entry is None:
            return None
        if renew_for is not None and entry.timer:
            await self.set(key, entry.data, renew_for)
        else:
            self._entries.move_to_end(key)
        return entry.data

    async def delete(self, key: str) -> None:
        """Keep it no longer."""
        self._drop(key)

    async def delete_all(self) -> None:
        """Keep nothing."""
        for key in [*self._entries]:
            self._drop(key)

    async def exists(self, key: str) -> bool:
        """Return whether it is kept."""
        return self._live(key) is not None

    async def expires_in(self, key: str) -> int | None:
        """Return the whole seconds for which it is kept; None if it is not, or without an end."""
        entry = self._live(key)
        return int(entry.timer.when() - asyncio.get_running_loop().time()) if entry and entry.timer else None

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Keep nothing beyond the end of the service."""
        await self.delete_all()

    def _live(self, key: str) -> _Entry | None:
        """Return the entry; a timer may be late, but nothing is returned after its time."""
        entry = self._entries.get(key)
        if entry and entry.timer and entry.timer.when() <= asyncio.get_running_loop().time():
            self._drop(key)
            return None
        return entry

    def _timer(self, key: str, expires_in: int | timedelta | None) -> asyncio.TimerHandle | None:
        if expires_in is None:
            return None
        seconds = expires_in.total_seconds() if isinstance(expires_in, timedelta) else expires_in
        return asyncio.get_running_loop().call_later(seconds, self._drop, key)

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self.held_bytes -= entry.size
        if entry.timer:
            entry.timer.cancel()
