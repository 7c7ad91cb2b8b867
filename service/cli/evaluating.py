"""`vigie eval`: how well the configured model reads the gold articles."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.cli.proceeding import March, proceeding
from service.cli.readying import fetch_weights, ready, until_terminated
from service.cli.scoreboard import scoreboard
from service.cli.terminal import put, say
from service.errors import SetupError
from service.evaluation import floors, gold
from service.evaluation.gold import HALVES, GoldArticle
from service.evaluation.outcome import Outcome
from service.evaluation.report import report
from service.evaluation.results import Results, results_of
from service.evaluation.running import Extracts, run
from service.evaluation.scoring import score
from service.extraction.pipeline import Extractor, shared_prefix
from service.models.base import Model
from service.models.choosing import model_of
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Order:
    """What the command was asked for."""

    folder: Path
    halves: tuple[str, ...]
    #: Names of articles; all, if there are none.
    only: tuple[str, ...]
    out: Path
    floors: Path
    check: bool
    update: bool
    report: bool

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Order":
        """Return what the command line asks for."""
        return cls(
            arguments.gold,
            HALVES if arguments.half == "all" else (arguments.half,),
            tuple(arguments.only),
            arguments.out,
            arguments.floors,
            arguments.check,
            arguments.update,
            not arguments.no_report,
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `vigie eval` takes."""
    parser.add_argument("--gold", type=Path, default=Path("benchmarks/gold"), metavar="DIR", help="the gold articles (default: %(default)s)")
    parser.add_argument("--half", choices=[*HALVES, "all"], default="all", help="which of them (default: %(default)s)")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="of these, the articles of these names")
    parser.add_argument("--out", type=Path, default=Path("build/eval"), metavar="DIR", help="where results.json and report.html go (default: %(default)s)")
    parser.add_argument("--no-report", action="store_true", help="write no report.html")
    parser.add_argument("--floors", type=Path, default=Path("benchmarks/floors.json"), metavar="FILE", help="the floors (default: %(default)s)")
    floor = parser.add_mutually_exclusive_group()
    floor.add_argument("--check", action="store_true", help="end with 1 if a figure is below its floor")
    floor.add_argument("--update", action="store_true", help="raise the floors to the figures that are better")


def evaluate(settings: Settings, order: Order) -> bool:
    """Print how well the gold is read, write the results and the report; return whether no figure is below a floor that was to be checked.

    Raises:
        SetupError: There is no such gold, no floor to check, or the configuration does not work.
        VigieError: The model cannot be had, or no article at all could be read.
    """
    articles = _chosen(order)
    model = model_of(settings, prefix=shared_prefix)
    least = floors.load(order.floors)
    if order.check:
        for half in dict.fromkeys(article.half for article in articles):
            floors.floor_of(model.name, half, gold.digest([article for article in articles if article.half == half]), least)
    write = _writer(order.out)
    if settings.asks_embedded:
        fetch_weights(settings, quiet=False)
    with proceeding(len(articles)) as shown:
        outcomes = asyncio.run(until_terminated(_read(articles, model, Extractor(model, settings), settings.max_deadline_s, shown)))
    scores = [score(one.article, one.reading) for one in outcomes]
    results = results_of(outcomes, scores, model.name)
    write("results.json", results.model_dump_json(indent=2) + "\n")
    if order.report:
        write("report.html", report(results, outcomes, scores))
    put(scoreboard(results))
    if order.update:
        _update(results, least, order.floors)
    breaches = floors.check(results, least) if order.check else []
    for breach in breaches:
        say(f"{breach}.")
    return not breaches


def _chosen(order: Order) -> list[GoldArticle]:
    """Return the articles that are to be read.

    Raises:
        SetupError: There are none, or not all that are named.
    """
    if order.only and (order.check or order.update):
        raise SetupError("--only: floors are those of a whole half.")
    articles = gold.load(order.folder, order.halves)
    missing = {*order.only} - {article.name for article in articles}
    if missing:
        raise SetupError(f"There is no gold article {', '.join(sorted(missing))}.")
    return [article for article in articles if not order.only or article.name in order.only]


async def _read(articles: Sequence[GoldArticle], model: Model, extractor: Extracts, deadline_s: float, shown: March) -> list[Outcome]:
    """Return what came of the articles, once `model` is loaded."""

    def tell(one: Outcome) -> None:
        shown.step(f"{one.article.half}/{one.article.name}, {f'failed: {one.failure}' if one.failure else f'{one.cost.seconds:.1f} s'}")

    try:
        await ready(model, shown.begin)
        shown.begin(f"reading with {model.name}")
        return await run(articles, extractor, deadline_s, tell)
    finally:
        await model.close()


def _writer(folder: Path) -> Callable[[str, str], None]:
    """Return what writes a file into `folder`, which it makes.

    Raises:
        SetupError: It cannot be made; and later, the file cannot be written.
    """

    def write(name: str, content: str) -> None:
        try:
            (folder / name).write_bytes(content.encode())
        except OSError as error:
            raise SetupError(f"{folder / name} cannot be written: {error.strerror}.") from None

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"{folder} cannot be made: {error.strerror}.") from None
    return write


def _update(results: Results, least: floors.Floors, path: Path) -> None:
    """Raise the floors in the file at `path`, and say which are new."""
    higher, anew = floors.raised(results, least)
    floors.save(higher, path)
    for half in anew:
        say(f"{half}: floors set anew; there were none for this model and this gold.")
