"""Actors in scripts without spaces: by titles, by class words and the names before them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from service.extraction.candidates.actor_candidate import Candidate, Sort
from service.extraction.candidates.actor_nouns import DOING, SAYING, Words
from service.extraction.countries.words import Via, country_words
from service.extraction.judgement.standing import Standing
from service.extraction.places import named

#: One, two, several: what opens the words for somebody without a name.
_COUNT = regex.compile(r"[一两兩二三数數多几幾]\s?[名位个個]|[\d一二三四五六七八九十]+[名位人]|ある")
_KATAKANA = regex.compile(r"[\p{Katakana}ー・]{2,}")
_KANA = regex.compile(r"[\p{Katakana}ー・]")
_NAME = regex.compile(r"[\p{Han}\p{Katakana}ー·・]")
_FORMS = regex.compile("(?:共和国|王国|联邦|苏丹国|公国|共和國|連邦)$")
_OPENING, _CLOSING = frozenset("“「『"), frozenset("”」』")
_OWNED = frozenset("的の人籍")
_LONGEST_NAME, _LONGEST_SOUND, _LONGEST_STATE, _SOURCE_CHARS, _VERB_CHARS, _OFTEN, _LONGEST_KANA, _FORM_SIGNS, _LONGEST_LISTED = 4, 8, 5, 18, 12, 3, 12, 3, 10
_OFFICE_SIGNS = 2
_HEADS = ("body", "force", "squad", "group")
_KNOWN = (
    "title",
    "body",
    "force",
    "squad",
    "group",
    "officials",
    "stop",
    "describing",
    "if",
    "that",
    "in",
    "and",
    "but",
    "according",
    "of",
    "pronoun",
    "calendar",
    *DOING,
)


@dataclass(frozen=True, slots=True)
class Owners:
    """The names in a text behind which bodies and offices of states stand."""

    #: Those of states that no list has, by offices that only a state has and because they come again.
    states: frozenset[str]
    #: Those that come again at all.
    again: frozenset[str]
    #: How the offices end behind which a name stands.
    held: frozenset[str]


def owners_in(sentences: Sequence[Words]) -> Owners:
    """Return whose bodies and offices a text names."""
    found, times, held = set[str](), Counter[str](), set[str]()
    for words in sentences:
        for at in range(len(words)):
            if not is_free(words, at):
                continue
            if words.has(at - 1, "title") and words.is_joined(at):
                held.add(words.said(max(at - _OFFICE_SIGNS, 0), at))
            if at == 0 or words.gap(at) or not is_free(words, at - 1):
                times.update(words.said(at, last) for last in _ends(words, at))
                whole = _ends(words, at)[-1:]
                if whole and words.has(whole[0], "title", "body", "force"):
                    found.add(_FORMS.sub("", words.said(at, whole[0])))
    states = frozenset(name for name in found if 1 < len(name) <= _LONGEST_STATE and times[name] >= _OFTEN)
    return Owners(states, frozenset(name for name in found if times[name] > 1), frozenset(held))


def sounds(words: Words, first: int, last: int) -> bool:
    """Whether a name is written by its sound: with signs that foreign names are written with, two at least."""
    return last - first > 1 and all(words.has(at, "sound") for at in range(first, last))


def is_free(words: Words, at: int) -> bool:
    """Whether a sign may be of a name: nothing is known of it."""
    return bool(words.form(at)) and _NAME.match(words.form(at)) is not None and not words.has(at, *_KNOWN)


def _ends(words: Words, first: int) -> list[int]:
    """Return where names may end that begin at `first`."""
    ends, last = list[int](), first + 1
    while last <= len(words) and last - first <= _LONGEST_STATE + _FORM_SIGNS:
        ends.append(last)
        if last == len(words) or words.gap(last) or not is_free(words, last):
            break
        last += 1
    return ends


class Unspaced:
    """Whoever one sentence names."""

    def __init__(self, words: Words, standing: Standing, owners: Owners) -> None:
        """Know the sentence, how mentions stand in the whole text, and whose bodies and offices that names."""
        self._words, self._standing, self._owners = words, standing, owners

    def candidates(self) -> Iterator[Candidate]:
        """Yield the names, from left to right."""
        at = 0
        while at < len(self._words):
            found = self._quoted(at) or self._listed(at) or self._source(at) or self._person(at) or self._state(at) or self._body(at) or self._office(at)
            if found:
                yield found
            at = found.last if found else at + 1

    def _listed(self, at: int) -> Candidate | None:
        """Return the country or the body of several states whose name begins at `at`."""
        words, start = self._words, self._words.words[at].start
        if words.text[start] not in _first_signs(words.language):
            return None
        known, longest = country_words(words.language).words, min(_LONGEST_LISTED, words.words[-1].end - start)
        name = next((name for length in range(longest, 1, -1) if (name := words.text[start : start + length]) in known), None)
        if name is None:
            return None
        place, last = named(name, words.language), self._at(start + len(name))
        if words.has(at, *_HEADS) and self._owner(at) < at:
            return None
        if place is None or place.via in {Via.PEOPLE, Via.CITY, Via.TERRITORY} or words.has(last, "title", *_HEADS, "officials"):
            return None
        if place.via == Via.NONE:
            return Candidate(at, last, Sort.BODY, at) if place.kind else None
        return Candidate(at, last, Sort.STATE, at, place.code, sure=self._acts(at, last)) if place.code else None

    def _source(self, at: int) -> Candidate | None:
        words = self._words
        match = _COUNT.match(words.text, words.words[at].start, words.words[-1].end)
        described = words.has(at, "describing") and not words.has(at - 1, "describing")
        if match is None and not described:
            return None
        for number in range(self._at(match.end()) if match else at + 1, min(len(words), at + _SOURCE_CHARS)):
            if not words.form(number) or (match is None and words.has(number, *DOING)):
                return None
            if words.has(number, "officials"):
                last = self._ended(number, "officials")
                return Candidate(at, last, Sort.BODY, last - 1) if any(words.has(near, *SAYING) for near in range(last, last + _VERB_CHARS)) else None
        return None

    def _person(self, at: int) -> Candidate | None:
        words = self._words
        if words.language == "ja":
            match = _KATAKANA.match(words.text, words.words[at].start, words.words[-1].end)
            last = self._at(match.end()) if match else at
            return Candidate(at, last, Sort.PERSON, last - 1) if match and words.has(last, "title") and last - at > 1 else None
        if not words.has(at - 1, "title") or words.has(at, "title", "thing") or not words.is_joined(at):
            return None
        last = self._name(at, _LONGEST_NAME)
        return Candidate(at, last, Sort.PERSON, last - 1) if last - at > 1 and not words.has(last, "officials", "org") else None

    def _name(self, first: int, longest: int) -> int:
        """Return the end of signs that nothing is known of, if they are no more than a name has; else `first`."""
        words, last = self._words, first
        while last < min(len(words), first + longest + 1) and (last == first or words.gap(last) in {"", "·", "・"}) and is_free(words, last):
            last += 1
        if last - first <= longest:
            return last
        sounding = next((at for at in range(first, min(len(words), first + _LONGEST_SOUND + 1)) if not (is_free(words, at) and words.has(at, "sound"))), first)
        return sounding if sounding - first >= longest - 1 else first

    def _state(self, at: int) -> Candidate | None:
        """Return the state that the article tells to be one by the offices and bodies that it has."""
        words = self._words
        start = words.words[at].start
        name = next((name for length in range(_LONGEST_STATE, 1, -1) if (name := words.text[start : start + length]) in self._owners.states), None)
        if name is None or at + len(name) > len(words):
            return None
        last = at + len(name)
        sure = words.form(last) not in _OWNED and not words.has(last, "title", *_HEADS, "officials") and self._acts(at, last)
        return Candidate(at, last, Sort.STATE, at, name, sure=sure)

    def _body(self, at: int) -> Candidate | None:
        words = self._words
        if not words.has(at, *_HEADS) or (words.is_joined(at) and words.has(at - 1, "squad", "group")):
            return None
        last = self._ended(at, *_HEADS)
        if words.has(last, "title", "thing", "officials"):
            return None
        first = self._owner(at)
        far = range(last, last + _VERB_CHARS * (1 + words.has(at, "group")))
        if words.has(at, "squad", "group") and (words.has(first - 1, "harm") or words.form(last) in _OWNED or not any(words.has(near, *DOING) for near in far)):
            return None
        return Candidate(first, last, Sort.BODY, last - 1)

    def _office(self, at: int) -> Candidate | None:
        """Return whoever is called by an office alone: of a state or a body, and doing something."""
        words = self._words
        if not words.has(at, "title") or words.has(at - 1, "title"):
            return None
        last = self._ended(at, "title")
        if (words.is_joined(last) and last < self._name(last, _LONGEST_NAME)) or words.has(last, "thing", "officials"):
            return None
        first = self._holder(at)
        if words.has(first - 1, "title"):
            return None
        if first < at:
            return Candidate(first, last, Sort.PERSON, last - 1) if any(words.has(near, *DOING) for near in range(last, last + _VERB_CHARS)) else None
        speaks = words.has(last, *SAYING, "will") and (at == 0 or not words.is_joined(at) or words.has(at - 1, "if"))
        nameless = words.said(max(last - _OFFICE_SIGNS, 0), last) not in self._owners.held
        return Candidate(at, last, Sort.PERSON, last - 1) if speaks and nameless else None

    def _quoted(self, at: int) -> Candidate | None:
        """Return the group whose name begins at `at` between quotation marks: what it is called ends so, or stands behind them."""
        words = self._words
        if words.gap(at)[-1:] not in _OPENING:
            return None
        last = next((near for near in range(at + 1, min(len(words), at + _LONGEST_SOUND) + 1) if near == len(words) or words.gap(near)), at)
        if last >= len(words) or words.gap(last)[:1] not in _CLOSING:
            return None
        if words.has(last, "group", "squad", "org") and len(words.gap(last)) == 1:
            return Candidate(at, self._ended(last, "group", "squad", "org"), Sort.BODY, last)
        return Candidate(at, last, Sort.BODY, last - 1) if last - at > 1 and words.has(last - 1, "org", *_HEADS) else None

    def _holder(self, at: int) -> int:
        """Return where the name begins of the state or body whose office the word `at` is; `at` where none is named."""
        words, first = self._words, at
        while first > 0 and words.gap(first) == "" and words.has(first - 1, *_HEADS, "org"):
            first -= 1
        owner = self._owner(first)
        if owner < first:
            return owner
        known = country_words(words.language).words
        start = words.words[first].start
        listed = (length for length in range(_LONGEST_LISTED, 1, -1) if first >= length and words.text[start - length : start] in known)
        return first - next(listed, 0)

    def _owner(self, at: int) -> int:
        """Return where the name begins of the state whose body the word `at` is."""
        words = self._words
        for pattern, longest in ((_KANA, _LONGEST_KANA), (_NAME, _LONGEST_STATE + _FORM_SIGNS)):
            first = at
            while first > 0 and at - first < longest and words.gap(first) == "" and pattern.match(words.said(first - 1, first)) and is_free(words, first - 1):
                first -= 1
            whole = first == 0 or not is_free(words, first - 1)
            if at - first > 1 and whole and (pattern is _KANA or sounds(words, first, at) or _FORMS.sub("", words.said(first, at)) in self._owners.again):
                return first
        return at

    def _acts(self, first: int, last: int) -> bool:
        words = self._words
        opens = first == 0 or not words.is_joined(first) or words.has(first - 1, "if", "that", "and", "but", "according", "said")
        if words.has(first - 1, "if"):
            return True
        return opens and any(words.has(near, *DOING) for near in range(last, last + _VERB_CHARS)) and not self._standing.locates(words.span(first, last))

    def _ended(self, at: int, *labels: str) -> int:
        while at < len(self._words) and self._words.has(at, *labels) and self._words.form(at):
            at += 1
        return at

    def _at(self, offset: int) -> int:
        """Return the first word that begins at `offset` of the text or behind it."""
        return bisect_left(self._words.words, offset, key=lambda word: word.start)


@cache
def _first_signs(language: str) -> frozenset[str]:
    """Return the signs with which the names of countries begin."""
    return frozenset(word[0] for word in country_words(language).words if word)
