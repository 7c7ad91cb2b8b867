"""Show on standard error how far the reading of many articles is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich import progress as rich_progress
from rich.console import Console

from service.cli.terminal import harmless, say


class March(Protocol):
    """Where it is shown."""

    def begin(self, line: str) -> None:
        """Show that something begins whose length is not known."""

    def step(self, line: str) -> None:
        """Show that one more article is done."""


@contextmanager
def proceeding(articles: int) -> Iterator[March]:
    """Yield a bar over the `articles` on a terminal, and a line for each of them elsewhere."""
    if not sys.stderr.isatty():
        yield _Lines(articles)
        return
    columns = (
        rich_progress.TextColumn("{task.description}", markup=False),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar, articles)


class _Lines:
    def __init__(self, articles: int) -> None:
        self._articles, self._done = articles, 0

    def begin(self, line: str) -> None:
        say(f"{line} ...")

    def step(self, line: str) -> None:
        self._done += 1
        say(f"{self._done} of {self._articles}: {line}")


class _Bar:
    def __init__(self, bar: rich_progress.Progress, articles: int) -> None:
        self._bar = bar
        self._task = bar.add_task("reading", total=articles)

    def begin(self, line: str) -> None:
        self._bar.update(self._task, description=harmless(line))

    def step(self, line: str) -> None:
        self._bar.update(self._task, description=harmless(line), advance=1)
