"""How far a reading is, as it is told to whoever waits."""

import asyncio
from dataclasses import astuple

from schemas.article import Article
from schemas.vocabulary import Section
from service.extraction.pipeline import Extractor
from service.extraction.progress import Progress
from service.models.base import Profile
from service.settings import Settings
from service.testing.entries import drafted
from tests.unit.extraction.extraction_parts import ScriptedModel

TEXT = "La flotte part. " * 30 + "\n\n" + "La flotte reste. " * 30


async def steps_of(model: ScriptedModel, *sections: Section) -> list[Progress]:
    """Return what is told while `model` reads two pieces."""
    steps: list[Progress] = []
    article = Article.model_validate({"text": TEXT, "options": {"sections": sections}})
    await Extractor(model, Settings()).extract(article, deadline_at=asyncio.get_running_loop().time() + 5, tell=steps.append)
    return steps


async def test_each_question_is_told_before_it_is_asked() -> None:
    """Who waits learns which piece is read, what is asked of it, and how much is left; the end is told too."""
    profile = Profile(chunk_chars=600, section_by_section=True, max_completion_tokens=9, reask_quotes=False)
    empty = ['{"actors": []}', '{"threats": []}']
    steps = await steps_of(ScriptedModel(*empty, *empty, profile=profile), Section.ACTORS, Section.THREATS)

    actors, threats = (Section.ACTORS,), (Section.THREATS,)
    assert [astuple(step) for step in steps] == [(0, 2, 0, 4, actors), (0, 2, 1, 4, threats), (1, 2, 2, 4, actors), (1, 2, 3, 4, threats), (2, 2, 4, 4, ())]


async def test_sections_that_are_asked_for_together_are_told_together() -> None:
    """Where one question asks for everything, there is one step a piece."""
    profile = Profile(chunk_chars=600, section_by_section=False, max_completion_tokens=9, reask_quotes=False)
    steps = await steps_of(ScriptedModel(drafted(), drafted(), profile=profile), *Section)

    assert [astuple(step) for step in steps] == [(0, 2, 0, 2, tuple(Section)), (1, 2, 1, 2, tuple(Section)), (2, 2, 2, 2, ())]
