"""Guards: which words of a quote may differ from those of the text, because the difference says nothing.

An article dropped, added or exchanged, "and" for "or", a plural ending, one slip of the pen inside a long word, and a place left out ("in Syria"). Everything
else is another quote: a number, a name, a negation, a modal, a tense, a verb, a word more or less. Scripts other than Latin, Greek and Cyrillic may differ in
nothing but the article written onto a word.
"""

from collections.abc import Collection, Sequence
from functools import cache

import regex

from service.extraction.lexicons import lexicon
from service.extraction.quotes.folding import fold, folded
from service.extraction.quotes.turning import turns

#: A word with fewer letters is too easily another word. So is one that keeps fewer of them at an end.
_MIN_TYPO_CHARS = 7
_MIN_KEPT_CHARS = 2
_MIN_STEM_CHARS = 5
#: A quote with fewer words is not long enough to leave out a place.
_MIN_WORDS_AROUND = 10
_MOST_PLACE_WORDS = 3
#: Fewer than these frequent words do not tell a language.
_MIN_COMMON_WORDS = 2

_TYPED_SCRIPTS = regex.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{M}]++")
_VOWELS = frozenset("aeiouyаеёиоуыэюяіїєαεηιουω")
#: Endings of number and case alone; no ending of a tense, so no "ed", no "rait".
_ENDINGS = frozenset(["", "s", "es", "x", "n", "en"])
_CYRILLIC_ENDINGS = frozenset(
    {"", "а", "я", "у", "ю", "ы", "и", "і", "е", "ом", "ем", "ои", "еи", "ою", "ам", "ям", "ами", "ями", "ах", "ях", "ов", "ев", "ів"}
)
_ARTICLES = ("ال", "ה")
_WORD = regex.compile(r"[\p{L}\p{M}]++")
_NUMBER = regex.compile(r"[\p{N}%‰\p{Sc}./:,_-]*[\p{N}%‰\p{Sc}][\p{N}%‰\p{Sc}./:,_-]*")


def may_differ(quoted: Sequence[str], written: Sequence[str], languages: Collection[str], around: int) -> bool:
    """Whether a quote may have the words `quoted` where the text has `written`.

    Args:
        quoted: Words of the quote, none where it leaves some out.
        written: Words of the text in their place, none where the quote adds some.
        languages: Of the quote; a difference must be harmless in all of them.
        around: How many words the whole quote has.
    """
    if len(quoted) == len(written) == 1:
        one, other = quoted[0], written[0]
        return _is_article_written_on(one, other) or _exchanged(one, other, languages) or _misspelt(one, other)
    if len(quoted) + len(written) == 1:
        return _is_in("articles", (quoted or written)[0], languages)
    return not quoted and around >= _MIN_WORDS_AROUND and _is_place(written, languages)


def same_numbers(quote: str, written: str) -> bool:
    """Whether both have the same numbers, per cents and currencies in the same order."""
    return _NUMBER.findall(fold(quote).letters) == _NUMBER.findall(fold(written).letters)


def languages_of(text: str) -> frozenset[str]:
    """Return the languages of whose frequent words `text` has most; none where it has too few of any."""
    words = frozenset(_WORD.findall(text.casefold()))
    counts = {language: len(words & common) for language, common in _common_words().items()}
    most = max(counts.values())
    return frozenset(language for language, count in counts.items() if count == most) if most >= _MIN_COMMON_WORDS else frozenset()


def _exchanged(quoted: str, written: str, languages: Collection[str]) -> bool:
    return any(_is_in(words, quoted, languages) and _is_in(words, written, languages) for words in ("articles", "links"))


def _is_place(written: Sequence[str], languages: Collection[str]) -> bool:
    """Whether `written` are a preposition of place, perhaps an article, and a name that is no date."""
    *before, name = written
    if not 1 < len(written) <= _MOST_PLACE_WORDS or not name[0].isupper() or name.casefold() in _calendar() or turns(" ".join(written), languages):
        return False
    return _is_in("places", before[0], languages) and all(_is_in("articles", word, languages) for word in before[1:])


def _is_in(words: str, word: str, languages: Collection[str]) -> bool:
    return bool(languages) and all(word.casefold() in _words(words, language) for language in languages)


def _is_article_written_on(quoted: str, written: str) -> bool:
    short, long = sorted((folded(quoted), folded(written)), key=len)
    return len(short) > _MIN_KEPT_CHARS and any(long == article + short for article in _ARTICLES)


def _misspelt(quoted: str, written: str) -> bool:
    """Whether two words are one, but for a plural ending or one slip of the pen. Names and words of any lexicon are never misspelt."""
    if quoted[0].isupper() or written[0].isupper() or not (_TYPED_SCRIPTS.fullmatch(quoted) and _TYPED_SCRIPTS.fullmatch(written)):
        return False
    one, other = folded(quoted), folded(written)
    if one in _guarded() or other in _guarded():
        return False
    start = _common_start(one, other)
    end = min(_common_start(one[::-1], other[::-1]), min(len(one), len(other)) - start)
    rests = (one[start : len(one) - end], other[start : len(other) - end])
    endings = {one[start:], other[start:]}
    if start >= _MIN_STEM_CHARS and (endings <= _ENDINGS or endings <= _CYRILLIC_ENDINGS):
        return True
    if min(len(one), len(other)) < _MIN_TYPO_CHARS - 1 or max(len(one), len(other)) < _MIN_TYPO_CHARS or min(start, end) < _MIN_KEPT_CHARS:
        return False
    return _is_slip(*rests)


def _is_slip(quoted: str, written: str) -> bool:
    """Whether two ways to write the middle of a word are one slip: a letter more or less, two letters the wrong way round, one vowel for another."""
    short, long = sorted((quoted, written), key=len)
    if (len(short), len(long)) == (0, 1):
        return True
    if len(short) == len(long) == 1:
        return {short, long} <= _VOWELS or {short, long} == {"s", "z"}
    return len(short) == len(long) == _MIN_KEPT_CHARS and short == long[::-1]


def _common_start(one: str, other: str) -> int:
    return next((at for at, (here, there) in enumerate(zip(one, other, strict=False)) if here != there), min(len(one), len(other)))


@cache
def _words(name: str, language: str) -> frozenset[str]:
    return frozenset(lexicon("clauses")[language].get(name, "").split())


@cache
def _common_words() -> dict[str, frozenset[str]]:
    kinds = ("articles", "links", "places", "common")
    return {language: frozenset[str]().union(*(_words(kind, language) for kind in kinds)) for language in sorted(lexicon("clauses"))}


@cache
def _calendar() -> frozenset[str]:
    return frozenset[str]().union(*(_words("calendar", language) for language in lexicon("clauses")))


@cache
def _guarded() -> frozenset[str]:
    """Return the plain words of every language that negate, deny, soften or count."""
    kinds = ("negations", "without", "denials", "modals")
    turning = {folded(word) for language in lexicon("clauses") for kind in kinds for word in _words(kind, language) if word.isalpha()}
    counting = {folded(form) for words in lexicon("numbers").values() for forms in words["words"].values() for form in forms.split()}
    return frozenset(turning | counting)
