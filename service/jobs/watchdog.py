"""The watchdog of a process whose loop stands still: what nobody else can end ends by itself, so that another may read what it held."""

import asyncio
import os
import signal
import threading
import time

from service.logs import log

#: Looks at a standstill.
PATIENCE = 60
#: EX_SOFTWARE of sysexits.h.
STUCK = 70
#: How many seconds of work more the system waits than we do, where not even a thread gets on; and the seconds between two looks.
GRACE_S, _LOOK_S = 10.0, 1.0
#: Seconds for the line that says so to be written.
_LAST_WORDS_S = 0.2


class Watchdog:
    """Ends the process if the loop does not come round for so many looks, a second each. No clock counts them: a process that is stopped is not stuck."""

    def __init__(self, patience: int = PATIENCE, grace_s: float = GRACE_S) -> None:
        """Be patient for so many looks."""
        self._patience, self._grace_s = patience, grace_s
        self._silent = 0
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._called_off = threading.Event()

    async def walk(self) -> None:
        """Watch until cancelled."""
        self._thread.start()
        try:
            while True:
                self._silent = 0
                # What holds on to the interpreter holds up the thread too. This is the system's, which ends the process by a signal; it counts work alone.
                signal.setitimer(signal.ITIMER_VIRTUAL, self._patience * _LOOK_S + self._grace_s)
                await asyncio.sleep(_LOOK_S)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._called_off.set()

    def _watch(self) -> None:
        while not self._called_off.wait(_LOOK_S):
            self._silent += 1
            if self._silent > self._patience:
                log.critical("stuck")
                time.sleep(_LAST_WORDS_S)
                os._exit(STUCK)
