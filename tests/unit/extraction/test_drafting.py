"""The conversation with a model: what goes out, what is asked again, and what it costs."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from llguidance import LLMatcher
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from schemas.record import Usage
from schemas.vocabulary import Section
from service.errors import ModelError, ModelOutputInvalid, ModelOutputTruncated, ModelRefused, UpstreamUnavailable
from service.extraction.chunking import Chunk, chunk
from service.extraction.drafting import Drafted, Task, draft
from service.extraction.grounding import quote_faults
from service.extraction.pipeline import PROMPT, shared_prefix
from service.extraction.prompting import load
from service.models.base import OutputMode
from service.models.budget import Budget
from service.models.spending import Spending
from service.testing.entries import actor, drafted, target, threat, timeline
from tests.unit.extraction.extraction_parts import IN_TURN, ROWS, WHOLE, ScriptedModel, calling, content_of, prepared_from, saying

TEXT = "Valmer warned on Tuesday that it would strike the naval base. {{ 7*7 }} {% block x %} {# note #} {text} </article>"
SECRETS = ("Valmer", "naval", "Kestria")
GOOD = drafted(actor("Valmer"), threat("it would strike the naval base", by=["Valmer"]))
#: An answer whose quotes are not all in the text, and one that has more such.
DOUBTFUL = drafted(actor("Valmer"), actor("Kestria"))
WORSE = drafted(actor("Norvia"), actor("Kestria"))


def no_faults(answer: BaseModel, piece: Chunk) -> list[str]:
    """Find nothing wrong."""
    return []


async def written_by(
    model: ScriptedModel,
    text: str = TEXT,
    *,
    sections: Sequence[Section] = tuple(Section),
    find_faults: Callable[[BaseModel, Chunk], list[str]] | None = None,
    chunk_chars: int = 24_000,
) -> Drafted:
    """Return what a model writes about a text."""
    return await draft(task_of(model, text, sections, find_faults, chunk_chars))


def task_of(
    model: ScriptedModel,
    text: str = TEXT,
    sections: Sequence[Section] = tuple(Section),
    find_faults: Callable[[BaseModel, Chunk], list[str]] | None = None,
    chunk_chars: int = 24_000,
) -> Task:
    """Return what is asked of a model about a text."""
    prepared = prepared_from(text, language="en")
    find = find_faults or partial(quote_faults, prepared=prepared)
    return Task(prepared, chunk(prepared, chunk_chars), sections, model, load(PROMPT), find, Budget(math.inf), Spending())


async def test_one_call_for_all() -> None:
    """A model that reads well is asked once, for everything, behind the prefix that all articles share."""
    model = ScriptedModel(GOOD)
    result = await written_by(model)

    assert [one for _, one in result.drafts] == [GOOD]
    assert (result.calls, result.usage) == (1, Usage(prompt_tokens=10, cached_tokens=4, completion_tokens=5, cost_usd=None))
    assert model.calls[0].messages[:-1] == shared_prefix(WHOLE)
    assert model.calls[0].max_completion_tokens == WHOLE.max_completion_tokens
    assert result.warnings == ()


async def test_the_article_arrives_as_it_is() -> None:
    """Nothing in an article is taken for a template, neither by Instructor nor by us; only what could close its fence is broken."""
    model = ScriptedModel(GOOD)
    await written_by(model)

    assert TEXT.replace("</article", "‹/article") in content_of(model.calls[0].messages[-1])


async def test_the_schema_on_the_wire_is_strict() -> None:
    """The response format is strict throughout: nothing beyond the schema, nothing missing; and a grammar can be made of it."""
    model = ScriptedModel(GOOD)
    await written_by(model)
    response_format = model.calls[0].shape["response_format"]
    schema = response_format["json_schema"]["schema"]

    assert (response_format["type"], response_format["json_schema"]["strict"]) == ("json_schema", True)
    assert all(one["additionalProperties"] is False and {*one["required"]} == {*one["properties"]} for one in objects_in(schema))
    assert len(objects_in(schema)) == 16
    assert "default" not in json.dumps(schema)
    assert LLMatcher.validate_grammar(LLMatcher.grammar_from_json_schema(json.dumps(schema))) == ""


def objects_in(schema: object) -> list[dict[str, Any]]:
    """Return every object type in a JSON schema."""
    nodes = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    own = [schema] if isinstance(schema, dict) and schema.get("type") == "object" else []
    return own + [each for node in nodes for each in objects_in(node)]


async def test_only_the_wanted_sections_are_in_the_schema() -> None:
    """A caller who wants two lists has the model write two."""
    model = ScriptedModel(json.dumps({"actors": [], "threats": []}))
    await written_by(model, sections=[Section.ACTORS, Section.THREATS])

    assert [*model.calls[0].shape["response_format"]["json_schema"]["schema"]["properties"]] == ["actors", "threats"]


async def test_tools_mode() -> None:
    """An endpoint without JSON schema is made to call a tool of the draft's shape."""
    model = ScriptedModel(saying(None, "tool_calls", **calling(GOOD.model_dump_json())), mode=OutputMode.TOOLS)
    result = await written_by(model)

    assert [one for _, one in result.drafts] == [GOOD]
    assert {*model.calls[0].shape} == {"tools", "tool_choice"}
    assert [*model.calls[0].shape["tools"][0]["function"]["parameters"]["properties"]] == [*GOOD.model_dump()]


async def test_no_call_where_one_was_due() -> None:
    """An endpoint that was to call a tool and only talks has given no valid answer."""
    with pytest.raises(ModelOutputInvalid):
        await written_by(ScriptedModel(saying("Valmer is a state."), saying("Valmer is a state."), mode=OutputMode.TOOLS))


async def test_json_mode() -> None:
    """An endpoint without tools is asked for a JSON object, with the schema in the conversation, which is the same for all articles."""
    models = [ScriptedModel(GOOD, mode=OutputMode.JSON), ScriptedModel(GOOD, mode=OutputMode.JSON)]
    results = [await written_by(models[0]), await written_by(models[1], "Another text.", find_faults=no_faults)]

    assert [one for _, one in results[0].drafts] == [GOOD]
    assert models[0].calls[0].shape == {"response_format": {"type": "json_object"}}
    assert "additionalProperties" in "".join(map(content_of, models[0].calls[0].messages))
    assert models[0].calls[0].messages[:-1] == models[1].calls[0].messages[:-1]


async def test_section_by_section_in_one_conversation() -> None:
    """A small model is asked for one list after another; each question follows what was said, and nothing said before changes."""
    script = [json.dumps({section: GOOD.model_dump(mode="json")[section]}) for section in Section]
    model = ScriptedModel(*script, profile=IN_TURN)
    result = await written_by(model)
    messages = [call.messages for call in model.calls]

    assert (result.calls, len(result.drafts)) == (5, 5)
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(messages))
    assert messages[0][: len(shared_prefix(IN_TURN))] == shared_prefix(IN_TURN)
    assert ["{{ 7*7 }}" in content_of(message) for message in messages[4]].count(True) == 1
    assert result.usage.prompt_tokens == 50


async def test_rows_are_bound_by_a_grammar() -> None:
    """A model that writes rows is bound by a grammar, and watched for repetition where it is free to repeat itself; what can only be empty is not asked for."""
    model = ScriptedModel('{"actors":[["Valmer","state"]]}', '{"threats":[]}', profile=ROWS)
    result = await written_by(model, "Valmer will strike the base.", sections=[Section.ACTORS, Section.THREATS, Section.TIMELINES])

    assert [one.model_dump(mode="json") for _, one in result.drafts] == [{"actors": [actor("Valmer").model_dump(mode="json")]}, {"threats": []}]
    assert [[*call.shape] for call in model.calls] == [["grammar"], ["grammar"]]
    assert [bool(call.repeats) for call in model.calls] == [True, False]
    assert content_of(model.calls[1].messages[-2]) == '{"actors":[["Valmer","state"]]}'


async def test_each_chunk_has_a_conversation() -> None:
    """Each piece of a long text begins again behind the shared prefix, and its draft comes with its place."""
    model = ScriptedModel(GOOD, GOOD, profile=WHOLE)
    result = await written_by(model, "Valmer will strike the base.\n\nIt would strike the naval base.", chunk_chars=40)

    assert [piece.start for piece, _ in result.drafts] == [0, 30]
    assert [call.messages[:-1] for call in model.calls[:2]] == [shared_prefix(WHOLE)] * 2


INVALID = {
    "no JSON": "Valmer is a state",
    "missing lists": '{"actors":[]}',
    "unknown field": json.dumps({**drafted().model_dump(), "Kestria": "naval"}),
    "wrong type": json.dumps({**drafted().model_dump(), "actors": "Kestria"}),
    "unknown value": json.dumps({**drafted().model_dump(), "actors": [{**actor("Kestria").model_dump(), "kind": "naval"}]}),
    "too many": json.dumps({**drafted().model_dump(), "actors": [actor("Kestria").model_dump()] * 41}),
}


@pytest.mark.parametrize("invalid", INVALID.values(), ids=INVALID)
async def test_e01_an_answer_that_does_not_fit_is_asked_for_again(invalid: str) -> None:
    """The second question has the same prefix and adds pointers and codes, nothing of the article and nothing of the first answer."""
    model = ScriptedModel(invalid, GOOD)
    result = await written_by(model)
    added = model.calls[1].messages[len(model.calls[0].messages) :]

    assert [one for _, one in result.drafts] == [GOOD]
    assert model.calls[1].messages[: len(model.calls[0].messages)] == model.calls[0].messages
    assert [message["role"] for message in added] == ["user"]
    assert not any(secret in content_of(added[0]) for secret in SECRETS)
    assert (result.calls, result.usage.completion_tokens) == (2, 10)


async def test_pointers_and_codes_say_what_is_wrong() -> None:
    """A fault is a JSON pointer and Pydantic's code."""
    model = ScriptedModel(INVALID["unknown value"], GOOD)
    await written_by(model)

    assert "- /actors/0/kind: enum" in content_of(model.calls[1].messages[-1])


async def test_e02_twice_invalid_is_an_error() -> None:
    """One re-ask and no more."""
    model = ScriptedModel("no JSON", "no JSON", GOOD)
    with pytest.raises(ModelOutputInvalid):
        await written_by(model)

    assert len(model.calls) == 2


async def test_one_reask_for_the_whole_article() -> None:
    """When the re-ask is spent, a later answer that does not fit is an error at once."""
    model = ScriptedModel("no JSON", '{"actors":[]}', "no JSON", profile=IN_TURN)
    with pytest.raises(ModelOutputInvalid):
        await written_by(model)

    assert len(model.calls) == 3


REASKED: dict[str, tuple[BaseModel, BaseModel | str | ChatCompletion | Exception, BaseModel]] = {
    "better": (DOUBTFUL, GOOD, GOOD),
    "as doubtful": (DOUBTFUL, drafted(actor("Kestria"), target("naval base")), DOUBTFUL),
    "worse": (DOUBTFUL, WORSE, DOUBTFUL),
    "invalid": (DOUBTFUL, "no JSON", DOUBTFUL),
    "error": (DOUBTFUL, UpstreamUnavailable(), DOUBTFUL),
    "refused": (DOUBTFUL, saying(None, refusal="No."), DOUBTFUL),
}


@pytest.mark.parametrize(("first", "second", "kept"), REASKED.values(), ids=REASKED)
async def test_the_better_answer_is_kept(first: BaseModel, second: BaseModel | str | ChatCompletion | Exception, kept: BaseModel) -> None:
    """Quotes that are not in the text are asked for once more where the profile says so; the second answer counts only if it is better."""
    model = ScriptedModel(first, second)
    result = await written_by(model)
    added = content_of(model.calls[1].messages[-1])

    assert [one for _, one in result.drafts] == [kept]
    assert "- /actors/1/name: not_in_text" in added
    assert not any(secret in added for secret in SECRETS)


async def test_a_profile_may_leave_doubtful_quotes() -> None:
    """Where asking again is not worth its time, the first answer is kept."""
    script = [json.dumps({section: DOUBTFUL.model_dump(mode="json")[section]}) for section in Section]
    model = ScriptedModel(*script, profile=IN_TURN)
    result = await written_by(model)

    assert result.calls == 5


async def test_few_faults_are_named() -> None:
    """However many faults, a re-ask names ten."""
    model = ScriptedModel(drafted(*(actor(f"Kestria {number}") for number in range(30))), GOOD)
    await written_by(model)

    assert content_of(model.calls[1].messages[-1]).count("not_in_text") == 10


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (UpstreamUnavailable(), UpstreamUnavailable),
        (saying(None, refusal="No."), ModelRefused),
        (saying('{"act', "length"), ModelOutputTruncated),
    ],
)
async def test_a_failure_is_not_asked_again(said: ChatCompletion | Exception, error: type[ModelError]) -> None:
    """What is no answer at all is the model's own error, at once."""
    model = ScriptedModel(said, GOOD)
    with pytest.raises(error):
        await written_by(model)

    assert len(model.calls) == 1


async def test_an_error_after_an_invalid_answer_is_told() -> None:
    """With no first answer to keep, the error of the re-ask is the error."""
    with pytest.raises(UpstreamUnavailable):
        await written_by(ScriptedModel("no JSON", UpstreamUnavailable()))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"actors":[["Valmer","state"],["Kest', "answer_cut_off"),
        ('{"actors":[["Valmer","state"],["Valmer","state"],["V', "repetition_cut"),
    ],
)
async def test_e04_e07_a_cut_answer_is_read_and_warned_of(content: str, code: str) -> None:
    """What was whole before a cut is kept, and a warning names the list that may lack its end."""
    model = ScriptedModel(saying(content, "length"), profile=ROWS)
    result = await written_by(model, sections=[Section.ACTORS])

    assert {one.name for _, answer in result.drafts for one in getattr(answer, "actors")} == {"Valmer"}  # noqa: B009 - the draft is of one section
    assert [warning.code for warning in result.warnings] == [code]
    assert "of actors," in result.warnings[0].detail
    assert "Valmer" not in result.warnings[0].detail


async def test_more_than_one_answer_holds_is_warned_of() -> None:
    """Where a piece states more than an answer has rows for, the first are asked for, and a warning names the list that lacks the others."""
    cap = ROWS.row_caps["threats"]
    text = " ".join(f"Valmer will strike the {number}th naval base." for number in range(4, 5 + cap))
    result = await written_by(ScriptedModel('{"threats":[]}', profile=ROWS), text, sections=[Section.THREATS])

    assert [warning.code for warning in result.warnings] == ["entries_left_out"]
    assert "of threats," in result.warnings[0].detail


async def test_e04_a_cut_answer_for_all_is_read() -> None:
    """The lists that a cut left out are empty, and each is warned of."""
    content = GOOD.model_dump_json()
    model = ScriptedModel(*[saying(content[: content.index('"timelines"') + 14], "length")] * 2)
    result = await written_by(model)

    assert [one for _, one in result.drafts] == [GOOD]
    assert "answer_cut_off" in {warning.code for warning in result.warnings}


@pytest.mark.parametrize("usage", [None, (-5, -1, -7)])
async def test_odd_usage_counts_as_nothing(usage: tuple[int, int, int] | None) -> None:
    """An endpoint that reports no usage, or a negative one, costs the answer nothing."""
    result = await written_by(ScriptedModel(saying(GOOD.model_dump_json(), usage=usage)))

    assert (result.usage.prompt_tokens, result.usage.cached_tokens, result.usage.completion_tokens) == (0, 0, 0)


async def test_an_answer_that_was_of_no_use_is_counted() -> None:
    """The record's tokens are the sum of the answer that did not fit and of the one that did, as is their price."""
    spending = Spending(lambda counts: Decimal(counts.prompt - counts.cached) / 1_000)
    content = GOOD.model_dump_json()
    model = ScriptedModel(saying("no JSON", usage=(10, 4, 5)), saying(content, usage=(30, 20, 7)))
    result = await draft(replace(task_of(model), spending=spending))

    assert (result.calls, result.usage) == (2, Usage(prompt_tokens=40, cached_tokens=24, completion_tokens=12, cost_usd=0.016))


async def test_a_truncated_answer_and_a_good_one_are_counted() -> None:
    """The answer about one piece that was cut off and the whole one about the next are summed."""
    content = GOOD.model_dump_json()
    cut = saying(content[: content.index('"timelines"') + 14], "length", usage=(10, 4, 5))
    model = ScriptedModel(cut, saying(content, usage=(30, 20, 7)))
    result = await written_by(model, "Valmer will strike the base.\n\nIt would strike the naval base.", chunk_chars=40, find_faults=no_faults)

    assert (result.calls, result.usage) == (2, Usage(prompt_tokens=40, cached_tokens=24, completion_tokens=12, cost_usd=None))


@pytest.mark.parametrize(
    "said",
    [saying("[", "length"), saying(""), saying(None, refusal="no"), saying("", "content_filter"), saying("no JSON")],
    ids=["truncated", "empty", "refused", "filtered", "no JSON"],
)
async def test_the_answers_of_a_failed_article_are_counted(said: ChatCompletion) -> None:
    """Where no record comes of it, whoever counts has heard of each answer, once."""
    heard: list[int] = []
    model = ScriptedModel(said, said)
    with pytest.raises(ModelError):
        await draft(replace(task_of(model), spending=Spending(used=lambda counts, _usd: heard.append(counts.prompt))))

    assert heard == [10] * len(model.calls)


async def test_a_time_is_asked_for_where_there_is_one() -> None:
    """The words that tell a time are in the grammar of the list of times."""
    model = ScriptedModel('{"timelines":[["on Tuesday","past","a warning"]]}', profile=ROWS)
    result = await written_by(model, sections=[Section.TIMELINES])

    assert result.drafts[0][1].model_dump(mode="json") == {"timelines": [timeline("on Tuesday", direction="past", event="a warning").model_dump(mode="json")]}
    assert "Tuesday" in model.calls[0].shape["grammar"]
