"""Articles read one after another."""

import asyncio

import pytest

from schemas.article import Article
from schemas.record import Record
from service.errors import DeadlineExceeded, VigieError
from service.evaluation.outcome import Cost, Outcome, total
from service.evaluation.reading import Reading
from service.evaluation.running import run
from tests.unit.evaluation.evaluation_parts import gold
from tests.unit.service_parts import record_of

ARTICLES = [gold(text, name=f"en-{text}") for text in "abc"]


class Reader:
    """An extractor that fails at some texts."""

    def __init__(self, *failing: str) -> None:
        """Fail at `failing`."""
        self.failing, self.seconds = failing, list[float]()

    async def extract(self, article: Article, *, deadline_at: float) -> Record:
        """Do as told."""
        self.seconds.append(deadline_at - asyncio.get_running_loop().time())
        if article.text in self.failing:
            raise DeadlineExceeded
        return record_of(article)


async def outcomes(reader: Reader) -> tuple[list[Outcome], list[Outcome]]:
    """Return what came of the articles, and what was told meanwhile."""
    told: list[Outcome] = []
    return await run(ARTICLES, reader, 7.0, told.append), told


async def test_one_failure_does_not_stop_the_others() -> None:
    """What fails is kept by its code, as an article in which nothing was found."""
    done, told = await outcomes(Reader("b"))

    assert [(one.article.name, one.failure) for one in done] == [("en-a", None), ("en-b", "deadline-exceeded"), ("en-c", None)]
    assert (done, done[1].reading) == (told, Reading())


async def test_costs_are_kept() -> None:
    """Calls and tokens are those of the record, seconds those of the clock, and each article has the whole deadline."""
    reader = Reader()
    done, _ = await outcomes(reader)

    cost = total(one.cost for one in done)
    assert (cost.calls, cost.prompt_tokens, cost.cached_tokens, cost.completion_tokens) == (6, 33, 9, 21)
    assert 0 < cost.seconds < 5
    assert reader.seconds == [pytest.approx(7, abs=1)] * 3
    assert total([]) == Cost()


async def test_no_article_at_all_is_a_failure() -> None:
    """Where nothing could be read there is nothing to tell but why."""
    with pytest.raises(VigieError) as fault:
        await outcomes(Reader("a", "b", "c"))

    assert fault.value.code == "deadline-exceeded"
