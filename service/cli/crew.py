"""Several processes that serve at one address: what one process computes, it computes on one core.

They are forks of one that has read all tables, which they share. It serves nobody itself: it starts them, starts another where one died, and passes signals on.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from service.errors import InternalError, VigieError
from service.logs import log, log_broken

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
#: The exit code of a process that could not begin to serve: another one could not either.
_NOT_STARTED = 3
#: Seconds between one start of another process and the next.
_PAUSE_S = 1.0


class Crew:
    """Processes that do the same until a signal asks them to stop."""

    def __init__(self, size: int, serve: Callable[[Callable[[], None]], None], leave: Callable[[], None]) -> None:
        """Have so many processes `serve`, each with something to say once its log waits for nobody; `leave` what is shared with them when they are to end."""
        self._size, self._serve, self._leave = size, serve, leave
        self._members = set[int]()
        #: When a process was last replaced.
        self._replaced_at = 0.0
        self._asked: signal.Signals | None = None
        # Nothing is ever written: where nobody holds the other end any more, this process is gone.
        self._alive, self._held = os.pipe()

    def run(self) -> None:
        """Keep all of them up until a signal asks to stop, which is raised again in the end.

        Raises:
            InternalError: One could not begin to serve.
        """
        before = {one: signal.signal(one, self._pass_on) for one in _SIGNALS}
        # Whoever started this one may have had the ends of processes ignored.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        failed = False
        for _ in range(self._size):
            self._start()
        first = frozenset(self._members)
        while self._members:
            pid, status = os.wait()
            if pid not in self._members:
                continue  # the first process of a container is given those that others left behind
            self._members.discard(pid)
            code = os.waitstatus_to_exitcode(status)
            if self._asked:
                continue
            if code == _NOT_STARTED and pid in first:
                failed = True
                self._pass_on(signal.SIGTERM)
            else:
                self._replace(code)
        for number, handler in before.items():
            signal.signal(number, handler)
        if failed:
            raise InternalError("The service did not start.")
        if self._asked:
            signal.raise_signal(self._asked)

    def _replace(self, code: int) -> None:
        """Start another process for one that ended with `code`, not too soon after the last; it tells of that, as this one would wait for who reads the log."""
        time.sleep(max(self._replaced_at + _PAUSE_S - time.monotonic(), 0))
        self._replaced_at = time.monotonic()
        self._start(lambda: log.error("process-ended", **_end_of(code)))

    def _start(self, say: Callable[[], None] = lambda: None) -> None:
        """Start one more, unless they are to end. No signal comes between: it would be passed on to some of them."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            if self._asked:
                return
            pid = os.fork()
            if pid == 0:
                self._become_one(say)
            self._members.add(pid)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _become_one(self, say: Callable[[], None]) -> NoReturn:
        """Serve, in a process of its own, and end it."""
        code = 1
        try:
            # What a terminal sends to all of its group comes to the first process, which passes it on.
            os.setpgid(0, 0)
            os.close(self._held)
            threading.Thread(target=self._end_if_alone, name="alone", daemon=True).start()
            for one in _SIGNALS:
                signal.signal(one, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            self._serve(say)
            code = 0
        except VigieError as error:
            code = _NOT_STARTED
            log_broken(error)
        except BaseException as error:  # noqa: BLE001 - the edge of the process
            log_broken(error)
        finally:
            os._exit(code)

    def _end_if_alone(self) -> None:
        """End this process in good order when the first one is gone, which nobody else would."""
        os.read(self._alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _pass_on(self, number: int, _frame: FrameType | None = None) -> None:
        if self._asked is None:
            self._leave()
        self._asked = self._asked or signal.Signals(number)
        for pid in self._members:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def _end_of(code: int) -> dict[str, str]:
    """Return how a process ended: of a signal, by its name where it has one, or by itself."""
    if code >= 0:
        return {"reason": f"exit code {code}"}
    with suppress(ValueError):
        return {"signal": signal.Signals(-code).name}
    return {"signal": str(-code)}
