"""Doers: whether a clause names somebody who can act: a state, a force, an office, a person. A storm and a price do nothing on purpose."""

from functools import cache

from service.extraction.judgement.phrases import Phrases, Word
from service.extraction.judgement.telling import Sentence, Told
from service.extraction.lexicons import lexicon
from service.extraction.people.words import split_list
from service.extraction.quotes.folding import folded

#: Labels of things.toml that name somebody.
_SOMEBODY = ("forces", "personnel", "official", "functionary", "government_building", "police", "intelligence")
#: Languages in which every noun has a capital, or no word has.
NO_CAPITALS = frozenset({"de", "ar", "he", "fa", "zh"})


def names_doer(first: int, last: int, sentence: Sentence) -> bool:
    """Whether the words from `first` to before `last` name somebody: by what they are, by a pronoun, or by a name."""
    words = sentence.words[first:last]
    somebody = _somebody(sentence.base)
    if somebody and any(somebody.at(words, at) for at, word in enumerate(words) if not word.is_comma):
        return True
    return sentence.base not in NO_CAPITALS and any(_is_name(word, sentence) for word in words)


def is_somebody(pronoun: Told, sentence: Sentence) -> bool:
    """Whether a pronoun is one: Spanish "el" is an article as well."""
    return _form(sentence.words[pronoun.first]) not in leads_of(sentence.base)


def has_bare_subject(verb: Told, sentence: Sentence) -> bool:
    """Whether a word with a capital and without an article, as names are, stands right before a verb, in German right behind one as well."""
    if sentence.base in NO_CAPITALS - {"de"}:
        return False
    words, leads = sentence.words, leads_of(sentence.base) | _commonest(sentence.base)
    beside = [at for at in (verb.first - 1, *([verb.last] if sentence.base == "de" else [])) if 0 <= at < len(words) and words[at].capital]
    return any(_form(words[at]) not in leads and (at == 0 or _form(words[at - 1]) not in leads) for at in beside)


@cache
def leads_of(language: str) -> frozenset[str]:
    """Return the articles, prepositions and possessives that stand before a noun."""
    claims = lexicon("claims").get(language, {})
    words = [*split_list(lexicon("actor_words")["leads"].get(language, "")), *f"{claims.get('relative', '')} {claims.get('whose', '')}".split()]
    return frozenset(folded(word) for word in words)


def _is_name(word: Word, sentence: Sentence) -> bool:
    """Whether a word has a capital that is not the sentence's, nor that of a day or a month."""
    return word.capital and word.start > sentence.words[0].start and _form(word) not in _calendar(sentence.base)


def _form(word: Word) -> str:
    return word.forms[0] if word.forms else ""


@cache
def _somebody(language: str) -> Phrases | None:
    table = lexicon("things").get(language)
    return Phrases((table[label], label) for label in _SOMEBODY if label in table) if table else None


@cache
def _calendar(language: str) -> frozenset[str]:
    return frozenset(str(lexicon("clauses").get(language, {}).get("calendar", "")).split())


@cache
def _commonest(language: str) -> frozenset[str]:
    words = lexicon("clauses").get(language, {})
    return frozenset(folded(word) for word in f"{words.get('articles', '')} {words.get('common', '')}".split())
