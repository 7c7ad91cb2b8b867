"""Show on standard error how far the reading of an article is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich import progress as rich_progress
from rich.console import Console

from service.cli.terminal import say
from service.extraction.progress import Progress


class Display(Protocol):
    """Where it is shown."""

    def begin(self, line: str) -> None:
        """Show that something begins whose length is not known."""

    def show(self, progress: Progress) -> None:
        """Show how far the reading is."""


@contextmanager
def display(*, quiet: bool) -> Iterator[Display]:
    """Yield a bar on a terminal, lines elsewhere, and nothing at all for whoever wants it `quiet`."""
    if quiet:
        yield _Nothing()
    elif sys.stderr.isatty():
        columns = (rich_progress.TextColumn("{task.description}", markup=False), rich_progress.BarColumn(), rich_progress.TimeElapsedColumn())
        with rich_progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            yield _Bar(bar)
    else:
        yield _Lines()


class _Nothing:
    """Shows nothing."""

    def begin(self, line: str) -> None:
        """Show nothing."""

    def show(self, progress: Progress) -> None:
        """Show nothing."""


class _Lines:
    """Writes a line at each beginning: of something, or of a piece of the article."""

    def __init__(self) -> None:
        self._told = 0

    def begin(self, line: str) -> None:
        """Write the line."""
        say(f"{line} ...")

    def show(self, progress: Progress) -> None:
        """Write a line if a piece begins."""
        if progress.sections and progress.chunks_done >= self._told:
            self._told = progress.chunks_done + 1
            say(f"reading piece {self._told} of {progress.chunks} ...")


class _Bar:
    """Draws a bar, and what is being done beside it."""

    def __init__(self, bar: rich_progress.Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def begin(self, line: str) -> None:
        """Name it beside a bar that only moves."""
        self._bar.update(self._task, description=line, total=None)

    def show(self, progress: Progress) -> None:
        """Name the piece and the sections."""
        piece = min(progress.chunks_done + 1, progress.chunks)
        what = f"piece {piece} of {progress.chunks}: {', '.join(progress.sections) or 'done'}"
        self._bar.update(self._task, description=what, total=progress.questions, completed=progress.questions_done)
