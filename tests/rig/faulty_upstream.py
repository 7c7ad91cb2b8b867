"""An endpoint for chat completions that fails in the manner that the path of a call names, so that many tests may ask one server at once."""

import asyncio
import contextlib
import re
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from tests.rig.asked import Asked
from tests.rig.exchange import Exchange, Fault, Tally
from tests.rig.mixed_faults import MIXED_FAULTS
from tests.rig.model_faults import MODEL_FAULTS
from tests.rig.transport_faults import TRANSPORT_FAULTS
from tests.rig.wire import read_body, read_head

FAULTS: Mapping[str, Fault] = {**TRANSPORT_FAULTS, **MODEL_FAULTS, **MIXED_FAULTS}
#: Stands in a path for whatever fault is chosen for the article of the call.
CHOSEN = "chosen"

_LOOPBACK = "127.0.0.1"
_NUMBER = re.compile(r"\d+")
_PATH = re.compile(r"\w+ /([\w-]+)/([\w.~-]+)/v1/chat/completions ")
#: More than a head may have.
_READ_BYTES = 1 << 20


class FaultyUpstream:
    """A server on this machine at `/<fault>/<token>/v1`; each pair of fault and token is counted for itself. Use it as a context.

    Beside it stands another origin, to which redirects lead and which answers everybody well: `elsewhere` counts what came to it.
    """

    def __init__(self, choose: Callable[[str], str] = lambda _article: "ok", *, signature: str = "", tls: ssl.SSLContext | None = None) -> None:
        """Make a server that does not listen yet.

        Args:
            choose: Names the fault of a call to `/chosen/<token>/v1`, by the article that it is about.
            signature: A word that every answer of a model holds somewhere.
            tls: How to speak TLS, if it is to.
        """
        self._origin = _Origin(FAULTS, choose, signature, tls)
        self._other = _Origin(dict.fromkeys(FAULTS, FAULTS["ok"]), choose, signature)

    async def __aenter__(self) -> Self:
        """Listen."""
        await self._other.listen("")
        await self._origin.listen(self._other.address)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End every connection."""
        await self._origin.close()
        await self._other.close()

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return self._origin.address

    def base_url(self, fault: str, token: str) -> str:
        """Return the address of an endpoint with this `fault`, such as `once-500`; the numbers in the name are those of the fault.

        Raises:
            KeyError: There is no such fault.
        """
        if fault != CHOSEN:
            _ = FAULTS[_named(fault)]
        return f"{self.address}/{fault}/{token}/v1"

    def tally(self, fault: str, token: str) -> Tally:
        """Return what has come there, which goes on counting."""
        return self._origin.tallies[fault, token]

    def elsewhere(self, fault: str, token: str) -> Tally:
        """Return what has followed a redirect from there."""
        return self._other.tallies[fault, token]

    @property
    def connections(self) -> int:
        """How many connections there were, whether or not a call came on them."""
        return self._origin.connections

    @property
    def elsewhere_connections(self) -> int:
        """How many connections the other origin has seen, whether or not a call came on them."""
        return self._other.connections


class _Origin:
    """One listener."""

    def __init__(self, faults: Mapping[str, Fault], choose: Callable[[str], str], signature: str, tls: ssl.SSLContext | None = None) -> None:
        self._faults, self._choose, self._signature, self._tls = faults, choose, signature, tls
        self.tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
        self.connections = 0
        self.address = ""
        self._elsewhere = ""
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def listen(self, elsewhere: str) -> None:
        """Begin, and send redirects `elsewhere`."""
        self._elsewhere = elsewhere
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: asyncio.StreamReaderProtocol(_Reader(), self._connected), _LOOPBACK, 0, backlog=1_000, ssl=self._tls)
        self.address = f"{'https' if self._tls else 'http'}://{_LOOPBACK}:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """End every connection, and take no more."""
        if self._server:
            self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert isinstance(reader, _Reader)
        self.connections += 1
        task = asyncio.create_task(self._attend(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _attend(self, reader: "_Reader", writer: asyncio.StreamWriter) -> None:
        try:
            # A client that says what is no HTTP, or leaves, is none of our business.
            with contextlib.suppress(EOFError, ConnectionError, ValueError):
                await self._serve(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve(self, reader: "_Reader", writer: asyncio.StreamWriter) -> None:
        seen: set[tuple[str, str]] = set()
        calls, keeps = 0, True
        while keeps:
            head = await read_head(reader)
            came = time.monotonic()
            body = await read_body(reader, head)
            path, asked = _PATH.match(head.line), Asked(body)
            name = self._choose(asked.article) if path and path[1] == CHOSEN else path[1] if path else ""
            fault = self._faults.get(_named(name))
            if path is None or fault is None:
                writer.write(b"HTTP/1.1 418 No such fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            calls += 1
            tally = self.tallies[name, path[2]]
            tally.connections += (name, path[2]) not in seen
            seen.add((name, path[2]))
            tally.times.append(came)
            tally.bytes_received += head.size + len(body)
            place, values = f"{name}/{path[2]}", tuple(map(int, _NUMBER.findall(name)))
            call = Exchange(head, asked, tally, values, place, self._elsewhere, writer, on_connection=calls, signature=self._signature)
            await _act(fault, call, reader)
            keeps = call.keeps and not head.closes


async def _act(fault: Fault, call: Exchange, reader: "_Reader") -> None:
    """Do as the fault says for as long as the client stays.

    Raises:
        ConnectionError: It left.
    """
    acting, leaving = asyncio.create_task(_to_the_end(fault, call)), asyncio.create_task(reader.gone.wait())
    try:
        await asyncio.wait([acting, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not acting.done():
            raise ConnectionAbortedError
        await acting
    except ConnectionError:
        call.tally.cancelled += 1
        raise
    finally:
        acting.cancel()
        leaving.cancel()
        await asyncio.gather(acting, leaving, return_exceptions=True)


async def _to_the_end(fault: Fault, call: Exchange) -> None:
    await fault.act(call)
    call.tally.ended += 1


class _Reader(asyncio.StreamReader):
    """A reader that knows at once when the other side has gone, whether or not somebody reads."""

    def __init__(self) -> None:
        super().__init__(limit=_READ_BYTES)
        self.gone = asyncio.Event()

    def feed_eof(self) -> None:
        """Note that no more will come."""
        super().feed_eof()
        self.gone.set()

    def set_exception(self, exc: Exception) -> None:
        """Note that the connection broke."""
        super().set_exception(exc)
        self.gone.set()


def _named(fault: str) -> str:
    """Return the name of a fault in the table, in which `#` stands for each number."""
    return _NUMBER.sub("#", fault)
