"""What comes before a model reads: its weights, its getting ready, and the signal that ends it in good order."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from service.errors import ModelLoading
from service.models import progress, weights
from service.models.base import Model
from service.settings import Settings

#: How often a model that is being loaded is asked whether it is ready.
LOADING_POLL_S = 0.2

Result = TypeVar("Result")


def fetch_weights(settings: Settings, *, quiet: bool) -> None:
    """Get the weights before the model asks for them, which would show how far they are even to whoever wants it quiet."""
    if quiet:
        weights.fetch(settings, lambda _done: None)
        return
    with progress.shown("weights", weights.PINNED.size) as tell:
        weights.fetch(settings, tell)


async def until_terminated(reading: Coroutine[Any, Any, Result]) -> Result:
    """Return the result of `reading`; the signal to terminate cancels it, so that the model is closed."""
    task = asyncio.ensure_future(reading)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


async def ready(model: Model, begin: Callable[[str], None]) -> None:
    """Return once `model`, started, is loaded; `begin` is told if that takes a while.

    Raises:
        ModelError: It will not be.
    """
    await model.start()
    if await _is_loading(model):
        begin(f"loading {model.name}")
        while await _is_loading(model):  # noqa: ASYNC110 - a model tells nobody when it is ready
            await asyncio.sleep(LOADING_POLL_S)


async def _is_loading(model: Model) -> bool:
    """Return whether `model` will be ready soon."""
    try:
        await model.check()
    except ModelLoading:
        return True
    return False
