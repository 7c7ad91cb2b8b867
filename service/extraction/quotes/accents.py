"""Accents: whether the accents that a quote has otherwise than the text are only lost in writing, or make other words of it.

A keyboard without accents loses all of them, and capitals often go without theirs. One accent among others makes another word: atacara is not atacará.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import regex

from service.extraction.quotes.folding import LIGATURES

_ACCENTED_SCRIPTS = regex.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}]")
#: Accents that come and go with the case of a letter (the dot of i) or with the writer (the dots of ё).
_FREE = frozenset({("i", "\u0307"), ("е", "\u0308")})
#: Marks that make another letter of the one that they stand on: й, ї.
_OTHER_LETTERS = frozenset({("и", "\u0306"), ("і", "\u0308")})
#: Words that are other words without their accents even where all accents are lost: what would or could be is not what was.
# fmt: off
_PAIRS = frozenset({
    "würde", "würden", "würdest", "würdet", "könnte", "könnten", "könntest", "könntet", "müsste", "müssten",
    "müßte", "müßten", "dürfte", "dürften", "möchte", "möchten", "hätte", "hätten", "wäre", "wären",
})
# fmt: on
_MOST_PAIR_CHARS = 12
_NO_LETTERS = regex.compile(r"[^\p{L}\p{M}]++")
_WORD = regex.compile(r"[\p{L}\p{M}]++")


def accents_agree(quote: str, written: str) -> bool:
    """Whether `quote` has the accents of `written`, has lost all of them, or some of its capitals theirs; both have the same letters otherwise."""
    if _NO_LETTERS.sub("", quote.casefold()) == _NO_LETTERS.sub("", written.casefold()):
        return True
    quoted, there = list(_accented(quote)), list(_accented(written))
    differing = [(one, other) for one, other in zip(quoted, there, strict=False) if one[1] != other[1]]
    if not differing or len(quoted) != len(there):
        return True
    if any((one[0], mark) in _OTHER_LETTERS for one, other in differing for mark in one[1] ^ other[1]):
        return False
    if all((one[2] and not one[1]) or (other[2] and not other[1]) for one, other in differing):
        return True
    if _pairs(quote) != _pairs(written):
        return False
    return not any(marks for _, marks, _ in quoted) or not any(marks for _, marks, _ in there)


def _pairs(words: str) -> list[str]:
    """Return those of `words` that are other words without their accents; the accents of a longer word than any of them are not read."""
    found = (unicodedata.normalize("NFC", word.casefold()) for word in _WORD.findall(words) if len(word) < _MOST_PAIR_CHARS)
    return [word for word in found if word in _PAIRS]


def _accented(words: str) -> Iterable[tuple[str, frozenset[str], bool]]:
    """Yield each letter of the scripts that write accents, with its accents and whether it is a capital."""
    letter, marks, capital = "", set[str](), False
    for char in words:
        for part in _decomposed(char):
            if unicodedata.combining(part):
                if letter and (letter, part) not in _FREE:
                    marks.add(part)
                continue
            if letter:
                yield letter, frozenset(marks), capital
            letter, marks, capital = (part if _ACCENTED_SCRIPTS.match(part) else ""), set(), char.isupper()
    if letter:
        yield letter, frozenset(marks), capital


@lru_cache(maxsize=4096)
def _decomposed(char: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(LIGATURES.get(part, part) for part in folded)
