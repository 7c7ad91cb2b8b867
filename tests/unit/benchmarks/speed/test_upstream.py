"""The endpoint that says the same to everybody."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from benchmarks.quality.children import child
from benchmarks.speed.article import answer
from benchmarks.speed.turn import Stub
from benchmarks.speed.upstream import Upstream, reply

CALL = b'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\ncontent-length: 30\r\n\r\n{"a": "x. Dispatch 000000007."}'


@asynccontextmanager
async def listening(upstream: Upstream) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Yield a connection to it."""
    server = await asyncio.get_running_loop().create_server(upstream.connection, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()


async def test_each_call_is_answered_once_it_is_whole() -> None:
    """However its bytes come, and one after the other on the same connection."""
    upstream = Upstream()
    async with listening(upstream) as (reader, writer):
        for part in (CALL[:20], CALL[20:-4], CALL[-4:] + CALL + CALL[:9]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.02)
        assert await asyncio.wait_for(reader.readexactly(2 * len(reply(7))), 5) == 2 * reply(7)
    assert upstream.calls == 2


async def test_an_answer_takes_as_long_as_it_is_told() -> None:
    """Calls do not wait for each other, and one whose caller has gone troubles nobody."""
    upstream = Upstream()
    upstream.delay_s = 0.2
    async with listening(upstream) as (reader, writer):
        began = asyncio.get_running_loop().time()
        writer.write(CALL + CALL + b"GET / HTTP/1.1\r\n\r\n")
        await reader.readexactly(2 * len(reply(7)))
        assert 0.2 <= asyncio.get_running_loop().time() - began < 0.39
        writer.write(CALL)
        await writer.drain()
    await asyncio.sleep(0.3)
    assert upstream.calls == 4


async def test_as_a_program_it_is_steered_by_lines() -> None:
    """It says where it listens and how many calls there were, and what it says is a completion that holds the answer."""
    async with child(sys.executable, "-m", "benchmarks.speed.upstream") as process:
        stub = Stub(process, f"http://127.0.0.1:{json.loads(await process.answer())['port']}")
        assert await stub.answers_after(0) == 0
        async with httpx2.AsyncClient(trust_env=False) as client:
            reply = await client.post(f"{stub.address}/v1/chat/completions", json={"messages": []})
        assert reply.json()["choices"][0]["message"]["content"] == answer(0)
        assert await stub.answers_after(1) == 1
