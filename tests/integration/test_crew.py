"""`vigie serve` as several processes: one address, whoever dies."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from http.client import HTTPConnection
from pathlib import Path

import pytest

from benchmarks.speed.footprint import tree
from tests.unit.service_parts import FakeModel

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.integration

Served = tuple[subprocess.Popen[bytes], int]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Yield a service of two processes, and its port."""
    identity = {"name": FakeModel.name, "output_mode": FakeModel.output_mode, "profile": asdict(FakeModel.profile)}
    (tmp_path / "model.json").write_text(json.dumps(identity), encoding="utf-8")
    settings = {"VIGIE_PROCESSES": "2", "VIGIE_DRAIN_S": "0", "VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(tmp_path), "VIGIE_WORKER": "0"}
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        port = json.loads(process.stderr.readline())["port"]
        try:
            until(lambda: status(port) == 200 and len(members(process)) == 2 and all(map(heeds, members(process))))
            yield process, port
        finally:
            process.kill()


def members(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the ids of the processes that serve."""
    return [pid for pid in tree(process.pid) if pid != process.pid]


def status(port: int) -> int | None:
    """Return with which status the service is ready; None if nobody answers."""
    with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=10)) as caller:
        caller.request("GET", "/readyz")
        return caller.getresponse().status
    return None


def heeds(pid: int) -> bool:
    """Return whether a process heeds the signal to end, which it does once it serves."""
    heeded = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").partition("SigCgt:")[2].split()[0]
    return bool(int(heeded, 16) >> (signal.SIGTERM - 1) & 1)


def until(happens: Callable[[], bool]) -> None:
    """Wait until something `happens`."""
    end = time.monotonic() + 20
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Return whether a process is there and has not ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_killed_process_is_replaced(served: Served) -> None:
    """When one process dies the other goes on answering, and another takes its place, as the log says."""
    process, port = served
    first, other = members(process)
    os.kill(first, signal.SIGKILL)
    until(lambda: len(members(process)) == 2 and first not in members(process))
    assert other in members(process)
    assert [status(port) for _ in range(10)] == [200] * 10
    assert process.stderr is not None
    line = next(line for line in map(json.loads, process.stderr) if line["event"] == "process-ended")
    assert line["signal"] == "SIGKILL"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_them(served: Served, number: signal.Signals) -> None:
    """Whoever stops the service stops each process in good order, and nobody listens any more."""
    process, port = served
    both = members(process)
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == (-number if number == signal.SIGTERM else 130)
    assert not any(map(runs, both))
    assert status(port) is None
    assert [json.loads(line)["event"] for line in said.splitlines()].count("draining") == 2


def test_nobody_stays_behind(served: Served) -> None:
    """Where the first process is killed the others end too, and leave the address."""
    process, port = served
    both = members(process)
    process.kill()
    until(lambda: not any(map(runs, both)))
    assert status(port) is None
