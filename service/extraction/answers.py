"""Answers: what came back from a model, sorted before anyone tries to read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import regex
from openai.types.chat import ChatCompletion, ChatCompletionMessage

from schemas.vocabulary import Section
from service.errors import ModelOutputTruncated, ModelRefused, UpstreamInvalidResponse
from service.extraction import forms

#: What some servers leave around the JSON: the thoughts of a reasoning model before it, a fence of Markdown around it.
_THOUGHT = regex.compile(r"\A\s*<think>.*?</think>\s*", regex.DOTALL)
_FENCE = regex.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", regex.DOTALL)

#: What ended an answer: the model, the cap on its tokens, or our cut where it began to repeat itself.
Ending = Literal["itself", "limit", "repetition"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A completion that holds whole objects and ends well, and what its end was before."""

    completion: ChatCompletion
    ended_by: Ending


def settled(completion: ChatCompletion, rows: forms.Rows | None, sections: Sequence[Section] = (), pointed: Sequence[str] = ()) -> Answer:
    """Return what can be read of `completion` about `sections`: of one that was cut, as much as is whole; `pointed` is what its rows point to.

    Raises:
        ModelRefused: The model or its filter declined.
        ModelOutputTruncated: It was cut off before any entry was whole.
        UpstreamInvalidResponse: It holds no answer at all.
    """
    message = _message(completion)
    calls = message.tool_calls or []
    text = calls[0].function.arguments if calls and calls[0].type == "function" else message.content
    if not text or not text.strip():
        raise UpstreamInvalidResponse
    text = _FENCE.sub(r"\1", _THOUGHT.sub("", text))
    ended_by: Ending = "itself"
    if completion.choices[0].finish_reason == "length":
        ended_by = "repetition" if rows and forms.repeats(text) else "limit"
        mended = forms.mend(text, rows, sections)
        if mended is None:
            raise ModelOutputTruncated
        text = mended
    return Answer(_with_text(completion, forms.read(text, rows, pointed)), ended_by)


def _message(completion: ChatCompletion) -> ChatCompletionMessage:
    """Return the message of `completion`, which endpoints have been seen to leave out whatever the API says."""
    choices = getattr(completion, "choices", None) or []
    message: ChatCompletionMessage | None = getattr(choices[0], "message", None) if choices else None
    if message is None:
        raise UpstreamInvalidResponse
    if message.refusal or choices[0].finish_reason == "content_filter":
        raise ModelRefused
    return message


def _with_text(completion: ChatCompletion, text: str) -> ChatCompletion:
    """Return `completion` with `text` as its only answer."""
    raw: dict[str, Any] = completion.model_dump(exclude_unset=True)
    choice = raw["choices"][0]
    if choice["message"].get("tool_calls"):
        choice["message"]["tool_calls"][0]["function"]["arguments"] = text
        choice["finish_reason"] = "tool_calls"
    else:
        choice["message"]["content"] = text
        choice["finish_reason"] = "stop"
    return ChatCompletion.model_validate(raw)
