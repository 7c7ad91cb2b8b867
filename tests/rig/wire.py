"""HTTP/1.1 as far as the rig speaks it: heads and bodies are read from a stream of bytes, and nothing is made better than it came."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

_HEAD_END = b"\r\n\r\n"
_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a message and its headers, their names in small letters; of headers that come twice the last counts."""

    line: str
    headers: dict[str, str]
    #: Bytes that it took.
    size: int

    @property
    def status(self) -> int:
        """The status, where this is the head of an answer."""
        return int(self.line.split(" ", 2)[1])

    @property
    def closes(self) -> bool:
        """Whether the connection ends with this message."""
        return self.headers.get("connection", "").lower() == "close"


async def read_head(reader: asyncio.StreamReader) -> Head:
    """Return the next head.

    Raises:
        EOFError: The other side closed first.
        ValueError: What came is no head.
    """
    raw = await _through(reader, _HEAD_END)
    line, *rest = raw.removesuffix(_HEAD_END).decode("latin-1").split("\r\n")
    pairs = [header.partition(":") for header in rest]
    return Head(line, {name.strip().lower(): value.strip() for name, _, value in pairs}, len(raw))


async def read_body(reader: asyncio.StreamReader, head: Head) -> bytes:
    """Return the body that follows `head`, of which the end must be told: by its length, in chunks, or, of an answer, by the end of the connection.

    Raises:
        EOFError: The other side closed first.
        ValueError: What came is no body.
    """
    if head.headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunked(reader)
    length = head.headers.get("content-length")
    if length is not None:
        return await reader.readexactly(int(length))
    answers = head.line.startswith("HTTP/")
    return await reader.read() if answers and head.status not in _NO_BODY else b""


def head_of(first_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Return the bytes of a head."""
    lines = [first_line, *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("latin-1") + _HEAD_END


def chunk_of(block: bytes) -> bytes:
    """Return `block` as one chunk; an empty one is the last."""
    return f"{len(block):x}\r\n".encode() + block + b"\r\n"


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    blocks = []
    while size := int((await _through(reader, b"\r\n")).partition(b";")[0], 16):
        blocks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while await _through(reader, b"\r\n") != b"\r\n":  # trailers
        pass
    return b"".join(blocks)


async def _through(reader: asyncio.StreamReader, end: bytes) -> bytes:
    try:
        return await reader.readuntil(end)
    except asyncio.LimitOverrunError:
        raise ValueError from None
