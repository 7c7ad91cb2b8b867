"""`vigie serve` as a process of its own, in front of an endpoint that fails as it is told."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def serving_process(
    upstream: str, program: Sequence[str] = ("-m", "service.cli"), **settings: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Yield the process and where it listens; `program` is what Python runs with the arguments of `vigie`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VIGIE_MODEL": "reader", "OPENAI_BASE_URL": upstream, **settings}
    command = (sys.executable, *program, "serve", "--port", "0")
    serving = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE)
    assert serving.stderr is not None
    # What it says later is read as it comes, so that it never waits for us.
    listening = json.loads(await serving.stderr.readline())
    reading = asyncio.create_task(serving.stderr.read())
    try:
        yield serving, f"http://127.0.0.1:{listening['port']}"
    finally:
        if serving.returncode is None:
            serving.kill()
        await serving.wait()
        await reading
