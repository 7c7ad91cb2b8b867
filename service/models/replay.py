"""Recorded exchanges: one folder, one file an exchange, named after the digest of its call.

A folder holds the answers of one model. `model.json` says which, and how it reads, because that decides what is asked: a replay needs no other setting than the
folder. No file holds a key, an address or a time, so that recording again what has not changed changes nothing.
"""

import asyncio
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ConfigDict, RootModel

from service.errors import ReplayMiss, SetupError
from service.models.base import Model, ModelCall, OutputMode, Profile
from service.models.replies import completion_of

_MODEL_FILE = "model.json"
#: The answers alone, by the digests of their calls: what a replay needs of many exchanges, in a fiftieth of their size.
_ANSWERS_FILE = "answers.json"
_EXCHANGE_FILE = re.compile(r"[0-9a-f]{16}\.json")


class _Identity(BaseModel):
    """What is known of a model without asking it."""

    model_config = ConfigDict(extra="forbid")

    name: str
    output_mode: OutputMode
    profile: Profile

    @classmethod
    def of(cls, model: Model) -> "_Identity":
        return cls(name=model.name, output_mode=model.output_mode, profile=model.profile)


class _Answer(BaseModel):
    """The part of a completion that anything depends on."""

    model_config = ConfigDict(extra="forbid")

    content: str | None
    refusal: str | None
    finish_reason: str | None
    tool_calls: list[dict[str, Any]] | None = None
    usage: dict[str, Any] | None

    @classmethod
    def of(cls, completion: ChatCompletion) -> "_Answer":
        choice, usage = completion.choices[0], completion.usage
        message = choice.message.model_dump(include={"content", "refusal", "tool_calls"}, exclude_none=True)
        return cls.model_validate(
            {"content": None, "refusal": None, **message, "finish_reason": choice.finish_reason, "usage": usage and usage.model_dump(exclude_none=True)}
        )

    def completion(self, digest: str, model: str) -> ChatCompletion:
        message = self.model_dump(include={"content", "refusal", "tool_calls"})
        usage = CompletionUsage.model_validate(self.usage) if self.usage else None
        return completion_of(message, self.finish_reason, usage=usage, model=model, identity=f"replay-{digest}")


class _Exchange(BaseModel):
    """A call and its answer. Whoever reads the file finds the conversation in it; a replay needs the answer alone."""

    model_config = ConfigDict(extra="forbid")

    digest: str
    model: str
    messages: list[dict[str, Any]]
    shape: dict[str, Any]
    max_completion_tokens: int
    completion: _Answer

    @classmethod
    def of(cls, model: str, call: ModelCall, completion: ChatCompletion) -> "_Exchange":
        return cls(
            digest=call.digest(),
            model=model,
            messages=[dict(message) for message in call.messages],
            shape=dict(call.shape),
            max_completion_tokens=call.max_completion_tokens,
            completion=_Answer.of(completion),
        )

    def call(self) -> ModelCall:
        return ModelCall(messages=tuple(self.messages), shape=self.shape, max_completion_tokens=self.max_completion_tokens)


class _Answers(RootModel[dict[str, _Answer]]):
    """Answers by the digests of their calls."""


class RecordingModel:
    """A model whose exchanges are kept."""

    def __init__(self, model: Model, folder: Path) -> None:
        """Record the exchanges of `model` in `folder`.

        Raises:
            SetupError: The folder cannot be written, or holds the answers of another model.
        """
        self.name, self.profile, self.output_mode = model.name, model.profile, model.output_mode
        self._model, self._folder = model, folder
        identity = _Identity.of(model)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if (folder / _MODEL_FILE).exists():
                if _identity_in(folder) != identity:
                    raise SetupError(f"{folder} holds the answers of another model, or of this one read in another way: record into an empty folder.")
            else:
                _write(folder / _MODEL_FILE, identity)
        except OSError as problem:
            raise SetupError(f"Nothing can be recorded in {folder}: {problem.strerror}.") from problem

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion of the model, and keep it. A failure is not kept: it is nothing that the model said."""
        completion = await self._model.complete(call)
        try:
            exchange = _Exchange.of(self.name, call, completion)
            await asyncio.to_thread(_write, self._folder / f"{exchange.digest}.json", exchange)
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


class ReplayModel:
    """The answers of a folder. It never asks anybody."""

    def __init__(self, folder: Path) -> None:
        """Read all of `folder`, so that a file that is not right is found at the start and no call waits for a disk.

        Raises:
            SetupError: It holds no recordings, or one that cannot be read, or one under the wrong name.
        """
        identity = _identity_in(folder)
        self.name, self.profile, self.output_mode = identity.name, identity.profile, identity.output_mode
        self._answers = _packed_in(folder) | _answers_in(folder)

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the recorded completion: each time another object, equal to the last.

        Raises:
            ReplayMiss: None was recorded.
        """
        digest = call.digest()
        if digest not in self._answers:
            raise ReplayMiss(digest)
        return self._answers[digest].completion(digest, self.name)

    async def check(self) -> None:
        """Return: the recordings are there."""

    async def start(self) -> None:
        """Do nothing: all was read when this was made."""

    async def close(self) -> None:
        """Do nothing: nothing is held."""


def pack(folder: Path, into: Path) -> None:
    """Write the answers of a folder of recordings to another, without the conversations: for many articles that are kept elsewhere.

    Raises:
        SetupError: One of the folders cannot be read or written.
    """
    identity = _identity_in(folder)
    answers = _answers_in(folder)
    try:
        into.mkdir(parents=True, exist_ok=True)
        _write(into / _MODEL_FILE, identity)
        _write(into / _ANSWERS_FILE, _Answers(answers))
    except OSError as problem:
        raise SetupError(f"Nothing can be recorded in {into}: {problem.strerror}.") from problem


def _answers_in(folder: Path) -> dict[str, _Answer]:
    """Return the answers of the exchanges in a folder, by the digests of their calls."""
    return {path.stem: _answer_in(path) for path in sorted(folder.iterdir()) if _EXCHANGE_FILE.fullmatch(path.name)}


def _packed_in(folder: Path) -> dict[str, _Answer]:
    path = folder / _ANSWERS_FILE
    try:
        return _Answers.model_validate_json(path.read_bytes()).root if path.exists() else {}
    except (OSError, ValueError):
        raise SetupError(f"The recordings {path} cannot be read.") from None


def _identity_in(folder: Path) -> _Identity:
    try:
        return _Identity.model_validate_json((folder / _MODEL_FILE).read_bytes())
    except (OSError, ValueError):
        raise SetupError(f"{folder} holds no recordings: its {_MODEL_FILE} is missing or cannot be read.") from None


def _answer_in(path: Path) -> _Answer:
    try:
        exchange = _Exchange.model_validate(json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))
        exchange.completion.completion(exchange.digest, exchange.model)
    except (OSError, ValueError):
        raise SetupError(f"The recording {path} cannot be read.") from None
    if exchange.call().digest() != path.stem:
        raise SetupError(f"The recording {path} is not of the call that it is named after.")
    return exchange.completion


def _write(path: Path, content: BaseModel) -> None:
    """Write `content` for people to read, whole or not at all, the same bytes for the same content."""
    text = json.dumps(content.model_dump(), ensure_ascii=False, indent=2, sort_keys=True, default=dict) + "\n"
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise
