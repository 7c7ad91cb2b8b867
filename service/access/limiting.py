"""How much each caller may ask: so often in any minute, and so much at the same time, as one process counts it.

Libraries for this count by the wall clock, which may jump; these counts are few and exact.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.errors import RateLimited

WINDOW_S = 60.0
#: So many callers at most are remembered.
MOST_CALLERS = 10_000


class Rate:
    """So many requests of one caller in any window, to the request."""

    def __init__(self, *, window_s: float = WINDOW_S, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with no requests; `clock` counts seconds and never goes back."""
        self._window_s, self._clock = window_s, clock
        self._seen: dict[str, deque[float]] = {}

    def take(self, caller: str, limit: int) -> None:
        """Count a request of `caller`.

        Raises:
            RateLimited: It is one too many, and is not counted.
        """
        now = self._clock()
        seen = self._seen.get(caller) or self._begin(caller, limit, now)
        while seen and seen[0] <= now - self._window_s:
            seen.popleft()
        if len(seen) >= limit:
            raise RateLimited(limit, self._window_s, wait_s=seen[len(seen) - limit] + self._window_s - now)
        seen.append(now)

    def _begin(self, caller: str, limit: int, now: float) -> deque[float]:
        """Return the place of a caller who has not asked for long; where there are too many, those whose requests are all out of the window go."""
        if len(self._seen) >= MOST_CALLERS:
            self._seen = {other: seen for other, seen in self._seen.items() if seen[-1] > now - self._window_s}
            if len(self._seen) >= MOST_CALLERS:
                raise RateLimited(limit, self._window_s, wait_s=self._window_s)
        return self._seen.setdefault(caller, deque())


class Concurrency:
    """So many requests of one caller at the same time."""

    def __init__(self) -> None:
        """Begin with none."""
        self._taken: defaultdict[str, int] = defaultdict(int)

    @contextmanager
    def place(self, caller: str, limit: int | None) -> Iterator[None]:
        """Have one request of `caller` counted until it is answered.

        Raises:
            RateLimited: It is one too many.
        """
        if limit is not None and self._taken[caller] >= limit:
            raise RateLimited(limit, None, wait_s=1)
        self._taken[caller] += 1
        try:
            yield
        finally:
            self._taken[caller] -= 1
            if not self._taken[caller]:
                del self._taken[caller]
