"""What was heard of one reader about one article, and where that is kept, so that an interrupted run goes on where it was."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from benchmarks.attacks.goals import Said
from benchmarks.quality.answers import Answer
from schemas.article import Article


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer."""

    said: Said
    answer: Answer


class Reader(Protocol):
    """Someone who reads articles, one at a time."""

    async def read(self, article: Article) -> Heard:
        """Return what is said of `article`; a failure is an answer too."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, of whom, and the digest of all that it hangs on."""

    reader: str
    digest: str
    heard: Heard


_LINE = TypeAdapter(Kept)


def digest_of(setting: str, article: Article) -> str:
    """Return the digest of all that an answer to `article` hangs on."""
    return hashlib.sha256(f"{setting}\0{article.model_dump_json()}".encode()).hexdigest()


def load(path: Path) -> Iterable[Kept]:
    """Yield what is kept in the file at `path`, the oldest first; a line that cannot be read counts as none."""
    if not path.is_file():
        return
    for line in path.read_bytes().splitlines():
        try:
            yield _LINE.validate_json(line)
        except ValidationError:
            continue


def append(kept: Kept, path: Path) -> None:
    """Add a line to the file at `path`."""
    # The newline comes first, so that it ends what a run that was killed may have left.
    with path.open("ab") as file:
        file.write(b"\n" + _LINE.dump_json(kept))
