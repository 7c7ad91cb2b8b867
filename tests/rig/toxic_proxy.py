"""A proxy of bare connections whose toxics are switched on and off, for each direction, while it runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from types import TracebackType
from typing import Self

from tests.rig.exchange import reset
from tests.rig.toxics import Toxic

_LOOPBACK = "127.0.0.1"
_BLOCK_BYTES = 1 << 16
#: Blocks that may wait in a direction: beyond them the sender is held up.
_WAITING_BLOCKS = 64


class Direction(StrEnum):
    """Which way bytes go, seen from the client."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


class ToxicProxy:
    """A proxy to one address on this machine. Use it as a context."""

    def __init__(self, port: int, host: str = _LOOPBACK) -> None:
        """Lead to this address."""
        self._to = host, port
        self._toxics: dict[Direction, list[Toxic]] = {direction: [] for direction in Direction}
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self._serving: set[asyncio.Task[None]] = set()
        #: Connections that came so far.
        self.connections = 0

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._connected, _LOOPBACK, 0)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End every connection."""
        if self._server:
            self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def port(self) -> int:
        """Where clients connect."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def add(self, direction: Direction, toxic: Toxic) -> Toxic:
        """Switch a toxic on; it acts after those that are on. One that was switched off is used up: make another."""
        self._toxics[direction].append(toxic)
        for link in self._links:
            link.begin(direction, toxic)
        return toxic

    def remove(self, toxic: Toxic) -> None:
        """Switch a toxic off."""
        for toxics in self._toxics.values():
            if toxic in toxics:
                toxics.remove(toxic)
        toxic.removed.set()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            their_reader, their_writer = await asyncio.open_connection(*self._to)
        except OSError:
            reset(writer)
            return
        link = _Link(writer, their_writer)
        self._links.add(link)
        try:
            await link.run(reader, their_reader, self._toxics)
        finally:
            self._links.discard(link)
            for end in (writer, their_writer):
                end.close()
                with contextlib.suppress(ConnectionError):
                    await end.wait_closed()


class _Link:
    """A client and the one that it talks to."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._ends = client, server
        self._flows: dict[Direction, _Flow] = {}
        self._over = asyncio.Event()
        self._acting: set[asyncio.Task[None]] = set()

    async def run(self, from_client: asyncio.StreamReader, from_server: asyncio.StreamReader, toxics: dict[Direction, list[Toxic]]) -> None:
        """Pass bytes on both ways until both sides have closed, or a toxic ends it."""
        client, server = self._ends
        self._flows = {
            Direction.UPSTREAM: _Flow(self, from_client, server, toxics[Direction.UPSTREAM]),
            Direction.DOWNSTREAM: _Flow(self, from_server, client, toxics[Direction.DOWNSTREAM]),
        }
        for direction in Direction:
            for toxic in toxics[direction]:
                self.begin(direction, toxic)
        tasks = [asyncio.create_task(work) for flow in self._flows.values() for work in (flow.read(), flow.write())]
        asyncio.gather(*tasks, return_exceptions=True).add_done_callback(lambda _: self._over.set())
        try:
            await self._over.wait()
        finally:
            for task in (*tasks, *self._acting):
                task.cancel()
            await asyncio.gather(*tasks, *self._acting, return_exceptions=True)

    def begin(self, direction: Direction, toxic: Toxic) -> None:
        """Let a toxic act on this connection until it is switched off."""
        task = asyncio.create_task(_until_removed(toxic, self._flows[direction]))
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    def close(self) -> None:
        """End, once what was written is sent."""
        self._over.set()

    def reset(self) -> None:
        """End with a reset on both sides."""
        for end in self._ends:
            reset(end)
        self._over.set()


class _Flow:
    """One direction: bytes are read as they come, with their time, and written as the toxics let them."""

    def __init__(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, toxics: list[Toxic]) -> None:
        self.read_at, self.passed = 0.0, 0
        self._link, self._reader, self._writer, self._toxics = link, reader, writer, toxics
        self._blocks: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_WAITING_BLOCKS)

    async def read(self) -> None:
        """Read to the end."""
        block = b"-"
        while block:
            try:
                block = await self._reader.read(_BLOCK_BYTES)
            except ConnectionError:
                self.reset()
                return
            await self._blocks.put((asyncio.get_running_loop().time(), block))

    async def write(self) -> None:
        """Write to the end, which is passed on too: the other direction goes on."""
        try:
            while True:
                self.read_at, block = await self._blocks.get()
                if not block:
                    break
                async for piece in self._through(block, tuple(self._toxics)):
                    self._writer.write(piece)
                    await self._writer.drain()
                    self.passed += len(piece)
            for toxic in tuple(self._toxics):
                await toxic.before_close(self)
            if self._writer.can_write_eof():
                self._writer.write_eof()
        except OSError:
            self.reset()

    def close(self) -> None:
        """End the connection."""
        self._link.close()

    def reset(self) -> None:
        """End the connection with a reset."""
        self._link.reset()

    async def _through(self, block: bytes, toxics: Sequence[Toxic]) -> AsyncIterator[bytes]:
        if not toxics:
            yield block
            return
        async for piece in toxics[0].passing(block, self):
            async for last in self._through(piece, toxics[1:]):
                yield last


async def _until_removed(toxic: Toxic, flow: _Flow) -> None:
    acting, removed = asyncio.create_task(toxic.while_on(flow)), asyncio.create_task(toxic.removed.wait())
    try:
        await asyncio.wait([acting, removed], return_when=asyncio.FIRST_COMPLETED)
    finally:
        acting.cancel()
        removed.cancel()
        await asyncio.gather(acting, removed, return_exceptions=True)
