"""Work of the processor, a few pieces at a time."""

import asyncio
import threading

import pytest

from service.errors import Overloaded
from service.resilience.bench import Bench


async def test_so_many_pieces_at_a_time() -> None:
    """What is more waits, and none is forgotten."""
    bench, at_work, most, lock = Bench(2, patience_s=10), 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        threading.Event().wait(0.02)
        with lock:
            at_work -= 1
        return number

    done = await asyncio.gather(*(bench.do(lambda number=number: work(number)) for number in range(8)))  # type: ignore[misc]

    assert done == [*range(8)]
    assert most == 2


async def test_who_waits_too_long_is_told_so() -> None:
    """It may be tried again, and works once there is a place."""
    bench, free = Bench(1, patience_s=0.01), threading.Event()
    holding = asyncio.create_task(bench.do(free.wait))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as refused:
        await bench.do(int)
    free.set()
    await holding

    assert refused.value.retry_after_s >= 1
    assert await bench.do(lambda: 7) == 7


async def test_work_that_was_begun_keeps_its_place() -> None:
    """Whoever leaves is not waited for, but no third thread is begun beside two."""
    bench, free, begun = Bench(1, patience_s=1), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        free.wait()
        raise ValueError

    leaving = asyncio.create_task(bench.do(work))
    await asyncio.to_thread(begun.wait)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    waiting = asyncio.create_task(bench.do(int))
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    free.set()

    assert leaving.cancelled()
    assert (done, await waiting) == (set(), 0)


def test_work_that_ends_with_the_service_is_told_to_nobody() -> None:
    """Whatever is still worked at when the event loop ends is no fault."""
    told, free = list[object](), threading.Event()

    async def ending() -> None:
        loop, bench = asyncio.get_running_loop(), Bench(1, patience_s=1)
        loop.set_exception_handler(lambda _loop, context: told.append(context))
        working = asyncio.create_task(bench.do(free.wait))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        working.cancel()
        loop.call_later(0.05, free.set)

    asyncio.run(ending())
    assert told == []


async def test_what_fails_fails_as_it_did() -> None:
    """And its place is free again."""
    bench = Bench(1, patience_s=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await bench.do(lambda: 1 // 0)
