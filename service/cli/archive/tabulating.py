"""A section of many records as CSV (RFC 4180, UTF-8): an entry a row, in which nothing is a formula to a spreadsheet."""

import csv
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from schemas.record import Actor, ActorId, Commitment, Target, Threat, Timeline
from schemas.vocabulary import Section
from service.cli.archive.line import Line
from service.errors import SetupError

_ENTRIES: Mapping[Section, type[BaseModel]] = {
    Section.ACTORS: Actor,
    Section.TARGETS: Target,
    Section.THREATS: Threat,
    Section.TIMELINES: Timeline,
    Section.COMMITMENTS: Commitment,
}
#: Fields that take several columns: what these are called, and the keys to the value of each. Of several quotes the first stands for all. An interval has a
#: `start` and an `end` of its own, so those of a quote bear its name.
_SPREAD: Mapping[str, Mapping[str, str]] = {
    "evidence": {"quote": "quote", "quote_start": "start", "quote_end": "end", "match": "match"},
    "mentions": {"quote": "quote", "quote_start": "start", "quote_end": "end"},
    "likelihood": {"likelihood_phrase": "phrase", "likelihood_band": "band"},
}
#: What fields hold that name actors.
_OF_ACTORS = (list[ActorId], ActorId | None)
#: What a spreadsheet takes for the beginning of a formula, in either width.
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def header(section: Section) -> list[str]:
    """Return the names of the columns."""
    fields = _ENTRIES[section].model_fields
    return ["index", "source", *(column for field in fields for column in _SPREAD.get(field, (field,)))]


def rows(line: Line, section: Section) -> Iterator[list[str]]:
    """Yield a row for each entry of a section of a record, actors by their names; a file's `source` is its path, any other's what the article says."""
    record = line.record or {}
    names = {actor["id"]: actor["name"] for actor in record.get(Section.ACTORS, ())}
    source = record.get("article", {}).get("source") if line.source is None else line.source
    fields = _ENTRIES[section].model_fields
    for entry in record.get(section, ()):
        cells: list[object] = [line.index, source]
        for field, of in fields.items():
            value = entry.get(field)
            if field in _SPREAD:
                one = (value[0] if value else {}) if isinstance(value, list) else value or {}
                cells += [one.get(key) for key in _SPREAD[field].values()]
            else:
                cells.append(_named(value, names) if of.annotation in _OF_ACTORS else value)
        yield [cell(one) for one in cells]


def cell(value: object) -> str:
    """Return `value` as a cell: lists with semicolons between their parts, what could be a formula behind an apostrophe."""
    match value:
        case None:
            text = ""
        case bool():
            text = str(value).lower()
        case list():
            text = "; ".join(map(str, value))
        case _:
            text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def check(path: Path) -> None:
    """Return if the file at `path` may be written: it is not there in a folder that is, is empty, or is a table of ours.

    Raises:
        SetupError: It holds something else.
    """
    heads = [",".join(header(section)).encode() + b"\r\n" for section in Section]
    try:
        with path.open("rb") as file:
            first = file.readline(max(map(len, heads)))
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise SetupError(f"{path}: There is no such folder.") from None
        return
    except (OSError, ValueError) as error:
        raise SetupError(f"{path}: {getattr(error, 'strerror', None) or 'That is no name of a file'}.") from None
    if first and first not in heads:
        raise SetupError(f"{path} holds something else than a table of this command. Nothing was changed; give another file.")


def write(lines: Iterable[Line], section: Section, path: Path, *, like: Path) -> None:
    """Write the table of a section of all `lines`, whole or not at all; whoever may read the file `like` may read a new one.

    Raises:
        SetupError: It cannot be written.
    """
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                table = csv.writer(file)
                table.writerow(header(section))
                for line in lines:
                    table.writerows(rows(line, section))
            shutil.copymode(path if path.exists() else like, name)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink()
            raise
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror}.") from None


def _named(value: list[str] | str | None, names: Mapping[str, str]) -> list[str] | str | None:
    return [names.get(one, one) for one in value] if isinstance(value, list) else value and names.get(value, value)
