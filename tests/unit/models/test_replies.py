"""What a stream of pieces makes up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from service.models.counting import Counts
from service.models.replies import collected

HEAD = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
#: Whatever an endpoint may put in place of what is expected.
JSON = st.recursive(st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2))


def piece(content: object, finish_reason: object = None, **more: object) -> dict[str, Any]:
    """Return one piece as llama.cpp sends it."""
    return HEAD | {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish_reason}]} | more


def collect(pieces: Sequence[object]) -> tuple[ChatCompletion | None, list[CompletionUsage | None]]:
    """Return the completion that `pieces` make up, None if they make up none, and what was wasted."""
    wasted: list[CompletionUsage | None] = []

    async def stream() -> AsyncIterator[object]:
        for one in pieces:
            yield one

    try:
        return asyncio.run(collected(stream(), wasted.append)), wasted
    except ValueError:
        return None, wasted


def through_the_client(content: dict[str, Any]) -> object:
    """Return a piece as it is once the client of OpenAI has made an object of it."""
    return ChatCompletionChunk.construct(**content).model_dump(warnings=False)


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_an_answer_is_all_its_pieces_in_order(texts: list[str]) -> None:
    """Nothing is lost between two events, and the tokens are those that the last one counts."""
    pieces = [piece(text, timings={"prompt_n": 3, "cache_n": 4, "predicted_n": number}) for number, text in enumerate(texts, 1)]

    completion, wasted = collect([*pieces, piece(None, "stop")])

    assert completion
    assert completion.choices[0].message.content == ("".join(texts) or None)
    assert completion.usage == Counts(7, 4, 0, len(texts)).usage()
    assert not wasted


@given(JSON, st.sampled_from(["stop", "length"]) | JSON, JSON, JSON)
def test_pieces_are_read_as_the_client_would_read_them(content: object, finish_reason: object, usage: object, timings: object) -> None:
    """Whatever an endpoint sends makes up the same completion, or none, though no object of the client's is made of it."""
    sent = [piece("a", timings={"prompt_n": 1, "predicted_n": 1}), piece(content, finish_reason, usage=usage, timings=timings)]

    assert collect(sent) == collect([through_the_client(one) for one in sent])


@pytest.mark.parametrize("sent", [None, [], "text", 7, {"choices": None}])
def test_what_is_no_piece_ends_the_answer(sent: object) -> None:
    """It is no completion, and what was used until then is told."""
    completion, wasted = collect([piece("a", timings={"prompt_n": 3, "cache_n": 4, "predicted_n": 1}), sent])

    assert completion is None
    assert wasted == [Counts(7, 4, 0, 1).usage()]
