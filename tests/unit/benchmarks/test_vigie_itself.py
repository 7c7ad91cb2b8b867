"""Vigie in the comparison is Vigie, and only counted."""

from openai.types import CompletionUsage

from benchmarks.quality.vigie_itself import CountedModel, Vigie
from service.errors import ModelUnavailable
from service.models.replies import completion_of
from service.settings import Settings
from service.testing.entries import actor, drafted
from tests.unit.evaluation.evaluation_parts import gold
from tests.unit.extraction.extraction_parts import ScriptedModel

ARTICLE = gold("Kestria will help Belmark.")
USAGE = CompletionUsage.model_validate({"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, "prompt_tokens_details": {"cached_tokens": 60}})


async def test_what_the_record_says_is_the_answer() -> None:
    """Entries are those of the record; calls and tokens are those of the model."""
    said = completion_of({"content": drafted(actor("Kestria")).model_dump_json()}, "stop", usage=USAGE, model="m")
    reader = Vigie(CountedModel(ScriptedModel(said, said)), Settings())

    answers = [await reader.read(ARTICLE), await reader.read(ARTICLE)]

    for told in answers:
        assert [one.names for one in told.reading.actors] == [("Kestria",)]
        assert (told.cost.calls, told.cost.prompt_tokens, told.cost.cached_tokens, told.cost.completion_tokens) == (1, 100, 60, 20)
        assert (told.cut_off, told.failure) == (0, None)
        assert told.cost.seconds > 0


async def test_answers_that_were_cut_off_are_counted() -> None:
    """Whoever cut them off."""
    said = completion_of({"content": drafted(actor("Kestria")).model_dump_json()[:-2]}, "length", usage=None, model="m")

    told = await Vigie(CountedModel(ScriptedModel(said, said, said)), Settings()).read(ARTICLE)

    assert told.cut_off == told.cost.calls > 0


async def test_a_failure_is_an_answer() -> None:
    """An article that cannot be read was read and found empty."""
    told = await Vigie(CountedModel(ScriptedModel(ModelUnavailable())), Settings()).read(ARTICLE)

    assert (told.failure, told.reading.actors) == ("model-unavailable", ())
