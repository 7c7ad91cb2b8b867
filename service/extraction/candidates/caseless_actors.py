"""Actors in scripts without capitals, whose words have spaces: by titles, by class words and by what verbs of saying stand beside."""

from collections import Counter
from collections.abc import Iterator

from service.extraction.candidates.actor_candidate import Candidate, Sort, stem
from service.extraction.candidates.actor_nouns import ARTICLE, DOING, SAYING, Words
from service.extraction.countries.words import Via
from service.extraction.judgement.standing import Standing
from service.extraction.places import named

#: In the name of: what stands between a spokesman and those he speaks for.
_NAMING = frozenset(("باسم", "بلسان", "מטעם"))
#: What says where or when is written onto a word with these.
_INTO = ("ب", "ב", "ש")
_LONGEST_STATE, _LONGEST_NAME, _OFFICE_WORDS = 4, 4, 5
_OPENING, _CLOSING = '«“„"「', '»”“"」'
_KNOWN = (
    "article",
    "stop",
    "opening",
    "in",
    "of",
    "if",
    "that",
    "pronoun",
    "cited",
    "according",
    "relative",
    "and",
    "but",
    "calendar",
    "crowd",
    "place",
    "land",
    "thing",
    *DOING,
)
_HEADS = ("body", "force", "squad", "group", "officials", "org", "title", "describing")


class Caseless:
    """Whoever one sentence names by a name of their own."""

    def __init__(self, words: Words, standing: Standing, known: Counter[str]) -> None:
        """Know the sentence, how mentions stand in the whole text, and how often each word is in it."""
        self._words, self._standing, self._known = words, standing, known

    def candidates(self) -> Iterator[Candidate]:
        """Yield the names, from left to right."""
        at = 0
        while at < len(self._words):
            found = self._quoted(at) or self._place(at) or self._person(at) or self._speaker(at)
            if found:
                yield found
            at = found.last if found else at + 1

    def _place(self, at: int) -> Candidate | None:
        words = self._words
        for last in range(min(at + _LONGEST_STATE, len(words)), at, -1):
            if any(not words.is_joined(number) for number in range(at + 1, last)):
                continue
            place = named(words.said(at, last), words.language)
            if place is None or place.via in {Via.PEOPLE, Via.CITY, Via.TERRITORY}:
                continue
            if place.via == Via.NONE:
                return Candidate(at, last, Sort.BODY, at) if place.kind else None
            span = words.span(at, last)
            if place.via == Via.CAPITAL and not self._governs(at, last):
                continue
            sure = not words.has(at - 1, "in") and (
                last - at > 1 or (self._standing.acts(span) and not self._standing.locates(span)) or words.has(at - 1, *DOING)
            )
            return Candidate(at, last, Sort.STATE, at, place.code, sure=sure)
        return None

    def _governs(self, first: int, last: int) -> bool:
        """Whether a capital stands for its government: beside a verb of saying or doing, and not as the place where something is."""
        words = self._words
        beside = words.has(last, *SAYING, "intend", "will") or words.has(first - 1, *SAYING, "intend", "will")
        return beside and not words.has(first - 1, "in", "place") and not self._standing.locates(words.span(first, last))

    def _person(self, at: int) -> Candidate | None:
        """Return the person whose title the word `at` is."""
        words, first, comma = self._words, at + 1, False
        if not words.has(at, "title"):
            return None
        while first < min(len(words), at + 1 + _OFFICE_WORDS) and (self._is_of_office(first) or (words.words[first].is_comma and not comma)):
            comma |= words.words[first].is_comma
            first += 1
        last = self._name(first)
        if last - first > 1:
            return Candidate(first, last, Sort.PERSON, last - 1)
        return self._office(at)

    def _office(self, at: int) -> Candidate | None:
        """Return the office whose title the word `at` is, where whoever holds it says something without a name."""
        words, last = self._words, at + 1
        while last < min(len(words), at + 1 + _OFFICE_WORDS) and words.is_joined(last) and self._is_of_office(last):
            last += 1
        speaks = words.has(last, *SAYING, "will") or words.has(at - 1, *SAYING) or words.gap(last).startswith(":")
        return Candidate(at, last, Sort.OTHER, last - 1) if last - at > 1 and speaks else None

    def _is_of_office(self, at: int) -> bool:
        words = self._words
        if not words.form(at) or words.has(at, *DOING, "in", "that"):
            return False
        place = named(words.said(at, at + 1), words.language)
        return words.has(at, *_HEADS) or words.form(at) in _NAMING or place is not None or ARTICLE.match(words.form(at)) is not None

    def _name(self, first: int) -> int:
        """Return the word behind a name of words that nothing is known of; `first` where none begins there."""
        words, last = self._words, first
        while last < min(len(words), first + _LONGEST_NAME + 1) and words.form(last) and not words.has(last, *_KNOWN, *_HEADS):
            if (last > first and not words.is_joined(last)) or (last == first and ARTICLE.match(words.form(last)) and words.language == "ar"):
                break
            last += 1
        ended = last == len(words) or not words.is_joined(last) or words.has(last, *_KNOWN, *_HEADS)
        return last if ended and last - first <= _LONGEST_NAME else first

    def _speaker(self, at: int) -> Candidate | None:
        """Return who is named right behind a verb of saying, by a name that comes again."""
        words = self._words
        if not words.has(at - 1, "said", "threaten") or not words.is_joined(at):
            return None
        last = self._name(at)
        if last == at or words.form(at).startswith(_INTO) or (last - at == 1 and self._known[stem(words.form(at))] == 1) or words.has(last, *_HEADS):
            return None
        return Candidate(at, last, Sort.OTHER, last - 1)

    def _quoted(self, at: int) -> Candidate | None:
        """Return the body whose whole name stands between quotation marks."""
        words = self._words
        if not words.has(at, "org", "body", "force", "squad") or not any(mark in _OPENING for mark in words.gap(at)):
            return None
        last = at + 1
        while last < min(len(words), at + 7) and words.is_joined(last):
            last += 1
        closed = last < len(words) and any(mark in _CLOSING for mark in words.text[words.words[last - 1].end : words.words[last].start])
        return Candidate(at, last, Sort.BODY, at) if closed and last - at > 1 else None
