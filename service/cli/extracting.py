"""`vigie extract`: one article in, its record on standard output."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from pydantic import ValidationError

from schemas.article import Article
from schemas.record import Record
from schemas.vocabulary import Section
from service.cli.readying import fetch_weights, ready, until_terminated
from service.cli.showing import Display, display
from service.cli.table import table
from service.cli.terminal import columns, harmless_json, put
from service.errors import RequestError, SetupError, ValidationFailed
from service.extraction.drafting import Lanes, one_lane
from service.extraction.pipeline import Extractor, shared_prefix
from service.extraction.progress import Tell, nobody
from service.intake import JSON, TEXT, article_of
from service.models.base import Model
from service.models.choosing import model_of
from service.resilience.admission import Admission
from service.settings import Settings

#: What a text file has no place for: the option, by the name of its field, and what it takes.
FACTS = {
    "title": ("--title", "at most 1,000 characters"),
    "published": ("--published", "a year, a month or a day such as 2026-03-12, or a timestamp such as 2026-03-12T08:30Z"),
    "language": ("--language", "a BCP 47 tag such as fr or pt-BR"),
    "source": ("--source", "at most 2,000 characters"),
    "sections": ("--sections", f"some of {','.join(Section)}"),
    "deadline_s": ("--deadline", "a number of seconds above 0, of which VIGIE_MAX_DEADLINE_S are the most"),
}
_OPTIONS = ("sections", "deadline_s")


class Extracts(Protocol):
    """What the command needs of an extractor."""

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, lanes: Lanes = one_lane) -> Record:
        """Return the record of `article`, or raise by `deadline_at` on the event loop's clock; `tell` how far it is, and read in all `lanes` that are free."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the command was asked for."""

    file: str
    #: `json` or `table`.
    form: str = "json"
    quiet: bool = False
    #: The values of the options in `FACTS` that were given.
    facts: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Order":
        """Return what the command line asks for."""
        facts = {name: getattr(arguments, name) for name in FACTS if getattr(arguments, name) is not None}
        return cls(arguments.file, arguments.format or "json", arguments.quiet, facts)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `vigie extract` takes."""
    parser.add_argument("file", help="the article: a text file, a .json file as POST /extract takes it, or - for text on standard input; or an archive")
    forms = "the record as JSON (default), or as tables for people; of an archive, all records as NDJSON (default), or a section of them as CSV"
    parser.add_argument("--format", choices=["json", "table", "ndjson", "csv"], help=forms)
    parser.add_argument("--quiet", action="store_true", help="do not show how far the reading is")
    facts = parser.add_argument_group("of a text, or of each text in a folder, which has no place for it")
    for name, (option, takes) in FACTS.items():
        facts.add_argument(option, dest=name, type=_TYPES.get(name, str), metavar="SECONDS" if name == "deadline_s" else name.upper(), help=takes)


def extract(settings: Settings, order: Order) -> None:
    """Print the record of an article.

    Raises:
        SetupError: The file holds no article, or the configuration does not work.
        VigieError: There is no record.
    """
    article = article_in(order, settings.max_body_bytes)
    model = model_of(settings, prefix=shared_prefix)
    if settings.asks_embedded:
        fetch_weights(settings, quiet=order.quiet)
    started = time.monotonic()
    with display(quiet=order.quiet) as shown:
        record = asyncio.run(until_terminated(read(article, model, Extractor(model, settings), settings, shown)))
    seconds = time.monotonic() - started
    put(table(record, width=columns(), seconds=seconds) if order.form == "table" else harmless_json(record.model_dump_json(indent=2)))


def article_in(order: Order, max_bytes: int) -> Article:
    """Return the article that is to be read.

    Raises:
        SetupError: The file cannot be read, or holds none.
    """
    file, facts = order.file, order.facts
    is_json = file.endswith(".json")
    if is_json and facts:
        raise SetupError(f"{', '.join(FACTS[name][0] for name in facts)}: for a text alone; a JSON file has fields of its own for that.")
    body = _read(file, max_bytes)
    if not body.strip():
        raise SetupError(f"{file}: There is nothing in it.")
    if b"\0" in body:
        raise SetupError(f"{file}: That is no text in UTF-8.")
    try:
        article = article_of(body, JSON if is_json else TEXT)
    except ValidationFailed as error:
        raise SetupError(f"{file}: {'; '.join(f'{one.pointer}: {one.detail}' for one in error.errors)}") from None
    except RequestError as error:
        raise SetupError(f"{file}: {error.detail}") from None
    return with_facts(article, facts) if facts else article


async def read(article: Article, model: Model, extractor: Extracts, settings: Settings, shown: Display) -> Record:
    """Return the record of `article`, once `model` is loaded.

    Raises:
        VigieError: There is none.
    """
    try:
        await ready(model, shown.begin)
        shown.begin(f"reading {len(article.text):,} characters with {model.name}")
        deadline_at = asyncio.get_running_loop().time() + settings.deadline_for(article.options.deadline_s)
        admission = Admission(model.profile.concurrency or settings.concurrency)
        async with admission.turn(deadline_at):
            return await extractor.extract(article, deadline_at=deadline_at, tell=shown.show, lanes=admission.spare)
    finally:
        await model.close()


def _read(file: str, max_bytes: int) -> bytes:
    """Return what is in `file`, at most `max_bytes` of it.

    Raises:
        SetupError: It cannot be read, or there is more.
    """
    try:
        if file == "-":
            body = _standard_input().read(max_bytes + 1)
        else:
            with Path(file).open("rb") as opened:
                body = opened.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        raise SetupError(f"{file}: {getattr(error, 'strerror', None) or 'That is no name of a file'}.") from None
    if len(body) > max_bytes:
        raise SetupError(f"{file}: At most {max_bytes:,} bytes are read, and there are more (VIGIE_MAX_BODY_BYTES).")
    return body


def _standard_input() -> BinaryIO:
    """Return what gives the bytes of standard input.

    Raises:
        SetupError: There is none.
    """
    if sys.stdin is None:
        raise SetupError("-: Standard input is closed.")
    return sys.stdin.buffer


def with_facts(article: Article, facts: Mapping[str, object]) -> Article:
    """Return `article` with what the options tell of it.

    Raises:
        SetupError: An option does not fit.
    """
    options = {name: facts[name] for name in _OPTIONS if name in facts}
    try:
        return Article.model_validate({"text": article.text, **{name: fact for name, fact in facts.items() if name not in options}, "options": options})
    except ValidationError as error:
        wrong = dict.fromkeys(
            name for one in error.errors(include_url=False, include_context=False, include_input=False) for name in one["loc"] if name in FACTS
        )
        raise SetupError(" ".join(f"{option}: give {takes}." for option, takes in (FACTS[str(name)] for name in wrong))) from None


def _sections(value: str) -> tuple[Section, ...]:
    """Return the sections that `value` names, with commas between them."""
    try:
        return tuple(Section(name.strip()) for name in value.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"give {FACTS['sections'][1]}") from None


#: What the values of options are, where they are not words.
_TYPES: Mapping[str, Callable[[str], object]] = {"sections": _sections, "deadline_s": float}
