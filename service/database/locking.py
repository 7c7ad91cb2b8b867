"""Locks of files: the kernel lets go of them when their holders end, in whatever way. A number in a file may long belong to another process."""

import fcntl
import os
import time
from pathlib import Path

#: Seconds between two attempts.
_PAUSE_S = 0.02


def opened(path: Path) -> int:
    """Return a descriptor of the file at `path`, which is made if need be and which nobody else may open."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def locked(descriptor: int, *, shared: bool = False, until: float = 0) -> bool:
    """Lock the file and return True, or return False if others held it until the time `until` of the monotonic clock."""
    while True:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE_S)
        else:
            return True


def is_held(path: Path) -> bool:
    """Return whether anyone holds the file at `path` for himself."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return not locked(descriptor, shared=True)
    finally:
        os.close(descriptor)
