"""So many articles are read at once, and nobody waits in vain (F01 to F05)."""

import asyncio
from contextlib import AsyncExitStack, suppress

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


async def leaving_over(admission: Admission, log: list[str], name: str, *, seconds: float = 0.0) -> None:
    """Have a slot that is left over for so many seconds, or until it is wanted back."""
    async with admission.leftover() as slot:
        log.append(f"{name} in")
        with suppress(TimeoutError):
            await asyncio.wait_for(slot.wanted.wait(), seconds)
        log.append(f"{name} out")


@pytest.mark.parametrize(("slots", "reserve"), [(1, 0), (2, 1), (5, 1), (6, 2), (16, 4)])
async def test_f13_a_fifth_is_never_left_over(slots: int, reserve: int) -> None:
    """Whatever waits that can wait, so many slots stay free for requests."""
    admission, log = Admission(slots), list[str]()
    patient = [asyncio.create_task(leaving_over(admission, log, str(number), seconds=60)) for number in range(20)]
    await asyncio.sleep(0)
    assert (admission.taken, admission.reserve) == (slots - reserve, reserve)
    async with AsyncExitStack() as stack:
        for _ in range(reserve):
            await stack.enter_async_context(admission.turn(now() + 60))
    for task in patient:
        task.cancel()
    await asyncio.gather(*patient, return_exceptions=True)

    assert admission.taken == 0


async def test_f13_nothing_is_left_over_while_somebody_waits() -> None:
    """A slot that becomes free is a request's first."""
    admission, log = Admission(2), list[str]()
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(admission.turn(now() + 60))
        patient = asyncio.create_task(leaving_over(admission, log, "patient"))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(having(admission, log, name)) for name in "ab"]
        await asyncio.sleep(0)
    await asyncio.gather(patient, *waiting)

    assert log[-2:] == ["patient in", "patient out"]
    assert admission.taken == 0


async def test_f13_the_only_slot_is_given_back_when_it_is_wanted() -> None:
    """With one slot, whoever waits for a turn has it at once, also where it went to the other in the same moment."""
    admission, log = Admission(1), list[str]()
    for _ in range(3):
        await having(admission, [], "known", seconds=0.02)
    patient = asyncio.create_task(leaving_over(admission, log, "patient", seconds=60))
    await asyncio.sleep(0)
    await asyncio.wait_for(having(admission, log, "asks", left_s=0.03), 1)
    await patient
    turn = admission.turn(now() + 60)
    await turn.__aenter__()
    patient = asyncio.create_task(leaving_over(admission, log, "again", seconds=60))
    await asyncio.sleep(0)
    await turn.__aexit__(None, None, None)
    async with asyncio.timeout(1):
        await having(admission, log, "at once")
    await patient

    assert log == ["patient in", "patient out", "asks in", "asks out", "again in", "again out", "at once in", "at once out"]


async def test_what_is_left_over_is_no_company() -> None:
    """Beside the articles of jobs whoever is alone has a turn, however long the last ones took."""
    admission = Admission(5)
    await having(admission, [], "long", seconds=0.05)
    patient = asyncio.create_task(leaving_over(admission, [], "patient", seconds=60))
    await asyncio.sleep(0)
    await having(admission, [], "alone", left_s=0.04)
    patient.cancel()
    await asyncio.gather(patient, return_exceptions=True)

    assert admission.typical_s < 0.04


async def test_pieces_of_what_can_wait_have_what_is_left_over_alone() -> None:
    """A long article of a job is read in several slots, but for the reserve."""
    admission = Admission(5)
    async with admission.leftover() as slot:
        lent = [slot.spare() for _ in range(5)]
        assert [one is not None for one in lent] == [True] * 3 + [False] * 2
        async with admission.turn(now() + 60):
            assert not any(one.is_wanted for one in lent if one)
        for one in filter(None, lent):
            one.__exit__()

    assert (admission.taken, admission.lent) == (0, 0)


@pytest.mark.parametrize("patient", [False, True])
async def test_whoever_leaves_as_a_slot_comes_free_leaves_in_peace(patient: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """It is told of nothing but its own end."""
    admission = Admission(1)
    turn = admission.turn(now() + 60)
    await turn.__aenter__()
    leaving = asyncio.create_task(leaving_over(admission, [], "gone") if patient else having(admission, [], "gone"))
    await asyncio.sleep(0)
    leaving.cancel()
    await turn.__aexit__(None, None, None)
    with pytest.raises(asyncio.CancelledError):
        await leaving

    assert (admission.taken, admission.waiting) == (0, 0)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), max_size=20))
def test_f13_leftovers_are_never_lost_and_never_of_the_reserve(slots: int, callers: list[tuple[int, bool, bool]]) -> None:
    """Whoever comes, stays and leaves, for a turn or for what is left over: the reserve stays, and all slots are free at the end."""
    inside = {True: 0, False: 0}
    most = {True: 0, False: 0}

    async def caller(admission: Admission, steps: int, *, patient: bool) -> None:
        async with admission.leftover() if patient else admission.turn(now() + 60):
            inside[patient] += 1
            most[patient] = max(most[patient], inside[patient])
            assert sum(inside.values()) <= slots
            try:
                for _ in range(steps):
                    await asyncio.sleep(0)
            finally:
                inside[patient] -= 1

    async def all_of_them() -> Admission:
        admission = Admission(slots)
        tasks = []
        for steps, leaves, patient in callers:
            tasks.append(asyncio.create_task(caller(admission, steps, patient=patient)))
            await asyncio.sleep(0)
            if leaves:
                tasks[-1].cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(end is None or isinstance(end, asyncio.CancelledError) for end in ends)
        return admission

    admission = asyncio.run(all_of_them())

    assert most[True] <= slots - admission.reserve
    assert (admission.taken, admission.waiting) == (0, 0)
