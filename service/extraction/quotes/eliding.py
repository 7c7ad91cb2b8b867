"""Eliding: a quote that says where it leaves words out, and whether it may leave out these."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import regex

from service.extraction.lexicons import lexicon
from service.extraction.quotes.folding import UNSPACED, folded
from service.extraction.quotes.turning import turns

#: Most code points of the text that one omission leaves out.
MAX_GAP_CHARS = 400
#: Most parts of one quote.
_MAX_PARTS = 6
#: A part with fewer letters or fewer words is found anywhere.
_MIN_PART_CHARS = 5
_MIN_PART_WORDS = 2
_MIN_PART_UNSPACED = 3

_OMISSION = regex.compile(r"[\[(（［【]?(?:[…⋯]++|\.(?:[ \u00a0\u202f]?\.){2,}+|。{3,}+)[\])）］】]?")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]++")
#: Where a clause ends within the words left out.
_CLAUSE_MARK = regex.compile(r"[,;:.!?…،؛؟。，；：、！？—–()\n]")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a quote between two omissions: as it is written, and its letters."""

    words: str
    letters: str


def parts_of(quote: str) -> Sequence[Part]:
    """Return the parts of a quote that leaves words out; none if it leaves out none, or if a part is too short to be the quote's own."""
    parts = [Part(words, folded(words)) for piece in _OMISSION.split(quote) if _WORD.search(words := piece.strip())]
    return parts if 1 < len(parts) <= _MAX_PARTS and all(map(_is_own, parts)) else ()


def may_omit(left_out: str, languages: Collection[str]) -> bool:
    """Whether the words between two parts may be left out: no negation, denial or modal stands in the clause of either part.

    A whole clause within the omission may be anything: it is in the record's evidence all the same. Where `languages` are not known, all are asked.
    """
    clauses = _CLAUSE_MARK.split(left_out)
    return not any(turns(clause, languages or lexicon("clauses")) for clause in (clauses[0], clauses[-1]))


def _is_own(part: Part) -> bool:
    if UNSPACED.search(part.letters):
        return len(part.letters) >= _MIN_PART_UNSPACED
    return len(part.letters) >= _MIN_PART_CHARS and len(_WORD.findall(part.words)) >= _MIN_PART_WORDS
