"""A model whose exchanges are kept, and a model that is nothing but what was kept."""

import asyncio
from pathlib import Path

from openai.types.chat import ChatCompletion

from service.errors import VigieError
from service.models.base import Model, ModelCall
from service.models.exchanges import Answer, Exchange, Fault, Folder, Identity
from service.models.nearest import miss_of


class RecordingModel:
    """A model whose exchanges are kept."""

    def __init__(self, model: Model, folder: Path, *, replaces: bool = False) -> None:
        """Record the exchanges of `model` in `folder`, where a fault takes the place of an answer only if it `replaces` whatever there is.

        Raises:
            SetupError: The folder cannot be written, or holds the answers of another model.
        """
        self.name, self.profile, self.output_mode = model.name, model.profile, model.output_mode
        self._model, self._folder, self._replaces = model, Folder(folder), replaces
        self._folder.begin(Identity.of(model))

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion of the model, and keep it. What the endpoint failed with is kept too, until it answers the same call."""
        try:
            completion = await self._model.complete(call)
        except VigieError as error:
            if fault := Fault.of(error):
                await self._keep(call, fault)
            raise
        try:
            await self._keep(call, Answer.of(completion))
        except BaseException:
            call.waste(completion.usage)
            raise
        return completion

    async def check(self) -> None:
        """Check the model."""
        await self._model.check()

    async def start(self) -> None:
        """Start the model."""
        await self._model.start()

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()

    async def _keep(self, call: ModelCall, outcome: Answer | Fault) -> None:
        await asyncio.to_thread(self._folder.keep, Exchange.of(self.name, call, outcome), replaces=self._replaces)


class ReplayModel:
    """The answers of a folder. It never asks anybody."""

    def __init__(self, folder: Path) -> None:
        """Read all of `folder`, so that a file that is not right is found at the start.

        Raises:
            SetupError: It holds no recordings, or one that cannot be read, or one under the wrong name.
        """
        self._folder = Folder(folder)
        identity = self._folder.identity()
        self.name, self.profile, self.output_mode = identity.name, identity.profile, identity.output_mode
        self._outcomes: dict[str, Answer | Fault] = {**self._folder.packed()}
        self._stamps: dict[str, tuple[int, int] | None] = {}
        for exchange in self._folder.exchanges():
            self._stamps[exchange.digest] = self._folder.stamp(exchange.digest)
            if exchange.completion or exchange.digest not in self._outcomes:  # a fault takes the place of no answer, wherever that is kept
                self._outcomes[exchange.digest] = exchange.outcome

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the recorded completion: each time another object, equal to the last. What was written since the start counts.

        Raises:
            ReplayMiss: None was recorded.
            ModelError: That is what was recorded.
        """
        digest = call.digest()
        stamp = self._folder.stamp(digest)  # takes microseconds: whoever waits for a disk waits below
        if stamp and stamp != self._stamps.get(digest):
            await asyncio.to_thread(self._take, digest, stamp)
        if digest not in self._outcomes:
            raise await asyncio.to_thread(miss_of, call, self._folder)
        outcome = self._outcomes[digest]
        if isinstance(outcome, Fault):
            raise outcome.error()
        if call.heard and outcome.text:
            call.heard(outcome.text)
        return outcome.completion(digest, self.name)

    def _take(self, digest: str, stamp: tuple[int, int]) -> None:
        """Take what was written of a call since the start."""
        exchange = self._folder.find(digest)
        if exchange:
            self._outcomes[digest], self._stamps[digest] = exchange.outcome, stamp

    async def check(self) -> None:
        """Return: the recordings are there."""

    async def start(self) -> None:
        """Do nothing: all was read when this was made."""

    async def close(self) -> None:
        """Do nothing: nothing is held."""
