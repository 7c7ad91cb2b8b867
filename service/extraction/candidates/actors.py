"""Actors: the names of whoever acts, speaks, is threatened or is struck, as far as words alone tell."""

from collections import Counter
from collections.abc import Iterator

import regex

from service.extraction.candidates.actor_candidate import Candidate, Sort, stem
from service.extraction.candidates.actor_nouns import ARTICLE, CASELESS, UNSPACED, Words, knows, sentence_words
from service.extraction.candidates.caseless_actors import Caseless
from service.extraction.candidates.common_actors import Commons
from service.extraction.candidates.named_actors import Names
from service.extraction.candidates.unspaced_actors import Owners, Unspaced, owners_in
from service.extraction.judgement.standing import Standing
from service.extraction.lexicons import primary_subtag
from service.extraction.places import named
from service.extraction.preparing import Prepared

Span = tuple[int, int]
#: Letters that are written onto names.
_ONTO = frozenset("ולבמשכوف")
#: An "and" or a "that" that is written onto the article of a name and is no part of it.
_WRITTEN = regex.compile(r"[וש](?=ה..)|[وف](?=ال..)")
#: As many names with one noun are compared with a further one.
_MOST_ALIKE = 40
#: Sorts of names of which a part of a person's name may be one.
_SINGLE = frozenset({Sort.PERSON, Sort.OTHER})


def actor_names(prepared: Prepared) -> list[Span]:
    """Return where `prepared` names its actors: of each one mention that tells that it is one, in the order of the text."""
    language = primary_subtag(prepared.language)
    if not knows(language):
        return []
    standing, found = Standing(prepared.text, prepared.language), _Found()
    sentences = [sentence_words(prepared.text, span, language) for span in prepared.sentences.spans]
    caseless = language in CASELESS
    known = Counter(
        stem(word.forms[0]) for words in sentences for at, word in enumerate(words.words) if word.forms and (caseless or (word.capital and words.is_joined(at)))
    )
    owners = owners_in(sentences if language in UNSPACED else [])
    for words in sentences:
        for candidate in _candidates(words, standing, known, owners):
            found.add(candidate, words)
    return sorted(found.spans)


def _candidates(words: Words, standing: Standing, known: Counter[str], owners: Owners) -> Iterator[Candidate]:
    if words.language in UNSPACED:
        yield from Unspaced(words, standing, owners).candidates()
        return
    named = [*(Caseless if words.language in CASELESS else Names)(words, standing, known).candidates()]
    yield from sorted([*named, *Commons(words, named).candidates()], key=lambda candidate: candidate.first)


class _Found:
    """The actors so far, each once."""

    def __init__(self) -> None:
        """Begin with none."""
        self.spans: list[Span] = []
        self._codes: set[str] = set()
        self._people: set[str] = set()
        self._names: set[frozenset[str]] = set()
        self._heads: dict[str, list[frozenset[str]]] = {}

    def add(self, candidate: Candidate, words: Words) -> None:
        """Add an actor, unless it is one of those that are there."""
        if not candidate.sure:
            return
        stems = frozenset(_stem(words, at) for at in range(candidate.first, candidate.last) if words.form(at) and not words.has(at, "article", "of"))
        head = _stem(words, candidate.head)
        if self._is_known(candidate, stems, head):
            return
        start, end = words.span(candidate.first, candidate.last)
        written = words.language in CASELESS and (
            _WRITTEN.match(words.form(candidate.first)) or _is_written_onto(candidate, words.text[start:end], words.language)
        )
        self.spans.append((start + bool(written), end))
        same = self._heads.setdefault(head, [])
        if len(same) < _MOST_ALIKE:
            same.append(stems)
        self._names.add(stems)
        if candidate.code:
            self._codes.add(candidate.code)
        if candidate.sort is Sort.PERSON:
            self._people |= stems

    def _is_known(self, candidate: Candidate, stems: frozenset[str], head: str) -> bool:
        if candidate.code in self._codes or not stems or stems in self._names or (candidate.sort in _SINGLE and stems <= self._people):
            return True
        return candidate.sort is not Sort.PERSON and any(stems <= other or other <= stems for other in self._heads.get(head, ()))


def _is_written_onto(candidate: Candidate, name: str, language: str) -> bool:
    """Whether the first letter of a country's name is an "and" or a preposition that is written onto it."""
    place = named(name[1:], language) if candidate.code and name[0] in _ONTO else None
    return place is not None and place.code == candidate.code


def _stem(words: Words, at: int) -> str:
    """Return the letters by which a word is known in all its cases, without the article that is written onto it."""
    form = words.form(at)
    return stem(ARTICLE.sub("", form) if words.language in CASELESS else form)
