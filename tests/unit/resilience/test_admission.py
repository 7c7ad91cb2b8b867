"""So many articles are read at once, and nobody waits in vain (F01 to F05)."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import Overloaded
from service.resilience.admission import MOST_WAITING, Admission


def now() -> float:
    """Return the time of the event loop."""
    return asyncio.get_running_loop().time()


async def having(admission: Admission, log: list[str], name: str, *, seconds: float = 0.0, left_s: float = 60) -> None:
    """Have a turn of so many seconds."""
    async with admission.turn(now() + left_s):
        log.append(f"{name} in")
        await asyncio.sleep(seconds)
        log.append(f"{name} out")


async def test_f02_so_many_at_once_and_in_their_order() -> None:
    """Whoever came first is next."""
    admission, log = Admission(1), list[str]()
    await asyncio.gather(*(having(admission, log, name) for name in "abc"))

    assert log == ["a in", "a out", "b in", "b out", "c in", "c out"]
    assert (admission.taken, admission.waiting) == (0, 0)


async def test_f03_what_cannot_be_done_in_time_is_refused_at_once() -> None:
    """Where those before take longer than there is time, nobody waits; the answer says how long it would have been."""
    admission = Admission(2)
    for _ in range(3):
        await having(admission, [], "known", seconds=0.05)
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(admission.turn(now() + 60))
        waiting = [asyncio.create_task(having(admission, [], "waits")) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as refused:
            await having(admission, [], "late", left_s=0.09)

        assert admission.waiting == 3
        assert refused.value.retry_after_s == 1
        assert 0.05 <= admission.typical_s < 0.09
    await asyncio.gather(*waiting)


async def test_f14_what_took_long_once_does_not_refuse_everybody_for_ever() -> None:
    """Whoever is alone has a turn, though the last ones took longer than there is time; others are refused meanwhile, and not once it was in time."""
    admission = Admission(2)
    for _ in range(3):
        await having(admission, [], "long", seconds=0.05)
    alone = asyncio.create_task(having(admission, [], "alone", seconds=0.01, left_s=0.04))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await having(admission, [], "beside", left_s=0.04)
    await alone
    await asyncio.gather(*(having(admission, [], "afterwards", left_s=0.04) for _ in range(2)))

    assert admission.typical_s < 0.04


async def test_f05_whoever_leaves_the_queue_frees_the_place() -> None:
    """A deadline that passes while waiting ends the waiting, and the next one moves up."""
    admission, log = Admission(1), list[str]()
    async with admission.turn(now() + 60):
        gone = asyncio.create_task(having(admission, log, "gone"))
        stays = asyncio.create_task(having(admission, log, "stays"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        assert admission.waiting == 1
    await stays

    assert log == ["stays in", "stays out"]
    assert admission.taken == 0


async def test_a_turn_that_comes_too_late_goes_on_to_the_next() -> None:
    """Whoever leaves in the moment of getting a turn loses it to nobody but the next."""
    admission, log = Admission(1), list[str]()
    turn = admission.turn(now() + 60)
    await turn.__aenter__()
    gone, stays = (asyncio.create_task(having(admission, log, name)) for name in ("gone", "stays"))
    await asyncio.sleep(0)
    await turn.__aexit__(None, None, None)
    gone.cancel()
    await asyncio.gather(gone, stays, return_exceptions=True)

    assert log == ["stays in", "stays out"]
    assert admission.taken == 0


async def test_the_queue_has_an_end() -> None:
    """Where nothing is known of how long a turn takes, so many wait and no more."""
    admission = Admission(1)
    async with admission.turn(now() + 60):
        waiting = [asyncio.create_task(having(admission, [], "waits")) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await having(admission, [], "late")
    await asyncio.gather(*waiting)


async def test_what_fails_tells_nothing_of_how_long_a_turn_takes() -> None:
    """A refused connection is over in no time, and says nothing of readings."""
    admission = Admission(1)
    with pytest.raises(ValueError, match="broken"):
        async with admission.turn(now() + 60):
            raise ValueError("broken")

    assert (admission.typical_s, admission.taken) == (0, 0)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 4), st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=20))
def test_slots_are_never_lost_and_never_doubled(slots: int, callers: list[tuple[int, bool]]) -> None:
    """Whoever comes, stays and leaves: never more than the slots at once, and all free at the end."""
    most = inside = 0

    async def caller(admission: Admission, steps: int) -> None:
        nonlocal most, inside
        async with admission.turn(now() + 60):
            inside += 1
            most = max(most, inside)
            try:
                for _ in range(steps):
                    await asyncio.sleep(0)
            finally:
                inside -= 1

    async def all_of_them() -> Admission:
        admission = Admission(slots)
        tasks = []
        for steps, leaves in callers:
            tasks.append(asyncio.create_task(caller(admission, steps)))
            await asyncio.sleep(0)
            if leaves:
                tasks[-1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return admission

    admission = asyncio.run(all_of_them())

    assert most <= slots
    assert (admission.taken, admission.waiting) == (0, 0)
