"""A section of many records as CSV: a file that is written whole or not at all, and takes the place of nothing else."""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas.vocabulary import Section
from service.cli.archive.line import Line
from service.errors import SetupError
from service.reports import tables


def header(section: Section) -> list[str]:
    """Return the names of the columns."""
    return ["index", *tables.header(section)]


def rows(line: Line, section: Section) -> Iterator[list[str]]:
    """Yield a row for each entry of a section of a record; a file's `source` is its path, any other's what the article says."""
    record = line.record or {}
    source = record.get("article", {}).get("source") if line.source is None else line.source
    for row in tables.rows(record, section, source):
        yield [str(line.index), *row]


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
