"""The service behind the server that `vigie serve` runs, with fakes for the model and the way of an article."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from http.client import HTTPConnection
from pathlib import Path

import pytest

from service.app import app_around
from service.settings import Settings
from tests.faults.service_at import served
from tests.unit.service_parts import FakeExtractor, FakeModel

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.integration

HEAD = b"POST /extract HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nX-Forwarded-For: 192.0.2.1\r\n"


@asynccontextmanager
async def connection(extractor: FakeExtractor) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Yield a connection to a service in which `extractor` reads."""
    settings = Settings(max_body_bytes=1_024)
    async with served(app_around(settings, FakeModel(), extractor), settings) as service:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(service.base_url.rpartition(":")[2]))
        try:
            async with asyncio.timeout(5):
                yield reader, writer
        finally:
            writer.close()


async def test_a_record_comes_without_the_servers_name() -> None:
    """A good request is answered with its record; the answer does not say what serves it."""
    async with connection(FakeExtractor()) as (reader, writer):
        writer.write(HEAD + b"Content-Length: 1\r\nConnection: close\r\n\r\na")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nserver:" not in head.lower()
    assert json.loads(body)["article"]["characters"] == 1


async def test_a10_a_body_without_length_is_cut_off_at_the_limit() -> None:
    """A chunked body is refused once it has passed the limit, and the connection is closed on the rest."""
    async with connection(FakeExtractor()) as (reader, writer):
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + (b"100\r\n" + b"a" * 256 + b"\r\n") * 5)
        answer = await reader.read()

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"body-too-large"' in answer


async def test_a_caller_who_leaves_stops_the_work() -> None:
    """When the connection is closed the work is cancelled at once."""
    extractor = FakeExtractor(waits=True)
    async with connection(extractor) as (_, writer):
        writer.write(HEAD + b"Content-Length: 1\r\n\r\na")
        await extractor.begun.wait()
        writer.close()
        await asyncio.wait_for(extractor.cancelled.wait(), 0.5)

    assert extractor.cancelled.is_set()


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """`vigie serve` says in its log where it listens, answers there, and stops at a signal and says so; every line of it is JSON, none is of a probe."""
    identity = {"name": FakeModel.name, "output_mode": FakeModel.output_mode, "profile": asdict(FakeModel.profile)}
    (tmp_path / "model.json").write_text(json.dumps(identity), encoding="utf-8")
    environment = {**os.environ, "VIGIE_DRAIN_S": "0.5", "VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        listening = json.loads(process.stderr.readline())
        caller = HTTPConnection("127.0.0.1", listening["port"], timeout=10)
        caller.request("GET", "/readyz")
        answer = caller.getresponse()
        status, _ = answer.status, answer.read()
        caller.request("GET", "/nothing")
        caller.getresponse().read()
        caller.close()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)

    assert (status, process.returncode, out) == (200, -signal.SIGTERM, b"")
    # The caller has the answer before the log has its line.
    assert sorted(json.loads(line)["event"] for line in err.splitlines()) == ["draining", "request"]
