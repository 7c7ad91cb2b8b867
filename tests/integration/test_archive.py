"""`vigie extract` of an archive as a process of its own, killed and started again."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from schemas.record import Record
from tests.rig.faulty_upstream import CHOSEN, FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
ARTICLES, READ_FIRST, AT_ONCE = 20, 8, 4


@asynccontextmanager
async def extracting(upstream: str, *arguments: str | Path) -> AsyncIterator[Process]:
    """Yield the process, whose model is at the base URL `upstream`; it is not left behind."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VIGIE_MODEL": "reader", "OPENAI_BASE_URL": upstream, "VIGIE_CONCURRENCY": str(AT_ONCE)}
    command = (sys.executable, "-m", "service.cli", "extract", *map(str, arguments))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def grown(path: Path, lines: int) -> None:
    """Return once there are so many lines in a file."""
    async with asyncio.timeout(60):
        while len(told_in(path)) < lines:  # noqa: ASYNC110 - a file tells nobody that it has grown
            await asyncio.sleep(0.02)


def told_in(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a file that are whole."""
    return [json.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")] if path.exists() else []


def archive_in(folder: Path) -> Path:
    """Return a folder with articles."""
    (folder / "archive").mkdir()
    for number in range(ARTICLES):
        (folder / "archive" / f"{number:02}.txt").write_text(small_article(f"number {number:02}"), encoding="utf-8")
    return folder / "archive"


async def test_a_killed_run_is_gone_on_with(tmp_path: Path) -> None:
    """While one process reads, another on the same file is refused; once the first is killed, a third reads what is missing and nothing else."""
    archive, out, token = archive_in(tmp_path), tmp_path / "out.ndjson", uuid4().hex
    stuck = {f"number {number:02}" for number in range(READ_FIRST, ARTICLES)}
    async with FaultyUpstream(lambda article: "slow-60000" if any(marker in article for marker in stuck) else "ok") as upstream:
        address = upstream.base_url(CHOSEN, token)
        async with extracting(address, archive, "--out", out) as process:
            await grown(out, READ_FIRST)
            async with extracting(address, archive, "--out", out) as other:
                _, refused = await other.communicate()
            process.send_signal(signal.SIGKILL)
            assert await process.wait() == -signal.SIGKILL
        first = told_in(out)
        stuck.clear()
        async with extracting(address, archive, "--out", out) as process:
            said, err = await process.communicate()
        calls = upstream.tally("ok", token).calls

    lines = told_in(out)
    assert (other.returncode, refused.decode()) == (2, f"vigie: {out}: Another process adds to it.\n")
    assert (process.returncode, said, lines[:READ_FIRST]) == (0, b"", first)
    assert f"{ARTICLES} articles, {ARTICLES} records, 0 failed" in err.decode()
    assert sorted((line["index"], line["source"]) for line in lines) == [(number, f"{number:02}.txt") for number in range(ARTICLES)]
    assert all(Record.model_validate(line["record"]).threats for line in lines)
    assert calls == ARTICLES
