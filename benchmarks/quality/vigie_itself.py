"""Vigie itself: the way of an article as the service takes it, with the embedded model and what its engine keeps."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from openai.types.chat import ChatCompletion

from benchmarks.quality.answers import Answer, Call, answer_of, call_of
from service.cli.readying import ready
from service.errors import VigieError
from service.evaluation.gold import GoldArticle
from service.evaluation.reading import Reading, of_record
from service.extraction.pipeline import Extractor, shared_prefix
from service.models.base import Model, ModelCall
from service.models.choosing import model_of
from service.settings import Settings


class CountedModel:
    """A model whose calls are counted; nothing else differs."""

    def __init__(self, model: Model) -> None:
        """Keep the `model`."""
        self.name, self.profile, self.output_mode = model.name, model.profile, model.output_mode
        self.calls: list[Call] = []
        self._model = model
        self.check, self.start, self.close = model.check, model.start, model.close

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion.

        Raises:
            ModelError: There is none.
        """
        completion = await self._model.complete(call)
        self.calls.append(call_of(completion.usage, completion.choices[0].finish_reason))
        return completion


class Vigie:
    """Reads articles as the service does."""

    def __init__(self, model: CountedModel, settings: Settings) -> None:
        """Keep the model and the longest time that a caller may ask for."""
        self._model, self._extractor, self._deadline_s = model, Extractor(model, settings), settings.max_deadline_s

    async def read(self, article: GoldArticle) -> Answer:
        """Return what is in `article`."""
        self._model.calls.clear()
        failure, reading = None, Reading()
        started = time.perf_counter()
        try:
            record = await self._extractor.extract(article.request(), deadline_at=asyncio.get_running_loop().time() + self._deadline_s)
        except VigieError as error:
            failure = error.code
        else:
            reading = of_record(record, article.text)
        return answer_of(reading, self._model.calls, time.perf_counter() - started, failure)


@asynccontextmanager
async def vigie(settings: Settings) -> AsyncIterator[Vigie]:
    """Yield Vigie with its model loaded.

    Raises:
        ModelError: It cannot be.
    """
    model = CountedModel(model_of(settings, prefix=shared_prefix))
    try:
        await ready(model, lambda _line: None)
        yield Vigie(model, settings)
    finally:
        await model.close()
