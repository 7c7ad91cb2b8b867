"""Turning: the words that negate, deny or soften what stands beside them, language by language.

What looks like a negation and is none is listed ("not only", "no doubt"). Verbs that deny, refuse or rule out count as denials; negated themselves ("does not
rule out") they leave a thing possible, as a modal does. Two negations count as one, as most languages have it ("никто не", "nadie ... nunca"), unless the
lexicon has the pair ("cannot but").
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import regex

from service.extraction.lexicons import lexicon, primary_subtag
from service.extraction.quotes.folding import folded, letters_of

#: "Without" negates the word that follows it, or the one after that.
_WITHOUT_WORDS = 2
#: As many words before a quote may hold its negation, where the lexicon says no other number.
_BEFORE_WORDS = 6
#: Languages that are read as a close relative is.
_RELATIVES = {"no": "nb", "nn": "nb", "ms": "id", "in": "id", "iw": "he", "yue": "zh", "wuu": "zh"}

#: A word, with what hyphens and invisible joiners tie to it.
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u00ad\u200b-\u200d]++(?:[-‐‑][\p{L}\p{M}\p{N}\u00ad\u200b-\u200d]++)*+")
#: What makes the same of the words of ASCII, where no hyphen ties any of them.
_ASCII = str.maketrans({char: char.lower() if char.isalnum() else " " for char in map(chr, range(128))})
_ESCAPE_OR_CHAR = regex.compile(r"\\.|.")


class CutKind(StrEnum):
    """What words do to those beside them."""

    NEGATION = "negation"
    DENIAL = "denial"
    MODAL = "modal"


@dataclass(frozen=True, slots=True)
class TurningWords:
    """The patterns of one language, over folded words with one space between them: none where the language writes none."""

    unspaced: bool
    negations: regex.Pattern[str]
    without: regex.Pattern[str]
    positive: regex.Pattern[str]
    denials: regex.Pattern[str]
    modals: regex.Pattern[str]
    that: regex.Pattern[str]
    openings: regex.Pattern[str]
    comma_before_infinitive: bool
    #: How many words before and behind a quote may hold its negation.
    before: int
    after: int

    def plain(self, words: str) -> str:
        """Return `words` as the patterns read them."""
        if self.unspaced:
            return folded(words)
        if words.isascii() and "-" not in words:
            return " ".join(words.translate(_ASCII).split())
        return " ".join(folded(word) for word in _WORD.findall(words))

    def first(self, plain: str, count: int) -> str:
        """Return the first `count` words of `plain`."""
        return plain[:count] if self.unspaced else " ".join(plain.split()[:count])

    def last(self, plain: str, count: int) -> str:
        """Return the last `count` words of `plain`."""
        return plain[max(len(plain) - count, 0) :] if self.unspaced else " ".join(plain.split()[-count:] if count else ())

    def kind(self, plain: str, within: int | None = None) -> CutKind | None:
        """Return what the words of `plain` do, if they begin before `within`; "without" does it to the words that follow alone."""
        end = len(plain) if within is None else within
        clear = self.positive.sub(_blank, plain)
        denies = _begins(self.denials, clear, end)
        # Some denials hold a negation: 否认.
        if _begins(self.negations, self.denials.sub(_blank, clear), end):
            return CutKind.MODAL if denies else CutKind.NEGATION
        if denies:
            return CutKind.DENIAL
        return CutKind.MODAL if _begins(self.modals, plain, end) else None

    def goes_without(self, plain: str) -> bool:
        """Whether `plain` ends in a "without" that negates what comes next."""
        return self.without.search(self.last(self.positive.sub("#", plain), _WITHOUT_WORDS)) is not None


@cache
def turning_words(language: str) -> TurningWords | None:
    """Return the patterns of `language`, or None if there is no lexicon of it."""
    base = primary_subtag(language)
    words = lexicon("clauses").get(_RELATIVES.get(base, base))
    if words is None:
        return None
    unspaced = words.get("unspaced", False)

    def pattern(name: str) -> regex.Pattern[str]:
        return _pattern(words.get(name, ""), unspaced=unspaced)

    return TurningWords(
        unspaced=unspaced,
        negations=pattern("negations"),
        without=pattern("without"),
        positive=pattern("positive"),
        denials=pattern("denials"),
        modals=pattern("modals"),
        that=pattern("that"),
        openings=pattern("openings"),
        comma_before_infinitive=words.get("comma_before_infinitive", False),
        before=words.get("before", _BEFORE_WORDS),
        after=words["after"],
    )


def negated(words: str, language: str) -> bool:
    """Whether `words` hold a negation that is one: "not only" is none, nor is that of "does not rule out"."""
    known = turning_words(language)
    return known is not None and known.kind(known.plain(words)) == CutKind.NEGATION


def denied(words: str, language: str) -> bool:
    """Whether `words` deny, refuse or rule out something, and are not negated themselves."""
    known = turning_words(language)
    return known is not None and known.kind(known.plain(words)) == CutKind.DENIAL


def hedged(words: str, language: str) -> bool:
    """Whether `words` hold a modal or a word of probability."""
    known = turning_words(language)
    return known is not None and known.modals.search(known.plain(words)) is not None


def turns(words: str, languages: Collection[str]) -> bool:
    """Whether `words` negate, deny or soften anything, or go without it, in any of `languages`."""
    plain: dict[bool, str] = {}
    for known in filter(None, map(turning_words, languages)):
        if known.unspaced not in plain:
            plain[known.unspaced] = known.plain(words)
        if known.kind(plain[known.unspaced]) or known.goes_without(plain[known.unspaced]):
            return True
    return False


def _begins(words: regex.Pattern[str], plain: str, end: int) -> bool:
    found = words.search(plain)
    return found is not None and found.start() < end


def _blank(match: regex.Match[str]) -> str:
    return "#" * len(match[0])


def _pattern(patterns: str, *, unspaced: bool) -> regex.Pattern[str]:
    if not patterns:
        return regex.compile(r"(?!)")
    either = "|".join(map(_folded_pattern, patterns.split()))
    return regex.compile(f"(?:{either})" if unspaced else rf"(?<![^ ])(?:{either})(?![^ ])")


def _folded_pattern(pattern: str) -> str:
    """Return `pattern` with its letters folded as the words are that it is matched against."""
    parts = _ESCAPE_OR_CHAR.findall(pattern.replace("_", " "))
    return "".join(letters_of(part) if len(part) == 1 and part.isalpha() else part for part in parts)
