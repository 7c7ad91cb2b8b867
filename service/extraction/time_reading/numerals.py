"""Numerals: the numbers that are written without digits, and those that several words tell together."""

import regex

from service.extraction.time_reading.words import Readings, Word

_HAN = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_ROMAN = {"i": 1, "v": 5, "x": 10}
#: A Roman number up to 39, with the ending of a French ordinal.
_ROMAN_NUMBER = regex.compile(r"(x{0,3}(?:ix|iv|v?i{0,3}))(?:e|eme)?")
_YEAR_DIGITS = 4
_HUNDRED, _DOZEN, _TEN, _TWENTY = 100, 12, 10, 20
#: French counts on to nineteen after these: soixante-douze, quatre-vingt-dix.
_LONG_TENS = (60, 80)
_YEARS = range(1000, 3000)
#: 24, to, 48.
_RANGE_WORDS = 3


def digits(text: str) -> Readings:
    """Return the readings of a number in digits: a year, a count, neither."""
    if len(text) > _YEAR_DIGITS:
        return ()
    number = int(text)
    if len(text) == _YEAR_DIGITS:
        return (Word("Y", number=number, digits=True),) if number in _YEARS else ()
    return (Word("N", number=number, digits=True),)


def han(text: str) -> int | None:
    """Return what a run of Han numerals below a hundred stands for, or a year written digit by digit."""
    values = [_HAN.get(char) for char in text]
    if None not in values and len(text) in (1, _YEAR_DIGITS):
        return int("".join(str(value) for value in values))
    tens, ten, ones = text.partition("十")
    if not ten or len(tens) > 1 or len(ones) > 1 or any(char not in _HAN for char in tens + ones):
        return None
    return 10 * (_HAN[tens] if tens else 1) + (_HAN[ones] if ones else 0)


def is_han(char: str) -> bool:
    """Whether a character is a Han numeral."""
    return char in _HAN or char == "十"


def roman(text: str) -> int | None:
    """Return the number of a century in Roman letters."""
    match = _ROMAN_NUMBER.fullmatch(text)
    if not match or not match[1]:
        return None
    values = [_ROMAN[char] for char in match[1]]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def together(read: list[Readings]) -> list[Readings]:
    """Return `read` with the words of one number as one: twenty four, vier und zwanzig, two hundred, deux douzaines; and the greater one of 24 to 48."""
    joined: list[Readings] = []
    for readings in read:
        joined.append(readings)
        while _join(joined):
            pass
    return _ranged(joined)


def _join(joined: list[Readings]) -> bool:
    """Put the last two or three of `joined` together if they are one number; whether they were."""
    last = _number(joined[-1])
    if len(joined) > 1 and joined[-1] and joined[-1][0].letter == "打" and _number(joined[-2]):
        joined[-2:] = [(Word("N", number=_DOZEN * _number(joined[-2])),)]
        return True
    if not last:
        return False
    for gap in (1, 2):
        if len(joined) <= gap or (gap > 1 and not any(word.letter == "&" for word in joined[-2])):
            continue
        first = _number(joined[-1 - gap])
        total = _sum(first, last) if first else None
        if total:
            joined[-1 - gap :] = [(Word("N", number=total),)]
            return True
    return False


def _number(readings: Readings) -> int:
    """Return the number that a word tells, 0 where it tells none or in digits."""
    word = readings[0] if readings else None
    return word.number if word and word.letter == "N" and not word.digits else 0


def _sum(first: int, last: int) -> int | None:
    """Return the number that two words tell together: tens and ones in either order, hundreds after their count."""
    tens, ones = max(first, last), min(first, last)
    if tens % _TEN == 0 and _TWENTY <= tens < _HUNDRED and ones < (_TWENTY if tens in _LONG_TENS else _TEN):
        return tens + ones
    if last == _HUNDRED and first < _TEN:
        return first * last
    return first + last if first % _HUNDRED == 0 and last < _HUNDRED else None


def _ranged(read: list[Readings]) -> list[Readings]:
    """Return `read` with `24 to 48` before a unit as the greater one of the two."""
    out: list[Readings] = []
    for at, readings in enumerate(read):
        out.append(readings)
        if at + 1 < len(read) and read[at + 1][0].letter in "UP" and len(out) > _RANGE_WORDS - 1:
            first, joiner, last = (_count(out[-3]), out[-2], _count(out[-1]))
            if first and last and first.number < last.number and any(word.letter in "&>" for word in joiner):
                out[-3:] = [(Word("N", number=last.number, digits=last.digits, ranged=True),)]
    return out


def _count(readings: Readings) -> Word | None:
    """Return the reading of a word that is a count."""
    return next((word for word in readings if word.letter == "N"), None)


def is_year(number: int) -> bool:
    """Whether a number of four digits can be a year."""
    return number in _YEARS
