"""Show on standard error how far something long is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn


@contextmanager
def shown(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that takes how many of `total` bytes are there: a bar on a terminal, elsewhere a line every tenth; nothing before its first call."""
    if not sys.stderr.isatty():
        yield _lines(label, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task(label, total=total)

    def draw(done: int) -> None:
        bar.start()
        bar.update(task, completed=done)

    try:
        yield draw
    finally:
        if bar.live.is_started:
            bar.stop()


def _lines(label: str, total: int) -> Callable[[int], None]:
    said = 0

    def say(done: int) -> None:
        nonlocal said
        tenth = done * 10 // total
        if tenth > said:
            said = tenth
            sys.stderr.write(f"{label}: {tenth * 10} %\n")
            sys.stderr.flush()

    return say
