"""One connection to a caller: a head must arrive in time and be of a bearable size, an answer must be read; what is no HTTP gets a problem like any other."""

import asyncio
import uuid
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.errors import HeadTooLarge, MalformedBody, VigieError
from service.problems import MEDIA_TYPE, problem_of

#: Most bytes of a head and most headers in it.
MAX_HEAD_BYTES, MAX_HEADERS = 32 * 1024, 100


class BoundedConnection(HttpToolsProtocol):
    """A connection as uvicorn serves it, with bounds that it does not know."""

    #: Seconds in which the head of a request must arrive, counted from the connection or from the first byte behind an earlier request.
    HEAD_S = 10.0
    #: Seconds for which a caller may leave unread what is sent.
    UNREAD_S = 30.0
    #: Seconds in which a caller who is refused may hear why.
    FAREWELL_S = 1.0
    _awaited: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _fault: VigieError | None = None
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._head_came()
        self._all_read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the caller to read, but not for ever."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.UNREAD_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the caller has read."""
        self._all_read()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is too large before it is whole is refused at once."""
        if self._refused:
            return  # who sends on would not hear the answer if the connection were reset
        super().data_received(data)
        self._count(len(data))

    def on_message_begin(self) -> None:
        """Begin to wait for the head of a request."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """Serve the request, if its head is not too large."""
        self._head_came()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEAD_BYTES:
            self._fault = HeadTooLarge(MAX_HEAD_BYTES, size, "bytes of headers")
        elif len(self.headers) > MAX_HEADERS:
            self._fault = HeadTooLarge(MAX_HEADERS, len(self.headers), "headers")
        if self._fault is None:
            super().on_headers_complete()
        else:
            raise self._fault  # the parser stops, and `send_400_response` says why

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours says it
        """Answer what is no request that can be served, and close."""
        self._refuse(self._fault or MalformedBody("This is no HTTP request."))

    def _count(self, size: int) -> None:
        """Count bytes of a head that is not whole yet."""
        if self._awaited is None or self._refused or self.transport.is_closing():
            return
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HeadTooLarge(MAX_HEAD_BYTES, None, "bytes of headers"))

    def _await_head(self) -> None:
        self._head_bytes = 0
        if self._awaited is None:
            self._awaited = self.loop.call_later(self.HEAD_S, self._give_up)

    def _head_came(self) -> None:
        if self._awaited is not None:
            self._awaited.cancel()
            self._awaited = None

    def _all_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up(self) -> None:
        self._awaited = None
        if not self.transport.is_closing():
            self.transport.close()

    def _refuse(self, fault: VigieError) -> None:
        self._head_came()
        if self.cycle is not None:
            # Nothing can follow the farewell, so that whoever is still at work on an earlier request may stop.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        request_id = str(uuid.uuid4())
        body = problem_of(fault, None, request_id)
        headers: dict[str, Any] = {"content-type": MEDIA_TYPE, "content-length": len(body), "connection": "close", "x-request-id": request_id}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.transport.write(STATUS_LINE[fault.status] + head.encode() + b"\r\n" + body)
        self.transport.write_eof()
        self._refused = True
        self._awaited = self.loop.call_later(self.FAREWELL_S, self._give_up)
