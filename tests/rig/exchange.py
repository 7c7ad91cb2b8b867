"""One call of a faulty upstream: what was asked, how often before, and the ways of answering it, good and bad."""

import asyncio
import contextlib
import json
import socket
import struct
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.rig.asked import Asked
from tests.rig.replies import Said, wrapped
from tests.rig.small_article import Draft, good_draft
from tests.rig.wire import Head, chunk_of, head_of

#: Headers of an answer, in their order.
Headers = Sequence[tuple[str, str]]

#: With a time of zero to linger, closing a socket resets its connection.
_RESETS = struct.pack("ii", 1, 0)
#: Characters of the article that an error repeats, as some endpoints do.
_ECHOED_CHARS = 300


@dataclass
class Tally:
    """What has come to one fault under one token."""

    #: When each call came, on the clock of `time.monotonic`.
    times: list[float] = field(default_factory=list)
    #: Bytes of heads and bodies.
    bytes_received: int = 0
    #: Connections on which a call came.
    connections: int = 0
    #: Calls that the client left before they were answered.
    cancelled: int = 0
    #: Calls that were answered to the end that the fault gives them.
    ended: int = 0
    #: Most calls that were under way at once, those that wait for a slot not counted.
    most_at_once: int = 0
    _working: int = 0
    _slots: asyncio.Semaphore | None = None

    @property
    def calls(self) -> int:
        """How many there were."""
        return len(self.times)

    async def work(self, seconds: float, slots: int | None = None) -> None:
        """Take so long, in one of so many `slots`; the first call decides how many there are."""
        if self._slots is None and slots is not None:
            self._slots = asyncio.Semaphore(slots)
        async with self._slots or contextlib.nullcontext():
            self._working += 1
            self.most_at_once = max(self.most_at_once, self._working)
            try:
                await asyncio.sleep(seconds)
            finally:
                self._working -= 1


@dataclass
class Exchange:
    """One call, and the connection on which it is answered."""

    head: Head
    asked: Asked
    tally: Tally
    #: The numbers in the name of the fault.
    values: tuple[int, ...]
    #: Fault and token.
    place: str
    #: Where redirects lead: an origin that nobody should go to.
    elsewhere: str
    writer: asyncio.StreamWriter
    #: How many calls came on this connection, with this one.
    on_connection: int = 1
    #: Whether the connection is kept for a next call.
    keeps: bool = True
    #: A word that the model's answer is to hold.
    signature: str = ""

    @property
    def number(self) -> int:
        """Which call of its token this is, from 1."""
        return self.tally.calls

    @property
    def since_first_s(self) -> float:
        """Seconds since the first call of this token."""
        return time.monotonic() - self.tally.times[0]

    async def good(self, headers: Headers = ()) -> None:
        """Answer as a good model does."""
        await self.say(Said(self.draft), headers)

    @property
    def rows(self) -> Draft:
        """What a good model writes of the article, and the signature as one more name."""
        draft = good_draft(self.asked.article)
        if self.signature:
            draft["actors"].append({"name": self.signature, "kind": "other", "country": None, "part_of": None, "aliases": []})
        return {section: draft[section] for section in self.asked.sections}

    @property
    def draft(self) -> str:
        """The same as text."""
        return json.dumps(self.rows, ensure_ascii=False)

    async def say(self, said: Said, headers: Headers = ()) -> None:
        """Answer with what a model said, in the manner that was asked for."""
        reply = wrapped(said, self.asked)
        headers = [("Content-Type", reply.content_type), *headers]
        if self.asked.streams:
            await self.stream(headers, reply.parts)
        else:
            await self.answer(HTTPStatus.OK, headers, reply.body)

    async def fail(self, status: int, headers: Headers = (), *, code: str | None = None) -> None:
        """Answer with an error that repeats the key and the article, as errors of endpoints have been seen to do."""
        key = self.head.headers.get("authorization", "")
        message = f"Refused for {key}: {self.signature} {self.asked.article[:_ECHOED_CHARS]}"
        error = {"error": {"message": message, "type": code or "rig_error", "param": None, "code": code}}
        await self.answer(status, [("Content-Type", "application/json"), *headers], json.dumps(error).encode())

    async def answer(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole answer."""
        self.start(status, [*headers, ("Content-Length", str(len(body)))])
        await self.send(body)

    async def stream(self, headers: Headers, parts: Iterable[bytes] | AsyncIterable[bytes]) -> None:
        """Send a good answer in parts, of which nobody is told how many there are."""
        self.start(HTTPStatus.OK, [*headers, ("Transfer-Encoding", "chunked")])
        if isinstance(parts, AsyncIterable):
            async for part in parts:
                await self.send(chunk_of(part))
        else:
            for part in parts:
                await self.send(chunk_of(part))
        await self.send(chunk_of(b""))

    def start(self, status: int, headers: Headers) -> None:
        """Send the head of an answer."""
        self.writer.write(head_of(f"HTTP/1.1 {int(status)} {_PHRASES.get(status, 'Odd')}", headers))

    async def send(self, block: bytes) -> None:
        """Send some bytes, as fast as they are read."""
        self.writer.write(block)
        await self.writer.drain()

    def reset(self) -> None:
        """End the connection with a reset: what was not read by then is lost."""
        self.keeps = False
        reset(self.writer)

    def close(self) -> None:
        """End the connection once what was written is sent."""
        self.keeps = False


_PHRASES = {status.value: status.phrase for status in HTTPStatus}

#: What is done with a call.
Act = Callable[[Exchange], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A way of answering, and the rows of the matrix of faults that it is for."""

    rows: str
    act: Act


def reset(writer: asyncio.StreamWriter) -> None:
    """Reset the connection of `writer`."""
    end: socket.socket | None = writer.get_extra_info("socket")
    if end is not None and end.fileno() >= 0:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESETS)
    writer.transport.abort()
