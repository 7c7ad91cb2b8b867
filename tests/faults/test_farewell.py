"""What a caller hears who sends more than is read (A09, A10)."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx2
import pytest

from service.farewell import FAREWELL_S
from tests.faults.service_at import service_at

pytestmark = pytest.mark.integration

#: Nobody listens there, and nobody is asked.
NOWHERE = "http://127.0.0.1:9/v1"
LIMIT = 4 * 1024 * 1024


async def blocks(count: int) -> AsyncIterator[bytes]:
    """Yield so many blocks of 64 KiB, as a client does that does not know how many there will be."""
    for _ in range(count):
        yield b"a" * 65_536


@pytest.mark.parametrize("size", [LIMIT + 1, 2 * LIMIT, 6 * LIMIT])
async def test_a09_who_sends_too_much_hears_so(size: int) -> None:
    """The answer is not lost, however much was under way when it was given, and the connection ends with it."""
    async with service_at(NOWHERE) as service:
        answer = await service.client.post("/extract", content=b"a" * size, headers={"Content-Type": "text/plain"})

    assert (answer.status_code, answer.json()["code"], answer.json()["limit"], answer.json()["actual"]) == (413, "body-too-large", LIMIT, size)
    assert answer.headers["connection"] == "close"


async def test_a10_who_sends_too_much_in_pieces_hears_so() -> None:
    """Nor is it lost where nobody knew before how much would come."""
    async with service_at(NOWHERE) as service:
        answer = await service.client.post("/extract", content=blocks(2 * LIMIT // 65_536), headers={"Content-Type": "text/plain"})

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


async def test_a10_who_never_stops_is_not_listened_to_for_long() -> None:
    """The answer is there at once, and the connection ends soon after."""
    async with service_at(NOWHERE) as service:
        port = httpx2.URL(service.base_url).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /extract HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 100000000\r\n\r\na")
        began = time.monotonic()
        head = await reader.readuntil(b"\r\n\r\n")
        answered = time.monotonic() - began
        await reader.read()
        ended = time.monotonic() - began
        writer.close()

    assert head.startswith(b"HTTP/1.1 413 ")
    assert answered < FAREWELL_S / 2
    assert FAREWELL_S / 2 < ended < 2 * FAREWELL_S
