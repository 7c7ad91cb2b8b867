"""Fuzzy: where a quote stands that differs from the text in a few words that say nothing.

So few words may differ that somewhere three in a row do not: the place is looked for by such threes, then word by word from the first to the last, which must
be the same. The work is bounded: how often a three may stand in the text, and how much of the text is read for one quote.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from service.extraction.quotes.accents import accents_agree
from service.extraction.quotes.folding import UNSPACED, Skeleton, folded
from service.extraction.quotes.guards import languages_of, may_differ, same_numbers

#: At most this part of the words may differ.
_MAX_CHANGED = 0.15
#: A longer quote is copied out of the text or it is not in it.
_MAX_QUOTE_CHARS = 2000
_RUN = 3
#: The letters of longer words are not kept in memory.
_MAX_CACHED_CHARS = 32
#: How often one run of words is looked at, and how many code points of the text are read for one quote.
_MOST_PLACES = 16
_MOST_READ_CHARS = 8_000
#: Words on either side where the two may go on together: those of the quote, those of the text.
_STEPS = ((1, 1), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2), (0, 2), (0, 3), (1, 3), (3, 1))

_WORD = regex.compile(rf"(?V1){UNSPACED.pattern}|[[\p{{L}}\p{{M}}\p{{N}}]--{UNSPACED.pattern}]++")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, its letters, and where it stands."""

    written: str
    letters: str
    start: int
    end: int


def near(quote: str, skeleton: Skeleton, hint: int, bounds: tuple[int, int]) -> tuple[int, int] | None:
    """Return the span within `bounds` whose words are those of `quote` but for what may differ: the first from `hint` on, else the last before it."""
    if len(quote) > _MAX_QUOTE_CHARS:
        return None
    words = _words(quote, 0, len(quote))
    if int(len(words) * _MAX_CHANGED) < 1 or not all(_stands(word.letters, skeleton, bounds) for word in (words[0], words[-1])):
        return None
    languages: frozenset[str] | None = None
    found = set[tuple[int, int]]()
    for start, end in _regions(words, skeleton, hint, bounds):
        languages = languages_of(quote) if languages is None else languages
        there = _words(skeleton.text, start, end)
        for at, word in enumerate(there):
            if word.letters == words[0].letters and (last := _together(words, there, at, languages)):
                span = word.start, last.end
                if skeleton.opens(span[0]) and skeleton.closes(span[1]) and same_numbers(quote, skeleton.text[slice(*span)]):
                    found.add(span)
    return min(found, key=lambda span: (span[0] < hint, abs(span[0] - hint)), default=None)


def _regions(words: Sequence[_Word], skeleton: Skeleton, hint: int, bounds: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the parts of the text that hold three words in a row of the quote, each with room for all of it."""
    low, high = skeleton.low(bounds[0]), skeleton.low(bounds[1])
    hinted = max(low, skeleton.low(hint))
    length = words[-1].end - words[0].start
    room = length // 3 + _RUN
    begun: list[int] = []
    for first in range(len(words) - _RUN + 1):
        run = "".join(word.letters for word in words[first : first + _RUN])
        for at in _places(run, skeleton.letters, low, hinted, high):
            begins = skeleton.origins[at] - (words[first].start - words[0].start)
            if any(abs(begins - earlier) <= room // 2 for earlier in begun):
                continue
            begun.append(begins)
            if len(begun) * (length + 2 * room) > _MOST_READ_CHARS:
                return
            start, end = max(bounds[0], begins - room), min(bounds[1], begins + length + room)
            region = skeleton.letters[skeleton.low(start) : skeleton.low(end)]
            if words[0].letters in region and words[-1].letters in region:
                yield start, end


def _stands(letters: str, skeleton: Skeleton, bounds: tuple[int, int]) -> bool:
    """Whether `letters` stand somewhere as a whole word; True also where too many others have them to tell."""
    at, high = skeleton.low(bounds[0]) - 1, skeleton.low(bounds[1])
    for _ in range(_MOST_PLACES):
        at = skeleton.letters.find(letters, at + 1, high)
        if at < 0:
            return False
        if skeleton.span(at, at + len(letters)):
            return True
    return True


def _places(run: str, letters: str, low: int, hinted: int, high: int) -> Iterator[int]:
    """Yield the first places of `run` from the hint on, and the last before it."""
    at = hinted - 1
    for _ in range(_MOST_PLACES):
        at = letters.find(run, at + 1, high)
        if at < 0:
            break
        yield at
    at = min(hinted + len(run) - 1, high)
    for _ in range(_MOST_PLACES):
        at = letters.rfind(run, low, at)
        if at < 0:
            break
        yield at
        at += len(run) - 1


def _together(quoted: Sequence[_Word], there: Sequence[_Word], at: int, languages: frozenset[str]) -> _Word | None:
    """Return the last word of the text, from word `at` on, that goes together with the quote; None if they do not."""
    i, j, changed = 0, at, 0
    same: list[tuple[_Word, _Word]] = []
    while i < len(quoted):
        if j < len(there) and quoted[i].letters == there[j].letters:
            same.append((quoted[i], there[j]))
            i, j = i + 1, j + 1
            continue
        step = next((step for step in _STEPS if _meet(quoted, there, i + step[0], j + step[1])), None)
        if step is None:
            return None
        one, other = quoted[i : i + step[0]], there[j : j + step[1]]
        i, j = i + step[0], j + step[1]
        if "".join(word.letters for word in one) == "".join(word.letters for word in other):
            continue
        changed += max(step)
        words = [word.written for word in one], [word.written for word in other]
        if changed > len(quoted) * _MAX_CHANGED or not may_differ(*words, languages, len(quoted)):
            return None
    accents = accents_agree(" ".join(one.written for one, _ in same), " ".join(other.written for _, other in same))
    return there[j - 1] if accents else None


def _meet(quoted: Sequence[_Word], there: Sequence[_Word], i: int, j: int) -> bool:
    """Whether both go on alike from here: two words, or one where the quote ends with it."""
    here = [word.letters for word in quoted[i : i + 2]]
    return bool(here) and here == [word.letters for word in there[j : j + len(here)]]


def _words(text: str, start: int, end: int) -> list[_Word]:
    """Return the words of `text[start:end]`; what has no letter when it is folded, such as a lone accent, is none."""
    return [_Word(match[0], letters, *match.span()) for match in _WORD.finditer(text, start, end) if (letters := _letters(match[0]))]


def _letters(word: str) -> str:
    return _letters_of_short(word) if len(word) <= _MAX_CACHED_CHARS else folded(word)


@lru_cache(maxsize=16_384)
def _letters_of_short(word: str) -> str:
    return folded(word)
