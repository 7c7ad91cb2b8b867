"""`vigie worker`."""

import asyncio
import resource
import signal
from contextlib import suppress

from service import logs
from service.cli.readying import ready
from service.cli.serving import STANDARD_ERROR
from service.cli.staying import staying
from service.database.database import Database
from service.extraction.pipeline import Extractor, shared_prefix, warm_up
from service.jobs.reading import Reader
from service.jobs.watchdog import Watchdog
from service.jobs.worker import Desk, Worker
from service.log_writing import PatientLog
from service.metrics import Metrics
from service.models import weights
from service.models.base import Model
from service.models.choosing import model_of
from service.racing import unless
from service.reception import Extracts
from service.resilience.admission import Admission
from service.resilience.ending import Ending
from service.settings import Settings


def work(settings: Settings) -> None:
    """Read the articles of jobs until a signal asks to stop, which is raised again in the end.

    Raises:
        SetupError: The worker is not configured right.
        ModelError: There is no model to read with.
    """
    # A core dump would hold articles and keys.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if settings.asks_embedded and settings.embedded_model:
        weights.fetch(settings, lambda _done: None)  # a file of one's own is only looked for
    with staying():
        measures = Metrics()
        model = model_of(settings, prefix=shared_prefix, watch=measures)
        warm_up()
    with PatientLog(STANDARD_ERROR) as log:
        logs.configure(settings.log_level, log)
        number = asyncio.run(until_signalled(settings, model, Extractor(model, settings, measures.used), measures, Watchdog()))
    signal.raise_signal(number)


async def until_signalled(settings: Settings, model: Model, extractor: Extracts, measures: Metrics, watchdog: Watchdog) -> signal.Signals:
    """Read with `extractor` once `model` is loaded; return the signal that asked to stop.

    Raises:
        ModelError: There is no model to read with.
    """
    signals, database = Signals(), Database(settings)
    # Whoever wants a record at once asks elsewhere: all slots are for jobs.
    admission = Admission(model.profile.concurrency or settings.concurrency, reserve=0)
    worker = Worker(Desk.of(database), Reader(extractor, model, admission, settings), signals.ending, settings, measures)
    watching = asyncio.create_task(watchdog.walk())
    try:
        with suppress(_Signalled):
            await unless(signals.first(), ready(model, lambda _: logs.log.info("model-loading", model=model.name)), _Signalled)
            await worker.run()
        return await signals.first()
    finally:
        watching.cancel()
        await model.close()
        await database.close()


class Signals:
    """The signals that ask a process to stop: the first begins its end, the second gives back what is under way, the third ends it at once."""

    def __init__(self) -> None:
        """Hear them from now on."""
        self.ending = Ending()
        self._first: asyncio.Future[signal.Signals] = asyncio.get_running_loop().create_future()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._hear, number)

    async def first(self) -> signal.Signals:
        """Wait for the first, and return which one it was."""
        return await asyncio.shield(self._first)

    def _hear(self, number: signal.Signals) -> None:
        if not self.ending.begun:
            logs.log.info("draining", signal=number.name)
            self.ending.begin()
            self._first.set_result(number)
            return
        self.ending.hurry()
        for one in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(one)


class _Signalled(Exception):
    """The process is to end before it began."""
