"""What an archive holds, one article after the other: the files of a folder, or the lines of a file. Never all of them in memory."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn, Protocol

from schemas.article import Article
from service.cli.extracting import with_facts
from service.errors import BodyTooLarge, MalformedBody, RequestError, SetupError
from service.intake import JSON, TEXT, article_of

#: How a file with one article a line is called, and a file with one article.
OF_LINES, OF_ARTICLES = (".ndjson", ".jsonl"), (".txt", ".json")
#: Hexadecimal digits of the digest of an article: enough to tell it from another one at its place.
DIGITS = 16
#: What is gone through without being kept is read in blocks of so many bytes.
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Item:
    """One article of an archive, as it was found."""

    #: Its place, from 0: among the files by their path, or among the lines that are not blank.
    index: int
    #: Its path below the folder; None for a line.
    source: str | None
    #: The head of the SHA-256 of its bytes, and of the options that hold for it.
    digest: str
    body: bytes | RequestError
    media_type: str = JSON
    facts: Mapping[str, object] = field(default_factory=dict)

    def article(self) -> Article:
        """Return the article.

        Raises:
            RequestError: It is none.
        """
        if isinstance(self.body, RequestError):
            raise self.body
        article = article_of(self.body, self.media_type)
        return with_facts(article, self.facts) if self.facts else article


#: Whether the article at a place is wanted.
Wanted = Callable[[int], bool]


class Archive(Protocol):
    """Many articles, which can be gone through again."""

    def count(self) -> int:
        """Return how many there are."""

    def items(self, wanted: Wanted) -> Iterator[Item]:
        """Yield those that are `wanted`, in their order.

        Raises:
            SetupError: The archive cannot be read.
        """


def is_archive(file: str) -> bool:
    """Return whether what is called `file` has many articles."""
    # A name that no file can have is no folder's either: `Path.is_dir` would raise.
    return file != "-" and (file.endswith(OF_LINES) or os.path.isdir(file))  # noqa: PTH112


def archive_at(path: Path, most_bytes: int, facts: Mapping[str, object]) -> Archive:
    """Return the archive at `path`.

    Args:
        path: A folder, or a file with one article a line.
        most_bytes: The most that one article may have.
        facts: What the command line tells of texts.

    Raises:
        SetupError: It cannot be read, has no article, or the facts do not fit.
    """
    archive: Archive = _Folder(path, most_bytes, facts) if path.is_dir() else _Lines(path, most_bytes)
    if facts:
        if isinstance(archive, _Lines):
            raise SetupError("The options for texts do not hold for lines of JSON, which have fields of their own for that.")
        with_facts(Article(text=""), facts)
    if not archive.count():
        raise SetupError(f"{path}: There is no article in it.")
    return archive


class _Folder:
    """The texts and JSON files below a folder."""

    def __init__(self, path: Path, most_bytes: int, facts: Mapping[str, object]) -> None:
        self._path, self._most_bytes, self._facts = path, most_bytes, facts
        self._names = sorted(_names(path))
        self._salt = json.dumps(facts, sort_keys=True).encode() if facts else b""

    def count(self) -> int:
        return len(self._names)

    def items(self, wanted: Wanted) -> Iterator[Item]:
        for index, name in enumerate(self._names):
            if wanted(index):
                yield self._item(index, name)

    def _item(self, index: int, name: str) -> Item:
        is_json = name.endswith(".json")
        body, digest = self._content(self._path / name, b"" if is_json else self._salt)
        # A name may hold bytes that are no UTF-8, and the file of records must not.
        source = os.fsencode(name).decode(errors="backslashreplace")
        return Item(index, source, digest, body, JSON if is_json else TEXT, {} if is_json else self._facts)

    def _content(self, path: Path, salt: bytes) -> tuple[bytes | RequestError, str]:
        digest = hashlib.sha256()
        try:
            with path.open("rb") as file:
                body = file.read(self._most_bytes + 1)
                digest.update(body)
                while block := file.read(_BLOCK):
                    digest.update(block)
                size = file.tell()
        except OSError as error:
            return MalformedBody(f"The file cannot be read: {error.strerror}."), _head(digest)
        digest.update(salt)
        return body if size <= self._most_bytes else BodyTooLarge(self._most_bytes, size, "bytes"), _head(digest)


class _Lines:
    """The lines of a file."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path, self._most_bytes = path, most_bytes
        self._count: int | None = None

    def count(self) -> int:
        if self._count is None:
            self._count = sum(1 for _ in self._contents())
        return self._count

    def items(self, wanted: Wanted) -> Iterator[Item]:
        for index, (body, digest) in enumerate(self._contents()):
            if wanted(index):
                yield Item(index, None, digest, body)

    def _contents(self) -> Iterator[tuple[bytes | RequestError, str]]:
        """Yield each line that is not blank, or why it is not read, and its digest."""
        try:
            with self._path.open("rb") as file:
                while line := file.readline(self._most_bytes + len(b"\r\n")):
                    if line.strip():
                        yield self._content(line, file)
        except OSError as error:
            raise SetupError(f"{self._path}: {error.strerror}.") from None

    def _content(self, line: bytes, file: IO[bytes]) -> tuple[bytes | RequestError, str]:
        body = line.rstrip(b"\r\n")
        digest, size = hashlib.sha256(body), len(body)
        while not line.endswith(b"\n") and (line := file.readline(_BLOCK)):
            digest.update(line.rstrip(b"\r\n"))
            size += len(line)
        return body if size <= self._most_bytes else BodyTooLarge(self._most_bytes, size, "bytes"), _head(digest)


def _names(folder: Path) -> Iterator[str]:
    """Yield the paths of the articles below `folder`, relative to it; no link leads out of it."""
    root = folder.resolve()
    for base, _, files in os.walk(folder, onerror=_refuse):
        for name in files:
            path = Path(base, name)
            if name.endswith(OF_ARTICLES) and path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(root)):
                yield path.relative_to(folder).as_posix()


def _refuse(error: OSError) -> NoReturn:
    """Refuse an archive of which a part would be missing."""
    raise SetupError(f"{error.filename}: {error.strerror}.") from None


def _head(digest: "hashlib._Hash") -> str:
    return digest.hexdigest()[:DIGITS]
