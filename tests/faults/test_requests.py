"""What callers may do with requests that are in order: many at once, slowly, one behind the other, under borrowed addresses (A16, A17, A22, A23, B18)."""

import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from schemas.article import Article
from schemas.record import Record
from service import examples, logs
from service.app import app_around
from service.extraction.progress import Tell, nobody
from service.settings import Settings
from tests.faults.service_at import served, service_at
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.open_load import Load, Request, offer
from tests.rig.small_article import small_article
from tests.rig.wire import Head, read_body, read_head
from tests.unit.service_parts import FakeExtractor, FakeModel, record_of

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
#: What a good request may take at most while a thousand connections dawdle: twice what it takes otherwise, and what a scheduler adds.
MOST_TIMES, FLOOR_S = 2, 0.05
IDLE, SLOW = 500, 500


class CountingExtractor(FakeExtractor):
    """An extractor that counts how many it reads at once."""

    inside = most = 0

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **_how: object) -> Record:
        """Read for a moment."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0.001)
        self.inside -= 1
        return record_of(article)


@asynccontextmanager
async def connected(extractor: FakeExtractor, connections: int = 1) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    """Yield connections to a service with one turn, in which `extractor` reads."""
    configured = Settings(concurrency=1, cache_mb=0)
    async with served(app_around(configured, FakeModel(), extractor), configured) as service:
        port = int(service.base_url.rpartition(":")[2])
        pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
        try:
            async with asyncio.timeout(30):
                yield pairs
        finally:
            for _, writer in pairs:
                writer.close()


def post(body: bytes, *headers: str) -> bytes:
    """Return a request about a text."""
    return "\r\n".join(["POST /extract HTTP/1.1", "Host: a", "Content-Type: text/plain", f"Content-Length: {len(body)}", *headers, "", ""]).encode() + body


async def answered(reader: asyncio.StreamReader) -> tuple[Head, bytes]:
    """Return the next answer."""
    head = await read_head(reader)
    return head, await read_body(reader, head)


async def test_a16_nobody_waits_for_a_slow_body() -> None:
    """While a body comes byte by byte others have their turn, the only one there is; and it is read in the end."""
    async with connected(FakeExtractor(), 2) as [(slow_reader, slow), (reader, writer)]:
        request = post(b"slowly")
        for at in range(len(request) - 6, len(request) - 1):
            slow.write(request[at : at + 1] if at > len(request) - 6 else request[: at + 1])
            writer.write(post(b"at once"))
            head, _ = await answered(reader)
            assert head.status == 200
        slow.write(request[-1:])
        head, body = await answered(slow_reader)

    assert head.status == 200
    assert json.loads(body)["article"]["characters"] == 6


async def test_a23_pipelined_requests_are_answered_in_order() -> None:
    """Fifty requests in one write on one connection: fifty answers in their order, and one is read at a time."""
    extractor = CountingExtractor()
    async with connected(extractor) as [(reader, writer)]:
        writer.write(b"".join(post(b"a" * size) for size in range(1, 51)))
        answers = [await answered(reader) for _ in range(50)]

    assert {head.status for head, _ in answers} == {200}
    assert [json.loads(body)["article"]["characters"] for _, body in answers] == [*range(1, 51)]
    assert extractor.most == 1


async def test_a22_a_borrowed_address_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A thousand addresses in `X-Forwarded-For` and its kin: the same answer each time, and none of them in an answer, the log or the metrics.

    There is no limiter of rates yet that could be led astray by them.
    """
    logs.configure("info")
    kin = ("X-Forwarded-For: 203.0.113.{}", "Forwarded: for=203.0.113.{}", "X-Real-IP: 203.0.113.{}")
    async with connected(FakeExtractor()) as [(reader, writer)]:
        heads, bodies = [], set[bytes]()
        for first in range(0, 1_000, 50):
            writer.write(b"".join(post(b"a", *(header.format(number % 256) for header in kin)) for number in range(first, first + 50)))
            for _ in range(50):
                head, body = await answered(reader)
                heads.append(head)
                bodies.add(body)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        _, metrics = await answered(reader)
    log = capsys.readouterr().err

    assert {head.status for head in heads} == {200}
    assert len(bodies) == 1
    assert "203.0.113" not in log + metrics.decode() + b"".join(bodies).decode() + str(heads)
    assert {frozenset(json.loads(line)) for line in log.splitlines()} == {frozenset(json.loads(log.splitlines()[0]))}
    assert b'vigie_requests_total{code="none",method="POST",route="/extract",status="200"} 1000.0' in metrics


@pytest.mark.parametrize("articles", [40, pytest.param(200, marks=pytest.mark.prove), pytest.param(1_000, marks=pytest.mark.prove)])
async def test_b18_articles_do_not_mix(articles: int) -> None:
    """So many at once, each with names of its own, and twenty of them twice: each record tells of its own article alone, and twins are the same bytes."""
    names = [f"{chr(65 + number // 40)}or{'aeiou'[number // 8 % 5]}{'bdfgklmn'[number % 8]}an" for number in range(articles)]
    texts = [small_article(uuid4().hex, by=name, place=f"{name}port") for name in names]
    async with FaultyUpstream() as upstream, service_at(upstream.base_url("slow-20", uuid4().hex), deadline_s=300) as service:
        service.client.timeout = httpx2.Timeout(300)
        answers = await asyncio.gather(*(service.extract(text) for text in [*texts, *texts[:20]]))

    assert {answer.status_code for answer in answers} == {200}
    for text, name, answer in zip(texts, names, answers, strict=False):
        record = Record.model_validate_json(answer.content)
        assert [target.name for target in record.targets] == [f"the army base at {name}port"]
        assert all(text[one.start : one.end] == one.quote for threat in record.threats for one in threat.evidence)
        assert not {other for other in names if other != name and other in answer.text}
    assert [answer.content for answer in answers[:20]] == [answer.content for answer in answers[articles:]]


@contextmanager
def many_files(wanted: int) -> Iterator[None]:
    """Let this process and its children have so many files open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def replaying() -> Iterator[int]:
    """Yield the port of a service in a process of its own, which replays the recordings of the project."""
    environment = {
        **os.environ,
        "VIGIE_MODE": "replay",
        "VIGIE_REPLAY_DIR": str(ROOT / "service/examples/recordings"),
        "VIGIE_DRAIN_S": "0",
        "VIGIE_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with subprocess.Popen([*command[:-1], str(port)], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield port
        finally:
            process.kill()


async def dawdle(port: int, opening: bytes) -> None:
    """Open a connection, begin with `opening`, and go on at a byte a second."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(opening)
        while opening:
            await asyncio.sleep(1)
            writer.write(b"a")
        await asyncio.Event().wait()
    finally:
        writer.close()


@pytest.mark.load
async def test_a17_a_thousand_dawdlers_slow_nobody_down() -> None:
    """Five hundred connections that say nothing and five hundred whose bodies drip: the slowest of a hundred good requests takes twice as long at most."""
    article = Request(json.dumps(examples.request("french")).encode(), {"Content-Type": "application/json"})
    with many_files(4_096), replaying() as port:
        load = Load(f"http://127.0.0.1:{port}/extract", lambda _: article, rate=10, seconds=5)
        await ready(port)
        await offer(load)
        quiet = await offer(load)
        openings = [b""] * IDLE + [post(b"a" * 1_000)[:-990]] * SLOW
        dawdlers = [asyncio.create_task(dawdle(port, opening)) for opening in openings]
        await asyncio.sleep(1.5)
        crowded = await offer(load)
        waiting = sum(not dawdler.done() for dawdler in dawdlers)
        for dawdler in dawdlers:
            dawdler.cancel()
        await asyncio.gather(*dawdlers, return_exceptions=True)

    assert waiting == IDLE + SLOW
    assert set(quiet.answers) == set(crowded.answers) == {(200, None)}
    assert crowded.losses.total() == 0
    assert crowded.accepted.percentile(99) <= MOST_TIMES * quiet.accepted.percentile(99) + FLOOR_S


async def ready(port: int) -> None:
    """Return when a service listens."""
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
