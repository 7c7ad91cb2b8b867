"""The way of an article, from end to end, with a model that is scripted."""

import asyncio

import pytest

from schemas.article import Article
from schemas.record import Record
from schemas.vocabulary import Section
from service.errors import ArticleTooLong, DeadlineExceeded, ModelLoading, UnusableArticle
from service.extraction.language import SERVED
from service.extraction.pipeline import Extractor
from service.models.base import Profile
from service.settings import Settings
from service.testing.entries import actor, drafted, target, threat
from tests.unit.extraction.extraction_parts import SENTENCES, ScriptedModel, SlowModel

TEXT = "Valmer will strike the naval base soon.\n\nKestria said nothing."
GOOD = drafted(actor("Valmer"), target("naval base", by="Valmer"), threat("Valmer will strike the naval base soon", by=["Valmer"]))


async def extracted(model: ScriptedModel, *, seconds: float = 5, settings: Settings | None = None, **facts: object) -> Record:
    """Return the record of an article that `model` reads."""
    article = Article.model_validate({"text": TEXT, **facts})
    return await Extractor(model, settings or Settings()).extract(article, deadline_at=asyncio.get_running_loop().time() + seconds)


async def test_an_article_in_a_record_out() -> None:
    """The record holds what the model wrote and code proved, and how it came about."""
    record = await extracted(ScriptedModel(GOOD))

    assert [one.name for one in record.actors] == ["Valmer"]
    assert (record.threats[0].targets, record.targets[0].by) == (["G1"], ["A1"])
    assert (record.extraction.model, record.extraction.prompt, record.extraction.calls, record.extraction.chunks) == ("scripted", "extract.v1", 1, 1)
    assert record.extraction.sections == [*Section]
    assert len(record.extraction.prompt_sha256) == 64


async def test_the_same_answer_gives_the_same_bytes() -> None:
    """Nothing in a record varies."""
    records = [await extracted(ScriptedModel(GOOD)) for _ in range(2)]

    assert records[0].model_dump_json() == records[1].model_dump_json()


async def test_only_the_wanted_sections_are_read() -> None:
    """The other lists come back empty, in whatever order they are named."""
    model = ScriptedModel(GOOD.model_dump_json(include={"actors", "threats"}))
    record = await extracted(model, options={"sections": (Section.THREATS, Section.ACTORS, Section.THREATS)})

    assert (len(record.actors), len(record.threats), record.targets) == (1, 1, [])
    assert record.extraction.sections == ["actors", "threats"]


def true_to(text: str, record: Record) -> bool:
    """Whether each evidence of `record` stands in `text` where it says, in code points."""
    lists = ([one.evidence for one in record.threats], [one.evidence for one in record.targets], [one.evidence for one in record.commitments])
    return all(text[one.start : one.end] == one.quote for evidences in lists for evidence in evidences for one in evidence)


@pytest.mark.parametrize("between", ["\x00", "\u00ad", "\u202e", "\U000e0041", "\U0001f680"], ids=["b04", "b10", "b12", "b11", "b06"])
async def test_odd_characters_move_no_offset(between: str) -> None:
    """Characters that are odd, before the words of the evidence and within them, stay in it, and offsets count them."""
    text = TEXT.replace(" ", f" {between}")
    record = await extracted(ScriptedModel(GOOD), text=text)

    assert record.threats[0].evidence[0].quote == text.partition(".")[0]
    assert true_to(text, record)
    assert record.article.characters == len(text)


async def test_b13_letters_that_look_alike_are_not_folded() -> None:
    """A name with a letter of another script is returned as it is written; the name that it looks like is not in the text."""
    disguised = "V\u0430lmer"
    said = drafted(actor(disguised), actor("Valmer"))
    record = await extracted(ScriptedModel(said, said), text=TEXT.replace("Valmer", disguised))

    assert [one.name for one in record.actors] == [disguised]
    assert [(one.reason, one.item["name"]) for one in record.rejected] == [("not_in_text", "Valmer")]


async def test_b14_markup_is_data() -> None:
    """Scripts, links and markup come back as they were written, and nothing of them is read as anything but text."""
    text = "<script>alert(1)</script> [Valmer](javascript:alert(1)) <b>will strike</b> the naval base soon &lt;/script&gt;."
    record = await extracted(ScriptedModel(drafted(threat("<b>will strike</b> the naval base soon"))), text=text)

    assert [one.evidence[0].quote for one in record.threats] == ["<b>will strike</b> the naval base soon"]
    assert true_to(text, record)


@pytest.mark.parametrize(
    "text",
    ["Defentsa ministroak esan zuen armadak ez duela mugatik alde egingo.", f"{SENTENCES['fr']} {SENTENCES['zh']} {SENTENCES['ar']}"],
    ids=["b17-unserved", "b17-mixed"],
)
async def test_any_language_is_read(text: str) -> None:
    """A text in a language that is not served, or in several, makes a record, which tells a language."""
    record = await extracted(ScriptedModel(drafted()), text=text)

    assert record.article.language in {*SERVED, "und"}


@pytest.mark.parametrize(("profile_chars", "setting_chars"), [(600, 24_000), (24_000, 600)])
async def test_the_shorter_chunk_counts(profile_chars: int, setting_chars: int) -> None:
    """A text is cut at the lesser of what the model and the setting allow."""
    profile = Profile(chunk_chars=profile_chars, section_by_section=False, max_completion_tokens=9, reask_quotes=False)
    model = ScriptedModel(drafted(), drafted(), profile=profile)
    record = await extracted(model, settings=Settings(chunk_chars=setting_chars), text="La flotte part. " * 30 + "\n\n" + "La flotte reste. " * 30)

    assert (record.extraction.chunks, len(model.calls)) == (2, 2)


@pytest.mark.parametrize(("text", "error"), [("…", UnusableArticle), ("a" * 200_001, ArticleTooLong)])
async def test_b01_b02_an_unusable_article_costs_no_call(text: str, error: type[Exception]) -> None:
    """What cannot be read is refused before the model is asked."""
    model = ScriptedModel()
    with pytest.raises(error):
        await extracted(model, text=text)

    assert model.calls == []


async def test_a_model_that_is_not_ready_is_not_asked() -> None:
    """Why it is not is told at once."""

    class Loading(ScriptedModel):
        async def check(self) -> None:
            raise ModelLoading

    model = Loading()
    with pytest.raises(ModelLoading):
        await extracted(model)

    assert model.calls == []


@pytest.mark.parametrize("seconds", [0.05, 0, -1])
async def test_the_deadline_ends_the_call(seconds: float) -> None:
    """When the deadline passes, the call that is under way is cancelled."""
    model = SlowModel()
    with pytest.raises(DeadlineExceeded):
        await extracted(model, seconds=seconds)

    assert model.waiting == 0
    assert model.cancelled == (1 if seconds > 0 else model.cancelled)


async def test_a_caller_who_leaves_ends_the_call() -> None:
    """Cancelling the reading cancels the call, and is no deadline."""
    model = SlowModel()
    reading = asyncio.create_task(extracted(model))
    await model.asked.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert (model.waiting, model.cancelled) == (0, 1)
