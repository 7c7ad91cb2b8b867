"""The generator keeps its schedule whatever the server does, and tells what became of each request."""

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.open_load import Latencies, Load, Request, Shot, offer
from tests.rig.wire import read_body, read_head
from tests.unit.rig.rig_parts import eventually

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
_BUSY = b'HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 21\r\n\r\n{"code":"overloaded"}'
_SILENT = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """Yield the address of a server that answers so."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(EOFError, ConnectionError):
            while not writer.is_closing():
                await read_body(reader, await read_head(reader))
                await answer(writer)
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listener:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/extract"
    await asyncio.sleep(0.01)


def request(_: int) -> Request:
    """Return any request."""
    return Request(b"a")


def in_turn(*answers: bytes) -> Answer:
    """Return what gives these answers one after the other, over and over."""
    given = 0

    async def answer(writer: asyncio.StreamWriter) -> None:
        nonlocal given
        writer.write(answers[given % len(answers)])
        given += 1

    return answer


async def test_answers_are_counted_by_what_they_say() -> None:
    """Status, code and `Retry-After` are told, accepted and refused apart."""
    async with server(in_turn(_OK, _OK, _BUSY, _SILENT)) as url:
        outcome = await offer(Load(url, request, rate=100, seconds=0.4))

    assert outcome.answers == {(200, None): 20, (503, "overloaded"): 10, (503, None): 10}
    assert outcome.without_retry_after == {(503, None): 10}
    assert (len(outcome.accepted.seconds), len(outcome.refused.seconds), outcome.losses) == (20, 20, {})
    assert 0 < outcome.goodput() <= 50


async def test_latency_counts_from_when_a_request_was_due() -> None:
    """While the server stalls, requests go on being due: those that could not be sent have waited too."""
    stalls = [0.4]

    async def answer(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(stalls.pop() if stalls else 0)
        writer.write(_OK)

    async with server(answer) as url:
        outcome = await offer(Load(url, request, rate=50, seconds=0.4, connections=1))
    ordered = sorted(outcome.shots, key=lambda shot: shot.scheduled)

    assert [round(shot.scheduled, 2) for shot in ordered] == [round(number / 50, 2) for number in range(20)]
    # A generator that waits for its answers would have seen one slow request out of twenty.
    assert outcome.accepted.percentile(50) > 0.15
    assert all((shot.sent or 0) >= 0.4 for shot in ordered[1:])


async def test_requests_do_not_wait_for_each_other() -> None:
    """With connections to spare, slow answers overlap."""
    async with FaultyUpstream() as upstream:
        outcome = await offer(Load(f"{upstream.base_url('slow-200', 'a')}/chat/completions", request, rate=50, seconds=0.4))
        tally = upstream.tally("slow-200", "a")

    assert outcome.answers == {(200, None): 20}
    assert tally.most_at_once > 3
    assert outcome.accepted.percentile(0) >= 0.2


async def test_capacity_is_what_slots_and_latency_make_it() -> None:
    """Beyond it, good answers do not grow, and latency does."""
    fault = "slow-50-slots-1"
    async with FaultyUpstream() as upstream:
        outcome = await offer(Load(f"{upstream.base_url(fault, 'a')}/chat/completions", request, rate=40, seconds=0.5))

    assert outcome.answers == {(200, None): 20}
    assert outcome.goodput() <= 20
    assert outcome.accepted.percentile(100) > 0.4


async def test_losses_are_told_by_why() -> None:
    """Resets, silence and closed doors are three things; it ends by itself."""
    began = time.monotonic()
    async with FaultyUpstream() as upstream:
        waits = {"resets": 10, "closes": 10, "resets-midway": 10, "hangs": 0.4}
        loads = [Load(f"{upstream.base_url(fault, 'a')}/chat/completions", request, 20, 0.2, timeout_s=wait) for fault, wait in waits.items()]
        outcomes = await asyncio.gather(*map(offer, loads))
        await eventually(lambda: upstream.tally("hangs", "a").cancelled == 4)
    closed = await offer(loads[0])

    assert [outcome.losses for outcome in (*outcomes, closed)] == [{"reset": 4}, {"reset": 4}, {"reset": 4}, {"timeout": 4}, {"refused": 4}]
    assert time.monotonic() - began < 9


async def test_connections_are_kept_and_bounded() -> None:
    """No more than so many are made; one that the server closes is not used again."""
    async with FaultyUpstream() as upstream:
        for fault in ("slow-20", "closes-after"):
            outcome = await offer(Load(f"{upstream.base_url(fault, 'a')}/chat/completions", request, rate=20, seconds=0.5, connections=2))

            assert outcome.answers == {(200, None): 10}
        kept, closed = upstream.tally("slow-20", "a").connections, upstream.tally("closes-after", "a").connections

    assert kept <= 2
    assert closed == 10


async def test_goodput_of_a_part_of_the_window() -> None:
    """What came back while an outage lasted and after it are told apart."""
    async with FaultyUpstream() as upstream:
        outcome = await offer(Load(f"{upstream.base_url('fails-for-300', 'a')}/chat/completions", request, rate=50, seconds=0.8))

    assert outcome.goodput(0, 0.25) == 0
    assert outcome.goodput(0.3) > 0


def test_percentiles_are_of_the_sample() -> None:
    """The nearest rank; none of nothing."""
    latencies = Latencies([0.1, 0.2, 0.3, 0.4])

    assert [latencies.percentile(percent) for percent in (0, 50, 75, 99, 100)] == [0.1, 0.2, 0.3, 0.4, 0.4]
    assert math.isnan(Latencies([]).percentile(50))
    assert Shot(1.0, 1.2, 1.5).latency == 0.5
