"""Requests byte by byte, as no client would send them, and one answer to each; a request says of itself how to send it again."""

import base64
import contextlib
import http.client
import socket
import zlib
from dataclasses import dataclass

#: Longest that an answer is waited for: longer than the service waits for a body that is announced and does not come.
TIMEOUT_S = 40.0
_GZIP = 31  # for zlib: with the head of a gzip file

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire: nothing of it is checked, escaped or added, but a length where none is given."""

    method: bytes
    target: bytes
    headers: Headers = ()
    body: bytes = b""

    @property
    def wire(self) -> bytes:
        """All of it."""
        named = {name.lower() for name, _ in self.headers}
        host = () if b"host" in named else ((b"Host", b"vigie"),)
        length = () if not self.body or named & {b"content-length", b"transfer-encoding"} else ((b"Content-Length", b"%d" % len(self.body)),)
        head = b"".join(name + b": " + value + b"\r\n" for name, value in (*host, *self.headers, *length))
        return self.method + b" " + self.target + b" HTTP/1.1\r\n" + head + b"\r\n" + self.body

    @property
    def replay(self) -> str:
        """The command that sends it again."""
        packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
        packed = base64.b64encode(packer.compress(self.wire) + packer.flush()).decode()
        return f"echo {packed} | base64 -d | gunzip | nc 127.0.0.1 8000"


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


def ask(port: int, request: Request) -> Answer:
    """Return the answer of the service at `port` on this machine, on a connection of its own.

    Raises:
        http.client.HTTPException: There is none, or it is no HTTP.
        OSError: The connection broke, or nothing came in time.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        # Refused before all of it was sent, there may be an answer all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request.wire)
        response = http.client.HTTPResponse(connection, method=request.method.decode("latin-1"))
        response.begin()
        # Of headers that come twice none may get lost.
        headers = {name.lower(): ", ".join(response.headers.get_all(name, [])) for name in response.headers}
        return Answer(response.status, headers, response.read())
