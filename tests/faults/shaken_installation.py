"""An installation whose processes are killed at random and started again: workers, a service, and the PostgreSQL of the data folder that they share."""

import asyncio
import json
import os
import random
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from service.database.embedded import Embedded

ROOT = Path(__file__).parents[2]
WORKERS = 2
#: Articles that a worker reads at once: so many are lost with it at most.
SLOTS = 2

Blow = Literal["worker", "service", "postmaster", "backend", "terminate", "stop"]
#: Those that are `kill -9`.
KILLS: tuple[Blow, ...] = ("worker", "service", "postmaster", "backend")
#: How often each comes, beside the others.
WEIGHTS: Mapping[Blow, int] = {"worker": 40, "service": 20, "postmaster": 18, "backend": 18, "terminate": 6, "stop": 6}
#: Seconds for what is to be hit to be there.
_THERE_S = 20.0
#: Seconds for which a process is stopped: leases last twenty.
_STOPPED_S = (2.0, 40.0)


@dataclass
class Standing:
    """A process that is started again whenever it ends."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    #: What its log says once it is at work.
    begins: str
    process: Process | None = None
    is_up: bool = False
    starts: int = 0
    #: How it ended by itself, as it should not have; how often its log said what.
    deaths: list[int] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    _expected: set[int] = field(default_factory=set)

    async def stand(self) -> None:
        """Start it again and again, until cancelled."""
        while True:
            command = (sys.executable, "-m", "tests.faults.slow_replay", *self.arguments)
            self.process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self.environment, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
            self.starts += 1
            listening = asyncio.create_task(self._listen(self.process))
            try:
                how = await self.process.wait()
            finally:
                self.is_up = False
                with suppress(ProcessLookupError):
                    self.process.kill()
                await asyncio.gather(self.process.wait(), listening)
            if self.process.pid not in self._expected:
                self.deaths.append(how)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; if it ends thereof, that is as it should be."""
        if self.process is not None and self.process.returncode is None:
            if number in {signal.SIGKILL, signal.SIGTERM}:
                self.is_up = False
                self._expected.add(self.process.pid)
            self.process.send_signal(number)

    async def _listen(self, process: Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            try:
                event = str(json.loads(line)["event"])
            except (ValueError, KeyError):
                event = line.decode(errors="replace").strip()
            self.events[event] += 1
            self.is_up = self.is_up or (event == self.begins and process.pid not in self._expected)


class Installation:
    """Workers, a service and a database."""

    def __init__(self, folder: Path, recordings: Path, chance: random.Random) -> None:
        """Keep everything in a `folder`; what the model says is in the `recordings`."""
        port = _free_port()
        own = {"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(recordings), "VIGIE_DATA_DIR": str(folder), "VIGIE_DRAIN_S": "1", "PYTHONPATH": str(ROOT)}
        environment = {**os.environ, **own, "VIGIE_WORKER": "0", "VIGIE_WORKER_CONCURRENCY": str(SLOTS)}
        self.address = f"http://127.0.0.1:{port}"
        self.service = Standing(("serve", "--port", str(port)), environment, "listening")
        self.workers = [Standing(("worker",), environment, "worker-started") for _ in range(WORKERS)]
        self.server = Embedded(folder / "postgres")
        self.blows: Counter[Blow] = Counter()
        self._chance = chance
        self._stopped: set[asyncio.Task[None]] = set()

    @property
    def kills(self) -> int:
        """How often something was ended by `kill -9`."""
        return sum(self.blows[blow] for blow in KILLS)

    @property
    def events(self) -> Counter[str]:
        """What all logs said."""
        return sum((one.events for one in (self.service, *self.workers)), Counter[str]())

    @property
    def deaths(self) -> list[int]:
        """How processes ended that nobody had asked to."""
        return [how for one in (self.service, *self.workers) for how in one.deaths]

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[None]:
        """Have all processes started again whenever they end; end all of them in good order."""
        tasks = [asyncio.create_task(one.stand()) for one in (self.service, *self.workers)]
        try:
            yield
        finally:
            for task in (*tasks, *self._stopped):
                task.cancel()
            await asyncio.gather(*tasks, *self._stopped, return_exceptions=True)

    async def strike(self, blow: Blow) -> None:
        """Hit one thing of this kind, if it comes to be there to be hit."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_THERE_S):
                await self.hit(blow)

    async def hit(self, blow: Blow) -> None:
        """Hit one thing of this kind, once it is there to be hit."""
        match blow:
            case "worker":
                (await self.one_of(self.workers)).send(signal.SIGKILL)
            case "service":
                (await self.one_of([self.service])).send(signal.SIGKILL)
            case "terminate":
                (await self.one_of([*self.workers, self.service])).send(signal.SIGTERM)
            case "stop":
                self._stop(await self.one_of(self.workers))
            case "postmaster" | "backend":
                await self._hit_database(blow)
        self.blows[blow] += 1

    async def one_of(self, several: Sequence[Standing]) -> Standing:
        """Return one that is at work."""
        while not (up := [one for one in several if one.is_up]):  # noqa: ASYNC110 - the log of another process tells
            await asyncio.sleep(0.02)
        return self._chance.choice(up)

    def _stop(self, one: Standing) -> None:
        """Stop it, and let it go on after a while, when others may have what it held."""

        async def let_go_on(process: Process | None) -> None:
            await asyncio.sleep(self._chance.uniform(*_STOPPED_S))
            if one.process is process:
                one.send(signal.SIGCONT)

        one.send(signal.SIGSTOP)
        task = asyncio.create_task(let_go_on(one.process))
        self._stopped.add(task)
        task.add_done_callback(self._stopped.discard)

    async def _hit_database(self, blow: Literal["postmaster", "backend"]) -> None:
        """Kill the first process of PostgreSQL, or any of the others: it then ends all others, and recovers."""
        while not (processes := _processes(self.server)):  # noqa: ASYNC110 - it is started by others
            await asyncio.sleep(0.02)
        first, *others = processes
        with suppress(ProcessLookupError):
            os.kill(first if blow == "postmaster" else self._chance.choice(others), signal.SIGKILL)


def _processes(server: Embedded) -> list[int]:
    """Return the processes of a server that is at work, the first of them first; none if there is none."""
    first = server._server()
    try:
        others = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [first, *map(int, others)] if first and others else []


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
