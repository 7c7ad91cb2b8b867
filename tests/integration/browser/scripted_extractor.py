"""An extractor that finds what a test says, when the test says so."""

import asyncio
from dataclasses import dataclass
from enum import Enum

from schemas.article import Article
from schemas.record import Record
from schemas.vocabulary import Section
from service.extraction.progress import Forgotten, Found, Hear, Progress, Tell, nobody
from service.extraction.provisional import entries_of
from tests.unit.service_parts import FakeExtractor


class Pause(Enum):
    """Where a reading waits until the test lets it go on."""

    HERE = 0


Told = Progress | Found | Forgotten | Pause


@dataclass(frozen=True, slots=True)
class Reading:
    """What is told of a reading, and how it ends."""

    ends: Record | Exception
    told: tuple[Told, ...] = ()


def told_of(record: Record, *, pauses_after: int | None = None) -> tuple[Told, ...]:
    """Return what a reading tells that ends with `record`: how far it is, and each entry. After so many entries it pauses."""
    found: list[Told] = [Found(section, entry) for section, _, entry in entries_of(record)]
    if pauses_after is not None:
        found.insert(pauses_after, Pause.HERE)
    return (Progress(0, 1, 0, 2, tuple(Section)), *found, Progress(1, 1, 2, 2, ()))


class ScriptedExtractor(FakeExtractor):
    """An extractor that goes through its readings, one an article; whatever comes after the last is read like it."""

    def __init__(self, *readings: Reading) -> None:
        """Begin with the first."""
        super().__init__()
        self._readings = readings
        self._turn = asyncio.Semaphore(0)

    def go_on(self) -> None:
        """End one pause, now or when it comes."""
        self._turn.release()

    async def extract(  # type: ignore[override]  # `hear` is among what the other leaves unread
        self, article: Article, *, deadline_at: float, tell: Tell = nobody, hear: Hear | None = None, **_how: object
    ) -> Record:
        """Tell what the reading tells, then end as it ends."""
        self.articles.append(article)
        self.begun.set()
        reading = self._readings[min(len(self.articles), len(self._readings)) - 1]
        try:
            for told in reading.told:
                await self._tell(told, tell, hear)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        if isinstance(reading.ends, Exception):
            raise reading.ends
        return reading.ends

    async def _tell(self, told: Told, tell: Tell, hear: Hear | None) -> None:
        """Tell one thing, or pause."""
        await asyncio.sleep(0)
        if isinstance(told, Pause):
            await self._turn.acquire()
        elif isinstance(told, Progress):
            tell(told)
        elif hear is not None:
            hear(told)


def reads(record: Record, *, pauses_after: int | None = None) -> ScriptedExtractor:
    """Return an extractor that finds what `record` holds, one entry after the other."""
    return ScriptedExtractor(Reading(record, told_of(record, pauses_after=pauses_after)))
