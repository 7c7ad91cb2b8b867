"""Instructor alone: what it is asked, and what is made of its answers, whole or not."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import respx
from httpx import ConnectError, Response
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.answers import Answer
from benchmarks.quality.engine import Endpoint
from benchmarks.quality.instructor_alone import NewsRecord, conversation, instructor_at, reading_of, salvaged
from service.errors import SetupError
from service.evaluation.reading import Found
from tests.unit.evaluation.evaluation_parts import gold

TEXT = "Kestria’s army will shell the base at Orsk before Sunday. “We shall help,” Belmark said."
WHOLE: dict[str, Any] = {
    "actors": [{"name": "Kestria’s army", "aliases": ["the army"], "kind": "armed_forces", "country": None}],
    "threats": [
        {
            "quote": "Kestria’s army will shell the base at Orsk",
            "by": ["the army"],
            "against": ["Belmark"],
            "asserted_by": [],
            "kind": "violence",
            "basis": "declared",
            "stage": "threatened",
            "action": "shell a base",
            "means": ["artillery"],
            "condition": None,
        }
    ],
    "targets": [
        {"quote": "SHELL the base", "name": "the base at Orsk", "category": "military", "kind": "base", "status": "threatened", "place": None, "by": []},
        {"quote": "the school", "name": "the school", "category": "civilian", "kind": "other", "status": "threatened", "place": None, "by": []},
    ],
    "timelines": [{"expression": "before Sunday", "event": "shelling", "start": None, "end": "2027-03-13", "direction": "future"}],
    "commitments": [
        {"quote": "We shall help", "kind": "support_military", "speakers": ["Belmark"], "beneficiaries": [], "polarity": "will", "commitment": "help"}
    ],
}
ARTICLE = gold(TEXT, article={"kind": "dispatch", "published": "2027-03-11"})


@pytest.fixture
async def endpoint() -> AsyncIterator[respx.Route]:
    """The place at which an engine answers."""
    with respx.mock(base_url="http://engine.test/v1", using="httpcore2") as router:
        yield router.post("/chat/completions")


def reply(written: str, finish_reason: str = "stop") -> Response:
    """Return the reply in which a model wrote this."""
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": written}}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, "prompt_tokens_details": {"cached_tokens": 60}}
    return Response(200, json={"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage})


async def answer() -> Answer:
    """Return the answer about the article."""
    async with instructor_at(Endpoint("http://engine.test/v1", "key", "m")) as reader:
        return await reader.read(ARTICLE)


def test_a_record_is_read_by_the_rules_of_all() -> None:
    """Entries stand where their quotes do, civilians are no targets, and who acts goes by all names."""
    reading = reading_of(NewsRecord.model_validate(WHOLE), TEXT)

    assert reading.actors == (Found(("Kestria’s army", "the army"), ((0, 14),), {"kind": "armed_forces"}),)
    assert [(one.names, one.fields) for one in reading.targets] == [(("the base at Orsk",), {"category": "military", "status": "threatened"})]
    assert [TEXT[slice(*one)] for one in reading.targets[0].spans] == ["shell the base"]
    assert reading.threats[0].fields["by"] == (("Kestria’s army", "the army"),)
    assert reading.threats[0].fields["against"] == (("Belmark",),)
    assert reading.timelines[0].fields == {"start": None, "end": "2027-03-13", "direction": "future"}
    assert [TEXT[slice(*one)] for one in reading.commitments[0].spans] == ["We shall help"]
    assert (reading.quotes, reading.verbatim) == (6, 4)


def test_whole_entries_of_a_torn_answer_are_kept() -> None:
    """Of an answer that was cut off, all that is whole is read."""
    written = json.dumps(WHOLE)

    kept = salvaged(written[: written.index('"status": "threatened"')])

    assert [one.name for one in kept.actors] == ["Kestria’s army"]
    assert len(kept.threats) == 1
    assert not kept.targets
    assert not kept.timelines


@given(st.integers(0, len(json.dumps(WHOLE))))
def test_an_answer_may_be_torn_anywhere(end: int) -> None:
    """Wherever an answer is cut off, what is whole of it can be read."""
    kept = reading_of(salvaged(json.dumps(WHOLE)[:end]), TEXT)

    assert kept.verbatim <= kept.quotes <= 6


@pytest.mark.parametrize("written", ["", "no JSON", "[]", '"text"', '{"actors": 1}', '{"actors": [1, {"name": 2}]}'])
def test_what_is_no_answer_holds_nothing(written: str) -> None:
    """Anything else has no entries."""
    assert reading_of(salvaged(written), TEXT).quotes == 0


def test_the_worked_example_shows_words_of_its_article() -> None:
    """What the model is shown keeps the rules that it is told: quotes, names and conditions stand in the article."""
    _, shown, answered, _ = conversation(ARTICLE.request())
    text, record = str(shown["content"]), NewsRecord.model_validate_json(str(answered.get("content")))

    assert reading_of(record, text).verbatim == reading_of(record, text).quotes
    assert all(threat.condition is None or threat.condition in text for threat in record.threats)
    assert all(target.name in text for target in record.targets)


async def test_an_article_takes_one_call(endpoint: respx.Route) -> None:
    """The model is sent the article and its date, may write so much and no more, and its tokens are counted."""
    endpoint.mock(side_effect=[reply(json.dumps(WHOLE))])

    told = await answer()

    assert (told.failure, told.cut_off, len(told.reading.threats)) == (None, 0, 1)
    assert (told.cost.calls, told.cost.prompt_tokens, told.cost.cached_tokens, told.cost.completion_tokens) == (1, 100, 60, 20)
    sent = json.loads(endpoint.calls[0].request.content)
    assert sent["messages"][-1]["content"] == f"Published: 2027-03-11\n\n{TEXT}"
    assert (sent["temperature"], sent["max_tokens"], sent["response_format"]["type"]) == (0, 2_000, "json_schema")


async def test_an_answer_that_does_not_fit_is_asked_for_once_more(endpoint: respx.Route) -> None:
    """Both calls are counted, and what is whole in the last is read."""
    endpoint.mock(side_effect=[reply("{}"), reply(json.dumps(WHOLE | {"timelines": [{}]}))])

    told = await answer()

    assert (told.failure, told.cost.calls, told.cost.prompt_tokens) == ("invalid", 2, 200)
    assert (len(told.reading.threats), len(told.reading.timelines)) == (1, 0)


async def test_an_answer_that_is_cut_off_is_told_and_read(endpoint: respx.Route) -> None:
    """Instructor raises; what is whole counts all the same."""
    endpoint.mock(side_effect=[reply(json.dumps(WHOLE)[:-10], "length")])

    told = await answer()

    assert (told.failure, told.cut_off, told.cost.calls) == ("cut off", 1, 1)
    assert len(told.reading.threats) == 1


async def test_an_engine_that_is_gone_is_no_answer(endpoint: respx.Route) -> None:
    """A comparison ends where one of the engines does: nobody is scored for that."""
    endpoint.mock(side_effect=ConnectError("gone"))

    with pytest.raises(SetupError):
        await answer()
