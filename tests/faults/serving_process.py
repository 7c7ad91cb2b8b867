"""`vigie serve` as a process of its own, and what the system knows of it."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVE = ("-m", "service.cli", "serve", "--port", "0")


@asynccontextmanager
async def serving_process(upstream: str, program: Sequence[str] = SERVE, **settings: str) -> AsyncIterator[tuple[Process, str]]:
    """Yield the process, whose model is at the base URL `upstream`, and where it listens. Its standard output is left to whoever uses it, its log is let go."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VIGIE_MODEL": "reader", "OPENAI_BASE_URL": upstream, "VIGIE_DRAIN_S": "2", **settings}
    serving = await asyncio.create_subprocess_exec(sys.executable, *program, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE)
    assert serving.stderr is not None
    try:
        listening = json.loads(await serving.stderr.readline())
        # A log that nobody reads would in the end hold up whoever writes it.
        letting_go = asyncio.create_task(_let_go(serving.stderr))
        yield serving, f"http://127.0.0.1:{listening['port']}"
    finally:
        if serving.returncode is None:
            serving.kill()
        await serving.wait()
    await letting_go


async def _let_go(log: asyncio.StreamReader) -> None:
    while await log.read(1 << 16):
        pass


class Footprint:
    """What a process takes of the machine."""

    def __init__(self, pid: int) -> None:
        """Look at the process `pid`."""
        self._proc = Path(f"/proc/{pid}")

    @property
    def descriptors(self) -> int:
        """How many files and sockets are open."""
        return len(list((self._proc / "fd").iterdir()))

    @property
    def bytes_now(self) -> int:
        """Bytes of memory that are resident."""
        return self._bytes("VmRSS")

    @property
    def bytes_at_most(self) -> int:
        """The most of them since `forget`."""
        return self._bytes("VmHWM")

    def forget(self) -> None:
        """Forget what was the most."""
        (self._proc / "clear_refs").write_text("5", encoding="ascii")

    def _bytes(self, name: str) -> int:
        lines = (self._proc / "status").read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1_024
