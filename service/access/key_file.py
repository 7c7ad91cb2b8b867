"""The file of keys: `keys.json` in the data folder, written by `vigie keys` and read by every process that serves from it.

A file, and no database: it is small, it is read whole, and an operator can look into it. Whoever writes holds a lock, and the new file takes the place of the
old one in one step, so that readers see the one or the other.
"""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from service.access.key import Key
from service.errors import SetupError

#: What changes when the file does: its inode, its time in nanoseconds, its size.
Stamp = tuple[int, int, int]


class _Content(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    keys: tuple[Key, ...]


class KeyFile:
    """The file of keys in a folder."""

    def __init__(self, folder: Path) -> None:
        """Name the file; it need not be there."""
        self.path = folder / "keys.json"

    def exists(self) -> bool:
        """Return whether there is one, or something that keeps us from seeing whether there is."""
        try:
            self.path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return True

    def stamp(self) -> Stamp:
        """Return what tells this content from another.

        Raises:
            OSError: There is no file, or it cannot be looked at.
        """
        found = self.path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def read(self) -> tuple[Key, ...]:
        """Return all keys, in the order in which they were made.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is none of ours. The words of the exception may be the file's.
        """
        return _Content.model_validate_json(self.path.read_bytes()).keys

    def known(self) -> tuple[Key, ...]:
        """Return all keys; none where there is no file. Raises what `read` raises."""
        return self.read() if self.exists() else ()

    def add(self, key: Key) -> None:
        """Add `key`.

        Raises:
            SetupError: The file cannot be read or written.
        """
        with self._changing() as keys:
            keys.append(key)

    def end(self, identity: str, at: datetime) -> Key:
        """Have the key `identity` open nothing from `at` on; return it as it was. One that is over earlier stays so.

        Raises:
            SetupError: There is no such key, or the file cannot be read or written.
        """
        with self._changing() as keys:
            for place, key in enumerate(keys):
                if key.id == identity:
                    keys[place] = key.model_copy(update={"expires": min(at, key.expires) if key.expires else at})
                    return key
            raise SetupError("There is no key with this id: `vigie keys list` shows them all.")

    @contextmanager
    def _changing(self) -> Iterator[list[Key]]:
        """Yield the keys, to be changed, and write them; nobody else writes meanwhile."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(self.path.with_suffix(".lock"), "w", opener=_privately) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                keys = list(self.known())
                yield keys
                self._write(keys)
        except OSError as error:
            raise SetupError(f"The file of keys cannot be changed: {error.strerror}.") from None
        except ValidationError:
            raise SetupError(f"{self.path} is no file of keys.") from None

    def _write(self, keys: list[Key]) -> None:
        content = _Content(keys=tuple(keys)).model_dump_json(indent=1, exclude_none=True).encode() + b"\n"
        # Made by `tempfile`, so that none but its owner may read it.
        with tempfile.NamedTemporaryFile(dir=self.path.parent, prefix=".keys-", delete=False) as new:
            try:
                new.write(content)
                new.flush()
                self._give(new.fileno())
                os.fsync(new.fileno())
                Path(new.name).replace(self.path)
            except BaseException:
                Path(new.name).unlink(missing_ok=True)
                raise

    def _give(self, new: int) -> None:
        """Give a new file to whoever has the old one, or the folder: who serves from there must be able to read what an administrator writes."""
        old = (self.path if self.exists() else self.path.parent).stat()
        if os.geteuid() == 0:
            os.fchown(new, old.st_uid, old.st_gid)
        if self.exists():
            os.fchmod(new, stat.S_IMODE(old.st_mode))


def _privately(path: str, flags: int) -> int:
    """Open a file that nobody else may open, and no link."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
