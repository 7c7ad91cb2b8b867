"""Work beside the event loop: in order, apart from long texts, and for nobody once it is closed."""

import asyncio
import threading
from contextvars import ContextVar

import pytest

from service.extraction.beside import LONG_CHARS, Threads

SHORT, LONG = "a", "a" * LONG_CHARS


async def test_short_texts_are_looked_through_one_after_the_other() -> None:
    """However many callers there are, the event loop shares the processor with one thread for all their short texts."""
    threads = Threads()
    names = await asyncio.gather(*(threads.of(SHORT)(threading.current_thread) for _ in range(20)))
    assert len(set(names)) == 1
    threads.close()


async def test_a_short_text_does_not_wait_for_a_long_one() -> None:
    """A caller with a short article is served while somebody's long one is being looked through."""
    threads, free = Threads(), threading.Event()
    long = asyncio.ensure_future(threads.of(LONG)(free.wait, 5))
    assert await asyncio.wait_for(threads.of(SHORT)(len, SHORT), 2) == 1
    assert not long.done()
    free.set()
    assert await long
    threads.close()


async def test_work_knows_what_its_request_is() -> None:
    """What is logged beside the event loop bears the id of the request that it is for."""
    threads, request = Threads(), ContextVar("request", default="none")
    request.set("7")
    assert await threads.of(SHORT)(request.get) == "7"
    threads.close()


async def test_faults_come_back() -> None:
    """An article that cannot be read is refused with the reason, wherever it was found."""
    threads = Threads()
    with pytest.raises(ValueError, match="invalid literal"):
        await threads.of(SHORT)(int, "x")
    threads.close()


async def test_what_was_left_before_it_began_is_not_done() -> None:
    """Whoever hangs up while others are read costs them nothing."""
    threads, free, done = Threads(), threading.Event(), list[int]()
    first = asyncio.ensure_future(threads.of(SHORT)(free.wait, 5))
    second = asyncio.ensure_future(threads.of(SHORT)(done.append, 2))
    await asyncio.sleep(0.01)
    second.cancel()
    free.set()
    await first
    await threads.of(SHORT)(len, SHORT)
    assert done == []
    threads.close()


async def test_nothing_is_taken_after_the_end() -> None:
    """What comes after the end of the service fails at once, and hangs nowhere."""
    threads = Threads()
    threads.close()
    with pytest.raises(RuntimeError):
        await threads.of(SHORT)(len, SHORT)
