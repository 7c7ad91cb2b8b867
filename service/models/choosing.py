"""The one place that picks a model."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.models.base import Model, Profile
from service.models.embedded import PROFILE, EmbeddedModel
from service.models.openai import openai_model
from service.models.replay import RecordingModel, ReplayModel
from service.models.watching import NOBODY, Watch
from service.resilience.retrying import RetryingModel
from service.settings import Settings


def model_of(settings: Settings, *, prefix: Callable[[Profile], Sequence[Mapping[str, Any]]] = lambda _profile: (), watch: Watch = NOBODY) -> Model:
    """Return the model that the settings choose, not started yet.

    Args:
        settings: `model` and `mode` choose.
        prefix: Gives the messages with which every conversation begins, for a model that can read them beforehand.
        watch: Is told of the calls to an endpoint, and of the restarts of the engine.

    Raises:
        SetupError: They choose one that cannot be had.
    """
    if settings.mode == "replay":
        return ReplayModel(settings.recordings)
    model: Model = EmbeddedModel(settings, prefix=prefix(PROFILE), watch=watch) if settings.is_embedded else RetryingModel(openai_model(settings), watch)
    return RecordingModel(model, settings.recordings) if settings.mode == "record" else model
