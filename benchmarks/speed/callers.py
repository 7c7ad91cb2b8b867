"""Callers who ask again as soon as they are answered: how much is read when there is always more."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from urllib.parse import urlsplit

from benchmarks.speed.contestants import Contestant
from tests.rig.open_load import Request
from tests.rig.wire import head_of, read_body, read_head

#: Beyond the time of the load, the longest that is waited for the last answers.
_LAST_S = 30


@dataclass(frozen=True, slots=True)
class Busy:
    """What came of it."""

    answered: int
    failed: int
    #: From the first request to the last answer.
    seconds: float


async def keep_busy(contestant: Contestant, address: str, callers: int, seconds: float, first: int = 0) -> Busy:
    """Have so many `callers` ask for so long, of articles from the number `first` on; each ends with the answer that it waits for."""
    parts, loop, numbers = urlsplit(address), asyncio.get_running_loop(), count(first)
    began = loop.time()

    async def call() -> tuple[int, int]:
        answered = failed = 0
        while loop.time() < began + seconds:
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            try:
                while loop.time() < began + seconds:
                    request = contestant.request(next(numbers))
                    status, closes = await _asked(reader, writer, contestant.path, request)
                    answered += status == HTTPStatus.OK
                    failed += status != HTTPStatus.OK
                    if closes:
                        break
            except (OSError, EOFError, ValueError):
                failed += 1
            finally:
                writer.close()
        return answered, failed

    async with asyncio.timeout(seconds + _LAST_S):
        told = await asyncio.gather(*(call() for _ in range(callers)))
    return Busy(sum(answered for answered, _ in told), sum(failed for _, failed in told), loop.time() - began)


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, request: Request) -> tuple[int, bool]:
    headers = {"Host": "localhost", **request.headers, "Content-Length": str(len(request.body))}
    writer.write(head_of(f"POST {path} HTTP/1.1", headers.items()) + request.body)
    await writer.drain()
    head = await read_head(reader)
    await read_body(reader, head)
    return head.status, head.closes
