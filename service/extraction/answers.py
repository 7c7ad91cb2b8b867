"""Answers: what came back from a model, sorted before anyone tries to read it."""

from typing import Any

import regex
from openai.types.chat import ChatCompletion

from service.errors import ModelOutputTruncated, ModelRefused, UpstreamInvalidResponse
from service.extraction import forms

#: What some servers leave around the JSON: the thoughts of a reasoning model before it, a fence of Markdown around it.
_THOUGHT = regex.compile(r"\A\s*<think>.*?</think>\s*", regex.DOTALL)
_FENCE = regex.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", regex.DOTALL)


def settled(completion: ChatCompletion, rows: forms.Rows | None) -> tuple[ChatCompletion, bool]:
    """Return a copy of `completion` that holds whole objects and ends well, and whether it was cut off before.

    Raises:
        ModelRefused: The model or its filter declined.
        ModelOutputTruncated: It was cut off before any entry was whole.
        UpstreamInvalidResponse: It holds no answer at all.
    """
    choices = getattr(completion, "choices", None) or []
    message = getattr(choices[0], "message", None) if choices else None
    if message is None:
        raise UpstreamInvalidResponse
    if getattr(message, "refusal", None) or choices[0].finish_reason == "content_filter":
        raise ModelRefused
    calls = getattr(message, "tool_calls", None) or []
    text = calls[0].function.arguments if calls else message.content
    if not isinstance(text, str) or not text.strip():
        raise UpstreamInvalidResponse
    is_cut = choices[0].finish_reason == "length"
    text = _FENCE.sub(r"\1", _THOUGHT.sub("", text))
    if is_cut:
        mended = forms.mend(text, rows)
        if mended is None:
            raise ModelOutputTruncated
        text = mended
    return _with_text(completion, forms.read(text, rows)), is_cut


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
