"""Admission: so many articles are read at once; others wait if their turn will come in time, and are told at once if it will not.

What nobody waits for, the articles of jobs, has what is left over: never the slots that are reserved for those who wait, and none while somebody does.
"""

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
#: Of the slots, one in so many is reserved.
_RESERVED_IN = 5


class Admission:
    """Turns at something that does `slots` things at once. Whoever waits longest is next."""

    def __init__(self, slots: int, *, reserve: int | None = None) -> None:
        """Begin with all slots free.

        Args:
            slots: How many there are.
            reserve: How many of them are never left over; when missing a fifth, and none of a single one. Where none are, what is left over is wanted back.
        """
        self.slots = slots
        self.reserve = (math.ceil(slots / _RESERVED_IN) if slots > 1 else 0) if reserve is None else reserve
        self.taken = 0
        #: Of the slots taken, those lent for more of what has its turn already.
        self.lent = 0
        #: Of the slots taken, those that were left over.
        self._leftovers: set[Leftover] = set()
        #: Who waits for a turn, and who for what is left over.
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._patient: deque[asyncio.Future[None]] = deque()
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
            if late and (self.taken - self.lent - len(self._leftovers) > 1 or self._waiting):
                raise Overloaded("There was too much to do to read this in time.", retry_after_s=math.ceil(self.typical_s))
            yield
            if late:
                self._took_s.clear()  # it was in time, so they tell what is no longer so
            self._took_s.append(clock() - began)
        finally:
            self._leave()

    @asynccontextmanager
    async def leftover(self) -> AsyncIterator["Leftover"]:
        """Wait for a slot that turns leave over, and have it."""
        if self._patient or not self._leaves_over():
            await self._wait_in(self._patient)
        else:
            self.taken += 1
        leftover = Leftover(self)
        if self._waiting and not self.reserve:  # they came since the slot did
            leftover.wanted.set()
        self._leftovers.add(leftover)
        try:
            yield leftover
        finally:
            self._leftovers.remove(leftover)
            self._leave()

    def spare(self) -> "Spare | None":
        """Return a slot for more of what has its turn already, if one is free and nobody waits for it."""
        return self._lend() if self.taken < self.slots and not self._waiting else None

    def _spare_leftover(self) -> "Spare | None":
        """Return a slot for more of what has one that was left over, if another one is."""
        return self._lend() if self._leaves_over() and not self._patient else None

    def _lend(self) -> "Spare":
        self.taken += 1
        self.lent += 1
        return Spare(self)

    def _leaves_over(self) -> bool:
        return self.taken < self.slots - self.reserve and not self._waiting

    async def _enter(self, left_s: float) -> None:
        if self.taken < self.slots and not self._waiting:
            self.taken += 1
            return
        # Little's law: those before us each take a typical turn of one of the slots, and then we take ours. Slots that are wanted back come before that.
        wanted = self._leftovers if not self.reserve else set()
        before = max(self.waiting + 1 - self.lent - len(wanted), 0)
        wait_s = before * self.typical_s / self.slots
        if (before and wait_s + self.typical_s > left_s) or self.waiting >= MOST_WAITING:
            raise Overloaded("There is too much to do to read this in time.", retry_after_s=math.ceil(wait_s))
        for leftover in wanted:
            leftover.wanted.set()
        await self._wait_in(self._waiting)

    async def _wait_in(self, line: deque[asyncio.Future[None]]) -> None:
        """Wait in `line` until a slot comes, which is taken then."""
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                # The turn came and nobody is there to take it.
                self._leave()
            elif place in line:
                line.remove(place)
            raise

    def _leave(self) -> None:
        """Give the turn to whoever waits longest, or back."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.taken -= 1
        while self._patient and self._leaves_over():
            place = self._patient.popleft()
            if not place.done():
                self.taken += 1
                place.set_result(None)


class Leftover:
    """A slot for what nobody waits for."""

    def __init__(self, admission: Admission) -> None:
        """Know whose slot it is."""
        #: Set once somebody waits for a turn who can have no other slot: it is to be given back at once.
        self.wanted = asyncio.Event()
        self._admission = admission

    def spare(self) -> "Spare | None":
        """Return one more, if there is one that is left over and nobody waits for."""
        return self._admission._spare_leftover()  # noqa: SLF001 - two parts of one thing


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
