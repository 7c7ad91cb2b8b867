"""What a process and all that it started take of the machine, as the system counts it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_KIB, _MIB = 1 << 10, 1 << 20
#: Of the fields after the name of the program: its own time, and that of the children that have ended.
_TIMES = slice(11, 15)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Of a whole tree of processes."""

    #: Seconds of the processors since its start.
    cpu_s: float
    #: Mebibytes that are resident; what processes share counts for each.
    resident_mib: float
    #: The most of them that there ever were.
    peak_mib: float


def footprint(pid: int) -> Footprint:
    """Return that of the process `pid` and its descendants; those that end meanwhile count for nothing."""
    cpu_s = resident = peak = 0.0
    for one in tree(pid):
        try:
            fields = (_PROC / str(one) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            status = (_PROC / str(one) / "status").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        cpu_s += sum(map(int, fields[_TIMES])) / os.sysconf("SC_CLK_TCK")
        resident += _bytes(status, "VmRSS")
        peak += _bytes(status, "VmHWM")
    return Footprint(cpu_s, resident / _MIB, peak / _MIB)


def tree(pid: int) -> Iterator[int]:
    """Yield the process `pid` and its descendants."""
    yield pid
    try:
        threads = [*(_PROC / str(pid) / "task").iterdir()]
    except OSError:
        return
    for thread in threads:
        try:
            children = (thread / "children").read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from tree(int(child))


def _bytes(status: str, name: str) -> int:
    return next((int(line.split()[1]) * _KIB for line in status.splitlines() if line.startswith(f"{name}:")), 0)
