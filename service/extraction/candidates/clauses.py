"""Clauses: the parts of a sentence between its marks and conjunctions, as far as they hold a verb of their own."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import regex

from service.extraction.judgement.telling import Sentence

#: Labels of verbs that a clause of its own is told by; behind an "and" one of them stands soon.
ACTS = ("promise", "refuse", "threaten", "will")
#: Labels of what is done to others by other means than arms.
_HOSTILE = ("coerce", "shut")
_VERBS = (*ACTS, *_HOSTILE, "intend", "harm")
_LABELS = (*_VERBS, "that", "to", "and", "but")
#: Languages whose verbs stand last in their clauses.
_VERB_LAST = frozenset({"de", "tr", "fa"})
#: Marks that part sentences rather than clauses, and their commas.
_HARD = regex.compile(r"[:!?…—–()\[\]\n؟。：！？]|(?<!\d)\.(?=\s)|(?<=\s)-(?=\s)")
_SEMICOLONS = frozenset(";；؛")
#: Behind an "and" a verb stands so soon, or at once; further away than the last nothing is looked for.
_SOON, _NEXT, _REACH = 4, 2, 40
#: A part of so many words, with a number and without a verb, is a date within its clause.
_DATE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence: its words from `first` to before `last`."""

    first: int
    last: int
    #: Whether a mark that parts sentences stands before it, and whether "and" or "but" does.
    apart: bool = False
    joined: bool = False


def clauses_of(sentence: Sentence) -> list[Clause]:
    """Return the clauses of a sentence, in its order; marks and the conjunctions between them belong to none."""
    return _Parting(sentence).clauses()


class _Parting:
    """A sentence that is parted."""

    def __init__(self, sentence: Sentence) -> None:
        self._sentence, self._words = sentence, sentence.words
        self._labels: list[set[str]] = [set() for _ in sentence.words]
        self._behind: dict[int, int] = {}
        for label in _LABELS:
            for one in sentence.told(label):
                self._labels[one.first].add(label)
                if label in {"and", "but"}:
                    self._behind[one.first] = max(one.last, self._behind.get(one.first, 0))

    def clauses(self) -> list[Clause]:
        return [clause for part in self._without_dates(self._parts()) for clause in self._unjoined(part)]

    def _parts(self) -> Iterator[Clause]:
        """Yield what stands between marks."""
        first, apart, end = 0, False, self._sentence.start
        for at, word in enumerate(self._words):
            hard = self._is_hard(at, end)
            if (hard or word.is_comma) and first < at:
                yield Clause(first, at, apart)
                apart = False
            if hard or word.is_comma:
                first, apart = at + word.is_comma, apart or hard
            end = word.end
        if first < len(self._words):
            yield Clause(first, len(self._words), apart)

    def _is_hard(self, at: int, end: int) -> bool:
        word = self._words[at]
        if word.is_comma:
            return self._sentence.text[word.start] in _SEMICOLONS
        return _HARD.search(self._sentence.text, end, word.start) is not None

    def _without_dates(self, parts: Iterator[Clause]) -> list[Clause]:
        """Return the parts, a date between commas as a piece of those around it."""
        whole: list[Clause] = []
        dated = False
        for part in parts:
            date = self._is_date(part)
            if whole and (date or dated) and not part.apart:
                whole[-1] = Clause(whole[-1].first, part.last, whole[-1].apart)
            else:
                whole.append(part)
            dated = date
        return whole

    def _is_date(self, part: Clause) -> bool:
        if part.last - part.first > _DATE_WORDS or self._holds(part.first, part.last, (*_VERBS, "to")):
            return False
        words = self._sentence.text[self._words[part.first].start : self._words[part.last - 1].end]
        return any(letter.isdecimal() for letter in words)

    def _unjoined(self, part: Clause) -> Iterator[Clause]:
        """Yield the clauses that "and" and "but" join within a part."""
        first, apart, joined = part.first, part.apart, False
        for at in range(part.first, part.last):
            if not self._joins(at, part):
                continue
            if first < at:
                yield Clause(first, at, apart, joined)
                apart = False
            first, joined = self._behind.get(at, at), True
        if first < part.last:
            yield Clause(first, part.last, apart, joined)

    def _joins(self, at: int, part: Clause) -> bool:
        """Whether a conjunction at a word opens a clause with a verb of its own."""
        opposed = "but" in self._labels[at]
        if not opposed and not self._is_and(at):
            return False
        if at == part.first:
            return True
        first = self._behind.get(at, at)
        if first >= part.last:
            return False
        before, behind = (max(part.first, at - _REACH), at), (first, min(part.last, first + _REACH))
        if opposed:
            return self._holds(*before, ACTS) and self._holds(*behind, (*ACTS, "harm", "coerce"))
        return self._is_followed(before, behind)

    def _is_followed(self, before: tuple[int, int], behind: tuple[int, int]) -> bool:
        """Whether what stands behind an "and" has a verb as what stands before it has."""
        further = next((at for at in range(behind[0], min(behind[0] + _SOON, behind[1])) if "and" in self._labels[at]), behind[1])
        soon, following = (behind[0], min(behind[0] + _SOON, further)), (behind[0], min(behind[0] + _NEXT, behind[1]))
        if self._holds(*soon, ("promise", "refuse", "threaten", "intend")):
            return True
        if self._holds(*before, ACTS) and (self._holds(*soon, ("will",)) or self._holds(*following, ("coerce", "shut", "that", "to"))):
            return True
        # The verbs of both stand last.
        if self._sentence.base in _VERB_LAST and any(self._holds(*before, (label,)) and self._holds(*behind, (label,)) for label in ("to", "will")):
            return True
        if self._sentence.base in _VERB_LAST and self._holds(*before, ACTS) and all(self._ends_hostile(last) for _, last in (before, behind)):
            return True
        if self._holds(*before, ("that",)) and self._holds(*following, ("that",)):
            return True
        return self._holds(*behind, ("will",)) and self._holds(*behind, _HOSTILE) and self._holds(*before, _HOSTILE)

    def _holds(self, first: int, last: int, labels: Collection[str]) -> bool:
        return any(not self._labels[at].isdisjoint(labels) for at in range(first, last))

    def _ends_hostile(self, last: int) -> bool:
        """Whether a verb of doing harm, and no noun, stands before the word `last`."""
        return not self._words[last - 1].capital and self._holds(last - 1, last, ("harm", *_HOSTILE))

    def _is_and(self, at: int) -> bool:
        if "and" not in self._labels[at]:
            return self._sentence.is_joined(at)
        word = self._words[at]
        # Portuguese "é" is no "e", but Ukrainian "й" is folded as well.
        return self._sentence.base == "uk" or unicodedata.normalize("NFC", self._sentence.text[word.start : word.end]).casefold() == word.forms[0]
