"""Whoever drives llama.cpp directly asks it what Vigie asks."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import groupby
from typing import Any, cast

import pytest
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion

from benchmarks.quality.engine import Endpoint
from benchmarks.speed.article import SHORT
from benchmarks.speed.direct import Written, ask, body_of
from benchmarks.speed.embedded import Noting, Pair, note, side_by_side, written_of
from benchmarks.speed.results import Side
from benchmarks.speed.slots import widened
from service.errors import SetupError
from service.models.base import ModelCall, OutputMode
from service.models.embedded import _LLAMA, PROFILE
from service.models.openai import OpenAIModel, client_for
from service.models.replies import completion_of
from service.settings import Settings
from tests.rig.wire import head_of, read_body, read_head

CALL = ModelCall(({"role": "system", "content": "Read."}, {"role": "user", "content": "Kestria."}), {"grammar": "start: /x/"}, 50)
USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12, "prompt_tokens_details": {"cached_tokens": 6}}
TIMINGS = {"prompt_ms": 400.0, "predicted_ms": 1_100, "predicted_n": 3}
HEAD: dict[str, Any] = {"id": "1", "created": 0, "model": "tiny"}
SAID = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x"}}
WHOLE = HEAD | {"object": "chat.completion", "usage": USAGE, "timings": TIMINGS, "choices": [SAID]}
EVENTS: list[dict[str, Any]] = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": USAGE, "timings": TIMINGS | {"prompt_n": 3}},
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
    assert (written.completion, written.prompt, written.cached, written.counted_s) == (completion.usage.completion_tokens, 9, 6, 1.5)


async def test_the_first_token_is_the_first_that_says_something(served: tuple[Llama, Endpoint]) -> None:
    """Not the event that only begins an answer, and not its end."""
    written = await ask(served[1], body_of(replace(CALL, heard=lambda _text: None), "tiny"))

    assert PAUSE_S * 0.9 <= written.first_s < 2.5 * PAUSE_S


async def test_an_engine_that_refuses_is_told(served: tuple[Llama, Endpoint]) -> None:
    """Its time would mean nothing."""
    with pytest.raises(SetupError, match="400"):
        await ask(served[1], body_of(CALL, "other"))


class Scripted:
    """A model that finds nothing, whatever it is asked about."""

    name, profile, output_mode = "tiny", PROFILE, OutputMode.JSON_SCHEMA

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Say so, in two pieces to whoever hears them."""
        section = re.search(r'"{\\"(\w+)', call.shape["grammar"])
        said = f'{{"{section and section[1]}":[]}}'
        for end in (5, len(said)) if call.heard else ():
            cast(Any, call.heard)(said[:end])
        return completion_of({"content": said}, "stop", usage=CompletionUsage.model_validate(USAGE), model="tiny")

    async def check(self) -> None:
        """Be ready."""


@pytest.fixture
async def pair(served: tuple[Llama, Endpoint]) -> Pair:
    """Both, warm."""
    pair = Pair(Noting(cast(Any, Scripted())), served[1], Settings(mode="live"))
    await pair.warm_up()
    served[0].bodies.clear()
    return pair


async def test_both_are_measured_in_each_round(pair: Pair) -> None:
    """As a whole and token by token, with what the engine had kept."""
    for number in range(3):
        await pair.round(number)

    for side in (pair.ours, pair.direct):
        assert [len(figures) for figures in (side.rate, side.followed, side.first_s)] == [3, 3, 3]
        assert side.kept == pytest.approx(6 / 9)
    assert pair.direct.beyond
    assert not pair.ours.beyond  # its answers do not count their time


async def test_an_article_is_followed_by_the_other(served: tuple[Llama, Endpoint], pair: Pair) -> None:
    """So that no slot holds more of what is asked than the instructions; the whole comes first, then the first token of the other, then the tokens."""
    await pair.round(0)
    await pair.round(1)
    asked = [(next(place for place, text in enumerate(SHORT) if text[:40] in json.dumps(body, ensure_ascii=False)), body) for body in served[0].bodies]
    turns = [(place, body.get("stream", False), body["max_completion_tokens"] == 1) for place, body in asked]

    assert [turn for turn, _ in groupby(turns)] == [
        *[(0, False, False), (1, True, True), (0, True, False)],
        *[(1, False, False), (0, True, True), (1, True, False)],
    ]


async def test_all_slots_know_the_instructions_before_callers_come(served: tuple[Llama, Endpoint]) -> None:
    """What is told of slots is what they do for conversations, each at its own pace."""
    rate = await side_by_side(served[1], [[CALL, CALL], [replace(CALL, heard=lambda _text: None)]])
    prefixes, asked = served[0].bodies[:2], served[0].bodies[2:]

    assert rate > 0
    assert [body["max_completion_tokens"] for body in prefixes] == [1, 1]
    assert [body["messages"] for body in asked] == [[*CALL.messages]] * 3
    assert not any("stream" in body for body in asked)


async def test_the_first_token_that_vigie_hears_is_timed() -> None:
    """Not its last; and what nobody hears has been heard at its end."""
    noting = Noting(cast(Any, Scripted()))
    heard: list[str] = []
    await noting.complete(replace(CALL, shape={"grammar": 'start: "{\\"actors'}, heard=heard.append))

    assert heard == ['{"act', '{"actors":[]}']
    assert noting.written[0].completion == 3
    assert len(noting.calls) == 1


def test_what_the_engine_counts_as_its_own_is_told_apart() -> None:
    """The rest of the time is the way to it and what Vigie does; of answers that do not count it nothing is known."""
    side, counting, silent = Side(), Written(1, 30, 90, 60, 1.5), Written(1, 30, 90, 60, 0)
    note(side, [counting, counting], 4, follows=False)
    note(side, [counting, silent], 4, follows=False)

    assert side.rate == [15, 15]
    assert side.beyond == [0.25]


def test_an_answer_without_counts_has_written_nothing() -> None:
    """Its usage may be missing."""
    completion = completion_of({"content": "x"}, "stop", usage=None, model="tiny")

    assert written_of(completion, 2) == Written(2, 0, 0, 0, 0)


def test_each_slot_has_the_usual_context() -> None:
    """The engine divides what it is given."""
    assert widened({"context": 100, "parallel": 1, "key": "k"}, 3) == {"context": 300, "parallel": 3, "key": "k"}
