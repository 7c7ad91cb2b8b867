"""Noun phrases: how far the words reach that name one thing or person, around a noun of the lexicon of things.

No grammar is parsed: from its noun a phrase grows over the words known to describe, numbers, names and adjectives, over what says whose it is and over the name
of where it is, and ends at marks, verbs that are known, prepositions, conjunctions and times.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from service.extraction.judgement.phrases import Hit, Phrases, Word, words_of
from service.extraction.lexicons import lexicon, primary_subtag
from service.extraction.quotes.folding import UNSPACED

#: Labels of nouns in the lexicon of things, of words that describe one, and of words that end a phrase.
_DESCRIBING = frozenset({"military", "government", "diplomatic", "civil", "former"})
_FUNCTION = frozenset({"place", "of", "and", "free"})
_NO_LABELS = frozenset({"order", "adjectives"})
#: Nouns that are verbs or deeds as often: only a word before them that describes makes them nouns.
_DOUBTFUL = frozenset({"neutral", "dual", "works"})
#: What may stand between two words of one phrase.
_JOINT = regex.compile(r"[\s\u00a0]{1,3}|[-‐‑'’ʼ]|\.\s|[\s\u00a0]?[«»“”„\"'‘’「」『』№#]{1,2}[\s\u00a0]?")
_TIES = frozenset("-‐‑'’ʼ")
_QUOTED = regex.compile(r"[“「『«\"][^“”「」『』«»\"\n]{1,16}[”」』»\"]$")
#: Languages in which a word that is not known may describe the noun behind it.
_UNKNOWN_BEFORE = frozenset({"en", "de"})
#: At most so many words of each kind in one phrase.
_MOST_NAMES, _MOST_UNKNOWN, _MOST_COMPLEMENTS = 4, 1, 2
_LONGEST = 14

#: A shorter word ends as an adjective does by chance.
_MIN_ADJECTIVE = 5


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """Words from `first` to before `last` that name one thing, by the label of the noun that ends or begins at `noun`."""

    first: int
    last: int
    noun: int
    label: str
    #: Whether an "and" is written onto its first word.
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """The closed classes of one language."""

    things: Phrases
    around: Phrases
    noun_last: bool
    endings: tuple[str, ...]
    articles: frozenset[str]
    stops: frozenset[str]


def noun_phrases(text: str, words: Sequence[Word], language: str, verbs: Collection[int], times: Collection[int]) -> list[NounPhrase]:
    """Return the noun phrases among the `words` of a sentence, from left to right, without overlaps.

    Args:
        text: That the words are of.
        words: Of the sentence.
        language: Of the text.
        verbs: The words by which something is told, by number.
        times: The words that tell a time, by number.
    """
    reader = _Reader(text, words, primary_subtag(language), verbs, times)
    found: list[NounPhrase] = []
    at = 0
    while at < len(words):
        phrase = reader.phrase(at, found[-1].last if found else 0)
        if phrase:
            found.append(phrase)
        at = max(phrase.last if phrase else at + 1, at + 1)
    return found


def linking_words(text: str, words: Sequence[Word], language: str) -> tuple[set[int], set[int]]:
    """Return which words, by number, are an "and" between two members of a list, and which others may stand there: determiners, prepositions, commas."""
    known = _known(primary_subtag(language))
    hits = known.things.find(words)
    joining = {at for hit in hits if "and" in hit.labels for at in range(hit.first, hit.last)}
    joining |= {at for at, word in enumerate(words) if text[word.start : word.end] == "、"}
    others = {at for hit in hits if "free" in hit.labels for at in range(hit.first, hit.last)}
    others |= {at for at, word in enumerate(words) if word.is_comma or word.forms[0] in known.articles or "toward" in known.around.every(words, at)}
    return joining, others


@cache
def words_around(language: str) -> Phrases:
    """Return the words of a language that say what is done to the thing beside them."""
    return Phrases((words, label) for label, words in lexicon("victims").get(language, {}).items() if label != "adjectives")


@cache
def _known(language: str) -> _Words:
    tables = lexicon("things")
    table = tables.get(language, tables["en"])
    turning, around = lexicon("clauses").get(language, {}), lexicon("victims").get(language, {})
    stops = [word for key in ("stop", "aside", "by", "toward", "be") for word in around.get(key, "").split() if "_" not in word and "*" not in word]
    things = Phrases((words, label) for label, words in table.items() if label not in _NO_LABELS)
    endings = tuple(_folded((around.get("adjectives") or table.get("adjectives", "")).split()))
    return _Words(things, words_around(language), table["order"] == "last", endings, _folded(turning.get("articles", "").split()), _folded(stops))


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.forms[0] for one in words for word in words_of(one)[:1] if word.forms)


class _Reader:
    """Grows phrases around nouns."""

    def __init__(self, text: str, words: Sequence[Word], language: str, verbs: Collection[int], times: Collection[int]) -> None:
        self._text, self._words, self._language, self._known = text, words, language, _known(language)
        self._verbs, self._times = verbs, times
        self._hits: dict[int, Hit] = {}
        for hit in self._known.things.find(words):
            for at in range(hit.first, hit.last):
                self._hits[at] = hit

    def phrase(self, at: int, floor: int) -> NounPhrase | None:
        """Return the phrase whose noun begins with the word `at`, None where none does."""
        noun = self._noun(at)
        if noun is None or self._hits[at].first != at:
            return None
        return self._last(at, floor, noun) if self._known.noun_last else self._first(at, floor, noun)

    def _last(self, at: int, floor: int, label: str) -> NounPhrase:
        """Return a phrase whose noun stands last."""
        end, noun = self._hits[at].last, at
        while end < len(self._words) and self._joined(end):
            further = self._noun(end)
            if further is None and not self._is_possessive(end) and not (self._describes(end) and end + 1 < len(self._words) and self._noun(end + 1)):
                break
            if further:
                noun, label = end, further
            end = self._hits[end].last if further else end + 1
        first = self._left(at, floor)
        last = self._complements(self._names(end))
        return self._made(self._bare(first, at), last, noun, label)

    def _first(self, at: int, floor: int, label: str) -> NounPhrase:
        """Return a phrase whose noun stands first, but for numbers and adjectives before it."""
        last, unknown = self._hits[at].last, 0
        while last < min(len(self._words), at + _LONGEST) and self._joined(last) and not self._ends(last) and not self._opens_more(last):
            if self._may_follow(last, at) or (self._words[last].capital and self._language != "ar"):
                last += 1
            elif self._language in {"ar", "he", "fa"} and unknown < _MOST_UNKNOWN and last == self._hits[at].last:
                last, unknown = last + 1, unknown + 1
            else:
                break
        return self._made(self._bare(self._left(at, floor), at), self._complements(last), at, label)

    def _made(self, first: int, last: int, noun: int, label: str) -> NounPhrase:
        hit = self._hits.get(first)
        return NounPhrase(first, last, noun, label, joined=hit is not None and hit.joined)

    def _left(self, at: int, floor: int) -> int:
        """Return where the words begin that stand before a noun and belong to it."""
        first, unknown, counted = at, 0, False
        while first > floor and self._joined(first) and not self._ends(first - 1):
            before = first - 1
            if self._is_free(before):
                counted = True
                if self._is_article(before):
                    break
            elif counted or (self._noun(before) and not self._is_possessive(first)):
                break
            elif not (self._describes(before) or self._is_possessive(before) or (self._is_name(before) and self._known.noun_last)):
                if self._language not in _UNKNOWN_BEFORE or unknown == _MOST_UNKNOWN:
                    break
                unknown += 1
            first = before
        return self._with_quoted(first)

    def _with_quoted(self, first: int) -> int:
        """Return where a phrase begins whose name stands between quotation marks right before it."""
        if not self._is_unspaced(first):
            return first
        match = _QUOTED.search(self._text, max(self._words[first].start - 20, 0), self._words[first].start)
        if match is None:
            return first
        return next((number for number in range(max(first - 20, 0), first) if self._words[number].start > match.start()), first)

    def _bare(self, first: int, at: int) -> int:
        """Return where a phrase begins without the articles, the marks of an object and the words for "of" before it."""
        while first < at and (self._is_article(first) or "toward" in self._around(first) or self._words[first].forms == ("的",)):
            first += 1
        return first

    def _names(self, last: int) -> int:
        end = min(last + _MOST_NAMES, len(self._words))
        # In German a noun that is known is no name.
        while last < end and self._joined(last) and not self._ends(last) and not (self._language == "de" and last in self._hits):
            if not self._is_name(last) and not self._is_tied(last):
                break
            last += 1
        return last

    def _complements(self, last: int) -> int:
        """Return the end of a phrase with what says whose it is and the name of where it is."""
        for _ in range(_MOST_COMPLEMENTS):
            end = self._of(last) or self._within(last)
            if end is None:
                break
            last = end
        return last

    def _of(self, last: int) -> int | None:
        """Return the end of what says whose something is, which begins with the word `last`."""
        if last >= len(self._words) or not self._joined(last) or "of" not in self._around(last):
            return None
        at = self._opened(last + 1)
        end, unknown, limit = at, 0, min(len(self._words), at + _LONGEST // 2)
        while end < limit and self._joined(end) and not self._ends(end):
            if self._noun(end) or self._describes(end) or self._is_name(end) or (self._known.endings and self._is_adjective(end)):
                end = self._hits[end].last if end in self._hits else end + 1
            elif unknown < _MOST_UNKNOWN and (end == at or self._known.noun_last):
                end, unknown = end + 1, unknown + 1
            else:
                break
        return end if end > at and end - unknown > at else None

    def _within(self, last: int) -> int | None:
        """Return the end of the name of where something is, which begins with the word `last`."""
        if last >= len(self._words) or not self._joined(last) or "in" not in self._around(last):
            return None
        at = self._opened(last + 1)
        if self._language in {"ar", "fa"}:
            return self._place_after(at)
        end = self._names(at)
        if end == at and end + 1 < len(self._words) and self._joined(end + 1) and not self._ends(end) and self._may_be_place(end):
            end = self._names(end + 1)
        if end == at or self._words[at].forms[0].isdecimal():
            return None
        # The Oresk road.
        return end + 1 if end < len(self._words) and end > last + 2 and self._joined(end) and self._noun(end) and self._known.noun_last else end

    def _may_be_place(self, at: int) -> bool:
        """Whether a common noun for a place and a name follow: in the village of, on the ridge."""
        return self._is_name(at + 1) and (at in self._hits or self._language in {"ru", "uk", "pl"})

    def _place_after(self, at: int) -> int | None:
        end = min(at + 2, len(self._words))
        if end == at + 2 and self._words[at + 1].forms[:1] and self._words[at + 1].forms[0].startswith("و"):
            end = at + 1
        while end > at and any(number in self._times or self._ends(number) or not self._joined(number) for number in range(at, end)):
            end -= 1
        return end if end > at else None

    def _opened(self, at: int) -> int:
        """Return the word `at`, or the first behind it that is no determiner or number."""
        while at + 1 < len(self._words) and self._is_free(at) and self._joined(at) and self._joined(at + 1):
            at += 1
        return at

    def _may_follow(self, at: int, noun: int) -> bool:
        """Whether a word may stand behind its noun as part of the same phrase."""
        if self._describes(at) or self._is_number(at):
            return True
        if self._is_tied(at):
            return True
        if self._noun(at) is not None:
            # Behind its noun a noun is in the genitive, or the name of a rank or office.
            return self._language not in {"fr", "es", "it", "pt"} or at - noun == 1
        compound = at + 1 < len(self._words) and self._is_tied(at + 1) and self._is_adjective(at + 1)
        return compound or self._is_adjective(at) or (self._language in {"ar", "he"} and self._is_definite(at))

    def _is_tied(self, at: int) -> bool:
        """Whether a hyphen or an apostrophe ties a word to the one before it."""
        return self._text[self._words[at - 1].end : self._words[at].start] in _TIES

    def _opens_more(self, at: int) -> bool:
        """Whether an "and" is written onto a word."""
        return at in self._hits and self._hits[at].joined

    def _is_definite(self, at: int) -> bool:
        return self._words[at].forms[0].startswith(("ال", "ה", "لل"))

    def _is_adjective(self, at: int) -> bool:
        form = self._words[at].forms[:1]
        return bool(form) and bool(self._known.endings) and len(form[0]) >= _MIN_ADJECTIVE and form[0].endswith(self._known.endings)

    def _noun(self, at: int) -> str | None:
        """Return the label of the noun that the word `at` is of, None if it is none."""
        hit = self._hits.get(at)
        if hit is None:
            return None
        nouns = [label for label in hit.labels if label not in _FUNCTION and label not in _DESCRIBING]
        if not nouns or any(label in _FUNCTION for label in hit.labels):
            return None
        if len(nouns) < len(hit.labels) and self._known.endings and hit.last in self._hits and not _FUNCTION & {*self._hits[hit.last].labels}:
            # Where adjectives stand before their noun, a word that may be either describes the noun behind it.
            return None
        if not self._known.noun_last and hit.first == at and self._is_surname(at):
            return None
        if nouns[0] in _DOUBTFUL and hit.first in self._verbs and not self._is_unspaced(at) and not self._is_described(hit):
            return None
        return nouns[0]

    def _is_surname(self, at: int) -> bool:
        """Whether a word with a capital stands behind another one, as the second word of a name."""
        return at > 1 and self._joined(at) and self._words[at].capital and self._words[at - 1].capital and at - 1 not in self._hits

    def _is_described(self, hit: Hit) -> bool:
        """Whether a word that describes, or a determiner, stands where it does beside a noun."""
        if self._known.noun_last:
            return hit.first > 0 and (self._describes(hit.first - 1) or self._is_free(hit.first - 1))
        return hit.last < len(self._words) and hit.last in self._hits and self._describes(hit.last)

    def _describes(self, at: int) -> bool:
        hit = self._hits.get(at)
        if hit is not None and any(label in _DESCRIBING for label in hit.labels):
            return at not in self._verbs or hit.last - hit.first > 1 or not self._known.noun_last
        return not self._known.noun_last and self._is_adjective(at)

    def _is_free(self, at: int) -> bool:
        hit = self._hits.get(at)
        return (hit is not None and "free" in hit.labels and "of" not in self._around(at)) or self._is_number(at) or self._is_article(at)

    def _is_article(self, at: int) -> bool:
        forms = self._words[at].forms
        return bool(forms) and forms[0] in self._known.articles

    def _is_number(self, at: int) -> bool:
        forms = self._words[at].forms
        return bool(forms) and forms[0].isdecimal()

    def _is_name(self, at: int) -> bool:
        word = self._words[at]
        return (word.capital and at > 0) or (self._is_number(at) and self._known.noun_last)

    def _is_possessive(self, at: int) -> bool:
        """Whether the word `at` is an "'s", or stands behind one."""
        return any(
            0 < number < len(self._words)
            and self._words[number].forms == ("s",)
            and self._text[self._words[number - 1].end : self._words[number].start] in {"'", "’", "ʼ"}
            for number in (at, at - 1)
        )

    def _is_unspaced(self, at: int) -> bool:
        return bool(UNSPACED.match(self._text, self._words[at].start))

    def _around(self, at: int) -> Collection[str]:
        return self._known.around.every(self._words, at)

    def _joined(self, at: int) -> bool:
        """Whether nothing stands between the word `at` and the one before it that parts phrases."""
        if at <= 0 or at >= len(self._words) or self._words[at].is_comma or self._words[at - 1].is_comma:
            return False
        between = self._text[self._words[at - 1].end : self._words[at].start]
        return not between or _JOINT.fullmatch(between) is not None

    def _ends(self, at: int) -> bool:
        """Whether a word ends a phrase: a verb, a preposition, a conjunction, a time."""
        if at in self._times or self._words[at].is_comma:
            return True
        hit, form = self._hits.get(at), self._words[at].forms[0]
        if self._noun(at) == "civilian" and form in self._known.stops:
            return True
        if self._noun(at) is not None or (hit is not None and self._describes(at)):
            return False
        if at in self._verbs or (hit is not None and any(label in {"place", "and", "of"} for label in hit.labels)):
            return True
        return (form in self._known.stops and not self._is_possessive(at)) or "of" in self._around(at)
