"""What a reply must hold to be a completion.

The client of OpenAI builds its objects without validating them: whatever a proxy or a login page sends in their place would pass as one.
"""

from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, Field, ValidationError

from service.models.counting import Tokens, counted

#: Who wants to know what an answer used that is thrown away.
Waste = Callable[[CompletionUsage | None], None]


class _Function(BaseModel):
    name: str
    arguments: str


class _ToolCall(BaseModel):
    function: _Function


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1)]


class _FunctionDelta(BaseModel):
    name: str | None = None
    arguments: str | None = None


class _ToolDelta(BaseModel):
    index: int = 0
    id: str | None = None
    function: _FunctionDelta = _FunctionDelta()


class _Delta(BaseModel):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolDelta] | None = None


class _Piece(BaseModel):
    delta: _Delta
    finish_reason: str | None = None


class _Timings(BaseModel):
    """What llama.cpp counts with every piece (`timings_per_token`), so that the usage is known even of an answer that is cut."""

    prompt_n: Tokens
    cache_n: Tokens = 0
    predicted_n: Tokens


class _Chunk(BaseModel):
    choices: list[_Piece]
    timings: _Timings | None = None
    #: As they came: the last ones are read, with the completion.
    model: object = None
    usage: object = None


def checked(completion: ChatCompletion, waste: Waste) -> ChatCompletion:
    """Return `completion` if it is one, with as much of its usage as can be true; else `waste` is told of that.

    Raises:
        ValueError: It is no completion.
    """
    if not isinstance(completion, ChatCompletion):  # where the reply was no JSON, the client returns its text
        raise ValueError  # noqa: TRY004 - a reply of the wrong type is a fault of whoever sent it
    content = completion.model_dump(warnings=False)
    counts = counted(content.get("usage"))
    usage = counts.usage() if counts else None
    try:
        _Completion.model_validate(content)
    except ValidationError:
        waste(usage)
        raise
    completion.usage = usage
    return completion


async def collected(
    chunks: AsyncIterable[object],
    waste: Waste,
    *,
    repeats: Callable[[str], bool] | None = None,
    heard: Callable[[str], None] | None = None,
) -> ChatCompletion:
    """Return the completion that `chunks` make up.

    Args:
        chunks: The pieces, as JSON has them, as they come.
        waste: Is told what was used, where they make up none, or nobody waits for it any longer.
        repeats: Given all that was written so far, whether to stop: that is a cut, as at the limit of tokens.
        heard: Is told all that was written so far.

    Raises:
        ValueError: They make up none.
    """
    written, finish_reason = _Written(), None
    last: _Chunk | None = None
    told: CompletionUsage | _Timings | None = None
    try:
        async for content in chunks:
            last = _Chunk.model_validate(content)
            told = _told(last) or told
            for piece in last.choices[:1]:
                finish_reason = piece.finish_reason or finish_reason
                if not written.add(piece.delta):
                    continue
                if heard:
                    heard(written.text)
                if repeats and repeats(written.text):
                    return completion_of(written.message, "length", usage=_usage(told), model=last.model)
        if last is None or finish_reason is None:
            raise ValueError  # noqa: TRY301 - a stream that breaks off is no completion either
        return completion_of(written.message, finish_reason, usage=_usage(told), model=last.model)
    except BaseException:
        waste(_usage(told))
        raise


@dataclass(slots=True)
class _Written:
    """What an answer holds so far."""

    content: str = ""
    refusal: str = ""
    #: The first call of a tool: its id, its name, its arguments.
    call: tuple[str, str] | None = None
    arguments: str = ""

    @property
    def text(self) -> str:
        """The words that are the answer."""
        return self.arguments if self.call else self.content

    @property
    def message(self) -> dict[str, Any]:
        """The message that it makes up."""
        message: dict[str, Any] = {"content": self.content or None} | ({"refusal": self.refusal} if self.refusal else {})
        if self.call:
            identity, name = self.call
            message["tool_calls"] = [{"id": identity, "type": "function", "function": {"name": name, "arguments": self.arguments}}]
        return message

    def add(self, delta: _Delta) -> bool:
        """Add a piece; return whether the words of the answer have grown."""
        before = len(self.text)
        self.content += delta.content or ""
        self.refusal += delta.refusal or ""
        for one in delta.tool_calls or ():
            if one.index == 0:
                self.call = self.call or (one.id or "call", one.function.name or "")
                self.arguments += one.function.arguments or ""
        return len(self.text) > before


def completion_of(
    message: dict[str, Any], finish_reason: str | None, *, usage: CompletionUsage | None, model: object, identity: str = "collected"
) -> ChatCompletion:
    """Return a completion of these parts. It has no time, so that the same parts make the same completion.

    Raises:
        ValueError: They are no parts of a completion.
    """
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", **message}}
    return ChatCompletion.model_validate({"id": identity, "object": "chat.completion", "created": 0, "model": model, "choices": [choice], "usage": usage})


def _told(chunk: _Chunk) -> CompletionUsage | _Timings | None:
    """Return what a piece tells of the usage. Timings come with each; what they come to is asked once."""
    return chunk.timings if chunk.usage is None else CompletionUsage.model_validate(chunk.usage)


def _usage(told: CompletionUsage | _Timings | None) -> CompletionUsage | None:
    if not isinstance(told, _Timings):
        return told
    prompt = told.prompt_n + told.cache_n
    details = {"cached_tokens": told.cache_n}
    return CompletionUsage.model_validate(
        {
            "prompt_tokens": prompt,
            "completion_tokens": told.predicted_n,
            "total_tokens": prompt + told.predicted_n,
            "prompt_tokens_details": details,
        }
    )
