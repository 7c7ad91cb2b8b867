"""The file of records: one process at a time adds to it, and the next goes on from what stands there."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from service.cli.archive.line import BEGINNING, Line, read_back
from service.errors import InternalError, SetupError

#: The most bytes that a line may have. What has more is no line of ours, and not taken into memory to find out.
_MOST_BYTES = 1 << 26


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier run made of an article."""

    digest: str
    has_record: bool
    is_retryable: bool
    #: Where its line begins, in bytes.
    at: int


class Kept:
    """The file, open and locked."""

    def __init__(self, path: Path, raw: FileIO) -> None:
        """Read what is there.

        Raises:
            SetupError: That is something else.
        """
        self._path, self._raw = path, raw
        #: What came of articles before, by their place.
        self.known: dict[int, Known] = {}
        #: Where the last whole line ends.
        self._end = 0
        for number, (at, line) in enumerate(self._lines(), 1):
            one = read_back(line)
            if one is None or one.index in self.known:
                what = "is none that this command wrote" if one is None else "is about an article that had one before"
                raise SetupError(f"{path}: Line {number} {what}. Nothing was changed; give another file.")
            self.known[one.index] = Known(one.digest, one.record is not None, one.is_retryable, at)
            self._end = at + len(line)

    def settle(self, dropped: Container[int]) -> None:
        """Get ready to be added to: without a last line that was cut off, and without the lines of the articles that are `dropped`.

        Raises:
            SetupError: The file cannot be changed.
        """
        kept = {index: one for index, one in self.known.items() if index not in dropped}
        try:
            if len(kept) < len(self.known):
                self._rewrite(one.at for one in kept.values())
            else:
                self._raw.truncate(self._end)
        except OSError as error:
            raise SetupError(f"{self._path} cannot be changed: {error.strerror}.") from None
        self.known = kept

    def add(self, line: bytes) -> None:
        """Add a line, whole or not at all.

        Raises:
            InternalError: It cannot be written.
        """
        try:
            _write(self._raw, line)
        except OSError as error:
            with suppress(OSError):
                self._raw.truncate(self._end)
            raise InternalError(f"{self._path} cannot be written: {error.strerror}.") from None
        self._end += len(line)

    def in_order(self) -> Iterator[Line]:
        """Yield the lines by the place of their articles, also those that were added."""
        places = sorted((one.index, at) for at, line in self._lines() if (one := read_back(line)))
        with self._path.open("rb") as file:
            for _, at in places:
                file.seek(at)
                one = read_back(file.readline())
                if one:
                    yield one

    def close(self) -> None:
        """Let others have it."""
        self._raw.close()

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield each whole line, and where it begins.

        Raises:
            SetupError: What follows the last of them is no line of ours that was cut off, or the file cannot be read.
        """
        at = 0
        try:
            with self._path.open("rb") as file:
                while (line := file.readline(_MOST_BYTES)).endswith(b"\n"):
                    yield at, line
                    at += len(line)
        except OSError as error:
            raise SetupError(f"{self._path} cannot be read: {error.strerror}.") from None
        if len(line) == _MOST_BYTES or not line.startswith(BEGINNING[: len(line)]):
            raise SetupError(f"{self._path}: Its end is none that this command wrote. Nothing was changed; give another file.")

    def _rewrite(self, places: Iterable[int]) -> None:
        """Have a file with the lines at these places take the place of this one, in one step; it is locked before anybody else can see it."""
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}-")
        new = FileIO(handle, "ab")
        try:
            fcntl.flock(new, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with self._path.open("rb") as file:
                for at in places:
                    file.seek(at)
                    _write(new, file.readline())
            os.fchmod(new.fileno(), stat.S_IMODE(os.fstat(self._raw.fileno()).st_mode))
            os.fsync(new.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink()
            new.close()
            raise
        self._raw.close()
        self._raw, self._end = new, os.fstat(new.fileno()).st_size


@contextmanager
def keeping(path: Path) -> Iterator[Kept]:
    """Yield the file at `path`, which is made if it is not there; nobody else has it meanwhile.

    Raises:
        SetupError: Somebody else has it, something else is in it, or it cannot be written.
    """
    path = path.resolve()
    raw = _locked(path)
    try:
        kept = Kept(path, raw)
    except BaseException:
        raw.close()
        raise
    try:
        yield kept
    finally:
        kept.close()


def _locked(path: Path) -> FileIO:
    """Return the file at `path`, open to be added to."""
    if path.exists() and not path.is_file():  # such as a pipe, which would be waited for
        raise SetupError(f"{path} is no file that can be gone on with.")
    try:
        raw = FileIO(path, "ab")
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever had it until now may have put another in its place.
        if not os.path.samestat(os.fstat(raw.fileno()), path.stat()):
            raise BlockingIOError
    except OSError as error:
        raw.close()
        raise SetupError(f"{path}: {'Another process adds to it' if isinstance(error, BlockingIOError) else error.strerror}.") from None
    return raw


def _write(raw: FileIO, content: bytes) -> None:
    """Write all of it: the system may take less at once."""
    left = memoryview(content)
    while left:
        left = left[raw.write(left) :]
