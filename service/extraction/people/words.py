"""Words about actors: heads of governments and armies, sources, titles, proxies, and what stands around names, in the languages served."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache

import regex

from service.extraction.lexicons import lexicon
from service.extraction.quotes.folding import UNSPACED, folded

_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True, slots=True)
class WordClass:
    """A closed class of words: single ones and phrases of several as they fold, and those of scripts without spaces."""

    singles: frozenset[str]
    phrases: tuple[str, ...]
    unspaced: regex.Pattern[str]

    def any_of(self, tokens: Sequence[str], words: str) -> bool:
        """Whether one of the folded `tokens` is of the class, or `words` hold one of a script without spaces."""
        return not self.singles.isdisjoint(tokens) or bool(self.unspaced.search(words))

    def phrase_in(self, words: str) -> bool:
        """Whether `words` hold a phrase of the class."""
        letters = plain(words)
        return bool(self.unspaced.search(words)) or any(phrase in letters for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class ActorWords:
    """The classes of `lexicons/actor_words.toml`, all languages together."""

    leads: WordClass
    within: WordClass
    conjunctions: WordClass
    relations: WordClass
    waters: WordClass
    state_forms: WordClass
    sources: WordClass
    anonymity: WordClass
    army: WordClass
    army_beside: WordClass
    government: WordClass
    officials: WordClass
    officials_beside: WordClass
    official: WordClass
    local: WordClass
    foreign: WordClass
    regulars: WordClass
    units: WordClass
    civil_units: WordClass
    proxies: WordClass
    backed: WordClass
    titles: WordClass
    pronouns: WordClass


@cache
def actor_words() -> ActorWords:
    """Return the words about actors."""
    tables = lexicon("actor_words")
    proxies = tables["proxies"]
    split = {name: list(table.values()) for name, table in tables.items()} | {"proxies": [proxies["all"]], "backed": [proxies["backed"]]}
    return ActorWords(**{field.name: _word_class(split[field.name]) for field in fields(ActorWords)})


@lru_cache(maxsize=16_384)
def plain(words: str) -> str:
    """Return a word as it folds; remembered, for the same few words come again and again."""
    return folded(words)


def split_list(words: str) -> list[str]:
    """Return the words of a list as the lexicons write it."""
    return [word for word in words.split(", ") if word]


def tokens_of(words: str) -> list[str]:
    """Return the words of a phrase as they fold."""
    return [plain(token) for token in _TOKEN.findall(words)]


def _word_class(lists: Sequence[str]) -> WordClass:
    words = [word for row in lists for word in split_list(row)]
    signs = sorted({word for word in words if UNSPACED.match(word)}, key=lambda word: (-len(word), word))
    spaced = [word for word in words if not UNSPACED.match(word)]
    phrases = sorted({folded(word) for word in spaced if len(_TOKEN.findall(word)) > 1})
    singles = frozenset(folded(word) for word in spaced if len(_TOKEN.findall(word)) == 1)
    return WordClass(singles, tuple(phrases), regex.compile("|".join(map(regex.escape, signs)) or r"(?!)"))
