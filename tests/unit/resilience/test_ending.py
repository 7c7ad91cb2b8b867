"""The end of the service (K02, K03)."""

import asyncio

import pytest

from service.errors import Draining
from service.resilience.ending import Ending


async def test_k02_what_is_under_way_is_finished() -> None:
    """That the end has begun changes nothing for work under way, nor for what comes all the same."""
    ending = Ending()
    working = asyncio.create_task(ending.unless_hurried(asyncio.sleep(0.01, "done")))
    ending.begin()

    assert ending.begun
    assert await working == "done"
    assert await ending.unless_hurried(asyncio.sleep(0, "done")) == "done"


async def test_k03_a_hurried_end_cancels_it() -> None:
    """Where there is no time left, work under way ends with a problem, and so does what comes."""
    ending, cancelled = Ending(), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    working = asyncio.create_task(ending.unless_hurried(work()))
    await asyncio.sleep(0)
    ending.hurry()

    with pytest.raises(Draining):
        await working
    assert (cancelled.is_set(), ending.begun, ending.hurried) == (True, True, True)
    with pytest.raises(Draining):
        await ending.unless_hurried(asyncio.sleep(60))


async def test_what_fails_fails() -> None:
    """The error of work is its own."""

    async def broken() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await Ending().unless_hurried(broken())
