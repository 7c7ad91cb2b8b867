"""Quantities: the numbers that words tell, in digits of any script or written out, so that what a model says can be held against what its quote says.

A lone "one" is not read as a number: in most languages it is the article too. A written number that may be meant in two ways (3.500) is read as the language
of the words has it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import regex

from service.extraction.lexicons import lexicon, primary_subtag
from service.extraction.quotes.folding import folded

#: A longer run of digits is no quantity.
_MOST_DIGITS = 30
_MOST_COMPOUND_CHARS = 60
_TEN, _TWENTY, _HUNDRED, _THOUSAND = 10, 20, 100, 1000
#: Four-twenty, sixty-ten and four-twenty-ten, as French counts.
_FOUR_SCORE = (Decimal(4), Decimal(20))
_FRENCH_SCORES = frozenset({60, 80})

_FIGURE = r"\d+(?:[.,'’٫٬\u00a0\u202f\u2009 ]\d+)*+"
_TOKEN = regex.compile(
    rf"(?P<figure>{_FIGURE})|(?P<han>[〇零一二两兩三四五六七八九十百千万萬亿億])|[[\p{{L}}\p{{M}}]--\p{{Han}}]++|[^\s\p{{L}}\p{{M}}\d-]", regex.V1
)
_GROUPED = regex.compile(r"\d{1,3}(?:(?P<mark>[.,'’٬\u00a0\u202f\u2009 ])\d{3})(?:(?P=mark)\d{3})*+|\d{1,2}(?:,\d{2})+,\d{3}")
_PARTS = regex.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _NumberWords:
    """The words of number of one language, folded, with their values; those that join them; and its decimal mark."""

    values: Mapping[str, Decimal]
    joins: frozenset[str]
    decimal: str
    #: Whether the words of one number are written as one.
    compound: bool


def numbers(words: str, language: str) -> Counter[Decimal]:
    """Return the numbers that `words` tell, each as often as they tell it; of a language without a lexicon those in digits and those in English."""
    return Counter(_read(words, primary_subtag(language)))


def unsupported(claim: str, quote: str, language: str) -> list[Decimal]:
    """Return the numbers of a claim, made in English, that its quote in `language` does not tell, in order of size."""
    claimed = numbers(claim, "en").keys()
    return sorted(claimed - numbers(quote, language).keys() - numbers(quote, "en").keys()) if claimed else []


class _Reader:
    """The numbers found so far, and the one that is being put together."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.found: list[Decimal] = []
        self._total = self._section = Decimal(0)
        self._unit: Decimal | None = None
        self._words, self._is_figure, self._joined = 0, False, False

    def stop(self) -> None:
        """End the number that was being put together. A lone "one" is none."""
        value = self._total + self._section + (self._unit or 0)
        if self._is_figure or self._words > 1 or (self._words and value != 1):
            self.found.append(value)
        self._total, self._section, self._unit = Decimal(0), Decimal(0), None
        self._words, self._is_figure, self._joined = 0, False, False

    def joint(self) -> None:
        """Read an "and" within a number in words; behind a figure it ends the number."""
        if self._is_figure or not self._words:
            self.stop()
        self._joined = True

    def figure(self, value: Decimal) -> None:
        """Read a number in digits, which a word such as million may multiply."""
        self.stop()
        self._unit, self._is_figure = value, True

    def word(self, value: Decimal) -> None:
        """Read a word that adds to the number, or begins another one."""
        if not self._goes_on(value):
            self.stop()
        self._unit = _FOUR_SCORE[0] * _FOUR_SCORE[1] if (self._unit, value) == _FOUR_SCORE else (self._unit or 0) + value
        self._words, self._joined = self._words + 1, False

    def times(self, value: Decimal, *, outer: bool) -> None:
        """Read a word that multiplies: by a ten or a hundred the last part, by a thousand and more (`outer`) all of it."""
        if outer:
            self._total += (self._section + (self._unit or 0) or 1) * value
            self._section = Decimal(0)
        else:
            self._section += (1 if self._unit is None else self._unit) * value
        self._unit, self._words, self._joined = None, self._words + 1, False

    def _goes_on(self, value: Decimal) -> bool:
        unit = self._unit
        if unit is None or self._is_figure:
            return unit is None
        return (
            (unit, value) == _FOUR_SCORE
            or (unit % _HUNDRED == 0 and value < _HUNDRED)
            or (unit % _TEN == 0 and unit % _HUNDRED >= _TWENTY and value < _TEN)
            or (self._joined and unit < _TEN and _TWENTY <= value < _HUNDRED)
            or (unit % _HUNDRED in _FRENCH_SCORES and _TEN <= value < _TWENTY)
        )


def _read(words: str, language: str) -> list[Decimal]:
    """Return the numbers of `words` in order."""
    known, reader = _number_words(language), _Reader()
    for token in _TOKEN.finditer(words):
        if token["figure"]:
            for figure in _figures(token["figure"], known.decimal):
                reader.figure(figure)
            continue
        values = _values(token[0], known)
        if not values:
            reader.stop()
        for value in values:
            if value is None:
                reader.joint()
            elif _multiplies(value, han=token["han"] is not None):
                reader.times(value, outer=value > (_THOUSAND if token["han"] else _HUNDRED))
            else:
                reader.word(value)
    reader.stop()
    return reader.found


def _multiplies(value: Decimal, *, han: bool) -> bool:
    return value in {_HUNDRED, _THOUSAND} or value > _THOUSAND or (han and value == _TEN)


def _figures(figure: str, decimal: str) -> list[Decimal]:
    """Return the number that a figure is, or the numbers if it is none: 3.500 or 3,5, but 3.4.2024."""
    grouped = _GROUPED.match(figure)
    plain = figure.replace("٫", decimal)
    parts = _PARTS.findall(plain)
    # The tables behind regular expressions may be newer than Python's, and know digits that it cannot read.
    if not all(map(str.isdecimal, parts)):
        return []
    if grouped and (grouped["mark"] or ",") != decimal:
        rest = plain[grouped.end() :]
        whole = "".join(_PARTS.findall(grouped[0]))
        if not rest or (rest[0] == decimal and rest[1:].isdecimal()):
            return [_decimal(whole, rest[1:])]
    if len(parts) == 2 and plain[len(parts[0])] in ".,":  # noqa: PLR2004 - a whole number and its decimals
        return [_decimal(*parts)]
    return [_decimal(part) for part in parts]


def _decimal(whole: str, decimals: str = "") -> Decimal:
    return Decimal(f"{whole[:_MOST_DIGITS]}.{decimals[:_MOST_DIGITS]}").normalize()


def _values(word: str, known: _NumberWords) -> list[Decimal | None]:
    """Return the values that a word is written together from, with None for a joint."""
    plain = folded(word)
    if plain in known.values:
        return [known.values[plain]]
    if plain in known.joins:
        return [None]
    if known.compound:
        return _parted(plain, known)
    # Arabic writes its and onto the next word.
    rest = next((plain.removeprefix(join) for join in sorted(known.joins) if plain.startswith(join)), "")
    return [None, known.values[rest]] if rest in known.values else []


def _parted(plain: str, known: _NumberWords) -> list[Decimal | None]:
    """Return the values of the words of number that `plain` is made of and nothing else, the longest first: einund|zwanzig, tre|cento."""
    found: list[Decimal | None] = []
    while plain and len(plain) <= _MOST_COMPOUND_CHARS:
        part = next((plain[:size] for size in range(len(plain), 0, -1) if plain[:size] in known.values or plain[:size] in known.joins), None)
        if part is None:
            return []
        found.append(known.values.get(part))
        plain = plain[len(part) :]
    return found if not plain else []


@cache
def _number_words(language: str) -> _NumberWords:
    """Return the words of number of a language, and the signs of Chinese ones."""
    words: Mapping[str, Any] = lexicon("numbers").get(language, lexicon("numbers")["en"])
    values = {folded(form): Decimal(value) for table in (lexicon("numbers")["zh"], words) for value, forms in table["words"].items() for form in forms.split()}
    return _NumberWords(values, frozenset(map(folded, words["joins"].split())), words["decimal"], words.get("compound", False))
