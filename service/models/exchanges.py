"""Recorded exchanges: one folder, one file an exchange, named after the digest of its call.

A folder holds the answers of one model. `model.json` says which, and how it reads, because that decides what is asked: a replay needs no other setting than the
folder. No file holds a key, an address or a time, so that recording again what has not changed changes nothing.
"""

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from service.errors import (
    ArticleTooLong,
    SetupError,
    UpstreamInvalidResponse,
    UpstreamMisconfigured,
    UpstreamQuotaExhausted,
    UpstreamRateLimited,
    UpstreamRejectedRequest,
    UpstreamUnavailable,
    VigieError,
)
from service.logs import log
from service.models.base import Model, ModelCall, OutputMode, Profile
from service.models.replies import completion_of

_MODEL_FILE = "model.json"
#: The answers alone, by the digests of their calls: what a replay needs of many exchanges, in a fiftieth of their size.
_ANSWERS_FILE = "answers.json"
_EXCHANGE_FILE = re.compile(r"[0-9a-f]{16}\.json")

#: What tells a file from one that was written later under the same name.
Stamp = tuple[int, int]

_FORBID = ConfigDict(extra="forbid")
#: The faults of endpoints. Those of this machine (a model that is being loaded, or is missing) are not of the exchange.
_FAULTS: Mapping[str, type[VigieError]] = {
    fault.code: fault
    for fault in (
        UpstreamInvalidResponse,
        UpstreamMisconfigured,
        UpstreamQuotaExhausted,
        UpstreamRateLimited,
        UpstreamRejectedRequest,
        UpstreamUnavailable,
    )
}


class Identity(BaseModel):
    """What is known of a model without asking it."""

    model_config = _FORBID

    name: str
    output_mode: OutputMode
    profile: Profile

    @classmethod
    def of(cls, model: Model) -> Self:
        """Return that of `model`."""
        return cls(name=model.name, output_mode=model.output_mode, profile=model.profile)


class Answer(BaseModel):
    """The part of a completion that anything depends on."""

    model_config = _FORBID

    content: str | None
    refusal: str | None
    finish_reason: str | None
    tool_calls: list[dict[str, Any]] | None = None
    usage: dict[str, Any] | None

    @classmethod
    def of(cls, completion: ChatCompletion) -> Self:
        """Return that of `completion`."""
        choice, usage = completion.choices[0], completion.usage
        message = choice.message.model_dump(include={"content", "refusal", "tool_calls"}, exclude_none=True)
        return cls.model_validate(
            {"content": None, "refusal": None, **message, "finish_reason": choice.finish_reason, "usage": usage and usage.model_dump(exclude_none=True)}
        )

    @property
    def text(self) -> str:
        """The words that are the answer: what the model says, or what it calls a tool with."""
        words: str | None = self.tool_calls[0]["function"]["arguments"] if self.tool_calls else self.content
        return words or ""

    def completion(self, digest: str, model: str) -> ChatCompletion:
        """Return the completion of the call `digest`: each time another object, equal to the last.

        Raises:
            ValueError: This was no answer.
        """
        message = self.model_dump(include={"content", "refusal", "tool_calls"})
        usage = CompletionUsage.model_validate(self.usage) if self.usage else None
        return completion_of(message, self.finish_reason, usage=usage, model=model, identity=f"replay-{digest}")


class Fault(BaseModel):
    """Why there was no completion, as a caller of ours was told."""

    model_config = _FORBID

    code: str
    detail: str
    retry_after_s: int
    #: Of an article that was too long: the tokens that the model reads, and those that there were.
    limit: int | None = None
    actual: int | None = None

    @classmethod
    def of(cls, error: VigieError) -> Self | None:
        """Return what is kept of `error`; None if it is not the endpoint's."""
        if isinstance(error, ArticleTooLong):
            return cls(code=error.code, detail=error.detail, retry_after_s=error.retry_after_s, limit=error.limit, actual=error.actual)
        return cls(code=error.code, detail=error.detail, retry_after_s=error.retry_after_s) if error.code in _FAULTS else None

    def error(self) -> VigieError:
        """Return what is to be raised: each time another object.

        Raises:
            ValueError: This is no fault of an endpoint.
        """
        if self.code == ArticleTooLong.code and self.limit is not None:
            return ArticleTooLong(self.limit, self.actual, "tokens")
        if self.code not in _FAULTS:
            raise ValueError("no fault of an endpoint")
        return _FAULTS[self.code](self.detail, retry_after_s=self.retry_after_s)


class Exchange(BaseModel):
    """A call, and its answer or why there is none. Whoever reads the file finds the conversation in it; a replay needs the outcome alone."""

    model_config = _FORBID

    digest: str
    model: str
    messages: list[dict[str, Any]]
    #: How many of them stand before every article.
    shared: int = Field(default=0, ge=0)
    shape: dict[str, Any]
    max_completion_tokens: int
    completion: Answer | None = None
    fault: Fault | None = None

    @classmethod
    def of(cls, model: str, call: ModelCall, outcome: Answer | Fault) -> Self:
        """Return what came of `call`."""
        return cls(
            digest=call.digest(),
            model=model,
            messages=[dict(message) for message in call.messages],
            shared=call.shared,
            shape=dict(call.shape),
            max_completion_tokens=call.max_completion_tokens,
            completion=outcome if isinstance(outcome, Answer) else None,
            fault=outcome if isinstance(outcome, Fault) else None,
        )

    @property
    def outcome(self) -> Answer | Fault:
        """What came of it."""
        outcome = self.completion or self.fault
        assert outcome  # noqa: S101 - one of them is there
        return outcome

    def call(self) -> ModelCall:
        """Return the call."""
        return ModelCall(messages=tuple(self.messages), shape=self.shape, max_completion_tokens=self.max_completion_tokens, shared=self.shared)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.completion is None) == (self.fault is None):
            raise ValueError("a completion or a fault")
        if self.completion:
            self.completion.completion(self.digest, self.model)
        elif self.fault:
            self.fault.error()
        return self


class _Answers(RootModel[dict[str, Answer]]):
    """Answers by the digests of their calls."""


class Folder:
    """A folder of recordings."""

    def __init__(self, path: Path) -> None:
        """Look at nothing yet."""
        self.path = path

    def identity(self) -> Identity:
        """Return whose answers it holds.

        Raises:
            SetupError: That is not there, or cannot be read.
        """
        try:
            return Identity.model_validate_json((self.path / _MODEL_FILE).read_bytes())
        except (OSError, ValueError):
            raise SetupError(f"{self.path} holds no recordings: its {_MODEL_FILE} is missing or cannot be read.") from None

    def begin(self, identity: Identity) -> None:
        """Have it hold the answers of one model alone.

        Raises:
            SetupError: It cannot be written, or holds those of another.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not (self.path / _MODEL_FILE).exists():
                _write(self.path / _MODEL_FILE, identity)
            elif self.identity() != identity:
                raise SetupError(f"{self.path} holds the answers of another model, or of this one read in another way: record into an empty folder.")
        except OSError as problem:
            raise SetupError(f"Nothing can be recorded in {self.path}: {problem.strerror}.") from problem

    def packed(self) -> dict[str, Answer]:
        """Return the answers that are kept without their conversations, by the digests of their calls.

        Raises:
            SetupError: They cannot be read.
        """
        path = self.path / _ANSWERS_FILE
        try:
            return _Answers.model_validate_json(path.read_bytes()).root if path.exists() else {}
        except (OSError, ValueError):
            raise SetupError(f"The recordings {path} cannot be read.") from None

    def digests(self) -> list[str]:
        """Return the digests of the exchanges with their conversations, in order; none where the folder cannot be read."""
        try:
            return sorted(path.stem for path in self.path.iterdir() if _EXCHANGE_FILE.fullmatch(path.name))
        except OSError:
            return []

    def exchanges(self) -> Iterator[Exchange]:
        """Yield the exchanges with their conversations, in the order of their digests.

        Raises:
            SetupError: One cannot be read, or is under the wrong name.
        """
        for digest in self.digests():
            if exchange := self.find(digest):
                yield exchange

    def stamp(self, digest: str) -> Stamp | None:
        """Return what tells the file of an exchange from one that was written later; None if there is none."""
        try:
            facts = (self.path / f"{digest}.json").stat()
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_ino

    def find(self, digest: str) -> Exchange | None:
        """Return the exchange of a digest; None if there is none.

        Raises:
            SetupError: It cannot be read, or is under the wrong name.
        """
        path = self.path / f"{digest}.json"
        return _exchange_in(path) if path.exists() else None

    def look(self, digest: str) -> Exchange | None:
        """Return the same while a service runs: a file that cannot be read, perhaps since it is being written, is told to the log and is none."""
        try:
            return self.find(digest)
        except SetupError:
            log.warning("recording-unreadable", digest=digest)
            return None

    def keep(self, exchange: Exchange, *, replaces: bool = False) -> None:
        """Write an exchange; a fault does not take the place of an answer, unless it `replaces` whatever there is.

        Raises:
            OSError: It cannot be written.
            SetupError: What is there cannot be read.
        """
        if exchange.fault and not replaces:
            known = self.find(exchange.digest)
            if (known and known.completion) or exchange.digest in self.packed():
                return
        _write(self.path / f"{exchange.digest}.json", exchange)

    def pack(self, into: "Folder") -> None:
        """Write the answers to another folder, without the conversations: for many articles that are kept elsewhere.

        Raises:
            SetupError: One of the folders cannot be read or written, or the other holds those of another model.
        """
        into.begin(self.identity())
        answers = {exchange.digest: exchange.completion for exchange in self.exchanges() if exchange.completion}
        try:
            _write(into.path / _ANSWERS_FILE, _Answers(answers))
        except OSError as problem:
            raise SetupError(f"Nothing can be recorded in {into.path}: {problem.strerror}.") from problem


def _exchange_in(path: Path) -> Exchange:
    try:
        exchange = Exchange.model_validate(json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))
    except (OSError, ValueError):
        raise SetupError(f"The recording {path} cannot be read.") from None
    if not exchange.digest == exchange.call().digest() == path.stem:
        raise SetupError(f"The recording {path} is not of the call that it is named after.")
    return exchange


def _write(path: Path, content: BaseModel) -> None:
    """Write `content` for people to read, whole or not at all, the same bytes for the same content."""
    facts = {name: value for name, value in content.model_dump().items() if value is not None} if isinstance(content, Exchange) else content.model_dump()
    text = json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True, default=dict) + "\n"
    # Not by `tempfile`, whose files nobody else may read: recordings are shared as the umask says.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
