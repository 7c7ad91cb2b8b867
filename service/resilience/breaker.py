"""A breaker: an endpoint that mostly fails is left alone for a while, and then asked once before it is asked again by all.

Libraries for this count failures in a row, which an endpoint that answers every other call never reaches; this one looks at the share of the last calls.
"""

import logging
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from service.errors import UpstreamUnavailable

logger = logging.getLogger(__name__)


class State(Enum):
    """Whether calls pass; the value is what the metric says."""

    CLOSED = 0
    #: One call is under way to see whether others may follow.
    PROBING = 1
    OPEN = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """When a breaker opens, and for how long; times in seconds."""

    #: The share of failures that opens it.
    share: float = 0.5
    #: How many calls are looked at, how few tell nothing, and for how long they tell something.
    calls: int = 20
    least_calls: int = 10
    window_s: float = 30
    #: An endpoint that is back is to be used within five seconds.
    open_s: float = 3
    #: How much shorter or longer that may be, so that many services do not come back at once.
    spread: float = 0.2


class Breaker:
    """A breaker. Its clock counts seconds and never goes back."""

    def __init__(self, limits: Limits = Limits(), *, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin closed."""
        self._limits, self._clock = limits, clock
        self._calls: deque[tuple[float, bool]] = deque(maxlen=limits.calls)
        self._open_until = 0.0
        self._state = State.CLOSED

    @property
    def state(self) -> State:
        """Whether calls pass now."""
        return self._state

    def state_value(self) -> float:
        """Return the same as the metric says it."""
        return self._state.value

    def enter(self) -> None:
        """Let a call pass.

        Raises:
            UpstreamUnavailable: Not now; says when it may be worth it.
        """
        if self._state is State.CLOSED:
            return
        wait_s = self._open_until - self._clock()
        if self._state is State.PROBING or wait_s > 0:
            raise UpstreamUnavailable("The model's endpoint failed too often and is left alone for a moment.", retry_after_s=max(round(wait_s), 1))
        self._state = State.PROBING

    def succeeded(self) -> None:
        """Note that a call went well."""
        if self._state is State.PROBING:
            self._state = State.CLOSED
            self._calls.clear()
            logger.info("breaker-closed")
        self._note(failed=False)

    def failed(self) -> None:
        """Note that a call did not."""
        self._note(failed=True)
        if self._state is State.PROBING or (self._state is State.CLOSED and self._fails_mostly()):
            if self._state is State.CLOSED:
                logger.warning("breaker-opened")
            self._state = State.OPEN
            spread = random.uniform(1 - self._limits.spread, 1 + self._limits.spread)  # noqa: S311 - no secret
            self._open_until = self._clock() + self._limits.open_s * spread

    def left(self) -> None:
        """Note that nobody waited for a call's end: it tells nothing, and the next one may probe."""
        if self._state is State.PROBING:
            self._state = State.OPEN

    def _note(self, *, failed: bool) -> None:
        self._calls.append((self._clock(), failed))

    def _fails_mostly(self) -> bool:
        since = self._clock() - self._limits.window_s
        recent = [failed for at, failed in self._calls if at >= since]
        return len(recent) >= self._limits.least_calls and sum(recent) >= self._limits.share * len(recent)
