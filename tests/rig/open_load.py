"""Load that does not wait for answers: each request has its time, and its latency counts from then, whatever became of those before it."""

import asyncio
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

from tests.rig.wire import head_of, read_body, read_head

#: Why there was no answer: the connection broke, none could be made, none came in time.
Loss = Literal["reset", "refused", "timeout"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: a POST."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/plain"})


@dataclass(frozen=True, slots=True)
class Shot:
    """What became of one request. Times are seconds since the start of the load."""

    scheduled: float
    #: When it was written; None: it never was.
    sent: float | None
    ended: float
    status: int | None = None
    #: The code of a problem.
    code: str | None = None
    retry_after: str | None = None
    loss: Loss | None = None

    @property
    def latency(self) -> float:
        """Seconds from when it was due."""
        return self.ended - self.scheduled

    @property
    def accepted(self) -> bool:
        """Whether it was answered with what it asked for."""
        return self.status == HTTPStatus.OK


@dataclass(frozen=True)
class Latencies:
    """Seconds, in ascending order."""

    seconds: Sequence[float]

    def percentile(self, percent: float) -> float:
        """Return the least latency that so many in a hundred do not exceed; NaN where there is none."""
        if not self.seconds:
            return math.nan
        return self.seconds[max(math.ceil(len(self.seconds) * percent / 100) - 1, 0)]


@dataclass(frozen=True)
class Outcome:
    """What became of a load."""

    shots: Sequence[Shot]
    #: Seconds in which requests were due.
    window_s: float
    #: The most seconds that the generator itself came late with a request: more than a few milliseconds, and it was the generator that was measured.
    late_s: float

    @cached_property
    def answers(self) -> Counter[tuple[int, str | None]]:
        """How many answers there were of each status and code."""
        return Counter((shot.status, shot.code) for shot in self.shots if shot.status is not None)

    @cached_property
    def losses(self) -> Counter[Loss]:
        """How many requests had no answer, by why."""
        return Counter(shot.loss for shot in self.shots if shot.loss)

    @cached_property
    def accepted(self) -> Latencies:
        """Latencies of the requests that were answered with what they asked for."""
        return Latencies(sorted(shot.latency for shot in self.shots if shot.accepted))

    @cached_property
    def refused(self) -> Latencies:
        """Latencies of all other answers."""
        return Latencies(sorted(shot.latency for shot in self.shots if shot.status and not shot.accepted))

    @property
    def without_retry_after(self) -> Counter[tuple[int, str | None]]:
        """How many answers of 429 and 503 lack `Retry-After`."""
        silent = (shot for shot in self.shots if shot.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) and not shot.retry_after)
        return Counter((shot.status or 0, shot.code) for shot in silent)

    def goodput(self, since_s: float = 0, until_s: float | None = None) -> float:
        """Return the good answers a second that came in a part of the window; those that came after the window are none."""
        until = self.window_s if until_s is None else until_s
        return sum(shot.accepted and since_s <= shot.ended < until for shot in self.shots) / (until - since_s)


@dataclass(frozen=True)
class Load:
    """So many requests a second, evenly, for so long."""

    url: str
    request: Callable[[int], Request]
    rate: float
    seconds: float
    #: From when it is due, the longest that a request may take.
    timeout_s: float = 10
    #: Most connections at once; who finds none free waits, and that counts.
    connections: int = 200
    #: Whether whoever is told 503 asks again at once, without a pause, until the time is over.
    insists: bool = False


async def offer(load: Load) -> Outcome:
    """Offer a load and return what became of it, at most `timeout_s` after the last request was due."""
    return await _Offering(load).run()


class _Offering:
    """One load, while it is offered."""

    def __init__(self, load: Load) -> None:
        parts = urlsplit(load.url)
        self._load = load
        self._host, self._port, self._path = parts.hostname or "", parts.port or 80, parts.path or "/"
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._slots = asyncio.Semaphore(load.connections)
        self._clock = asyncio.get_running_loop().time
        self._start = self._clock()

    async def run(self) -> Outcome:
        """Send each request in its time, and wait for the last."""
        load, late, shots = self._load, 0.0, list[asyncio.Task[Shot]]()
        self._start = self._clock()
        for number in range(round(load.rate * load.seconds)):
            due = number / load.rate
            await asyncio.sleep(max(due - self._now(), 0))
            late = max(late, self._now() - due)
            shots.append(asyncio.create_task(self._shot(due, load.request(number))))
        try:
            ended = await asyncio.gather(*shots)
        finally:
            for _, writer in self._free:
                writer.close()
        return Outcome(ended, load.seconds, late)

    def _now(self) -> float:
        return self._clock() - self._start

    async def _shot(self, due: float, request: Request) -> Shot:
        sent: list[float] = []
        loss: Loss
        try:
            async with asyncio.timeout_at(self._start + due + self._load.timeout_s), self._slots:
                status, code, retry_after = await self._answer(request, sent)
                while self._load.insists and status == HTTPStatus.SERVICE_UNAVAILABLE:
                    status, code, retry_after = await self._answer(request, sent)
                return Shot(due, sent[0], self._now(), status, code, retry_after)
        except TimeoutError:
            loss = "timeout"
        except (OSError, EOFError, ValueError):
            loss = "reset" if sent else "refused"
        return Shot(due, sent[0] if sent else None, self._now(), loss=loss)

    async def _answer(self, request: Request, sent: list[float]) -> tuple[int, str | None, str | None]:
        """Return status, code and `Retry-After` of the answer; note when the request is `sent`."""
        reader, writer = await self._connection()
        kept = False
        try:
            headers = {"Host": f"{self._host}:{self._port}", **request.headers, "Content-Length": str(len(request.body))}
            sent.append(self._now())
            writer.write(head_of(f"POST {self._path} HTTP/1.1", headers.items()) + request.body)
            await writer.drain()
            head = await read_head(reader)
            body = await read_body(reader, head)
            kept = not head.closes
        finally:
            if kept:
                self._free.append((reader, writer))
            else:
                writer.close()
        return head.status, _code(body) if head.status != HTTPStatus.OK else None, head.headers.get("retry-after")

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a connection that was kept, or a new one; those that the server has closed are let go."""
        await asyncio.sleep(0)  # what the servers have closed by now is seen
        while self._free:
            reader, writer = self._free.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port)


def _code(body: bytes) -> str | None:
    try:
        content = json.loads(body)
    except ValueError:
        return None
    code = content.get("code") if isinstance(content, dict) else None
    return code if isinstance(code, str) else None
