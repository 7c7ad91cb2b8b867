"""The end of the service: first it is told to whoever sends callers here, then what is under way is finished, and only then it ends."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from service.errors import Draining
from service.racing import unless

T = TypeVar("T")


class Ending:
    """Whether the end has begun, and whether it is in a hurry."""

    def __init__(self) -> None:
        """Begin far from it."""
        self.begun = False
        self._hurried = asyncio.Event()

    @property
    def hurried(self) -> bool:
        """Whether there is no time for what is under way."""
        return self._hurried.is_set()

    def begin(self) -> None:
        """Say that callers should go elsewhere; what comes all the same is served."""
        self.begun = True

    def hurry(self) -> None:
        """End what is under way."""
        self.begun = True
        self._hurried.set()

    async def pause(self, seconds: float) -> None:
        """Wait so long, or less if there is no time left."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), seconds)

    async def unless_hurried(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what `work` returns; cancel it if there is no time for it.

        Raises:
            Draining: There was none.
        """
        return await unless(self._hurried.wait(), work, Draining)
