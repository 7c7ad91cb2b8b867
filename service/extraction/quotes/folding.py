"""Folding: the letters and digits of a text without what typography makes of them, each with the place that it comes from.

Case, accents, spaces, punctuation, entities of HTML and compatibility forms are folded away; what changes a number (a decimal mark, the dash of a range, a
currency) is kept.
"""

import html
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, count

import regex

QUOTE_MARKS = frozenset("\"'’‘‚‛“”„‟«»‹›「」『』《》〈〉〝〞＂＇`´")
#: Scripts that write words without spaces between them.
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")

#: Letters that Arabic and Hebrew write onto the front of a word (and, in, to, the ...), and how many of them at most.
_PROCLITICS = regex.compile(r"(?<![\p{L}\p{M}\p{N}])(?:[وفبكلسا]|ال|[והבכלמש]){1,4}")
_CLITIC_SCRIPTS = regex.compile(r"[\p{Arabic}\p{Hebrew}]")
_CLITIC_CHARS = 5
_WORD_REST = regex.compile(r"[\p{L}\p{M}\p{N}]*+")
_MARK = regex.compile(r"\p{M}")
_ENTITY = regex.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_DECIMAL_MARKS = frozenset(".,٫٬'’")
_GROUP_SPACES = frozenset(" \u00a0\u202f\u2009")
_DASHES = frozenset("-‐‑‒–—―−~〜～")
_GROUP_DIGITS = 3
#: As far as this two digits are taken to stand beside each other.
_JOINT_CHARS = 8
#: Combining classes of marks that are part of a letter (Indic vowels 0, kana voicing 8, virama 9); all others are accents, vowel points or nuktas.
_LETTER_MARKS = frozenset({0, 8, 9})
#: Marks of class 0 that nobody sees: joiners and selectors of variants.
_UNSEEN_MARKS = regex.compile(r"[\u034F\u17B4\u17B5\u180B-\u180D\uFE00-\uFE0F\U000E0100-\U000E01EF]")
LIGATURES = {"œ": "oe", "æ": "ae", "ı": "i"}
#: A stroke that stretches an Arabic word and is no letter.
_TATWEEL = "\u0640"
_FRACTION_SLASH = "\u2044"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A text and what is left of it when it is folded."""

    text: str
    letters: str
    #: The code point of the text that each of `letters` comes from, and where entities of HTML end.
    origins: "array[int]"
    entity_ends: Mapping[int, int]

    def span(self, low: int, high: int) -> tuple[int, int] | None:
        """Return the span of the text behind a span of the letters, or None if it cuts a letter, a word or a number."""
        start, last = self.origins[low], self.origins[high - 1]
        end = self.entity_ends.get(last, last + 1)
        if (low > 0 and self.origins[low - 1] == start) or (high < len(self.origins) and self.origins[high] < end):
            return None
        if not self.opens(start):
            return None
        end = self._past_marks(end)
        return (start, end) if self.closes(end) else None

    def opens(self, start: int) -> bool:
        """Whether no word or number goes through `start`."""
        text = self.text
        if 0 < start < len(text) and is_word(text[start]) and is_word(text[start - 1]) and not self._follows_clitic(start):
            return False
        return not _cuts_number(text, start)

    def closes(self, end: int) -> bool:
        """Whether no word or number goes through `end`."""
        text = self.text
        if 0 < end < len(text) and (unicodedata.combining(text[end]) or (is_word(text[end - 1]) and is_word(text[end]))):
            return False
        return not _cuts_number(text, end)

    def after_word(self, start: int) -> int:
        """Return the next place after `start` at which whole words can begin, if none can at `start`: in the text, never less than `start` + 1."""
        if _CLITIC_SCRIPTS.match(self.text[start]):
            return start + 1
        rest = _WORD_REST.match(self.text, start)
        return max(rest.end() if rest else 0, start + 1)

    def low(self, at: int) -> int:
        """Return the first of the letters that comes from `at` or later."""
        return bisect_left(self.origins, at)

    def _past_marks(self, end: int) -> int:
        """Return where the accents after `end` end."""
        text = self.text
        while end < len(text) and _MARK.match(text[end]) and not letters_of(text[end]):
            end += 1
        return end

    def _follows_clitic(self, start: int) -> bool:
        if not _CLITIC_SCRIPTS.match(self.text[start]):
            return False
        return any(match.end() == start for match in _PROCLITICS.finditer(self.text, max(0, start - _CLITIC_CHARS), start))


def fold(text: str) -> Skeleton:
    """Return the skeleton of `text`; linear in its length."""
    if "&" not in text:
        return Skeleton(text, *_folded(text), {})
    pieces, starts, entity_ends = list[str](), array("l"), dict[int, int]()
    for start, end, plain in _unescaped(text):
        pieces.append(plain)
        if plain == text[start:end]:
            starts.extend(range(start, end))
        else:
            starts.extend([start] * len(plain))
            entity_ends[start] = end
    letters, origins = _folded("".join(pieces))
    return Skeleton(text, letters, array("l", [starts[at] for at in origins]), entity_ends)


def folded(words: str) -> str:
    """Return the letters and digits of `words` as they are compared: without case, accents, spaces and punctuation."""
    # Most words are folded by a table: no digits whose signs count, no entities, no letters beyond ASCII.
    if words.isascii() and (letters := words.translate(_ASCII)).isalpha():
        return letters
    return "".join(_kept(words if "&" not in words else "".join(plain for _, _, plain in _unescaped(words))))


def is_word(char: str) -> bool:
    """Whether `char` belongs to a word that spaces set apart."""
    if char.isascii():
        return char.isalnum()
    return (char.isalnum() or unicodedata.category(char)[0] == "M") and not UNSPACED.match(char)


def same_sign(char: str, wanted: str) -> bool:
    """Whether two signs differ in typography alone."""
    if char in QUOTE_MARKS:
        return wanted in QUOTE_MARKS
    return unicodedata.normalize("NFKC", char) == unicodedata.normalize("NFKC", wanted)


@lru_cache(maxsize=8192)
def letters_of(char: str) -> str:
    """Return what is left of `char`: base letters without case or accents, plain digits, signs that change a number."""
    kept = []
    # Twice, because folding the case of a compatibility letter can give another one.
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()):
        category = unicodedata.category(part)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(part)))
        elif part == _FRACTION_SLASH:
            kept.append("/")
        elif category[0] in "LN" and part != _TATWEEL:
            kept.append(LIGATURES.get(part, part))
        elif category == "Sc" or part in "%‰" or _is_letter_mark(part, category):
            kept.append(part)
    # 5½ is not 51/2.
    return "_" + "".join(kept) if "/" in kept and len(kept) > 1 else "".join(kept)


def _is_letter_mark(part: str, category: str) -> bool:
    return category[0] == "M" and unicodedata.combining(part) in _LETTER_MARKS and not _UNSEEN_MARKS.match(part)


#: What is left of the characters of ASCII, but for the one that may begin an entity.
_ASCII = {code: letters_of(chr(code)) or None for code in range(128) if chr(code) != "&"}


def _unescaped(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield pieces of `text` in order: spans, and what they say once entities of HTML are read."""
    at = 0
    for match in _ENTITY.finditer(text):
        yield at, match.start(), text[at : match.start()]
        yield match.start(), match.end(), html.unescape(match[0])
        at = match.end()
    yield at, len(text), text[at:]


def _folded(text: str) -> tuple[str, "array[int]"]:
    """Return the letters of `text` and, for each of them, the code point that it comes from."""
    kept = _kept(text)
    letters = "".join(kept)
    if len(letters) + kept.count("") == len(text):  # nothing folds to several letters
        return letters, array("l", compress(count(), kept))
    return letters, array("l", (at for at, several in enumerate(kept) for _ in several))


def _kept(text: str) -> list[str]:
    """Return what is left of each code point of `text`, and what stands for the signs between its digits."""
    kept = [*map(letters_of, text)]
    if not "".join(kept).isalpha():
        behind_digits = [at for at, letters in enumerate(kept) if not letters and at and kept[at - 1][-1:].isdecimal()]
        for at in behind_digits:
            kept[at] = _joint(text, at)
    return kept


def _joint(text: str, at: int) -> str:
    """Return what stands for the signs from `at` to the next digit, so that 3.5 is not 35, 5-7 not 57 and "48 12" not 4812."""
    after, limit = at + 1, min(at + _JOINT_CHARS, len(text))
    while after < limit and not letters_of(text[after]):
        after += 1
    if after == limit or not letters_of(text[after])[0].isdecimal():
        return ""
    signs = _sign(text[at]) if after == at + 1 else "".join(map(_sign, text[at:after]))
    if not signs:
        return "" if _groups(text, at, after) else "_"
    if "-" in signs:
        return "-"
    return signs[0] if signs[0] != "." or after - at == 1 else ","


@lru_cache(maxsize=1024)
def _sign(char: str) -> str:
    """Return what a sign between digits stands for: nothing, a dash, a decimal mark, a slash, a colon, or a comma for all others."""
    if char.isspace() or unicodedata.category(char) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", char)
    if plain in _DASHES:
        return "-"
    if plain in _DECIMAL_MARKS:
        return "."
    return plain if plain in {"/", ":"} else ","


def _groups(text: str, at: int, after: int) -> bool:
    """Whether nothing but space between two digits holds the groups of one number together: just three digits after it, and no more than three before."""
    if not _is_group(text, after):
        return not any(map(str.isspace, text[at:after]))
    before = text[max(at - _GROUP_DIGITS - 1, 0) : at]
    return not (len(before) > _GROUP_DIGITS and before.isdecimal())


def _is_group(text: str, at: int) -> bool:
    return text[at : at + _GROUP_DIGITS].isdecimal() and len(text) - at >= _GROUP_DIGITS and not text[at + _GROUP_DIGITS : at + _GROUP_DIGITS + 1].isdecimal()


def _cuts_number(text: str, at: int) -> bool:
    """Whether `at` lies between the digits of one number, such as 3.5 or 33 000."""
    mark = at - 1 if text[at : at + 1].isdecimal() else at
    if not 0 < mark < len(text) - 1 or not (text[mark - 1].isdecimal() and text[mark + 1].isdecimal()):
        return False
    return text[mark] in _DECIMAL_MARKS or (text[mark] in _GROUP_SPACES and _is_group(text, mark + 1))
