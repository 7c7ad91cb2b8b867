"""Actor nouns: the words of a sentence, each with what the lexicons know of it where somebody may be named."""

from dataclasses import dataclass
from functools import cache

import regex

from service.extraction.judgement.phrases import Phrases, Word, words_of
from service.extraction.judgement.standing import relabelled
from service.extraction.judgement.telling import is_to_come
from service.extraction.lexicons import lexicon
from service.extraction.people.words import split_list

#: Languages whose nouns all have a capital; those whose script has none, with spaces and without.
NOUN_CAPITALS, CASELESS = frozenset({"de"}), frozenset({"ar", "he", "fa"})
UNSPACED = frozenset({"zh", "ja"})
#: The article that is written onto a word, with what may stand before it.
ARTICLE = regex.compile(r"^(?:[وفبكل]?ال|[وفب]?لل|[ולבכמש]?ה)(?=..)")
#: Verbs of who speaks, promises, threatens or does harm, as labels of `claims.toml`.
DOING = ("said", "threaten", "expect", "intend", "promise", "refuse", "demand", "will", "harm", "struck", "coerce", "shut")
SAYING = ("said", "threaten", "expect", "promise", "refuse", "demand")
_CLAIMS = (*DOING, "according", "passive", "if", "that", "relative", "but", "and")
_PLACES = ("in", "place", "crowd", "vessel", "pronoun", "land", "cited", "victim")
_TITLES = ("official", "personnel", "police")
#: Things whose noun makes what stands before it theirs: the army base.
_THINGS = ("base", "weapon_system", "ship_or_aircraft", "dual", "neutral", "works", "civilian", "court", "diplomatic_mission")
#: `openings` of `clauses.toml` are patterns; those that are more than a word are left out.
_PATTERN = regex.compile(r"[()?\[\]|\\+]")
#: Hebrew writes them into abbreviations.
_GERSHAYIM = frozenset(('"', "״"))
_PLAIN_TEXT = regex.compile(r"[\s\u00a0]*")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one sentence."""

    text: str
    words: list[Word]
    labels: list[frozenset[str]]
    language: str

    def __len__(self) -> int:
        """Return how many words there are, marks between parts of a list among them."""
        return len(self.words)

    def has(self, at: int, *labels: str) -> bool:
        """Whether there is a word `at` and it has one of these labels."""
        return 0 <= at < len(self.words) and not self.labels[at].isdisjoint(labels)

    def form(self, at: int) -> str:
        """Return the folded word `at`; nothing for a comma or beyond the sentence."""
        return self.words[at].forms[0] if 0 <= at < len(self.words) and self.words[at].forms else ""

    def is_joined(self, at: int) -> bool:
        """Whether only space stands between the word `at` and the one before it."""
        if not (0 < at < len(self.words) and self.form(at) and self.form(at - 1)):
            return False
        return _PLAIN_TEXT.fullmatch(self.gap(at)) is not None or (self.language == "he" and self.gap(at) in _GERSHAYIM)

    def gap(self, at: int) -> str:
        """Return what stands between the word `at` and the one before it."""
        return self.text[self.words[at - 1].end : self.words[at].start] if 0 < at < len(self.words) else ""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the words from `first` to before `last` stand."""
        return self.words[first].start, self.words[last - 1].end

    def said(self, first: int, last: int) -> str:
        """Return the words from `first` to before `last` as they are written."""
        return self.text[slice(*self.span(first, last))]


def sentence_words(text: str, span: tuple[int, int], language: str) -> Words:
    """Return the words of the sentence at `span` in a language that has a list."""
    words, phrases = words_of(text, *span), _phrases(language)
    found: list[set[str]] = [set() for _ in words]
    for at, word in enumerate(words):
        if not word.is_comma:
            for label, last in phrases.every(words, at).items():
                for number in range(at, last):
                    found[number].add(label)
            if is_to_come(text, word, language):
                found[at].add("will")
    return Words(text, words, [frozenset(labels) for labels in found], language)


def knows(language: str) -> bool:
    """Whether there is a list of nouns for whoever acts in a language."""
    return language in lexicon("actor_nouns")


@cache
def _phrases(language: str) -> Phrases:
    things, claims, places = (lexicon(name).get(language, {}) for name in ("things", "claims", "no_actors"))
    clauses, victims = lexicon("clauses").get(language, {}), lexicon("victims").get(language, {})
    titles = " ".join(word.replace(" ", "_").replace("-", "_") for word in split_list(lexicon("actor_words")["titles"].get(language, "")))
    pairs = [(words, label) for label, words in lexicon("actor_nouns")[language].items()]
    pairs += [(titles, "title"), (clauses.get("articles", ""), "article"), (clauses.get("openings", ""), "opening"), (victims.get("stop", ""), "stop")]
    pairs += [(victims.get("of", ""), "of"), (clauses.get("calendar", ""), "calendar")]
    pairs += [*relabelled(things, _TITLES, "title"), *relabelled(things, _THINGS, "thing"), *relabelled(things, ("free",), "free")]
    pairs += [*((claims[label], label) for label in _CLAIMS if label in claims), *((places[label], label) for label in _PLACES if label in places)]
    return Phrases((" ".join(word for word in words.split() if not _PATTERN.search(word)), label) for words, label in pairs)
