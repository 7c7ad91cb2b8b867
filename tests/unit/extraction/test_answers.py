"""What came back from a model, sorted."""

import json
import time
from typing import Any

import pytest
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from schemas.draft import Draft
from service.errors import ModelOutputTruncated, ModelRefused, UpstreamInvalidResponse, VigieError
from service.extraction import forms
from service.extraction.answers import settled
from service.testing.entries import actor, drafted
from tests.unit.extraction.extraction_parts import ROWS, calling, saying

OBJECT = '{"actors":[{"name":"Valmer","kind":"state","country":null,"part_of":null,"aliases":[]}]}'

WELL = {
    "plain": OBJECT,
    "fenced": f"```json\n{OBJECT}\n```",
    "fenced without a name": f"```\n{OBJECT}\n```  \n",
    "after a thought": f"<think>Who acts?\n{{}}</think>\n\n{OBJECT}",
    "after an empty thought, fenced": f"<think></think>```json\n{OBJECT}\n```",
}


@pytest.mark.parametrize("content", WELL.values(), ids=WELL)
def test_e03_an_answer_is_unwrapped(content: str) -> None:
    """Thoughts before the JSON and a fence around it are taken off."""
    answer = settled(saying(content), None)

    assert answer.completion.choices[0].message.content == OBJECT
    assert (answer.ended_by, answer.completion.choices[0].finish_reason) == ("itself", "stop")


def test_a_tool_call_is_an_answer() -> None:
    """The arguments of a tool call are read as content is."""
    answer = settled(saying(None, "tool_calls", **calling(f"```json\n{OBJECT}\n```")), None)
    calls: Any = answer.completion.choices[0].message.tool_calls

    assert calls[0].function.arguments == OBJECT
    assert answer.completion.choices[0].finish_reason == "tool_calls"


def test_rows_become_objects() -> None:
    """What a profile with rows wrote is handed on as whole objects."""
    answer = settled(saying('{"actors":[["Valmer","state"]]}'), ROWS.rows)

    assert json.loads(answer.completion.choices[0].message.content or "") == json.loads(OBJECT)


CUT = {
    "at the limit": ('{"actors":[["Valmer","state"],["Kest', ROWS.rows, "limit"),
    "where it repeats itself": ('{"actors":[["Valmer","state"],["Valmer","state"],["Va', ROWS.rows, "repetition"),
    "objects": (OBJECT[:-2] + ',{"name":"Kes', None, "limit"),
}


@pytest.mark.parametrize(("content", "rows", "ended_by"), CUT.values(), ids=CUT)
@pytest.mark.parametrize("as_call", [False, True])
def test_e04_what_is_whole_of_a_cut_answer_is_read(content: str, rows: forms.Rows | None, ended_by: str, *, as_call: bool) -> None:
    """The entries before the cut are kept, and how it came is told."""
    answer = settled(saying(None, "length", **calling(content)) if as_call else saying(content, "length"), rows)
    message = answer.completion.choices[0].message
    calls: Any = message.tool_calls
    names = [actor["name"] for actor in json.loads(calls[0].function.arguments if as_call else message.content or "")["actors"]]

    assert {*names} == {"Valmer"}
    assert answer.ended_by == ended_by
    assert answer.completion.choices[0].finish_reason in {"stop", "tool_calls"}


FAILED: dict[str, tuple[ChatCompletion, type[VigieError]]] = {
    "e06 refusal": (saying(None, refusal="I cannot."), ModelRefused),
    "e06 refusal beside an answer": (saying(OBJECT, refusal="I cannot."), ModelRefused),
    "e05 filter": (saying(OBJECT, "content_filter"), ModelRefused),
    "e06 nothing": (saying(None), UpstreamInvalidResponse),
    "e06 empty": (saying(""), UpstreamInvalidResponse),
    "e06 space": (saying(" \n"), UpstreamInvalidResponse),
    "e06 empty call": (saying(None, "tool_calls", **calling("")), UpstreamInvalidResponse),
    "e04 cut before anything": (saying('{"act', "length"), ModelOutputTruncated),
    "e04 cut in a thought": (saying("<think>Who acts", "length"), ModelOutputTruncated),
    "no choices": (saying(OBJECT).model_copy(update={"choices": []}), UpstreamInvalidResponse),
    "choices of null": (saying(OBJECT).model_copy(update={"choices": None}), UpstreamInvalidResponse),
    "no message": (saying(OBJECT).model_copy(update={"choices": [saying(OBJECT).choices[0].model_copy(update={"message": None})]}), UpstreamInvalidResponse),
}


@pytest.mark.parametrize(("completion", "error"), FAILED.values(), ids=FAILED)
def test_each_failure_is_told_apart(completion: ChatCompletion, error: type[VigieError]) -> None:
    """A refusal, a cut before anything and no answer are errors of their own."""
    with pytest.raises(error):
        settled(completion, None)


ENDLESS: dict[str, dict[str, object]] = {
    "e14-within": drafted().model_dump() | {"actors": [actor("Valmer").model_dump(mode="json") | {"aliases": ["a"] * 100_000}]},
    "e14-entries": drafted().model_dump() | {"actors": [1] * 100_000},
}


@pytest.mark.cost
@pytest.mark.parametrize("answer", ENDLESS.values(), ids=ENDLESS)
def test_a_list_without_end_is_refused_quickly(answer: dict[str, object]) -> None:
    """A hundred thousand elements cost less than a tenth of a second, in which nobody else is served."""
    content, took_s = json.dumps(answer), list[float]()
    for _ in range(3):
        began = time.process_time()
        with pytest.raises(ValidationError, match="too_long"):
            Draft.model_validate_json(settled(saying(content), None).completion.choices[0].message.content or "")
        took_s.append(time.process_time() - began)

    assert min(took_s) <= 0.1
