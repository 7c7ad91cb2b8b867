"""Finding: where a text tells a time, by code alone."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache, partial

import regex

from schemas.vocabulary import Direction
from service.extraction.lexicons import primary_subtag
from service.extraction.time_reading.lexicon import lexicon
from service.extraction.time_reading.lexing import lex
from service.extraction.time_reading.reading import read_words, view_of
from service.extraction.time_reading.scanning import scan
from service.extraction.time_reading.words import Readings

#: A number with its signs, a character of a script without spaces, a word, or a mark that no time goes beyond.
_TOKEN = regex.compile(
    r"[0-9]{1,2}\.(?=\s\p{L})|[0-9]+(?:[.:/-][0-9]+)*|[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}])[\p{L}\p{M}'’])+|(?P<cut>[^\s-])"
)
#: Classes of words of which a time has one: a unit, a day, a month, a season, a date, a year, a time of day, a vague time.
_ANCHORS = frozenset("UPZWMSATYCvGD午")
#: Classes of words that tell nothing, that open a time, and that close one only after a unit.
_EMPTY, _OPENING, _AGO = frozenset("_"), frozenset("uyxbfaiwmdB&>~<+"), frozenset("gH")
#: Classes of words that name a day, a month or a season; a shorter one, without a capital or alone, is hardly a name.
_NAMES, _SHORT_CHARS = frozenset("WMS"), 3
#: Before a season, which is then none: "a été" is "has been".
_AUXILIARIES = frozenset({"a"})
#: Most words of one time, and more characters than any of them has: what is longer is not read, for one call on 200,000 would hold up everything else.
MAX_WORDS, _MAX_WORD_CHARS = 9, 64
#: What tells how long and not when, or how often.
_NO_TIMES = frozenset({"length", "repeat"})


def find_times(text: str, language: str) -> list[tuple[int, int]]:
    """Return where `text` tells a time that can be read, in its order and without overlaps: the longest words that are one time."""
    code = primary_subtag(language)
    if not (code.isascii() and code.isalpha()):
        return []
    found: list[tuple[int, int]] = []
    is_time = cache(partial(_is_time, code))
    for run in _runs(text, code):
        at = 0
        while at < len(run):
            end = _time_at(text, run, at, is_time)
            if end:
                found.append((run[at][0], run[end - 1][1]))
            at = end or at + 1
    return found


def _runs(text: str, code: str) -> Iterator[list[tuple[int, int]]]:
    """Yield the words of `text` that the lexicon has, as spans, parted where a mark or any other word stands between them."""
    known: dict[str, bool] = {}
    run: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word not in known:
            known[word] = not match["cut"] and len(word) <= _MAX_WORD_CHARS and _is_known(word, code)
        if known[word]:
            run.append(match.span())
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_known(word: str, code: str) -> bool:
    """Whether a word says something by itself, or is part of a phrase that does."""
    return any(reading.letter != "?" for readings in lex(word, code) for reading in readings) or any(
        piece.text in lexicon(code).vocabulary for piece in scan(word)
    )


def _time_at(text: str, run: list[tuple[int, int]], first: int, is_time: Callable[[str, bool], bool]) -> int | None:
    """Return the end of the longest time that begins with the word `first` of a run, None where none does."""
    for end in range(min(first + MAX_WORDS, len(run)), first, -1):
        start, stop = run[first][0], run[end - 1][1]
        if is_time(text[start:stop], text[stop : stop + 1].isalpha()):
            return end
    return None


def _is_time(code: str, words: str, before_letter: bool) -> bool:  # noqa: FBT001 - a fact of the words
    """Whether `words` are a time, and no word at their end opens something else."""
    read = lex(words, code)
    anchors = {word.letter for readings in read for word in readings} & _ANCHORS
    if not anchors or any(word.letter == "?" for readings in read for word in readings):
        return False
    # 2,400 of something is no year, and été no summer.
    if (anchors == {"Y"} and before_letter) or (anchors <= _NAMES and _is_homograph(words, anchors, code)) or not _closes(read, code):
        return False
    # A bare Tuesday is read where somebody says on which side it lies; here it is enough that it can be.
    drafts = [read_words(read, view_of(code, side)) for side in (Direction.PAST, Direction.FUTURE)]
    return any(draft and draft.kind not in _NO_TIMES for draft in drafts)


def _closes(read: list[Readings], code: str) -> bool:
    """Whether the last word ends a time: in most languages, "Thursday to" goes on."""
    closing = {word.letter for word in read[-1]} - _EMPTY
    if not view_of(code, None).postpositions:
        after_unit = len(read) > 1 and any(word.letter in "UPZ" for word in read[-2])
        closing -= _OPENING if after_unit else _OPENING | _AGO
    return bool(closing)


def _is_homograph(words: str, anchors: AbstractSet[str], code: str) -> bool:
    """Whether what would name a day, a month or a season is rather another word that is written alike: été, may, mer."""
    parts = words.split()
    if anchors == {"S"} and parts[0].casefold() in _AUXILIARIES:
        return True
    names = [part for part in parts if any(word.letter in _NAMES for readings in lex(part, code) for word in readings)]
    if len(parts) == 1 and (anchors == {"S"} or ("M" in anchors and (words.islower() or len(words) <= _SHORT_CHARS))):
        return True
    if not names:
        # A weekday of two words, as Hebrew has them, is one; a month of two stands behind its other name: ديسمبر/كانون الأول.
        return anchors != {"W"}
    return all(part.islower() and part.isalpha() and part.isascii() and len(part) <= _SHORT_CHARS for part in names)
