"""`vigie`, with a clock on its wall that leaps by so many seconds, the first argument, when a signal comes (SIGUSR1)."""

import signal
import sys
import time
from types import FrameType


class LeapingClock:
    """A clock that goes as that of the machine does until it leaps."""

    def __init__(self, leap_s: float) -> None:
        """Take the place of the machine's clock, before anybody has looked at it."""
        self._leap_s, self._leapt_s, self._now = leap_s, 0.0, time.time
        time.time = self.now
        signal.signal(signal.SIGUSR1, self.leap)

    def now(self) -> float:
        """Return the time of day."""
        return self._now() + self._leapt_s

    def leap(self, _signal: int, _frame: FrameType | None) -> None:
        """Leap."""
        self._leapt_s = self._leap_s


if __name__ == "__main__":
    LeapingClock(float(sys.argv.pop(1)))
    from service.cli import main

    sys.exit(main(sys.argv[1:]))
