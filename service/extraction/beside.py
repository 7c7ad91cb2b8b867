"""Work of the processor beside the event loop, in few threads of its own.

Python computes in one thread at a time, whatever the number of cores. Each thread that has work takes its turn before the event loop has one again:
with more of them nothing is read sooner, and every caller waits.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: Characters of a text from which on it is long: most news is shorter. The longest takes a second for one piece of work, a short one some milliseconds.
LONG_CHARS = 10_000


class Beside(Protocol):
    """Does some work beside the event loop, as `asyncio.to_thread` does."""

    def __call__(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Return what `work` returns."""


class Threads:
    """Two threads, which begin with their first work: short texts wait for one another, each some milliseconds, but not for long ones."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._short, self._long = (ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("short-texts", "long-texts"))

    def of(self, text: str) -> Beside:
        """Return what does the work that `text` makes, one piece after the other."""
        executor = self._long if len(text) >= LONG_CHARS else self._short

        async def beside(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
            whole = partial(copy_context().run, work, *args, **kwargs)
            return await asyncio.get_running_loop().run_in_executor(executor, whole)

        return beside

    def close(self) -> None:
        """Take nothing more; what is under way is for nobody."""
        for executor in (self._short, self._long):
            executor.shutdown(wait=False, cancel_futures=True)
