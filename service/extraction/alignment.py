"""Alignment: where the words of a quote stand in the text as received.

The ladder has two rungs so far: letter by letter (`exact`), and the same letters and digits under other typography (`folded`). What differs in a
letter, a digit or a word is not found. A span is half-open and counts code points of the text as received.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import regex

from schemas.vocabulary import Match as MatchKind

#: A quote with fewer letters and digits proves nothing, unless it is written in a script whose words are that short, or in capitals: EU, UN.
MIN_QUOTE_CHARS = 3

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
#: Letters that Arabic and Hebrew write onto the front of a word (and, in, to, the ...).
_PROCLITICS = regex.compile(r"(?<![\p{L}\p{M}\p{N}])(?:[وفبكلسا]|ال|[והבכלמש]){1,4}")
_CLITIC_SCRIPTS = regex.compile(r"[\p{Arabic}\p{Hebrew}]")
_QUOTE_MARKS = frozenset("\"'’‘‚‛“”„‟«»‹›「」『』〝〞＂＇`´")
_DECIMAL_MARKS = frozenset(".,٫٬'’")
_GROUP_SPACES = frozenset(" \u00a0\u202f\u2009")
#: Combining classes of marks that are part of a letter (Indic vowels 0, kana voicing 8, virama 9); all others are accents, vowel points or nuktas.
_LETTER_MARKS = frozenset({0, 8, 9})
_LIGATURES = {"œ": "oe", "æ": "ae", "ı": "i"}
#: A stroke that stretches an Arabic word and is no letter.
_TATWEEL = "\u0640"


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quote was found: `start` inclusive, `end` exclusive, and how."""

    start: int
    end: int
    match: MatchKind


class FoldedText:
    """A text that is folded once, so that many quotes can be looked for in it."""

    def __init__(self, text: str) -> None:
        """Fold `text`; linear in its length."""
        self.text = text
        self._skeleton, self._origin = _fold(text)

    def align(self, quote: str, *, hint: int | None = None, within: tuple[int, int] | None = None) -> Match | None:
        """Return where `quote` stands, or None if it does not.

        Args:
            quote: Words that are claimed to be in the text.
            hint: Code point at which they are expected; of several places the first from there on is taken, else the last before it.
            within: Span that is searched first; the whole text follows.
        """
        quote = quote.strip()
        needle, _ = _fold(quote)
        if len(needle) < MIN_QUOTE_CHARS and not _UNSPACED.search(needle) and not (len(needle) > 1 and quote.isupper()):
            return None
        for start, end in (within, (0, len(self.text))) if within else ((0, len(self.text)),):
            found = self._exact(quote, hint, start, end) or self._folded(quote, needle, hint, start, end)
            if found:
                return found
        return None

    def mentions(self, name: str, limit: int) -> list[Match]:
        """Return at most `limit` places where `name` stands as whole words, letter by letter or folded, in the order of the text."""
        needle, _ = _fold(name)
        if not needle:
            return []
        found: list[Match] = []
        for at in _occurrences(self._skeleton, needle, 0, len(self._skeleton)):
            span = self._span(at, at + len(needle))
            if span and len(found) < limit:
                found.append(Match(*span, MatchKind.EXACT if self.text[span[0] : span[1]] == name else MatchKind.FOLDED))
        return found

    def _exact(self, quote: str, hint: int | None, start: int, end: int) -> Match | None:
        places = [(at, at + len(quote)) for at in _occurrences(self.text, quote, start, end) if self._is_whole(at, at + len(quote))]
        best = _choose(places, hint)
        return Match(*best, MatchKind.EXACT) if best else None

    def _folded(self, quote: str, needle: str, hint: int | None, start: int, end: int) -> Match | None:
        low, high = bisect_left(self._origin, start), bisect_left(self._origin, end)
        spans = (self._span(at, at + len(needle)) for at in _occurrences(self._skeleton, needle, low, high))
        best = _choose([span for span in spans if span], hint)
        return Match(*self._grow(*best, quote), MatchKind.FOLDED) if best else None

    def _span(self, low: int, high: int) -> tuple[int, int] | None:
        """Return the span of the text behind a span of the skeleton, or None if it cuts a letter or a word."""
        origin = self._origin
        start, end = origin[low], origin[high - 1] + 1
        cuts = (low > 0 and origin[low - 1] == start) or (high < len(origin) and origin[high] == end - 1)
        while end < len(self.text) and _is_ignorable_mark(self.text[end]):
            end += 1
        return (start, end) if not cuts and self._is_whole(start, end) else None

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether neither end lies inside a word."""
        text = self.text
        if end < len(text) and unicodedata.combining(text[end]):
            return False
        if 0 < start < len(text) and _is_word(text[start - 1]) and _is_word(text[start]) and not self._follows_clitic(start):
            return False
        if end < len(text) and _is_word(text[end - 1]) and _is_word(text[end]):
            return False
        return not (_cuts_number(text, start) or _cuts_number(text, end))

    def _follows_clitic(self, start: int) -> bool:
        if not _CLITIC_SCRIPTS.match(self.text[start]):
            return False
        return any(match.end() == start for match in _PROCLITICS.finditer(self.text, max(0, start - 5), start))

    def _grow(self, start: int, end: int, quote: str) -> tuple[int, int]:
        """Take in the quotation mark at either end that the quote has too."""
        text = self.text
        if quote[0] in _QUOTE_MARKS:
            before = start - 1
            while before >= 0 and text[before].isspace():
                before -= 1
            if before >= 0 and text[before] in _QUOTE_MARKS:
                start = before
        for wanted in "".join(quote[_last_word_end(quote) :].split()):
            after = end
            while after < len(text) and text[after].isspace() and wanted in _QUOTE_MARKS:
                after += 1
            if after < len(text) and _same_sign(text[after], wanted):
                end = after + 1
        return start, end


def align(quote: str, text: str, *, hint: int | None = None) -> Match | None:
    """Return where `quote` stands in `text`, or None if it does not; see `FoldedText.align`."""
    return FoldedText(text).align(quote, hint=hint)


def folded(words: str) -> str:
    """Return the letters and digits of `words` as they are compared: without case, accents, spaces and punctuation."""
    return _fold(words)[0]


def _occurrences(text: str, needle: str, start: int, end: int) -> list[int]:
    """Return where `needle` begins in `text[start:end]`."""
    found, at = [], text.find(needle, start, end)
    while at >= 0 and needle:
        found.append(at)
        at = text.find(needle, at + 1, end)
    return found


def _choose(spans: list[tuple[int, int]], hint: int | None) -> tuple[int, int] | None:
    if hint is None:
        return spans[0] if spans else None
    return next((span for span in spans if span[0] >= hint), spans[-1] if spans else None)


def _is_word(char: str) -> bool:
    return (char.isalnum() or unicodedata.category(char)[0] == "M") and not _UNSPACED.match(char)


def _same_sign(char: str, wanted: str) -> bool:
    """Whether two signs differ in typography alone."""
    if char in _QUOTE_MARKS:
        return wanted in _QUOTE_MARKS
    return unicodedata.normalize("NFKC", char) == unicodedata.normalize("NFKC", wanted)


def _cuts_number(text: str, at: int) -> bool:
    """Whether `at` lies between the digits of one number, such as 3.5 or 33 000."""
    mark = at - 1 if text[at : at + 1].isdecimal() else at
    if not 0 < mark < len(text) - 1 or not (text[mark - 1].isdecimal() and text[mark + 1].isdecimal()):
        return False
    # A space binds digits only in front of a group of just three.
    return text[mark] in _DECIMAL_MARKS or (text[mark] in _GROUP_SPACES and text[mark + 1 : mark + 4].isdecimal() and not text[mark + 4 : mark + 5].isdecimal())


def _last_word_end(words: str) -> int:
    return next((at for at in range(len(words), 0, -1) if _letters(words[at - 1])), 0)


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the skeleton of `text` and, for each of its characters, the code point that it comes from."""
    skeleton: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        kept = _letters(char) or _between_digits(text, at)
        skeleton.append(kept)
        origin.extend([at] * len(kept))
    return "".join(skeleton), origin


@lru_cache(maxsize=8192)
def _letters(char: str) -> str:
    """Return what is left of `char`: base letters without case or accents, plain digits, signs that change a number."""
    kept = []
    # Twice, because folding the case of a compatibility letter can give another one.
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()):
        category = unicodedata.category(part)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(part)))
        elif category[0] in "LN" and part != _TATWEEL:
            kept.append(_LIGATURES.get(part, part))
        elif category == "Sc" or part in "%‰" or (category[0] == "M" and unicodedata.combining(part) in _LETTER_MARKS):
            kept.append(part)
    return "".join(kept)


def _is_ignorable_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" and not _letters(char)


def _between_digits(text: str, at: int) -> str:
    """Return the sign that a mark between two digits stands for, so that 3.5 is not 35 and 5-7 is not 57."""
    char = text[at]
    if not 0 < at < len(text) - 1 or char.isspace() or unicodedata.category(char)[0] not in "PS":
        return ""
    if not (text[at - 1].isdecimal() and text[at + 1].isdecimal()):
        return ""
    return "." if char in _DECIMAL_MARKS else "-"
