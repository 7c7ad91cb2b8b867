"""What weighs on the process itself: a loop that is held up (F12), memory (F15), a log that nobody reads (K13)."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from schemas.article import Article
from schemas.record import Record
from service.app import app_around
from service.extraction.progress import Tell, nobody
from service.settings import Settings
from tests.faults.service_at import served
from tests.unit.service_parts import FakeExtractor, FakeModel

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]


class StallingExtractor(FakeExtractor):
    """An extractor with a fault: it works on the event loop."""

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **_how: object) -> Record:
        """Hold up everyone for a while."""
        time.sleep(0.25)  # noqa: ASYNC251 - the fault
        return await super().extract(article, deadline_at=deadline_at, tell=tell)


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[subprocess.Popen[bytes], str]]:
    """Yield `vigie serve`, of whose log the first line alone is read, and where it listens."""
    environment = {**os.environ, "VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": "service/examples/recordings", "VIGIE_DRAIN_S": "0"}
    command = (sys.executable, "-m", "service.cli", "serve", "--port", "0")
    # Not asyncio's, which reads ahead.
    process = await asyncio.to_thread(subprocess.Popen, command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, bufsize=0)
    assert process.stderr is not None
    try:
        yield process, f"http://127.0.0.1:{json.loads(await asyncio.to_thread(process.stderr.readline))['port']}"
    finally:
        process.kill()
        process.communicate()


async def value_of(client: httpx2.AsyncClient, name: str, **labels: str) -> float:
    """Return what the service tells of itself under `name`."""
    families = text_string_to_metric_families((await client.get("/metrics")).text)
    return next(sample.value for family in families for sample in family.samples if sample.name == name and labels.items() <= sample.labels.items())


async def test_f12_a_loop_that_is_held_up_is_seen() -> None:
    """A stall is in the metrics, and does not make the service unready."""
    async with served(app_around(Settings(), FakeModel(), StallingExtractor()), Settings()) as service:
        client = service.client
        await asyncio.sleep(0.3)
        before = await value_of(client, "vigie_event_loop_lag_seconds_bucket", le="0.1")
        seen = await value_of(client, "vigie_event_loop_lag_seconds_count")
        reading = asyncio.create_task(client.post("/extract", json={"text": "An article."}))
        ready = await client.get("/readyz")
        answer = await reading
        await asyncio.sleep(0.3)
        in_time = await value_of(client, "vigie_event_loop_lag_seconds_bucket", le="0.1") - before
        looks = await value_of(client, "vigie_event_loop_lag_seconds_count") - seen

    assert (ready.status_code, answer.status_code) == (200, 200)
    assert looks > in_time


async def test_f15_what_callers_send_together_is_bounded() -> None:
    """Many half bodies at once take no more memory than there is room for: who comes then is told so at once, and is served once there is room again."""
    body = b"a" * 1_024
    head = b"POST /extract HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n"
    settings = Settings(max_body_bytes=1_024)
    async with served(app_around(settings, FakeModel(), FakeExtractor()), settings) as service:
        client, port = service.client, int(service.base_url.rpartition(":")[2])
        crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]
        for _, writer in crowd:
            writer.write(head + body[:1_000])
            await writer.drain()
        await asyncio.sleep(0.2)
        held = await value_of(client, "vigie_body_bytes")
        refused = await client.post("/extract", content=body, headers={"Content-Type": "text/plain"})
        for _, writer in crowd:
            writer.close()
        await asyncio.sleep(0.2)
        again = await client.post("/extract", content=body, headers={"Content-Type": "text/plain"})
        left = await value_of(client, "vigie_body_bytes")

    assert 31 * 1_024 <= held <= 32 * 1_024
    assert (refused.status_code, refused.json()["code"], refused.headers["connection"]) == (503, "overloaded", "close")
    assert int(refused.headers["retry-after"]) >= 1
    assert again.status_code == 200
    assert left == 0


async def test_k13_a_log_that_nobody_reads_holds_up_nobody() -> None:
    """With a full pipe for a log every request is answered, and the process ends when it is asked to."""
    async with serving() as (process, address), httpx2.AsyncClient(base_url=address, timeout=5, trust_env=False) as client:
        for _ in range(1_000):
            assert (await client.get("/nowhere")).status_code == 404
        process.terminate()
        # It waits a little for whoever reads the log, and no longer.
        assert await asyncio.to_thread(process.wait, 8) == -signal.SIGTERM


async def test_k16_a_crash_leaves_no_memory_behind() -> None:
    """The process writes no core file, which would hold articles and keys."""
    async with serving() as (process, _):
        limits = await asyncio.to_thread(Path(f"/proc/{process.pid}/limits").read_text)

    assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)
