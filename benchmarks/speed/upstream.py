"""`python -m benchmarks.speed.upstream`: an endpoint for chat completions that says the same of an article to everybody, at once or after a while.

It says where it listens as a line of JSON on standard output. Each line of JSON on standard input sets `delay_s`, the seconds that an answer takes from then
on, and is answered with how many `calls` there were. It ends when its input does.
"""

import asyncio
import json
import sys
from functools import cache

from benchmarks.speed.article import MARK, VARIANTS, answer

_LOOPBACK = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"
#: Before the number of an article, and as many digits as that has.
_MARK, _DIGITS = MARK.encode(), 9


@cache
def reply(variant: int) -> bytes:
    """Return an HTTP response with the completion that is the answer to a `variant` of the article."""
    usage = {"prompt_tokens": 3_200, "completion_tokens": 2_700, "total_tokens": 5_900}
    choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "message": {"role": "assistant", "content": answer(variant), "refusal": None}}
    completion = {"id": "chatcmpl-speed", "object": "chat.completion", "created": 0, "model": "reader", "choices": [choice], "usage": usage}
    body = json.dumps(completion, ensure_ascii=False).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


class Upstream:
    """What all connections have in common."""

    def __init__(self) -> None:
        """Answer at once."""
        self.delay_s, self.calls = 0.0, 0

    def connection(self) -> "Connection":
        """Return what attends to one more connection."""
        return Connection(self)


class Connection(asyncio.Protocol):
    """One connection, on which one call after the other is answered. Nothing is looked at but where a call ends and which article it is about."""

    def __init__(self, upstream: Upstream) -> None:
        """Answer as `upstream` does."""
        self._upstream, self._read = upstream, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each call that is there as a whole."""
        self._read += data
        while (length := _length(self._read)) is not None and len(self._read) >= length:
            told = reply(variant_in(self._read[:length]))
            del self._read[:length]
            self._upstream.calls += 1
            if self._upstream.delay_s:
                asyncio.get_running_loop().call_later(self._upstream.delay_s, self._answer, told)
            else:
                self._answer(told)

    def _answer(self, told: bytes) -> None:
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._transport.write(told)


def variant_in(call: bytes | bytearray) -> int:
    """Return which variant of the article a `call` is about."""
    _, mark, rest = call.rpartition(_MARK)
    return int(rest[:_DIGITS]) % VARIANTS if mark else 0


def _length(read: bytearray) -> int | None:
    """Return how many bytes the first call takes, None if its head is not there yet."""
    end = read.find(_HEAD_END)
    if end < 0:
        return None
    for line in read[:end].split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return end + len(_HEAD_END) + int(value)
    return end + len(_HEAD_END)


async def main() -> None:
    """Serve until standard input ends."""
    for variant in range(VARIANTS):  # once, and not while somebody waits
        reply(variant)
    loop, upstream, orders = asyncio.get_running_loop(), Upstream(), asyncio.StreamReader()
    server = await loop.create_server(upstream.connection, _LOOPBACK, 0, backlog=1_000)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    _tell(port=server.sockets[0].getsockname()[1])
    while line := await orders.readline():
        upstream.delay_s = json.loads(line)["delay_s"]
        _tell(calls=upstream.calls)


def _tell(**facts: int) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
