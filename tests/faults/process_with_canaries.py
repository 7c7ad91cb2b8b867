"""`vigie serve` as a process of its own, with everything that it says and keeps in one folder."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PROMPTS = ROOT / "prompts"


@dataclass(frozen=True, slots=True)
class Served:
    """A process that listens."""

    base_url: str
    #: `stdout`, `stderr` and whatever the service keeps are in it.
    folder: Path

    def said(self, stream: str) -> list[str]:
        """Return the lines of `stdout` or `stderr` so far."""
        return (self.folder / stream).read_text(errors="surrogateescape").splitlines()


@asynccontextmanager
async def process_with_canaries(folder: Path, environment: Mapping[str, str], *, prompt_begins: str = "") -> AsyncIterator[Served]:
    """Yield the service as `environment` has it, whose system prompt begins with the words `prompt_begins`."""
    # Modules are looked for where the process starts, and only then in the repository.
    shutil.copytree(_PROMPTS, folder / "prompts", ignore=shutil.ignore_patterns("__pycache__"))
    for prompt in (folder / "prompts").glob("*.md"):
        prompt.write_text(prompt.read_text().replace("# system\n\n", f"# system\n\n{prompt_begins} ", 1))
    complete = {**os.environ, "PYTHONPATH": str(ROOT), "VIGIE_DATA_DIR": str(folder / "data"), "VIGIE_CACHE_DIR": str(folder / "cache"), **environment}
    command = (sys.executable, "-m", "service.cli", "serve", "--port", "0")
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=complete, stdout=out, stderr=err)
    served = Served("", folder)
    try:
        async with asyncio.timeout(60):
            while not (ports := list(_ports(served.said("stderr")))):
                assert process.returncode is None, served.said("stderr")
                await asyncio.sleep(0.05)
        yield Served(f"http://127.0.0.1:{ports[0]}", folder)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _ports(lines: list[str]) -> Iterator[int]:
    for line in lines:
        if line.endswith("}") and '"listening"' in line:
            yield json.loads(line)["port"]
