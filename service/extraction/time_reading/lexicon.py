"""The lexicon of one language: its words of time, read once from `lexicons/time.<language>.toml` and from CLDR."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, cast, get_args

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from schemas.time import Unit
from service.extraction.lexicons import primary_subtag
from service.extraction.time_reading.scanning import scan
from service.extraction.time_reading.words import CLASSES, WEEKDAYS, Readings, Word

#: Languages whose abbreviations in CLDR are single signs that mean other things too.
_NO_ABBREVIATIONS = frozenset({"zh", "ja", "ko"})
_UNITS = frozenset(get_args(Unit))


class Node:
    """A branch of the tree of phrases: the words that may follow, and the readings of the phrase that ends here."""

    __slots__ = ("following", "readings")

    def __init__(self) -> None:
        """Begin an empty branch."""
        self.following: dict[str, Node] = {}
        self.readings: Readings = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of a language.

    Attributes:
        root: Phrases, word by word.
        vocabulary: The words that any phrase has.
        suffixes: What may be glued to a number.
        endings: What may be glued to any word, behind an apostrophe, and tells nothing.
        prefixes: What may be written onto the front of a word, the longest first.
        compounds: Whether one word may be several, written together.
        twelve_hours: Whether 6 may be in the evening.
        rolling_article: Whether `the last week` is the last seven days.
        postpositions: Whether `after` may follow what it governs.
        month_first: Whether 4/3 may be the third of April.
        loose_from: Whether `from Friday` may as well say of what day something is.
    """

    root: Node
    vocabulary: frozenset[str]
    suffixes: dict[str, Word]
    endings: dict[str, Word]
    prefixes: tuple[tuple[str, Word], ...]
    compounds: bool
    twelve_hours: bool
    rolling_article: bool
    postpositions: bool
    month_first: bool
    loose_from: bool


@cache
def has_times(language: str) -> bool:
    """Whether more is known of the times of a language than its days and months."""
    return _file(primary_subtag(language)).is_file()


@cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language by its two letters; of one without a file, the names of its days and months."""
    path = _file(language)
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    root = Node()
    for phrase, word in _entries(table):
        _add(root, phrase, word)
    for name, word in _cldr(language):
        pieces = [piece.text for piece in scan(name)]
        if not _find(root, pieces):
            _add(root, name, word)
    suffixes, endings, prefixes = (
        {scan(form)[0].text: Word(CLASSES[name], article=name == "article") for name, forms in table.get(kind, {}).items() for form in _forms(forms)}
        for kind in ("suffix", "ending", "prefix")
    )
    flags = {name: bool(table.get(name)) for name in ("compounds", "twelve_hours", "rolling_article", "postpositions", "month_first", "loose_from")}
    return Lexicon(
        root, frozenset(_words_of(root)), suffixes, endings, tuple(sorted(prefixes.items(), key=lambda prefix: (-len(prefix[0]), prefix[0]))), **flags
    )


def _file(language: str) -> Traversable:
    return files("service.extraction") / "lexicons" / f"time.{language}.toml"


def _forms(forms: str) -> list[str]:
    return [form for form in (form.strip() for form in forms.split(",")) if form]


def _add(root: Node, phrase: str, word: Word) -> None:
    """Add one reading of one phrase."""
    node = root
    for piece in scan(phrase):
        node = node.following.setdefault(piece.text, Node())
    if word not in node.readings:
        node.readings += (word,)


def _find(root: Node, pieces: list[str]) -> Readings:
    """Return the readings of a phrase."""
    node: Node | None = root
    for piece in pieces:
        node = node.following.get(piece) if node else None
    return node.readings if node else ()


def _words_of(node: Node) -> Iterator[str]:
    """Yield the words of all phrases below a branch."""
    for word, following in node.following.items():
        yield word
        yield from _words_of(following)


def _entries(table: dict[str, Any]) -> Iterator[tuple[str, Word]]:
    """Yield the phrases of a lexicon with their readings, in the order of the file."""
    for section, entries in table.items():
        if isinstance(entries, dict) and section not in ("suffix", "ending", "prefix"):
            for key, forms in entries.items():
                word = _word(section, key)
                for form in _forms(forms):
                    yield form, word


def _word(section: str, key: str) -> Word:
    """Return what the words under one key of one section say."""
    if section == "classes":
        return Word(CLASSES[key], many=key in ("lasts", "nexts"), article=key == "article")
    if section in ("number", "ordinal", "month", "counted"):
        return Word({"number": "N", "ordinal": "O", "month": "M", "counted": "K"}[section], number=int(key))
    if section == "around":
        return Word("N", number=int(key), ranged=True)
    if section in ("unit", "units"):
        return Word("U" if section == "unit" else "P", unit=_unit(key))
    if section in ("offset", "span"):
        count, unit = key.split()
        return Word("A" if section == "offset" else "Z", number=int(count), unit=_unit(unit))
    return Word({"weekday": "W", "season": "S", "date": "T", "part": "e", "daypart": "D", "meridiem": "午", "vague": "v", "clock": "C"}[section], text=key)


def _unit(name: str) -> Unit:
    if name not in _UNITS:
        raise ValueError(f"no unit: {name}")
    return cast("Unit", name)


def _cldr(language: str) -> Iterator[tuple[str, Word]]:
    """Yield the days and months of a language as CLDR has them; a short form that is both of a day and of a month is left out."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return
    found: dict[str, set[Word]] = {}
    widths: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
    contexts: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
    for width in widths[: 1 if language in _NO_ABBREVIATIONS else 2]:
        for context in contexts:
            for day, name in get_day_names(width, context, locale).items():
                found.setdefault(name, set()).add(Word("W", text=WEEKDAYS[day]))
            for month, name in get_month_names(width, context, locale).items():
                found.setdefault(name, set()).add(Word("M", number=month))
    for name, words in found.items():
        if len(words) == 1 and not any(char.isdecimal() for char in name) and len(name) > 1:
            yield name, next(iter(words))
