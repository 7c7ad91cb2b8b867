"""Runs a command where there is no network but this machine's own, and tells whether it tried to leave: `python -m tests.faults.without_network COMMAND…`.

What it tells is the last line of standard output, as JSON.
"""

import contextlib
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

#: Of each table of the kernel: what was sent nowhere for want of a way, and every datagram, since names are asked for in datagrams.
_COUNTED = {"snmp": ("Ip OutNoRoutes", "Udp OutDatagrams"), "snmp6": ("Ip6OutNoRoutes", "Udp6OutDatagrams")}
_SET_FLAGS, _UP = 0x8914, 0x1
#: Addresses that are nobody's, for documentation.
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def unshared() -> list[str]:
    """Return the beginning of a command that is to run there."""
    return ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--net"]


def attempts() -> int:
    """Return how often anything was sent to another machine, as far as it came."""
    told: dict[str, int] = {}
    lines = Path("/proc/self/net/snmp").read_text(encoding="ascii").splitlines()
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        table = names.partition(":")[0]
        told |= {f"{table} {name}": int(value) for name, value in zip(names.split()[1:], values.split()[1:], strict=True)}
    six = Path("/proc/self/net/snmp6")
    for line in six.read_text(encoding="ascii").splitlines() if six.exists() else ():
        told[line.split()[0]] = int(line.split()[1])
    return sum(told.get(name, 0) for names in _COUNTED.values() for name in names)


def leave() -> None:
    """Try to reach other machines."""
    for family, address in _ELSEWHERE:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with contextlib.suppress(OSError), socket.socket(family, kind) as end:
                end.connect((address, 53))


def main() -> int:
    """Run the command of the arguments; return its code."""
    with socket.socket() as end:
        fcntl.ioctl(end, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))
    before = attempts()
    done = subprocess.run(sys.argv[1:], check=False).returncode
    after = attempts()
    leave()
    print(json.dumps({"code": done, "attempts": after - before, "seen_when_it_was_tried": attempts() - after}))  # noqa: T201 - that is what it is for
    return done


if __name__ == "__main__":
    sys.exit(main())
