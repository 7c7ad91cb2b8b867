"""The parts that tests of recordings share: a call, and a model that says one thing or fails in one way."""

from pathlib import Path
from typing import Any

from openai.types.chat import ChatCompletion

from service.errors import VigieError
from service.models.base import ModelCall, OutputMode, Profile

CALL = ModelCall(messages=({"role": "user", "content": "Que dit l’article ? 🚀"},), shape={"grammar": "g"}, max_completion_tokens=10)
PROFILE = Profile(
    chunk_chars=1_000,
    section_by_section=True,
    max_completion_tokens=10,
    reask_quotes=False,
    concurrency=1,
    sampling={"top_k": 1.0},
    rows={"actors": ("name", "kind")},
    row_caps={"actors": 3},
)
USAGE = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9, "prompt_tokens_details": {"cached_tokens": 4}}
TOOL_CALL = {"id": "t", "type": "function", "function": {"name": "draft", "arguments": "{}"}}


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def asking(*words: str, instructed: str = "Read.", shape: dict[str, Any] | None = None) -> ModelCall:
    """Return a call about an article of these `words`, behind instructions that stand before every article."""
    messages = ({"role": "system", "content": instructed}, {"role": "user", "content": " ".join(words)})
    return ModelCall(messages, shape or {"response_format": {"type": "json_object"}}, max_completion_tokens=10, shared=1)


class SomeModel:
    """A model that says one thing, or fails in one way."""

    name, output_mode = "some-model", OutputMode.JSON_SCHEMA

    def __init__(
        self,
        message: dict[str, Any] | None = None,
        finish_reason: str = "stop",
        usage: dict[str, Any] | None = None,
        *,
        fails: VigieError | None = None,
        profile: Profile = PROFILE,
    ) -> None:
        """Keep what to say, an empty draft when missing, or why nothing is said."""
        self.done: list[str] = []
        self.profile = profile
        self._said, self._finish_reason, self._usage, self._fails = message or {"content": "{}"}, finish_reason, usage, fails

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Say it."""
        if self._fails:
            raise self._fails
        choice = {"index": 0, "finish_reason": self._finish_reason, "message": {"role": "assistant", **self._said}}
        return ChatCompletion.model_validate(
            {"id": "x", "object": "chat.completion", "created": 1_700_000_000, "model": "x", "choices": [choice], "usage": self._usage}
        )

    async def check(self) -> None:
        """Note it."""
        self.done.append("check")

    async def start(self) -> None:
        """Note it."""
        self.done.append("start")

    async def close(self) -> None:
        """Note it."""
        self.done.append("close")
