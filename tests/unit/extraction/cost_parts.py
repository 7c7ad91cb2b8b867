"""The parts that tests of cost share: news, scraps that make dear texts, drafts that are cut out of any text, and what the whole way of a text costs."""

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from openai.types.chat import ChatCompletion

from schemas.article import Article
from schemas.draft import Draft
from schemas.record import Record
from schemas.vocabulary import Section
from service.errors import VigieError
from service.extraction import forms
from service.extraction.pipeline import Extractor
from service.models.base import ModelCall, Profile
from service.settings import Settings
from service.testing.entries import actor, commitment, drafted, target, threat, timeline
from tests.unit.extraction.extraction_parts import ROWS, WHOLE, ScriptedModel, content_of, saying

SENTENCES = (
    "The Kestrian defence minister warned on Thursday that the navy would strike the base at Port Hale if the patrols do not end by Sunday. ",
    "Officials in Ormen, who asked not to be named, said that the government expected an attack within the next few days. ",
    "Belmark promised to send two air-defence batteries, and will not take part in any strike on Kestrian soil. ",
)
#: Scraps that make texts which are hard on one stage or another.
SCRAPS = (
    "a", "ab ", "1.", "threatened to strike the base, ", "not ", "if he said, ", "a\u0301\u0301\u0301", '"a" ', "军", "威胁攻击基地，", "هدد ", "A. ", "... a",
    "a … ", "Iran ", "1", "(a", "a,", "date 2024-04 ", "12 mars 2024 ", "selon des sources ", "le président américain Joe Biden ", "Long Form (LF) ", "co-",
    "ß", "\ufdfa", "«a ", "Ⅷ",
)  # fmt: skip
MAKERS = (actor, target, threat, timeline, commitment)


def news(characters: int) -> str:
    """Return ordinary news of so many characters."""
    return "".join(SENTENCES[number % 3] for number in range(characters // 100 + 1))[:characters]


def forty(text: str) -> Draft:
    """Return a draft of forty entries whose words are cut out of `text`, wherever that may be."""
    step = max(len(text) // 40, 1)
    cuts = [text[at : at + (12, 40, 90, 25)[number % 4]] for number, at in enumerate(range(0, len(text), step))][:40]
    return drafted(*(MAKERS[number % 5](words) for number, words in enumerate(cuts)))


class InstantModel(ScriptedModel):
    """A model that answers every call at once, with forty entries whose words are cut out of the text."""

    def __init__(self, text: str, profile: Profile = WHOLE) -> None:
        """Read `text`."""
        super().__init__(profile=profile)
        self._text = text

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Answer about the next part of the text."""
        self.calls.append(call)
        size = self.profile.chunk_chars
        draft = forty(self._text[(len(self.calls) - 1) * size % len(self._text) :][:size])
        if self.profile.rows is None:
            return saying(draft.model_dump_json())
        asked = content_of(call.messages[-1])
        section = next(section for section in reversed(Section) if f"{section}: [" in asked)
        return saying(forms.write(draft.model_dump(mode="json"), [section], self.profile.rows))


@dataclass(frozen=True, slots=True)
class Cost:
    """What the whole way of a text cost but for the model, and what came of it."""

    cpu_s: float
    #: The most of the processor's time that passed before the loop had its turn again: other work on the machine changes the clock's.
    stall_s: float
    #: The record, or the code of the problem.
    outcome: Record | str
    calls: int


def cost_of(text: str, profile: Profile = WHOLE) -> Cost:
    """Return what it costs to make the record of `text`; call it while the collector is `held_back`."""
    gc.freeze()
    return asyncio.run(_cost_of(text, profile))


@cache
def median_news(characters: int, *, embedded: bool = False) -> float:
    """Return the seconds of news of so many characters: the median of three readings."""
    return sorted(cost_of(news(characters), ROWS if embedded else WHOLE).cpu_s for _ in range(3))[1]


async def _cost_of(text: str, profile: Profile) -> Cost:
    gaps: list[float] = []
    model = InstantModel(text, profile)
    ticking = asyncio.create_task(_tick(gaps))
    await asyncio.sleep(0)
    began = time.process_time()
    outcome: Record | str
    try:
        deadline_at = asyncio.get_running_loop().time() + 600
        outcome = await Extractor(model, Settings()).extract(Article(text=text), deadline_at=deadline_at)
    except VigieError as error:
        outcome = error.code
    cpu_s = time.process_time() - began
    await asyncio.sleep(0.002)
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    return Cost(cpu_s, max(gaps), outcome, len(model.calls))


@contextmanager
def held_back() -> Iterator[None]:
    """Keep the collector away from what is there before each text, as `vigie serve` does when it starts: a test holds many times as much."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def _tick(gaps: list[float]) -> None:
    while True:
        began = time.process_time()
        await asyncio.sleep(0.001)
        gaps.append(time.process_time() - began)
