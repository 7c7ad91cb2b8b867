"""Show on standard error how far the reading of an archive is: how many articles are done, how many failed, how fast it goes and how long it will take."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich import progress as rich_progress
from rich.console import Console

from service.cli.terminal import harmless, say

#: Seconds between two lines where there is no terminal.
EVERY_S = 10.0

Clock = Callable[[], float]


class Shown(Protocol):
    """Where it is shown."""

    def begin(self, line: str) -> None:
        """Show that something begins whose length is not known."""

    def step(self, *, failed: bool) -> None:
        """Show that one more article is done."""


class Pace:
    """The figures."""

    def __init__(self, total: int, done: int, clock: Clock = time.monotonic) -> None:
        """Begin with `total` articles, so many of them `done` before."""
        self.total, self.done, self.failed = total, done, 0
        self.clock, self._before, self._began = clock, done, clock()

    def begin(self) -> None:
        """Count time from now on: what came before was no reading."""
        self._began = self.clock()

    def step(self, *, failed: bool) -> None:
        """Count one more article."""
        self.done += 1
        self.failed += failed

    def __str__(self) -> str:
        """Return them in words."""
        count = f"{self.done:,} of {self.total:,} articles, {self.failed:,} failed"
        now, seconds = self.done - self._before, self.clock() - self._began
        if not now or seconds <= 0:
            return count
        return f"{count}, {now / seconds * 60:,.1f} a minute, {_long((self.total - self.done) * seconds / now)} left"


@contextmanager
def pacing(pace: Pace, *, quiet: bool) -> Iterator[Shown]:
    """Yield what counts with `pace` and shows it: as a bar on a terminal, a line every ten seconds elsewhere, not at all to whoever wants it `quiet`."""
    if quiet:
        yield _Nothing(pace)
    elif sys.stderr.isatty():
        columns = (rich_progress.BarColumn(), rich_progress.TextColumn("{task.description}", markup=False), rich_progress.TimeElapsedColumn())
        with rich_progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            yield _Bar(pace, bar)
    else:
        yield _Lines(pace)


class _Nothing:
    """Shows nothing."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def begin(self, line: str) -> None:
        """Show nothing."""

    def step(self, *, failed: bool) -> None:
        """Count."""
        self._pace.step(failed=failed)


class _Lines:
    """Writes a line from time to time."""

    def __init__(self, pace: Pace) -> None:
        self._pace, self._said_at = pace, pace.clock()

    def begin(self, line: str) -> None:
        """Write the line."""
        self._pace.begin()
        say(f"{line} ...")

    def step(self, *, failed: bool) -> None:
        """Write the figures if that is long ago."""
        self._pace.step(failed=failed)
        now = self._pace.clock()
        if now - self._said_at >= EVERY_S:
            self._said_at = now
            say(str(self._pace))


class _Bar:
    """Draws a bar, and the figures beside it."""

    def __init__(self, pace: Pace, bar: rich_progress.Progress) -> None:
        self._pace, self._bar = pace, bar
        self._task = bar.add_task("", total=pace.total, completed=pace.done)

    def begin(self, line: str) -> None:
        """Name it beside the bar."""
        self._pace.begin()
        self._bar.update(self._task, description=harmless(line))

    def step(self, *, failed: bool) -> None:
        """Move it on."""
        self._pace.step(failed=failed)
        self._bar.update(self._task, description=str(self._pace), completed=self._pace.done)


def _long(seconds: float) -> str:
    """Return a span of time in the unit that suits it."""
    if seconds < 90:  # noqa: PLR2004 - a minute and a half
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"  # noqa: PLR2004 - an hour and a half
