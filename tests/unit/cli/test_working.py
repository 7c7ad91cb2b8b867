"""`vigie worker` before it works."""

import asyncio
import os
import signal

import pytest

from service.cli.working import until_signalled
from service.errors import ModelUnavailable
from service.jobs.watchdog import Watchdog
from service.metrics import Metrics
from service.settings import Settings
from tests.unit.service_parts import FakeExtractor, FakeModel


async def worked(model: FakeModel) -> signal.Signals:
    """Return the signal that ended it."""
    return await until_signalled(Settings(), model, FakeExtractor(), Metrics(), Watchdog())


async def test_without_a_model_there_is_nothing_to_work_with() -> None:
    """The command ends, and lets go of what the model took."""
    model = FakeModel(fails=ModelUnavailable())
    with pytest.raises(ModelUnavailable):
        await worked(model)

    assert model.seen == ["start", "close"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_while_the_model_is_loaded(number: signal.Signals) -> None:
    """Nobody waits until it is."""
    model = FakeModel(loading=1_000_000)
    working = asyncio.create_task(worked(model))
    await asyncio.sleep(0.1)
    os.kill(os.getpid(), number)

    assert await asyncio.wait_for(working, 5) == number
    assert model.seen == ["start", "close"]
