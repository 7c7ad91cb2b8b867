"""How many retries all articles together may cost: a share of the calls that they need, so that an endpoint that is down is not asked three times as often."""

import time
from collections.abc import Callable


class Allowance:
    """A bucket of retries, filled by first calls and, so that a quiet service has some too, slowly by time."""

    def __init__(self, share: float = 0.1, *, most: float = 5, per_s: float = 0.05, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin full.

        Args:
            share: Of a retry, for each first call.
            most: Retries that can be saved up.
            per_s: Retries that a second adds.
            clock: Counts seconds and never goes back.
        """
        self._share, self._most, self._per_s, self._clock = share, most, per_s, clock
        self._saved, self._at = most, clock()

    def earn(self) -> None:
        """Note a first call."""
        self._add(self._share)

    def take(self) -> bool:
        """Take a retry; return whether there was one."""
        self._add(0)
        if self._saved < 1:
            return False
        self._saved -= 1
        return True

    def _add(self, more: float) -> None:
        now = self._clock()
        self._saved = min(self._saved + more + (now - self._at) * self._per_s, self._most)
        self._at = now
