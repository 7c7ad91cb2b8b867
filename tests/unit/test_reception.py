"""The way of articles from all callers to the extractor."""

import asyncio

import pytest

from schemas.article import Article, Options
from schemas.record import Record
from schemas.vocabulary import Section
from service.errors import DeadlineExceeded, Draining, Overloaded
from service.extraction.progress import Tell, nobody
from service.reception import Reception
from service.resilience.admission import Admission
from service.resilience.ending import Ending
from tests.unit.service_parts import record_of


class Extractor:
    """Reads each article for a while."""

    def __init__(self, seconds: float = 0.02) -> None:
        """Read for so many seconds."""
        self.seconds, self.read, self.most, self.inside, self.cancelled = seconds, list[str](), 0, 0, 0

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **_how: object) -> Record:
        """Read `article`."""
        self.read.append(article.text)
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.inside -= 1
        return record_of(article)


def reception(extractor: Extractor, *, slots: int = 1, ending: Ending | None = None) -> Reception:
    """Return a reception with so many slots."""
    return Reception(extractor, Admission(slots), ending or Ending())


def soon(seconds: float = 5) -> float:
    """Return the time in so many seconds."""
    return asyncio.get_running_loop().time() + seconds


async def test_only_so_many_are_read_at_once() -> None:
    """The others wait, and are read in the end."""
    extractor = Extractor()
    desk = reception(extractor, slots=2)
    await asyncio.gather(*(desk.extract(Article(text=f"Article {number}."), "caller", deadline_at=soon()) for number in range(5)))

    assert (len(extractor.read), extractor.most) == (5, 2)


async def test_the_same_article_is_read_once_before_anyone_waits() -> None:
    """However many ask for the same at the same time, one turn is taken, and all but one are told so; patience is no difference."""
    extractor = Extractor()
    desk = reception(extractor)
    articles = [Article(text="The same.", options=Options(deadline_s=seconds)) for seconds in (None, 3.0, 4.0)]
    received = await asyncio.gather(*(desk.extract(article, "caller", deadline_at=soon()) for article in articles))

    assert extractor.read == ["The same."]
    assert [one.cache for one in received] == [None, "shared", "shared"]
    assert len({one.answer.body for one in received}) == 1


@pytest.mark.parametrize("other", [Article(text="The same.", published="2027"), Article(text="The same.", options=Options(sections=(Section.ACTORS,)))])
async def test_what_differs_in_anything_else_is_another(other: Article) -> None:
    """Another date or other lists make another record."""
    extractor = Extractor()
    desk = reception(extractor, slots=2)
    await asyncio.gather(desk.extract(Article(text="The same."), "caller", deadline_at=soon()), desk.extract(other, "caller", deadline_at=soon()))

    assert len(extractor.read) == 2


async def test_j09_what_others_have_read_is_not_told() -> None:
    """The same article of another caller is read anew: nobody learns by an answer that somebody else asked."""
    extractor = Extractor()
    desk = reception(extractor, slots=2)
    received = await asyncio.gather(*(desk.extract(Article(text="The same."), caller, deadline_at=soon()) for caller in ("one", "another")))

    assert len(extractor.read) == 2
    assert [one.cache for one in received] == [None, None]


async def test_f05_g6_a_deadline_that_passes_in_the_queue_costs_nothing() -> None:
    """It is told as what it is, and the article is never read."""
    extractor = Extractor(0.2)
    desk = reception(extractor)
    first = asyncio.create_task(desk.extract(Article(text="First."), "caller", deadline_at=soon()))
    await asyncio.sleep(0)
    deadline_at = soon(0.05)
    with pytest.raises(DeadlineExceeded):
        await desk.extract(Article(text="Second."), "caller", deadline_at=deadline_at)
    assert asyncio.get_running_loop().time() <= deadline_at + 0.25
    await first

    assert extractor.read == ["First."]


async def test_f03_f04_what_cannot_be_read_in_time_is_refused() -> None:
    """Once it is known how long a reading takes, nobody waits for what cannot come in time."""
    extractor = Extractor(0.2)
    desk = reception(extractor)
    await desk.extract(Article(text="Known."), "caller", deadline_at=soon())
    first = asyncio.create_task(desk.extract(Article(text="First."), "caller", deadline_at=soon()))
    await asyncio.sleep(0.01)
    with pytest.raises(Overloaded):
        await desk.extract(Article(text="Second."), "caller", deadline_at=soon(0.1))
    await first

    assert extractor.read == ["Known.", "First."]


async def test_f06_g6_a_deadline_ends_the_reading() -> None:
    """What is under way when the deadline passes is cancelled, and its turn is free."""
    extractor = Extractor(60)
    desk = reception(extractor)
    deadline_at = soon(0.02)
    with pytest.raises(DeadlineExceeded):
        await desk.extract(Article(text="Long."), "caller", deadline_at=deadline_at)
    assert asyncio.get_running_loop().time() <= deadline_at + 0.25
    extractor.seconds = 0

    assert extractor.cancelled == 1
    assert (await desk.extract(Article(text="Short."), "caller", deadline_at=soon())).cache is None


async def test_k03_a_hurried_end() -> None:
    """Whoever is being read for when there is no time left is told so, and the reading ends."""
    extractor, ending = Extractor(60), Ending()
    reading = asyncio.create_task(reception(extractor, ending=ending).extract(Article(text="Long."), "caller", deadline_at=soon()))
    await asyncio.sleep(0.01)
    ending.hurry()

    with pytest.raises(Draining):
        await reading
    assert extractor.cancelled == 1
