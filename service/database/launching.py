"""Runs a program of PostgreSQL, apart from whoever runs this: as a session of its own, and under a name that PostgreSQL accepts.

PostgreSQL refuses to run as root, and `initdb` as a user without a name. To both it is shown a user namespace in which this user is called `nobody`: its files
stay this user's, no user is made and no permission changed.

Run by its path, with what is to be run as arguments: `attached PROGRAM …` becomes the program, `detached PROGRAM …` leaves it behind and returns.
"""

import ctypes
import os
import pwd
import sys
from pathlib import Path

#: What this ends with where no such namespace is to be had (EX_NOPERM of sysexits.h).
REFUSED = 77

_CLONE_NEWUSER = 0x10000000
_NOBODY = 65534


def main(how: str, *command: str) -> None:
    """Run `command`."""
    if not _has_name():
        _take_name()
    if how == "detached" and os.fork():
        return
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def _has_name() -> bool:
    """Return whether PostgreSQL runs as this user."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_uid != 0
    except KeyError:
        return False


def _take_name() -> None:
    """Enter a user namespace in which this user is `nobody`."""
    user, group = os.geteuid(), os.getegid()
    if sys.platform != "linux" or ctypes.CDLL(None).unshare(_CLONE_NEWUSER) != 0:
        sys.exit(REFUSED)
    for name, line in (("setgroups", "deny"), ("uid_map", f"{_NOBODY} {user} 1"), ("gid_map", f"{_NOBODY} {group} 1")):
        Path("/proc/self", name).write_text(line, encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
