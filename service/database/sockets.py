"""Where the embedded server listens: in a folder that nobody else may enter, under a name that fits into the address of a socket."""

import os
import re
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

#: An address of a socket has 108 bytes in Linux and 104 elsewhere, the last of them a null.
_MOST_BYTES = 103
#: What the server calls its socket.
_NAME = ".s.PGSQL.5432"
#: A comma or a quote in a list of folders would be read as more than a letter.
_PLAIN = re.compile(r"[\w./+@:-]+", re.ASCII)


def sockets_of(link: Path) -> Path:
    """Return the folder of the socket, to which `link` leads where the name of the one is too long."""
    return Path(os.path.realpath(link))


def make_sockets(link: Path) -> Path:
    """Make the folder of the socket, empty; return it. Where `link` would be too long for an address it leads to a folder among the temporary ones.

    Raises:
        OSError: It cannot be made.
    """
    if _fits(link):
        link.mkdir(mode=0o700, exist_ok=True)
        target = link
    else:
        target = _elsewhere(link)
    for rest in target.glob(".s.PGSQL.*"):
        rest.unlink(missing_ok=True)
    return target


def drop_sockets(link: Path) -> None:
    """Delete the folder of the socket if it lies elsewhere."""
    if link.is_symlink():
        shutil.rmtree(link.readlink(), ignore_errors=True)
        link.unlink()


def _fits(folder: Path) -> bool:
    return _PLAIN.fullmatch(str(folder)) is not None and len(str(folder / _NAME)) <= _MOST_BYTES


def _elsewhere(link: Path) -> Path:
    """Return a folder of ours among the temporary ones: the same as ever if it is still there, or may be made again."""
    if link.is_symlink():
        known = link.readlink()
        with suppress(OSError):
            known.mkdir(mode=0o700)
        if _is_private(known):
            return known
        link.unlink()
    target = Path(tempfile.mkdtemp(prefix="vigie-"))
    link.symlink_to(target)
    return target


def _is_private(folder: Path) -> bool:
    """Return whether `folder` is one, of ours, that nobody else may enter."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077
