"""The same articles are read by all, in turns, and what has been read is kept."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from benchmarks.quality.answers import Answer
from benchmarks.quality.compare import WARM_UP, Keeper, Order, compare, read, turns
from service.errors import SetupError
from service.evaluation.gold import GoldArticle
from service.settings import Settings
from tests.unit.benchmarks.comparing_parts import ARTICLES, good

READERS = ("instructor", "langextract", "vigie")


class Script:
    """Readers that note what happens to them; the one that is called `dies` breaks at that article."""

    def __init__(self, dies: GoldArticle | None = None) -> None:
        """Begin with nothing noted."""
        self.seen: list[tuple[str, str]] = []
        self.dies = dies

    def opened(self, called: str) -> AbstractAsyncContextManager["ScriptedReader"]:
        """Return a reader."""

        @asynccontextmanager
        async def made() -> AsyncIterator[ScriptedReader]:
            yield ScriptedReader(called, self)
            self.seen.append((called, "closed"))

        return made()

    def begin(self, line: str) -> None:
        """Be told what begins."""

    def step(self, line: str) -> None:
        """Be told what is done."""
        self.seen.append(("shown", line))


class ScriptedReader:
    """One of them."""

    def __init__(self, called: str, script: Script) -> None:
        """Note in `script`."""
        self.called, self.script = called, script

    async def read(self, article: GoldArticle) -> Answer:
        """Find all."""
        if article is self.script.dies:
            raise SetupError("The engine has ended.")
        self.script.seen.append((self.called, article.name))
        return good(article)


def test_each_article_is_read_by_all_and_each_comes_first_in_turn() -> None:
    """Whoever is first finds the machine as the last article left it: nobody always is."""
    told = turns(READERS, [*ARTICLES, WARM_UP])

    assert [reader for reader, _ in told] == [*READERS, "langextract", "vigie", "instructor", "vigie", "instructor", "langextract"]
    assert [article.name for _, article in told] == ["en-a"] * 3 + ["en-b"] * 3 + ["en-warm-up"] * 3


async def test_readers_are_warm_before_anything_counts() -> None:
    """Each reads a text that nobody scores, then the articles in turns; at the end all are closed."""
    script, kept = Script(), list[tuple[str, str]]()

    def keep(reader: str, article: GoldArticle, _answer: Answer) -> None:
        kept.append((reader, article.name))

    await read([("vigie", ARTICLES[0]), ("instructor", ARTICLES[0])], script.opened, keep, script)

    assert kept == [("vigie", "en-a"), ("instructor", "en-a")]
    assert [seen for seen in script.seen if seen[0] != "shown"] == [
        ("vigie", "en-warm-up"),
        ("instructor", "en-warm-up"),
        ("vigie", "en-a"),
        ("instructor", "en-a"),
        ("instructor", "closed"),
        ("vigie", "closed"),
    ]
    assert ("shown", "reporting/en-a, Vigie, 12.0 s") in script.seen


async def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    """What was read before an engine ended is kept, and is not read again."""
    keeper = Keeper(tmp_path / "answers.ndjson", dict.fromkeys(READERS, "setting"), run=1)
    order = turns(READERS, ARTICLES)
    with pytest.raises(SetupError):
        await read(order, Script(dies=ARTICLES[1]).opened, keeper.keep, Script())

    known = keeper.known(ARTICLES)

    assert [turn for turn in order if turn not in known] == order[3:]
    assert [kept.answer for kept in known.values()] == [good(ARTICLES[0])] * 3
    assert Keeper(keeper.path, dict.fromkeys(READERS, "other setting"), run=2).known(ARTICLES) == {}


def test_another_model_is_not_compared() -> None:
    """The weights are those of the embedded model."""
    with pytest.raises(SetupError):
        compare(Settings(model="other", openai_base_url="http://engine.test/v1"), Order(("tuning",), (), READERS, anew=False))


@pytest.mark.parametrize(
    ("order", "whole"),
    [
        (Order(("reporting",), (), READERS, anew=False), True),
        (Order(("tuning", "reporting"), (), READERS, anew=False), False),
        (Order(("reporting",), ("en-a",), READERS, anew=False), False),
        (Order(("reporting",), (), READERS[:2], anew=False), False),
    ],
)
def test_the_page_is_that_of_the_whole_reporting_half(order: Order, *, whole: bool) -> None:
    """A part of the comparison writes no page."""
    assert order.is_whole is whole
