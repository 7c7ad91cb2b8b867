"""Words that must not be seen where they do not belong, and the search for them in whatever a service leaves behind.

What is searched for are the two ends of a random core, so that a cut key is found as well as a whole one. A leak that is found is told by where and what it is;
the words themselves are never shown, nor is what stood around them.
"""

import base64
import contextlib
import re
import secrets
import traceback
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path

#: Characters of an end of a core; 48 bits, so that none is met by chance.
_END_CHARS = 12
_GZIP = 31  # for zlib: with the head of a gzip file
_GZIP_START = b"\x1f\x8b\x08"
#: Ways of writing one byte or character as several: JSON and Python, percent, HTML.
_ESCAPE = re.compile(rb"\\u00([0-9a-f]{2})|\\x([0-9a-f]{2})|%([0-9a-f]{2})|&#x0*([0-9a-f]{2});|&#0*([0-9]{2,3});", re.IGNORECASE)
#: Escapes may be escaped: JSON in JSON, an address in an address.
_DEPTH = 3
_MOST_UNPACKED = 64 * 1024 * 1024


def _core() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Canaries:
    """One random word for each thing that must not leak; new ones for each test."""

    #: To stand in an article, where no evidence touches it.
    article: str = field(default_factory=lambda: f"canari-{_core()}", repr=False)
    #: The key that a caller shows.
    caller_key: str = field(default_factory=lambda: f"caller-{_core()}", repr=False)
    #: The key that the service shows to the endpoint.
    upstream_key: str = field(default_factory=lambda: f"sk-{_core()}", repr=False)
    #: To stand in the system prompt.
    prompt: str = field(default_factory=lambda: f"prompt-{_core()}", repr=False)
    #: To stand in what a model answers, and in no article.
    answer: str = field(default_factory=lambda: f"answer-{_core()}", repr=False)

    @cached_property
    def _marks(self) -> tuple["_Mark", ...]:
        return tuple(mark for one in fields(self) for mark in _marks_of(one.name, getattr(self, one.name).rpartition("-")[2]))

    def found_in(self, sinks: Iterable["Sink"], *, allowed: Iterable[str] = ()) -> list["Leak"]:
        """Return the leaks, each sink and kind once, but for the kinds that are `allowed` there."""
        passed_over = set(allowed)
        found: dict[tuple[str, str], Leak] = {}
        for sink in sinks:
            for form, content in _readings(sink.content):
                for mark in self._marks:
                    if mark.kind not in passed_over and mark.bytes in (content if mark.exact else content.lower()):
                        leak = Leak(sink.name, mark.kind, mark.form if form == "plain" else form)
                        found.setdefault((leak.sink, leak.kind), leak)
        return list(found.values())


@dataclass(frozen=True)
class Sink:
    """A place where something may have been left."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Leak:
    """What was found where: the name of the sink, the kind of canary, and how it was written."""

    sink: str
    kind: str
    form: str


def files(folder: Path) -> Iterator[Sink]:
    """Yield each file below a folder, and the names of all."""
    paths = sorted(folder.rglob("*"))
    yield Sink(f"names in {folder.name}", "\n".join(str(path.relative_to(folder)) for path in paths).encode(errors="surrogateescape"))
    for number, path in enumerate(paths):
        if path.is_file():
            # Its name may be the leak.
            yield Sink(f"file {number} in {folder.name}{path.suffix if len(path.suffix) < _END_CHARS else ''}", path.read_bytes())


def lines(name: str, said: Iterable[str]) -> Iterator[Sink]:
    """Yield each line of a log, a stream or a page of metrics."""
    for number, line in enumerate(said, 1):
        yield Sink(f"{name}, line {number}", line.encode(errors="surrogatepass"))


def answer(name: str, headers: Mapping[str, str] | Iterable[tuple[str, str]], body: bytes) -> Iterator[Sink]:
    """Yield the headers and the body of an answer."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    yield Sink(f"{name}, headers", "\n".join(f"{key}: {value}" for key, value in pairs).encode(errors="surrogatepass"))
    yield Sink(f"{name}, body", body)


def error(name: str, raised: BaseException) -> Iterator[Sink]:
    """Yield all that an exception says of itself, and of those that it comes from."""
    for number, one in enumerate(_chain(raised)):
        where = f"{name}, {type(one).__name__} {number}"
        parts = {"str": str(one), "repr": repr(one), "args": repr(one.args), "notes": repr(getattr(one, "__notes__", ())), "attributes": repr(vars(one))}
        parts["traceback"] = "".join(traceback.format_exception(one, chain=False))
        for part, words in parts.items():
            yield Sink(f"{where}, {part}", words.encode(errors="surrogatepass"))


@dataclass(frozen=True)
class _Mark:
    """A row of bytes that tells of a canary."""

    kind: str
    form: str
    bytes: bytes = field(repr=False)
    #: Whether large and small letters differ.
    exact: bool = False


def _marks_of(kind: str, core: str) -> Iterator[_Mark]:
    for end in (core[:_END_CHARS], core[-_END_CHARS:]):
        yield _Mark(kind, "plain", end.encode())
        yield _Mark(kind, "plain", end[::-1].encode())
        yield _Mark(kind, "hex", end.encode().hex().encode())
        yield _Mark(kind, "utf-16", end.encode("utf-16-le"))
        # In base64 three letters share four: what stands before decides how they fall. Those at the ends also depend on the neighbours.
        for before in range(3):
            packed = base64.b64encode(b"\0" * before + end.encode())
            yield _Mark(kind, "base64", packed[(before * 8 + 5) // 6 : len(packed) // 4 * 4 - 4], exact=True)


def _readings(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield `content` and what it is once escapes and packing are undone."""
    yield "plain", content
    unescaped = content
    for _ in range(_DEPTH):
        unescaped, count = _ESCAPE.subn(_meant, unescaped.replace(rb"\\", b"\\"))
        if not count:
            break
        yield "escaped", unescaped
    for unpacked in _unpacked(content):
        for _form, inner in _readings(unpacked):
            yield "gzip", inner


def _meant(escape: re.Match[bytes]) -> bytes:
    decimal = escape[5]
    code = int(decimal) if decimal else int(next(group for group in escape.groups() if group), 16)
    return bytes([code % 256])


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield what is packed in `content`: the whole of it, or gzip anywhere in it."""
    at = content.find(_GZIP_START)
    while at >= 0:
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(_GZIP).decompress(content[at:], _MOST_UNPACKED)
        at = content.find(_GZIP_START, at + 1)


def _chain(raised: BaseException) -> Iterator[BaseException]:
    """Yield an exception, its causes, its contexts and its group."""
    waiting, seen = [raised], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting.extend(other for other in (one.__cause__, one.__context__) if other)
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
