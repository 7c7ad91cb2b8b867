"""What Vigie needs of a model: one call that completes a conversation, and a few facts about how it reads best."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion

from service.models.budget import Budget
from service.models.spending import Spending


class OutputMode(StrEnum):
    """How an endpoint is made to answer in the shape of the draft."""

    #: `response_format` with a strict JSON schema; the shape is enforced by the endpoint.
    JSON_SCHEMA = "json_schema"
    #: A forced tool call.
    TOOLS = "tools"
    #: `response_format: json_object`, the schema pasted into the conversation.
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Profile:
    """How a model reads best. Sizes are in characters of the article, or tokens of the answer."""

    #: Longest piece of an article that one conversation reads.
    chunk_chars: int
    #: True: one call a section, in one conversation; false: one call for all of them.
    section_by_section: bool
    #: Most tokens of one answer.
    max_completion_tokens: int
    #: Whether asking once more for quotes that were not found is worth its time.
    reask_quotes: bool
    #: How many of the worked examples it is shown; None: all of them.
    examples: int | None = None
    #: Conversations that may be under way at once; None: as many as come.
    concurrency: int | None = None
    #: The fields that the model writes of each section, as a bare row; None: whole objects by the strict JSON schema.
    rows: Mapping[str, tuple[str, ...]] | None = None
    #: Most rows of a section that one answer may hold.
    row_caps: Mapping[str, int] = field(default_factory=dict)
    #: The same in tokens, by a careful estimate; None: as long as `chunk_chars`.
    chunk_tokens: int | None = None
    #: Sampling settings beyond temperature 0 and the seed, as the endpoint names them.
    sampling: Mapping[str, float] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Return that of a few facts, so that what is made for a profile can be kept: mappings have none."""
        return hash((self.chunk_chars, self.section_by_section, self.max_completion_tokens, self.examples))


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call to a model: a conversation, and the shape that the answer must have."""

    messages: tuple[Mapping[str, Any], ...]
    #: `response_format`, `tools` and `tool_choice`, or `grammar`, as the API names them.
    shape: Mapping[str, Any]
    max_completion_tokens: int
    #: How many of the messages stand before every article: the instructions and the worked examples. No part of the digest.
    shared: int = field(default=0, compare=False)
    #: Given all that was written so far, whether it has begun to repeat itself. An adapter that streams stops there; no part of the digest.
    repeats: Callable[[str], bool] | None = field(default=None, compare=False)
    #: Told all that was written so far, each time that it is more; an adapter that can then streams. No part of the digest.
    heard: Callable[[str], None] | None = field(default=None, compare=False)
    #: What is left for the article that it is about; no part of the digest.
    budget: Budget | None = field(default=None, compare=False)
    #: What was used for that article so far; no part of the digest.
    spending: Spending | None = field(default=None, compare=False)

    def waste(self, usage: CompletionUsage | None) -> None:
        """Count what an answer used that is thrown away; one that is returned is counted by whoever asked for it."""
        if self.spending is not None:
            self.spending.add(usage)

    def digest(self) -> str:
        """Return 16 hex digits that name this call: the same conversation and shape have the same digest."""
        content = {"messages": self.messages, "shape": dict(self.shape), "max_completion_tokens": self.max_completion_tokens}
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Model(Protocol):
    """A model behind an adapter. Adapters differ in where the completion comes from and in nothing else."""

    @property
    def name(self) -> str:
        """Name that the record gives."""

    @property
    def profile(self) -> Profile:
        """How this model reads best."""

    @property
    def output_mode(self) -> OutputMode:
        """How this model is made to answer in the shape of the draft."""

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion, unexamined.

        Raises:
            ModelError: There is none.
        """

    async def check(self) -> None:
        """Return if the model can be called now.

        Raises:
            ModelError: It cannot, and why.
        """

    async def start(self) -> None:
        """Begin to get ready; return without waiting for it."""

    async def close(self) -> None:
        """Let go of everything that `start` or a call took."""
