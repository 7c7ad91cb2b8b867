"""Shared work: what is asked for twice at the same time is done once."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from service.errors import DeadlineExceeded, Overloaded

T = TypeVar("T")


@dataclass(slots=True)
class _Work(Generic[T]):
    task: asyncio.Task[T]
    #: How many wait for it.
    waiting: int = 0


class Shared(Generic[T]):
    """Work under way, by what it is about. Work for which nobody waits any more is cancelled."""

    def __init__(self) -> None:
        """Begin with none."""
        self._under_way: dict[str, _Work[T]] = {}

    async def run(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> tuple[T, bool]:
        """Return what `work` returns, or what work with the same `key` that is under way does, and whether it was the latter.

        Whoever began it may have had less time than those who joined: where it failed for that, one of them begins it anew.
        """
        while (known := self._under_way.get(key)) is not None:
            with suppress(DeadlineExceeded, Overloaded):
                return await self._wait(key, known), True
        return await self._wait(key, self._begin(key, work)), False

    def _begin(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> _Work[T]:
        begun = _Work(asyncio.ensure_future(work()))
        self._under_way[key] = begun
        begun.task.add_done_callback(lambda _task: self._end(key, begun))
        return begun

    def _end(self, key: str, work: _Work[T]) -> None:
        if self._under_way.get(key) is work:
            del self._under_way[key]

    async def _wait(self, key: str, work: _Work[T]) -> T:
        work.waiting += 1
        try:
            return await asyncio.shield(work.task)
        finally:
            work.waiting -= 1
            if not work.waiting and not work.task.done():
                self._end(key, work)  # whoever comes now must not join what is being cancelled
                work.task.cancel()
                await asyncio.gather(work.task, return_exceptions=True)
