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

from service.errors import InternalError
from service.logs import log, log_broken

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
#: The exit code of a process that could not begin to serve: another one could not either.
_NOT_STARTED = 3
#: Seconds between the starts of processes that die at once.
_PAUSE_S = 1.0


class Crew:
    """Processes that do the same until a signal asks them to stop."""

    def __init__(self, size: int, serve: Callable[[], None], leave: Callable[[], None]) -> None:
        """Have so many processes `serve`; this one is told to `leave` what it shares with them as soon as they are to end."""
        self._size, self._serve, self._leave = size, serve, leave
        #: When each was started.
        self._began: dict[int, float] = {}
        self._asked: signal.Signals | None = None
        # Nothing is ever written: where nobody holds the other end any more, this process is gone.
        self._alive, self._held = os.pipe()

    def run(self) -> None:
        """Keep all of them up until a signal asks to stop, which is raised again in the end.

        Raises:
            InternalError: One could not begin to serve.
        """
        before = {one: signal.signal(one, self._pass_on) for one in _SIGNALS}
        failed = False
        for _ in range(self._size):
            self._start()
        while self._began:
            pid, status = os.wait()
            began, code = self._began.pop(pid, 0.0), os.waitstatus_to_exitcode(status)
            if self._asked:
                continue
            if code == _NOT_STARTED:
                failed = True
                self._pass_on(signal.SIGTERM)
            else:
                log.error("process-ended", **({"signal": signal.Signals(-code).name} if code < 0 else {"reason": f"exit code {code}"}))
                time.sleep(max(began + _PAUSE_S - time.monotonic(), 0))
                self._start()
        for number, handler in before.items():
            signal.signal(number, handler)
        if failed:
            raise InternalError("The service did not start.")
        if self._asked:
            signal.raise_signal(self._asked)

    def _start(self) -> None:
        """Start one more, unless they are to end. No signal comes between: it would be passed on to some of them."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            if self._asked:
                return
            pid = os.fork()
            if pid == 0:
                self._become_one()
            self._began[pid] = time.monotonic()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _become_one(self) -> NoReturn:
        """Serve, in a process of its own, and end it."""
        code = _NOT_STARTED
        try:
            # What a terminal sends to all of its group comes to the first process, which passes it on.
            os.setpgid(0, 0)
            os.close(self._held)
            threading.Thread(target=self._end_if_alone, name="alone", daemon=True).start()
            for one in _SIGNALS:
                signal.signal(one, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            self._serve()
            code = 0
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
        for pid in self._began:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
