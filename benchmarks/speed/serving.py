"""Start one of those who are measured, know when it is ready, and end it with all that it started."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.contestants import ROOT, Contestant, Place
from service.errors import SetupError
from tests.rig.wire import head_of, read_body, read_head

_LOOPBACK = "127.0.0.1"
#: The longest that any may take to be ready; between two looks; and between asking it to end and ending it.
_READY_S, _LOOK_S, _GRACE_S = 120, 0.02, 10
#: From here on an answer says that it cannot serve.
_SERVER_FAULT = 500


@dataclass(frozen=True, slots=True)
class Serving:
    """One that serves."""

    pid: int
    #: Scheme, host and port.
    address: str
    #: Seconds from its start until it was ready.
    cold_s: float


@asynccontextmanager
async def serving(contestant: Contestant, upstream: str, folder: Path, cores: Collection[int] = ()) -> AsyncIterator[Serving]:
    """Yield the `contestant`, which serves with the endpoint `upstream` on these `cores` (on any, if there are none), and end it.

    Raises:
        SetupError: It cannot be started, or is not ready in time.
    """
    place = Place(upstream, _free_port(), _made(folder))
    # To a file, as a user would: nobody has to read it in time.
    with (folder / "log.txt").open("wb") as log, held_to(cores):
        began = time.perf_counter()
        try:
            process = await asyncio.create_subprocess_exec(
                str(contestant.python),
                *contestant.arguments(place),
                cwd=ROOT,
                env=contestant.environment(place),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        except OSError:
            raise SetupError(f"{contestant.called} cannot be started: there is no {contestant.python}; `make bench` makes it.") from None
    try:
        await _ready(process, contestant, place)
        yield Serving(process.pid, f"http://{_LOOPBACK}:{place.port}", time.perf_counter() - began)
    finally:
        await _end(process)


async def import_s(contestant: Contestant, folder: Path, cores: Collection[int] = ()) -> float:
    """Return the seconds that an interpreter takes which imports what the `contestant` serves with, and nothing else.

    Raises:
        SetupError: It fails.
    """
    place = Place(f"http://{_LOOPBACK}:1/v1", 1, _made(folder))
    quiet = asyncio.subprocess.DEVNULL
    with held_to(cores):
        began = time.perf_counter()
        command = (str(contestant.python), "-c", f"import {contestant.modules}")
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=contestant.environment(place), stdout=quiet, stderr=quiet)
    try:
        async with asyncio.timeout(_READY_S):
            failed = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if failed:
        raise SetupError(f"{contestant.called} cannot be imported.")
    return time.perf_counter() - began


@contextmanager
def held_to(cores: Collection[int]) -> Iterator[None]:
    """Hold what is started meanwhile to these `cores`, if there are any."""
    ours = os.sched_getaffinity(0)
    if cores:
        os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)


async def get(address: str, path: str) -> tuple[int, bytes]:
    """Return status and body of what is at a path.

    Raises:
        OSError: Nobody listens, or the connection broke.
        EOFError: There was no answer.
    """
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(head_of(f"GET {path} HTTP/1.1", [("Host", f"{host}:{port}"), ("Connection", "close")]))
        head = await read_head(reader)
        return head.status, await read_body(reader, head)
    finally:
        writer.close()


async def _ready(process: asyncio.subprocess.Process, contestant: Contestant, place: Place) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_READY_S):
            while process.returncode is None:
                with suppress(OSError, EOFError):
                    status, _ = await get(f"http://{_LOOPBACK}:{place.port}", contestant.ready)
                    if status < _SERVER_FAULT:
                        return
                await asyncio.sleep(_LOOK_S)
    raise SetupError(f"{contestant.called} does not serve: what it says is in {place.folder / 'log.txt'}.")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process and its session."""
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _GRACE_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _free_port() -> int:
    """Return a port at which nobody listens; another program might take it first, and then the start fails."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
