"""Admission: so many articles are read at once; others wait if their turn will come in time, and are told at once if it will not."""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from statistics import median

from service.errors import Overloaded

#: The last so many readings tell how long one takes.
_REMEMBERED = 20
#: Whatever the deadlines, no more wait.
MOST_WAITING = 1_000


class Admission:
    """Turns at something that does `slots` things at once. Whoever waits longest is next."""

    def __init__(self, slots: int) -> None:
        """Begin with all slots free."""
        self.slots = slots
        self.taken = 0
        #: Of the slots taken, those lent for more of what has its turn already.
        self.lent = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._took_s: deque[float] = deque(maxlen=_REMEMBERED)

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def typical_s(self) -> float:
        """How many seconds a turn takes, as the last ones went; 0 if there were none."""
        return median(self._took_s) if self._took_s else 0.0

    @asynccontextmanager
    async def turn(self, deadline_at: float) -> AsyncIterator[None]:
        """Wait for a turn and have it.

        Args:
            deadline_at: When the turn must be over, on the clock of the running event loop. Waiting is not ended by it: the caller's time-out is.

        Raises:
            Overloaded: It could not be over by then, as the last turns went.
        """
        clock = asyncio.get_running_loop().time
        await self._enter(deadline_at - clock())
        began = clock()
        late = began + self.typical_s > deadline_at
        try:
            # Whose turn comes too late all the same leaves it to others, who may still be in time. Whoever is alone has it: an estimate that refuses all would
            # never be put right.
            if late and (self.taken - self.lent > 1 or self._waiting):
                raise Overloaded("There was too much to do to read this in time.", retry_after_s=math.ceil(self.typical_s))
            yield
            if late:
                self._took_s.clear()  # it was in time, so they tell what is no longer so
            self._took_s.append(clock() - began)
        finally:
            self._leave()

    def spare(self) -> "Spare | None":
        """Return a slot for more of what has its turn already, if one is free and nobody waits for it."""
        if self.taken >= self.slots or self._waiting:
            return None
        self.taken += 1
        self.lent += 1
        return Spare(self)

    async def _enter(self, left_s: float) -> None:
        if self.taken < self.slots and not self._waiting:
            self.taken += 1
            return
        # Little's law: those before us each take a typical turn of one of the slots, and then we take ours. Lent slots come back before that.
        before = max(self.waiting + 1 - self.lent, 0)
        wait_s = before * self.typical_s / self.slots
        if (before and wait_s + self.typical_s > left_s) or self.waiting >= MOST_WAITING:
            raise Overloaded("There is too much to do to read this in time.", retry_after_s=math.ceil(wait_s))
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                # The turn came and nobody is there to take it.
                self._leave()
            else:
                self._waiting.remove(place)
            raise

    def _leave(self) -> None:
        """Give the turn to whoever waits longest, or back."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.taken -= 1


class Spare(AbstractContextManager["Spare"]):
    """A slot that is lent while nobody waits."""

    def __init__(self, admission: Admission) -> None:
        """Know whose slot it is."""
        self._admission = admission

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for a slot."""
        return self._admission.waiting > 0

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._admission.lent -= 1
        self._admission._leave()  # noqa: SLF001 - two parts of one thing
