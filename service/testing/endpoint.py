"""The endpoint of a model that finds just what it is told to, or fails as it is told to: bytes in, bytes out, as the provider would send them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.draft import Draft
from schemas.record import Record
from schemas.vocabulary import Section
from service.extraction.grounding import align
from service.testing.entries import Entry, drafted, words_of
from service.testing.faults import Broken, Fault, Refused, Spoilt, fault_named
from service.testing.records import entries_of

#: A piece of an article in a message, behind lines that tell of the article; one of them stands before all pieces but the first.
_PIECE = re.compile(r'<article id="(\w+)">\n((?:(?:title|source|published|begins|named before): [^\n]*\n)*)(.*)\n</article id="\1">', re.DOTALL)
_FURTHER = re.compile(r"^begins: ", re.MULTILINE)
#: What is reported as used: any numbers will do, as long as they stay the same.
_USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100, "prompt_tokens_details": {"cached_tokens": 0}}
#: Characters of an answer in each event of a stream.
_EVENT_CHARS = 80
_SPOILT_BY_NOTHING = Spoilt()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Endpoint:
    """What answers `POST /chat/completions`."""

    def __init__(
        self, entries: Iterable[Entry] = (), *, record: Record | Mapping[str, Any] | None = None, fails: str | None = None, article: str | None = None
    ) -> None:
        """Find the `entries`, or fail.

        Args:
            entries: What the model finds, each where its words stand; those whose words stand nowhere it says of the first piece, as a model that invents.
            record: What it finds besides, as a record (`entries_of`).
            fails: The name of a fault (`FAULTS`), which befalls every call.
            article: The text of the article; needed only of one that is longer than one piece, to tell what is invented from what comes later.

        Raises:
            ValueError: There is no such fault, or there are more entries of a section than a draft may hold.
        """
        self._entries, self._article = [*entries, *(entries_of(record) if record is not None else ())], article
        drafted(*self._entries)  # so that what is too much is told here, and not as a fault of the endpoint
        self._fault: Fault = fault_named(fails) if fails else _SPOILT_BY_NOTHING

    def answer(self, body: bytes) -> Reply:
        """Return what is sent back for the `body` of a request.

        Raises:
            TimeoutError: Nothing is, in time.
            ConnectionError: The connection ends.
        """
        match self._fault:
            case Broken(in_time=False):
                raise TimeoutError
            case Broken():
                raise ConnectionError
            case Refused(status, told, headers):
                return _json(status, told, headers)
            case Spoilt() as spoilt:
                return self._said(json.loads(body), spoilt)

    def _said(self, call: Mapping[str, Any], spoilt: Spoilt) -> Reply:
        content = spoilt.content if spoilt.content is not None else self._found(call)
        content = content[: int(len(content) * spoilt.share)]
        message: dict[str, Any] = {"role": "assistant", "content": None if spoilt.refusal else content, "refusal": spoilt.refusal}
        finish_reason = spoilt.finish_reason
        if call.get("tools") and not spoilt.refusal:
            name = call["tools"][0]["function"]["name"]
            message |= {"content": None, "tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": content}}]}
            finish_reason = "tool_calls" if finish_reason == "stop" else finish_reason
        return _streamed(call, message, finish_reason) if call.get("stream") else _whole(call, message, finish_reason)

    def _found(self, call: Mapping[str, Any]) -> str:
        """Return the draft of what is found in the piece that a call is about, in the sections that it asks for."""
        asked = [_text_of(message) for message in call["messages"] if message["role"] == "user"]
        pieces = [found for text in asked if (found := _PIECE.search(text))]
        _, known, piece = pieces[-1].groups() if pieces else ("", "", "")
        is_first = not _FURTHER.search(known)
        draft = drafted(*(entry for entry in self._entries if self._is_said(entry, piece, is_first=is_first)))
        return draft.model_dump_json(include=set(_sections_of(call)))

    def _is_said(self, entry: Entry, piece: str, *, is_first: bool) -> bool:
        words = words_of(entry)
        if align(words, piece):
            return True
        return is_first and not (self._article and align(words, self._article))


def _text_of(message: Mapping[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _sections_of(call: Mapping[str, Any]) -> Sequence[str]:
    """Return the sections that a call asks for, by the schema in it; all of them where it has none."""
    shape = call.get("response_format", {}).get("json_schema", {}).get("schema") or (call["tools"][0]["function"]["parameters"] if call.get("tools") else None)
    if shape:
        return [*shape["properties"]]
    last = _text_of(call["messages"][-1])
    return [section for section in Section if f"`{section}`" in last] or [*Draft.model_fields]


def _whole(call: Mapping[str, Any], message: Mapping[str, Any], finish_reason: str) -> Reply:
    choice = {"index": 0, "message": message, "finish_reason": finish_reason, "logprobs": None}
    return _json(200, {**_head(call, "chat.completion"), "choices": [choice], "usage": _USAGE}, {})


def _streamed(call: Mapping[str, Any], message: Mapping[str, Any], finish_reason: str) -> Reply:
    """Return the same as events: the text in small pieces, the end, and what was used."""
    head = _head(call, "chat.completion.chunk")
    deltas: list[dict[str, Any]] = [{"role": "assistant"}]
    for tool in message.get("tool_calls") or ():
        arguments = tool["function"]["arguments"]
        deltas.append({"tool_calls": [{**tool, "function": {**tool["function"], "arguments": ""}}]})
        deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": part}}]} for part in _parts(arguments)]
    deltas += [{name: part} for name in ("content", "refusal") for part in _parts(message.get(name) or "")]
    chunks = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": finish_reason}]})
    chunks.append({**head, "choices": [], "usage": _USAGE})
    lines = [json.dumps(chunk, ensure_ascii=False) for chunk in chunks]
    return Reply(200, {"Content-Type": "text/event-stream"}, "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode())


def _parts(text: str) -> list[str]:
    return [text[at : at + _EVENT_CHARS] for at in range(0, len(text), _EVENT_CHARS)]


def _head(call: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": call.get("model", "model")}


def _json(status: int, told: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
    return Reply(status, {"Content-Type": "application/json", **headers}, json.dumps(told, ensure_ascii=False).encode())
