"""`vigie extract` of an archive: a folder or a file of articles in, a file of records out, which a further run goes on with."""

import argparse
import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemas.vocabulary import Section
from service.cli.archive import tabulating
from service.cli.archive.articles import OF_ARTICLES, Archive, Item, archive_at
from service.cli.archive.keeping import Kept, keeping
from service.cli.archive.pace import Pace, Shown, pacing
from service.cli.archive.reading import Reader, Reading
from service.cli.extracting import FACTS
from service.cli.readying import fetch_weights, ready, until_terminated
from service.cli.terminal import say
from service.errors import SetupError
from service.extraction.pipeline import Extractor, shared_prefix, warm_up
from service.models.base import Model
from service.models.choosing import model_of
from service.settings import Settings

#: The options that an archive alone has, by the name of their field.
OPTIONS = {"out": "--out", "records": "--records", "section": "--section", "retry_failed": "--retry-failed"}
#: In what form an archive is written.
FORMATS = ("ndjson", "csv")
ABOUT = """An archive is a folder, of which all *.txt and *.json at any depth are read, or a file with one article a line (*.ndjson, *.jsonl).
Its records go to a file of lines in the order in which they are made. Each has `index`, the place of the article, from 0; `source`, its path, if it is a file;
`digest`, by which it is known again, the first 16 digits of the SHA-256 of its bytes (and of options for texts, if there are any); and `record` or `problem`.
The same command, run again, goes on from there: it reads what is missing, and what failed in a way that may pass. It refuses a file that holds anything else,
and an archive in which an article with a record has changed or moved. A table has a row for each entry, with the first quote that proves it, and with the names
of actors in place of their ids. It is made from the file of records at the end, also where nothing is left to read."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the command was asked for."""

    archive: Path
    #: The file of records, NDJSON.
    records: Path
    #: The table that is wanted of them, and of which section.
    table: tuple[Path, Section] | None = None
    retry_failed: bool = False
    quiet: bool = False
    #: What the command line tells of texts.
    facts: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Order":
        """Return what the command line asks for.

        Raises:
            SetupError: That cannot be had.
        """
        archive, out, section = Path(arguments.file), arguments.out, arguments.section
        if out is None:
            raise SetupError(f"{archive}: An archive needs a file for its records: --out FILE.")
        if arguments.format not in (None, *FORMATS):
            raise SetupError(f"--format: an archive is written as {' or '.join(FORMATS)}.")
        is_table = arguments.format == "csv"
        if is_table != (section is not None):
            raise SetupError(f"--section: {'name the section that the table is to have' if is_table else 'for --format csv alone'}.")
        if arguments.records and not is_table:
            raise SetupError("--records: for --format csv alone; --out is that file otherwise.")
        records = (arguments.records or Path(f"{out}.ndjson")) if is_table else out
        for option, path in (("--out", out), ("--records", records)):
            if path.name.endswith(OF_ARTICLES) and path.resolve().is_relative_to(archive.resolve()):
                raise SetupError(f"{option}: In {archive} it would be read as an article the next time; give it another name.")
        if is_table and records.resolve() == out.resolve():
            raise SetupError("--records: the table needs a file of its own.")
        facts = {name: getattr(arguments, name) for name in FACTS if getattr(arguments, name) is not None}
        return cls(archive, records, (out, section) if is_table else None, arguments.retry_failed, arguments.quiet, facts)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `vigie extract` takes for an archive alone."""
    of_archive = parser.add_argument_group("of an archive", ABOUT)
    of_archive.add_argument("--out", type=Path, metavar="FILE", help="where the records go, or the table; needed")
    of_archive.add_argument("--section", type=Section, metavar="SECTION", help=f"with --format csv: {', '.join(Section)}")
    of_archive.add_argument("--records", type=Path, metavar="FILE", help="with --format csv: the file of records behind the table (default: OUT.ndjson)")
    of_archive.add_argument("--retry-failed", action="store_true", help="read all again that has no record, whyever it failed")


def refuse_for_one(arguments: argparse.Namespace) -> None:
    """Return if one article is asked for as one article can be.

    Raises:
        SetupError: It is not.
    """
    given = [option for name, option in OPTIONS.items() if getattr(arguments, name)]
    if arguments.format in FORMATS:
        given.append(f"--format {arguments.format}")
    if given:
        raise SetupError(f"{', '.join(given)}: for an archive alone, a folder that is there or a file called *.ndjson or *.jsonl.")


def extract(settings: Settings, order: Order) -> bool:
    """Read what is not read yet of an archive; return whether every article has a record.

    Raises:
        SetupError: The archive cannot be read, its records cannot be kept, or the configuration does not work.
        VigieError: The model cannot be had; what was read until then is kept.
    """
    archive = archive_at(order.archive, settings.max_body_bytes, order.facts)
    if order.table:
        tabulating.check(order.table[0])
    total = archive.count()
    with keeping(order.records) as kept:
        kept.settle(_again(archive, kept, order))
        failed = sum(not one.has_record for one in kept.known.values())
        if len(kept.known) < total:
            failed += _read(settings, order, archive, kept)
        if order.table:
            table, section = order.table
            tabulating.write(kept.in_order(), section, table, like=order.records)
    if not order.quiet:
        say(f"{total:,} articles, {total - failed:,} records, {failed:,} failed; {order.table[0] if order.table else order.records} has them.")
    return not failed


def _again(archive: Archive, kept: Kept, order: Order) -> set[int]:
    """Return the places of the articles that were read and are to be read again.

    Raises:
        SetupError: The records are of other articles.
    """
    known, total = kept.known, archive.count()
    again = {index for index, one in known.items() if not one.has_record and (one.is_retryable or order.retry_failed or index >= total)}
    # Nothing is gone through for a first run.
    kept_before = archive.items((known.keys() - again).__contains__) if known else ()
    changed = {item.index for item in kept_before if item.digest != known[item.index].digest}
    others = sorted(index for index, one in known.items() if one.has_record and (index in changed or index >= total))
    if others:
        raise SetupError(
            f"{order.records} has records of other articles, or made with other options: the first is that of article {others[0]}. "
            "Nothing was changed; give another file."
        )
    return again | changed


def _read(settings: Settings, order: Order, archive: Archive, kept: Kept) -> int:
    """Read what is not known yet; return how many articles failed."""
    model = model_of(settings, prefix=shared_prefix)
    if settings.asks_embedded:
        fetch_weights(settings, quiet=order.quiet)
    reader = Reader(Extractor(model, settings), settings, model.profile.concurrency or settings.concurrency)
    missing = archive.items(lambda index: index not in kept.known)
    pace = Pace(archive.count(), len(kept.known))
    try:
        with pacing(pace, quiet=order.quiet) as shown:
            asyncio.run(until_terminated(_read_with(model, Reading(reader, kept.add, shown.step), missing, shown)))
    except BaseException:
        if not order.quiet:
            say(f"{pace.done:,} of {pace.total:,} articles are in {order.records}: the same command goes on from there.")
        raise
    return pace.failed


async def _read_with(model: Model, reading: Reading, items: Iterator[Item], shown: Shown) -> None:
    """Read all `items`, once `model` is loaded."""
    try:
        await ready(model, shown.begin)
        # Once, and not by each of the first articles side by side.
        await asyncio.to_thread(warm_up)
        shown.begin(f"reading with {model.name}")
        await reading.read(items)
    finally:
        await model.close()
