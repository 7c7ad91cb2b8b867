"""The limits of callers, over all processes that share a database; where it does not answer, each process counts for itself."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Protocol

from service.access.limiting import WINDOW_S, Concurrency, Rate
from service.errors import RateLimited


class Shared(Protocol):
    """What counts for all processes. It never fails, and nobody waits long for it."""

    async def take(self, caller: str, limit: int, window_s: float) -> float | None:
        """Count a request of `caller` if there is room, and return 0; else the seconds until there is. None: nobody knows."""

    async def hold(self, caller: str, limit: int) -> str | None:
        """Return the name of a place that `caller` has from now on, also where nobody knows whether there is one; None if all are taken."""

    def let_go(self, place: str) -> None:
        """Have the place given back, soon."""


class Limits:
    """How much each caller may ask. Callers without limits are not counted."""

    def __init__(self, shared: Shared | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Count in `shared`, and in this process too: for when that is not to be had. `clock` counts seconds and never goes back."""
        self._shared, self._clock = shared, clock
        self._rate, self._concurrency = Rate(clock=clock), Concurrency()
        #: Until when there is no room for those who were refused last: nobody has to be asked again. They have keys, so that they are few.
        self._refused: dict[tuple[str, int], float] = {}

    async def take(self, caller: str, limit: int | None) -> None:
        """Count a request of `caller`.

        Raises:
            RateLimited: It is one too many, and is not counted.
        """
        if limit is None:
            return
        left_s = self._refused.get((caller, limit), 0) - self._clock()
        if left_s > 0:
            raise RateLimited(limit, WINDOW_S, wait_s=left_s)
        wait_s = await self._shared.take(caller, limit, WINDOW_S) if self._shared else None
        if wait_s is None:
            self._rate.take(caller, limit)
        elif wait_s > 0:
            self._refused[caller, limit] = self._clock() + wait_s
            raise RateLimited(limit, WINDOW_S, wait_s=wait_s)
        else:
            with suppress(RateLimited):
                self._rate.take(caller, limit)

    async def place(self, caller: str, limit: int | None) -> AbstractContextManager[object]:
        """Return what has one request of `caller` counted until its end.

        Raises:
            RateLimited: It is one too many.
        """
        with ExitStack() as held:
            held.enter_context(self._concurrency.place(caller, limit))
            if limit is not None and self._shared:
                place = await self._shared.hold(caller, limit)
                if place is None:
                    raise RateLimited(limit, None, wait_s=1)
                held.callback(self._shared.let_go, place)
            return held.pop_all()
