"""Whoever drives llama.cpp directly asks it what Vigie asks."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.quality.engine import Endpoint
from benchmarks.speed.direct import ask, body_of
from benchmarks.speed.embedded import by_article
from benchmarks.speed.slots import widened
from service.errors import SetupError
from service.models.base import ModelCall, OutputMode
from service.models.embedded import _LLAMA, PROFILE
from service.models.openai import OpenAIModel, client_for
from tests.rig.wire import head_of, read_body, read_head

CALL = ModelCall(({"role": "system", "content": "Read."}, {"role": "user", "content": "Kestria."}), {"grammar": "start: /x/"}, 50)
USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12, "prompt_tokens_details": {"cached_tokens": 6}}
HEAD: dict[str, Any] = {"id": "1", "created": 0, "model": "tiny"}
SAID = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x"}}
WHOLE = HEAD | {"object": "chat.completion", "usage": USAGE, "choices": [SAID]}
EVENTS: list[dict[str, Any]] = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": USAGE},
]
#: Between the events.
PAUSE_S = 0.05


class Llama:
    """Says one letter, and notes what it was asked."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self.bodies: list[dict[str, Any]] = []

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one call."""
        body = json.loads(await read_body(reader, await read_head(reader)))
        self.bodies.append(body)
        if body["model"] != "tiny":
            writer.write(head_of("HTTP/1.1 400 No", [("Content-Length", "0")]))
        elif body.get("stream"):
            writer.write(head_of("HTTP/1.1 200 OK", [("Content-Type", "text/event-stream"), ("Connection", "close")]))
            for event in EVENTS:
                told = json.dumps(HEAD | {"object": "chat.completion.chunk"} | event, separators=(",", ":"))
                writer.write(f"data: {told}\n\n".encode())
                await asyncio.sleep(PAUSE_S)
            writer.write(b"data: [DONE]\n\n")
        else:
            said = json.dumps(WHOLE).encode()
            writer.write(head_of("HTTP/1.1 200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(said)))]) + said)
        await writer.drain()
        writer.close()


@pytest.fixture
async def served() -> AsyncIterator[tuple[Llama, Endpoint]]:
    """An engine that listens."""
    llama = Llama()
    server = await asyncio.start_server(llama.attend, "127.0.0.1", 0)
    yield llama, Endpoint(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", "key", "tiny")
    server.close()


@pytest.mark.parametrize("call", [CALL, replace(CALL, repeats=lambda _text: False), replace(CALL, heard=lambda _text: None)], ids=["whole", "watched", "heard"])
async def test_both_ask_the_same(served: tuple[Llama, Endpoint], call: ModelCall) -> None:
    """What goes over the wire is what Vigie's own adapter sends, whether it streams or not, and so is what comes of it."""
    llama, endpoint = served
    async with client_for(endpoint.base_url, endpoint.key, read_timeout_s=5) as client:
        completion = await OpenAIModel(client, name="tiny", profile=PROFILE, output_mode=OutputMode.JSON_SCHEMA, dialect=_LLAMA).complete(call)
    written = await ask(endpoint, body_of(call, "tiny"))

    assert llama.bodies[0] == llama.bodies[1]
    assert completion.usage
    assert (written.completion, written.prompt, written.cached) == (completion.usage.completion_tokens, 9, 6)


async def test_the_first_token_is_the_first_that_says_something(served: tuple[Llama, Endpoint]) -> None:
    """Not the event that only begins an answer, and not its end."""
    written = await ask(served[1], body_of(replace(CALL, heard=lambda _text: None), "tiny"))

    assert PAUSE_S * 0.9 <= written.first_s < 2.5 * PAUSE_S


async def test_an_engine_that_refuses_is_told(served: tuple[Llama, Endpoint]) -> None:
    """Its time would mean nothing."""
    with pytest.raises(SetupError, match="400"):
        await ask(served[1], body_of(CALL, "other"))


def test_calls_belong_to_the_article_that_they_follow() -> None:
    """A conversation begins with as few messages as the first."""
    longer = replace(CALL, messages=(*CALL.messages, *CALL.messages))

    assert [len(talk) for talk in by_article([CALL, longer, CALL, longer, longer])] == [2, 3]


def test_each_slot_has_the_usual_context() -> None:
    """The engine divides what it is given."""
    assert widened({"context": 100, "parallel": 1, "key": "k"}, 3) == {"context": 300, "parallel": 3, "key": "k"}
