"""Lines that wait to be written: whoever reads the log may be slow or stand still, and the service must not wait for it."""

import os
import queue
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

#: Most lines that wait. What comes beyond is dropped and counted.
MOST_WAITING = 10_000
#: Seconds for the last lines, once the service has ended.
_FAREWELL_S = 2.0


class PatientLog:
    """A stream to which writing takes no time; a thread of its own writes what waits."""

    def __init__(self, descriptor: int, most_waiting: int = MOST_WAITING) -> None:
        """Write to the open file `descriptor`, past Python's streams, whose locks a thread that stands still would hold at the end of the process."""
        self.dropped = 0
        self._descriptor = descriptor
        self._waiting: queue.Queue[str | None] = queue.Queue(most_waiting)
        # As a daemon it does not keep the process from ending, whoever stands still.
        self._writer = threading.Thread(target=self._write_all, name="log", daemon=True)

    def __enter__(self) -> Self:
        """Begin to write."""
        self._writer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Write what waits, if that can be done soon, and nothing more; may be called again."""
        with suppress(queue.Full):
            self._waiting.put(None, timeout=_FAREWELL_S)
            self._writer.join(_FAREWELL_S)

    def write(self, line: str) -> int:
        """Have `line` written, or count it as dropped; return its length, as streams do."""
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            self.dropped += 1
        return len(line)

    def flush(self) -> None:
        """Do nothing: nothing is kept back."""

    def _write_all(self) -> None:
        while (line := self._waiting.get()) is not None:
            rest = line.encode(errors="backslashreplace")
            try:
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            except OSError:  # nobody reads any more
                self.dropped += 1
