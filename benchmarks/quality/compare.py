"""Read the same gold articles with the same weights by Instructor alone, by langextract and by Vigie, and score all by the same rules.

Each reader has an engine of its own, in which it finds what it left there, as where it is alone; only one of them has work at a time. Article after article
is read by each of them, in an order that rotates, so that whatever else the machine does is shared.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.quality import keeping
from benchmarks.quality.answers import Answer, Reader
from benchmarks.quality.engine import Endpoint, engine
from benchmarks.quality.hosted import Hosted, hosted
from benchmarks.quality.instructor_alone import instructor_at
from benchmarks.quality.keeping import Kept
from benchmarks.quality.langextract_reader import langextract_at, langextract_version
from benchmarks.quality.report import lines, page
from benchmarks.quality.results import OURS, READERS, Conditions, results_of
from benchmarks.quality.vigie_itself import vigie
from service import __version__
from service.cli.proceeding import March, proceeding
from service.cli.readying import fetch_weights, until_terminated
from service.cli.terminal import put, say
from service.errors import SetupError
from service.evaluation import gold
from service.evaluation.gold import Annotation, GoldArticle, GoldFacts
from service.models.engine import available_cores
from service.models.weights import PINNED, weights_path
from service.settings import Settings

GOLD = Path("benchmarks/gold")
OUT = Path("build/bench-quality")
#: Written only by a run over the whole reporting half with all readers.
PAGE = Path("docs/benchmarks/quality.md")

#: Read by each before anything counts, so that its instructions are in its engine.
WARM_UP = GoldArticle(
    "warm-up",
    "en-warm-up",
    "Kestria threatened on Thursday to shell the naval base at Port Hale. Belmark promised help.\n",
    Annotation(article=GoldFacts(kind="dispatch", published="2027-03-11")),
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    halves: tuple[str, ...]
    #: Names of articles; all, if there are none.
    only: tuple[str, ...]
    readers: tuple[str, ...]
    #: Whether answers of an earlier run are asked for again.
    anew: bool

    @property
    def is_whole(self) -> bool:
        """Whether it is the comparison that the page tells."""
        return self.halves == ("reporting",) and not self.only and self.readers == tuple(READERS)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where answers are kept, and what those of today hang on."""

    path: Path
    #: Of each reader, the digest of all that its answers hang on beside the article.
    settings: Mapping[str, str]
    #: When this run began, in seconds since 1970.
    run: int

    def known(self, articles: Sequence[GoldArticle]) -> dict[tuple[str, GoldArticle], Kept]:
        """Return the answers that still hold, by reader and article."""
        wanted = {(reader, keeping.digest_of(setting, article)): article for reader, setting in self.settings.items() for article in articles}
        return {(kept.reader, article): kept for kept in keeping.load(self.path) if (article := wanted.get((kept.reader, kept.digest)))}

    def keep(self, reader: str, article: GoldArticle, answer: Answer) -> None:
        """Keep an answer."""
        digest = keeping.digest_of(self.settings[reader], article)
        keeping.append(Kept(reader, article.half, article.name, digest, self.run, answer), self.path)


def compare(settings: Settings, order: Order) -> None:
    """Read what has not been read yet, print the figures, and write the results and the page.

    Raises:
        SetupError: There is no such gold, or something that is needed is missing.
        ModelError: The model cannot be had.
    """
    if not settings.asks_embedded or settings.mode != "live":
        raise SetupError("All are compared with the embedded model: leave VIGIE_MODEL and VIGIE_MODE unset.")
    articles = _chosen(order)
    fetch_weights(settings, quiet=False)
    weights = weights_path(settings)
    with weights.open("rb") as file:
        weights_sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    OUT.mkdir(parents=True, exist_ok=True)
    keeper = Keeper(OUT / "answers.ndjson", {reader: keeping.setting_of(reader, weights_sha256) for reader in order.readers}, int(time.time()))
    if order.anew:
        keeper.path.unlink(missing_ok=True)
    known = keeper.known(articles)
    missing = [turn for turn in turns(order.readers, articles) if turn not in known]
    with proceeding(len(missing)) as shown:
        asyncio.run(until_terminated(read(missing, lambda reader: opened(reader, settings), keeper.keep, shown)))
    known = keeper.known(articles)
    conditions = Conditions(
        weights=_name_of(settings),
        weights_sha256=weights_sha256,
        cores=available_cores(),
        runs=len({kept.run for kept in known.values()}),
        versions={"instructor": version("instructor"), "langextract": langextract_version(), "vigie": __version__},
    )
    answers = {reader: [known[reader, article].answer for article in articles] for reader in order.readers}
    costs = asyncio.run(_hosted(articles, answers["langextract"], settings)) if "langextract" in answers else None
    compared = results_of(articles, answers, conditions, costs)
    (OUT / "results.json").write_text(compared.model_dump_json(indent=2) + "\n", encoding="utf-8")
    put(lines(compared))
    if order.is_whole:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(compared), encoding="utf-8")
        say(f"{PAGE} is written.")


def turns(readers: Sequence[str], articles: Sequence[GoldArticle]) -> list[tuple[str, GoldArticle]]:
    """Return who reads what, in which order: article after article, another reader first each time."""
    return [(readers[(first + place) % len(readers)], article) for first, article in enumerate(articles) for place in range(len(readers))]


async def read(
    missing: Sequence[tuple[str, GoldArticle]],
    reader_called: Callable[[str], AbstractAsyncContextManager[Reader]],
    keep: Callable[[str, GoldArticle, Answer], None],
    shown: March,
) -> None:
    """Read what is missing, one after the other, and `keep` each answer as soon as it is there.

    Raises:
        SetupError: A reader or its engine has ended.
    """
    async with AsyncExitStack() as stack:
        readers: dict[str, Reader] = {}
        for called in dict.fromkeys(called for called, _ in missing):
            shown.begin(f"making {READERS[called]} ready")
            readers[called] = await stack.enter_async_context(reader_called(called))
            await readers[called].read(WARM_UP)
        for called, article in missing:
            answer = await readers[called].read(article)
            keep(called, article, answer)
            failed = f", {answer.failure}" if answer.failure else ""
            shown.step(f"{article.half}/{article.name}, {READERS[called]}, {answer.cost.seconds:.1f} s{failed}")


@asynccontextmanager
async def opened(reader: str, settings: Settings) -> AsyncIterator[Reader]:
    """Yield the reader that is called so, with an engine of its own."""
    if reader == OURS:
        async with vigie(settings) as ours:
            yield ours
        return
    async with engine(weights_path(settings), _name_of(settings)) as endpoint, _OTHERS[reader](endpoint) as other:
        yield other


_OTHERS: Mapping[str, Callable[[Endpoint], AbstractAsyncContextManager[Reader]]] = {"instructor": instructor_at, "langextract": langextract_at}


async def _hosted(articles: Sequence[GoldArticle], langextract: Sequence[Answer], settings: Settings) -> Hosted:
    """Return what `articles` would cost a hosted model."""
    async with engine(weights_path(settings), _name_of(settings)) as endpoint:
        return await hosted(articles, langextract, settings, endpoint)


def _chosen(order: Order) -> list[GoldArticle]:
    """Return the articles that are to be read.

    Raises:
        SetupError: There are none, or not all that are named.
    """
    articles = gold.load(GOLD, order.halves)
    missing = {*order.only} - {article.name for article in articles}
    if missing:
        raise SetupError(f"There is no gold article {', '.join(sorted(missing))}.")
    return [article for article in articles if not order.only or article.name in order.only]


def _name_of(settings: Settings) -> str:
    """Return what the embedded model is called."""
    return settings.embedded_model.stem if settings.embedded_model else PINNED.name
