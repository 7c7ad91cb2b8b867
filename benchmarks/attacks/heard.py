"""What was heard of one reader about one article, and where that is kept, so that an interrupted run goes on where it was."""

import hashlib
from typing import Protocol

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from benchmarks.attacks.goals import Said
from benchmarks.quality.answers import Answer
from benchmarks.quality.journal import Journal
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


_JOURNAL = Journal(TypeAdapter(Kept))
load, append = _JOURNAL.load, _JOURNAL.append


def digest_of(setting: str, article: Article) -> str:
    """Return the digest of all that an answer to `article` hangs on."""
    return hashlib.sha256(f"{setting}\0{article.model_dump_json()}".encode()).hexdigest()
