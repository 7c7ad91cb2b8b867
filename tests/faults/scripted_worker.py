"""`vigie worker` without a model: what it does with an article stands in its text. The first argument is for how many seconds it may stand still.

The second is by how many seconds the clock on its wall is wrong.
"""

import asyncio
import os
import signal
import sys
import time

from schemas.article import Article
from schemas.record import Record
from service import logs
from service.cli.working import until_signalled
from service.jobs.watchdog import Watchdog
from service.metrics import Metrics
from service.settings import settings_of_process
from tests.faults.leaping_clock import LeapingClock
from tests.unit.service_parts import FakeModel, record_of


class Obeying:
    """Does with each article what it says."""

    async def extract(self, article: Article, **_how: object) -> Record:
        """Do it: `sleep` so many seconds, `stand` still, or `die`; anything else is read at once."""
        match article.text.split()[:2]:
            case ["sleep", seconds]:
                await asyncio.sleep(float(seconds))
            case ["stand", _]:
                time.sleep(3_600)  # noqa: ASYNC251 - that is what is tried
            case ["die", _]:
                os.kill(os.getpid(), signal.SIGKILL)
        return record_of(article)


def main(patience: str, wrong_s: str) -> None:
    """Work until a signal."""
    LeapingClock(float(wrong_s)).leap(0, None)
    settings = settings_of_process()
    logs.configure(settings.log_level)
    signal.raise_signal(asyncio.run(until_signalled(settings, FakeModel(), Obeying(), Metrics(), Watchdog(int(patience)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
