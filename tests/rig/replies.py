"""What a model said, wrapped as an endpoint sends it: in one piece, or in the events of a stream."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.rig.asked import Asked

USAGE: dict[str, Any] = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
#: Characters that a stream brings at a time.
_PIECE_CHARS = 40


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said, and why it stopped."""

    content: str | None
    finish_reason: str = "stop"
    refusal: str | None = None
    #: None: it is not told.
    usage: dict[str, Any] | None = field(default_factory=lambda: dict(USAGE))


@dataclass(frozen=True, slots=True)
class Reply:
    """The body of an answer, in the parts in which it is sent."""

    content_type: str
    parts: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        """All of it."""
        return b"".join(self.parts)


def wrapped(said: Said, asked: Asked) -> Reply:
    """Return what was `said` in the manner that was `asked` for."""
    if asked.streams:
        return Reply("text/event-stream", tuple(_events(said, asked)))
    return Reply("application/json", (json.dumps(completion(said, asked)).encode(),))


def completion(said: Said, asked: Asked) -> dict[str, Any]:
    """Return a whole chat completion; an answer by tool has no content of its own."""
    message: dict[str, Any] = {"role": "assistant", "content": said.content, "refusal": said.refusal}
    if asked.tool and said.content is not None:
        message |= {"content": None, "tool_calls": [{"id": "call", "type": "function", "function": {"name": asked.tool, "arguments": said.content}}]}
    choice = {"index": 0, "finish_reason": said.finish_reason, "message": message}
    used = {} if said.usage is None else {"usage": said.usage}
    return {"id": "c1", "object": "chat.completion", "created": 0, "model": asked.content.get("model", "rig"), "choices": [choice], **used}


def _events(said: Said, asked: Asked) -> Iterator[bytes]:
    content = said.content or ""
    for at in range(0, len(content), _PIECE_CHARS):
        yield _event(asked, [{"index": 0, "delta": _delta(content[at : at + _PIECE_CHARS], asked.tool, first=at == 0), "finish_reason": None}])
    refusal = {"refusal": said.refusal} if said.refusal else {}
    yield _event(asked, [{"index": 0, "delta": refusal, "finish_reason": said.finish_reason}])
    if asked.counts and said.usage is not None:
        yield _event(asked, [], usage=said.usage)
    yield b"data: [DONE]\n\n"


def _delta(words: str, tool: str | None, *, first: bool) -> dict[str, Any]:
    if tool is None:
        return {"content": words}
    named = {"id": "call", "type": "function"} if first else {}
    return {"tool_calls": [{"index": 0, **named, "function": {**({"name": tool} if first else {}), "arguments": words}}]}


def _event(asked: Asked, choices: list[dict[str, Any]], **more: object) -> bytes:
    chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": asked.content.get("model", "rig"), "choices": choices, **more}
    return f"data: {json.dumps(chunk)}\n\n".encode()
