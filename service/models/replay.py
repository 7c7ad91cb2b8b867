"""A model whose exchanges are kept, and a model that is nothing but what was kept."""

import asyncio
from pathlib import Path

from openai.types.chat import ChatCompletion

from service.errors import SetupError, VigieError
from service.logs import log
from service.models.base import Model, ModelCall
from service.models.exchanges import Answer, Exchange, Fault, Folder, Identity, Stamp
from service.models.nearest import Nearest


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
                await self._keep_fault(call, fault)
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

    async def _keep_fault(self, call: ModelCall, fault: Fault) -> None:
        """Keep a fault if that can be done: the caller is to be told of it, and not of our folder."""
        try:
            await self._keep(call, fault)
        except (OSError, SetupError) as error:
            log.warning("recording-not-kept", error=type(error).__name__)

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
        self._nearest = Nearest(self._folder)
        self._packed = self._folder.packed()
        #: What the files hold, as they were when they were read.
        self._outcomes: dict[str, tuple[Stamp | None, Answer | Fault]] = {}
        for digest in self._folder.digests():
            self._take(digest, self._folder.stamp(digest), self._folder.find(digest))

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the recorded completion: each time another object, equal to the last. What was written since the start counts.

        Raises:
            ReplayMiss: None was recorded.
            ModelError: That is what was recorded.
        """
        digest = call.digest()
        outcome = await self._outcome(digest)
        if outcome is None:
            raise await asyncio.to_thread(self._nearest.miss_of, call)
        if isinstance(outcome, Fault):
            raise outcome.error()
        if call.heard and outcome.text:
            call.heard(outcome.text)
        return outcome.completion(digest, self.name)

    async def _outcome(self, digest: str) -> Answer | Fault | None:
        """Return what came of a call, as it was written last; a fault takes the place of no answer that is kept in a pack."""
        known, stamp = self._outcomes.get(digest), self._folder.stamp(digest)  # which takes microseconds: whoever waits for a disk waits below
        if stamp and (known is None or known[0] != stamp):
            self._take(digest, stamp, await asyncio.to_thread(self._folder.look, digest))
            known = self._outcomes.get(digest)
        outcome = known[1] if known else None
        return outcome if isinstance(outcome, Answer) else self._packed.get(digest, outcome)

    def _take(self, digest: str, stamp: Stamp | None, exchange: Exchange | None) -> None:
        """Take what a file holds, that had this `stamp` before it was read."""
        if exchange:
            self._outcomes[digest] = stamp, exchange.outcome

    async def check(self) -> None:
        """Return: the recordings are there."""

    async def start(self) -> None:
        """Do nothing: all was read when this was made."""

    async def close(self) -> None:
        """Do nothing: nothing is held."""
