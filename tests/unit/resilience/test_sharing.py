"""What is asked for twice at the same time is done once."""

import asyncio

import pytest

from service.errors import DeadlineExceeded, UpstreamUnavailable
from service.resilience.sharing import Shared


class Work:
    """Work that is done when it is told."""

    def __init__(self, *outcomes: str | Exception) -> None:
        """Have an outcome for each time that it is done."""
        self.outcomes, self.begun, self.cancelled = list(outcomes), 0, 0
        self.goes_on = asyncio.Event()

    async def __call__(self) -> str:
        """Wait, and return or raise the next outcome."""
        self.begun += 1
        try:
            await self.goes_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def begun(*runs: asyncio.Task[tuple[str, bool]]) -> None:
    """Let tasks begin."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_work_under_way_is_joined() -> None:
    """Both get what one of them asked for, and the other is told so."""
    shared, work = Shared[str](), Work("done")
    runs = [asyncio.create_task(shared.run("a", work)) for _ in range(2)]
    await begun(*runs)
    work.goes_on.set()

    assert await asyncio.gather(*runs) == [("done", False), ("done", True)]
    assert work.begun == 1


async def test_other_work_is_not() -> None:
    """What is about something else, or over, is done anew."""
    shared, work = Shared[str](), Work("a", "b", "c")
    work.goes_on.set()

    assert [*await asyncio.gather(shared.run("a", work), shared.run("b", work))] == [("a", False), ("b", False)]
    assert await shared.run("a", work) == ("c", False)


async def test_f07_work_ends_with_the_last_who_waits() -> None:
    """One who leaves ends nothing for the other; the last one does."""
    shared, work = Shared[str](), Work("done")
    runs = [asyncio.create_task(shared.run("a", work)) for _ in range(2)]
    await begun(*runs)
    runs[0].cancel()
    await begun(*runs)
    assert work.cancelled == 0
    runs[1].cancel()
    await asyncio.gather(*runs, return_exceptions=True)

    assert work.cancelled == 1


async def test_a_failure_is_everyones() -> None:
    """What broke for one broke for all who wait for the same."""
    shared, work = Shared[str](), Work(UpstreamUnavailable())
    runs = [asyncio.create_task(shared.run("a", work)) for _ in range(2)]
    await begun(*runs)
    work.goes_on.set()

    assert [type(outcome) for outcome in await asyncio.gather(*runs, return_exceptions=True)] == [UpstreamUnavailable] * 2
    assert work.begun == 1


async def test_another_callers_deadline_is_not_ones_own() -> None:
    """Whoever joined someone with less time begins anew when that time is over."""
    shared, work = Shared[str](), Work(DeadlineExceeded(), "done")
    hasty = asyncio.create_task(shared.run("a", work))
    patient = asyncio.create_task(shared.run("a", work))
    await begun(hasty, patient)
    work.goes_on.set()

    with pytest.raises(DeadlineExceeded):
        await hasty
    assert await patient == ("done", False)
    assert work.begun == 2


async def test_whoever_comes_while_work_is_being_cancelled_begins_anew() -> None:
    """Nobody joins what nobody waits for."""
    shared, work = Shared[str](), Work("done")
    leaves = asyncio.create_task(shared.run("a", work))
    await begun(leaves)
    leaves.cancel()
    comes = asyncio.create_task(shared.run("a", work))
    await begun(comes)
    work.goes_on.set()

    assert await comes == ("done", False)
