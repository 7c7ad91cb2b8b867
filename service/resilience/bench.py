"""Work of the processor, done beside the event loop, a few pieces at a time."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from service.errors import Overloaded

T = TypeVar("T")


class Bench:
    """So many threads at a time, and a queue in which nobody stands for long."""

    def __init__(self, places: int, *, patience_s: float) -> None:
        """Have so many `places`; who has none after so many seconds gets none."""
        self._places, self._patience_s = asyncio.Semaphore(places), patience_s

    async def do(self, work: Callable[[], T]) -> T:
        """Return what `work` returns. Work that was begun is done to its end, and keeps its place until then, whoever has left.

        Raises:
            Overloaded: No place became free in time.
        """
        try:
            async with asyncio.timeout(self._patience_s):
                await self._places.acquire()
        except TimeoutError:
            raise Overloaded("Others' reports take all threads.", retry_after_s=round(self._patience_s)) from None
        working = asyncio.ensure_future(asyncio.to_thread(work))
        working.add_done_callback(self._ended)
        await asyncio.wait({working})
        return working.result()

    def _ended(self, work: "asyncio.Future[T]") -> None:
        self._places.release()
        # Where nobody waits any longer it would be told as forgotten. At the end of the loop it is cancelled.
        if not work.cancelled():
            work.exception()
