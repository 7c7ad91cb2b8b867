"""`vigie worker` as a process of its own, and the jobs that it reads."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from schemas.article import Article
from service.database.database import Database
from service.jobs.store import Entry, JobStore, Line

ROOT = Path(__file__).parents[2]
WORKER = ("-m", "service.cli", "worker")


def scripted(patience: int = 60, wrong_s: float = 0) -> tuple[str, ...]:
    """Return the same without a model: articles say what is done with them. It may stand still for so many seconds, and its clock is wrong by so many."""
    return (str(Path(__file__).with_name("scripted_worker.py")), str(patience), str(wrong_s))


@dataclass
class Working:
    """A process that reads."""

    process: Process
    #: The lines of its log so far.
    lines: list[dict[str, object]] = field(default_factory=list)

    async def said(self, event: str, times: int = 1, seconds: float = 60) -> None:
        """Return once its log has so many lines of `event`."""
        async with asyncio.timeout(seconds):
            while sum(line.get("event") == event for line in self.lines) < times:  # noqa: ASYNC110 - what is watched for is in another process
                await asyncio.sleep(0.02)

    async def ended(self, seconds: float = 20) -> int:
        """Return how it ended."""
        return await asyncio.wait_for(self.process.wait(), seconds)


@asynccontextmanager
async def working_process(database_url: str, program: Sequence[str] = scripted(), **settings: str) -> AsyncIterator[Working]:
    """Yield the process, once it reads what is in the database."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VIGIE_DATABASE_URL": database_url, "VIGIE_DRAIN_S": "2", **settings}
    process = await asyncio.create_subprocess_exec(sys.executable, *program, cwd=ROOT, env=environment, stdout=DEVNULL, stderr=PIPE)
    working = Working(process)
    listening = asyncio.create_task(_listen(working))
    try:
        await working.said("worker-started")
        yield working
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await listening


async def _listen(working: Working) -> None:
    assert working.process.stderr is not None
    async for line in working.process.stderr:
        working.lines.append(json.loads(line) if line.startswith(b"{") else {"event": line.decode()})


@dataclass(frozen=True)
class Job:
    """A job in a database."""

    database: Database
    id: UUID

    @classmethod
    async def of(cls, database: Database, *texts: str) -> "Job":
        """Hand in an article of each of the `texts`."""

        async def entries() -> AsyncIterator[Sequence[Entry]]:
            yield [Entry(Article(text=text).model_dump_json().encode(), None) for text in texts]

        return cls(database, await JobStore(database).create("caller", entries(), repeat_name=None, digest=lambda: b"digest"))

    async def state(self) -> str:
        """Return the job's state."""
        return str((await JobStore(self.database).job(self.id, "caller")).state)

    async def until(self, *states: str, seconds: float = 30) -> None:
        """Return once it is in one of these states."""
        async with asyncio.timeout(seconds):
            while await self.state() not in states:  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.05)

    async def items(self) -> list[tuple[str, int]]:
        """Return the state of each article, and how often it was tried."""
        rows = await self.ask("select state, attempts from items where job_id = %s order by index", self.id)
        return [(str(state), int(str(attempts))) for state, attempts in rows]

    async def until_items(self, *states: str, seconds: float = 30) -> None:
        """Return once the articles are in these states."""
        async with asyncio.timeout(seconds):
            while [state for state, _ in await self.items()] != list(states):  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.05)

    async def until_nothing_is_queued(self, seconds: float = 30) -> None:
        """Return once the queue is empty."""
        async with asyncio.timeout(seconds):
            while await self.ask("select from saq_jobs"):  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.05)

    async def lines(self) -> list[Line]:
        """Return how its articles ended, in their order."""
        lines, _ = await JobStore(self.database).lines(self.id, "caller", 0, 10_000)
        return sorted(lines, key=lambda line: line.index)

    async def problems(self) -> list[str | None]:
        """Return the code of each article's problem."""
        return [json.loads(line.problem)["code"] if line.problem else None for line in await self.lines()]

    async def let_leases_run_out(self) -> None:
        """Do what twenty seconds do."""
        await self.ask("update items set lease_until = '-infinity', lease = '0' where state = 'running' and job_id = %s", self.id)

    async def ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Return what the database answers."""
        async with self.database.connection() as connection:
            found = await connection.execute(statement.encode(), values)
            return await found.fetchall() if found.description else []
