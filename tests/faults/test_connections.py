"""What callers may do to a connection (A15, A18, A19)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from service.app import app_around
from service.cli import connections
from service.settings import Settings
from tests.faults.service_at import served
from tests.unit.service_parts import FakeExtractor, FakeModel

pytestmark = pytest.mark.integration

GOOD = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class HastyConnection(connections.BoundedConnection):
    """A connection that waits for a head as long as a test does."""

    HEAD_S = 0.3


@asynccontextmanager
async def hasty() -> AsyncIterator[int]:
    """Yield the port of a service."""
    settings = Settings()
    async with served(app_around(settings, FakeModel(), FakeExtractor()), settings, HastyConnection) as service, asyncio.timeout(10):
        yield int(service.base_url.rpartition(":")[2])


async def answer_to(port: int, *parts: bytes, pause_s: float = 0) -> bytes:
    """Return all that comes back for `parts`, sent one after the other, until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(pause_s)
    try:
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("head", [b"", b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ", b"GET"], ids=["nothing", "half a head", "half a line"])
async def test_a15_a_head_that_does_not_come_is_not_waited_for(head: bytes) -> None:
    """The connection is closed, and others are served meanwhile and afterwards."""
    async with hasty() as port:
        slow = asyncio.create_task(answer_to(port, head))
        assert (await answer_to(port, GOOD)).startswith(b"HTTP/1.1 200 ")
        began = asyncio.get_running_loop().time()
        assert await slow == b""
        assert asyncio.get_running_loop().time() - began < 2
        assert (await answer_to(port, GOOD)).startswith(b"HTTP/1.1 200 ")


async def test_a15_a_second_head_is_not_waited_for_either() -> None:
    """Nor is one behind a request that was answered."""
    async with hasty() as port:
        answer = await answer_to(port, b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /livez HTTP/1.1\r\nHo", pause_s=0.1)

    assert answer.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize(
    "headers",
    [b"X-Long: " + b"a" * 200_000 + b"\r\n", b"".join(b"X-%d: 1\r\n" % number for number in range(300)), b"X-A: " + b"a" * 40_000 + b"\r\n"],
    ids=["200 kB", "300 headers", "40 kB"],
)
async def test_a19_too_large_a_head_is_refused(headers: bytes) -> None:
    """It is told as a problem, and the connection ends."""
    async with hasty() as port:
        answer = await answer_to(port, b"GET /livez HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert json.loads(body)["code"] == "head-too-large"
    assert b"application/problem+json" in head


@pytest.mark.parametrize(
    "head",
    [
        b"POST /extract HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /extract HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        b"POST /extract HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\na",
        b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Nul: a\x00b\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
    ],
    ids=["both lengths", "two lengths", "negative length", "NUL", "TLS", "nonsense"],
)
async def test_a18_what_is_no_request_reaches_nobody(head: bytes) -> None:
    """It is answered with 400 as a problem, and the connection ends."""
    async with hasty() as port:
        answer = await answer_to(port, head)

    status, _, body = answer.partition(b"\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["code"] == "malformed-body"


async def test_a18_what_is_no_request_ends_what_came_before_it(caplog: pytest.LogCaptureFixture) -> None:
    """After the farewell nothing more is said, and nothing is tried: an earlier request on that connection is given up."""
    good = b"POST /extract HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na"
    async with hasty() as port:
        answer = await answer_to(port, good + b"nonsense\r\n\r\n", pause_s=0.1)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
