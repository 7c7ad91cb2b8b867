"""The toxics of the proxy act on the bytes of their direction, and stop when they are switched off."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from tests.rig.toxic_proxy import Direction, ToxicProxy
from tests.rig.toxics import Bandwidth, Latency, LimitData, ResetPeer, Slicer, SlowClose, Timeout, Toxic

BOTH = list(Direction)


@dataclass
class Line:
    """A client of a server that says back what it hears, with a proxy in between."""

    proxy: ToxicProxy
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def said_back(self, words: bytes) -> float:
        """Say something, and return the seconds until it has come back."""
        began = time.monotonic()
        self.writer.write(words)
        assert await self.reader.readexactly(len(words)) == words
        return time.monotonic() - began


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while block := await reader.read(1 << 16):
            writer.write(block)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def line(*toxics: Toxic, direction: Direction = Direction.DOWNSTREAM) -> AsyncIterator[Line]:
    """Yield a line on which these toxics are on."""
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    async with server, ToxicProxy(server.sockets[0].getsockname()[1]) as proxy:
        for toxic in toxics:
            proxy.add(direction, toxic)
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        async with asyncio.timeout(5):
            yield Line(proxy, reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    await asyncio.sleep(0.01)


async def test_without_toxics_everything_passes() -> None:
    """Bytes come through both ways as they are, and so does the end."""
    async with line() as a_line:
        await a_line.said_back(bytes(range(256)) * 4_000)
        a_line.writer.write_eof()
        rest = await a_line.reader.read()

    assert (rest, a_line.proxy.connections) == (b"", 1)


@pytest.mark.parametrize("direction", BOTH)
async def test_latency_delays_until_it_is_off(direction: Direction) -> None:
    """It may be switched on and off on an open connection."""
    async with line() as a_line:
        await a_line.said_back(b"a")
        toxic = a_line.proxy.add(direction, Latency(150))
        slow = await a_line.said_back(b"b")
        a_line.proxy.remove(toxic)
        quick = await a_line.said_back(b"c")

    assert slow >= 0.15
    assert quick < slow


async def test_jitter_varies() -> None:
    """No two delays are alike, none is out of bounds."""
    async with line(Latency(30, 20)) as a_line:
        took = [await a_line.said_back(b"a") for _ in range(4)]

    assert min(took) >= 0.01
    assert max(took) - min(took) > 0.001


async def test_bandwidth_bounds_the_rate() -> None:
    """20 kB at 100 kB a second take a fifth of a second."""
    async with line(Bandwidth(100)) as a_line:
        took = await a_line.said_back(b"a" * 20_000)

    assert took >= 0.2


async def test_slicer_cuts() -> None:
    """What was sent at once comes in pieces, none of them lost."""
    async with line(Slicer(10, 5, delay_us=2_000)) as a_line:
        a_line.writer.write(b"a" * 100)
        first = await a_line.reader.read(100)
        rest = await a_line.reader.readexactly(100 - len(first))

    assert 5 <= len(first) < 100
    assert first + rest == b"a" * 100


async def test_limit_data_ends_the_connection() -> None:
    """So many bytes come, then the end."""
    async with line(LimitData(10)) as a_line:
        a_line.writer.write(b"a" * 6)
        await a_line.reader.readexactly(6)
        a_line.writer.write(b"b" * 6)
        rest = await a_line.reader.read()

    assert rest == b"bbbb"


@pytest.mark.parametrize("direction", BOTH)
async def test_timeout_ends_a_silent_connection(direction: Direction) -> None:
    """Nothing comes through, and after so long the connection ends, though nobody said a word."""
    began = time.monotonic()
    async with line(Timeout(100), direction=direction) as a_line:
        rest = await a_line.reader.read()

    assert rest == b""
    assert time.monotonic() - began >= 0.1


async def test_timeout_without_end_holds_back_until_it_is_off() -> None:
    """What was said in the meantime comes then."""
    async with line() as a_line:
        toxic = a_line.proxy.add(Direction.UPSTREAM, Timeout())
        a_line.writer.write(b"a")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(a_line.reader.readexactly(1), 0.1)
        a_line.proxy.remove(toxic)
        came = await a_line.reader.readexactly(1)

    assert came == b"a"


@pytest.mark.parametrize("after_ms", [0, 80])
async def test_reset_peer_resets(after_ms: float) -> None:
    """The client sees a reset, not an end, on a connection that was open before."""
    async with line() as a_line:
        await a_line.said_back(b"a")
        began = time.monotonic()
        a_line.proxy.add(Direction.DOWNSTREAM, ResetPeer(after_ms))
        with pytest.raises(ConnectionResetError):
            await a_line.reader.readexactly(1)
        took = time.monotonic() - began

    assert took >= after_ms / 1_000


async def test_slow_close_hides_the_end() -> None:
    """The end of the other side comes later."""
    async with line(SlowClose(150)) as a_line:
        await a_line.said_back(b"a")
        began = time.monotonic()
        a_line.writer.write_eof()
        rest = await a_line.reader.read()
        took = time.monotonic() - began

    assert rest == b""
    assert took >= 0.15


async def test_toxics_add_up() -> None:
    """Each acts on what the one before lets through."""
    async with line(Latency(100), LimitData(3)) as a_line:
        began = time.monotonic()
        a_line.writer.write(b"abcdef")
        rest = await a_line.reader.read()
        took = time.monotonic() - began

    assert rest == b"abc"
    assert took >= 0.1


async def test_nobody_behind_the_proxy_is_a_reset() -> None:
    """A proxy to a port where nobody listens does not hang."""
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    async with ToxicProxy(port) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
