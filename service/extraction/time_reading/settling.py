"""Settling: the words of one reading, brought to the few shapes that the grammar knows.

What tells nothing is dropped, and what several words tell together becomes one: `mois de mars` a month, `18 h 30` a time of day, `les années 90` a decade.
"""

from collections.abc import Callable
from dataclasses import replace

import regex

from service.extraction.time_reading.words import Word, letters

#: Two digits tell a decade of the last century from the thirties on.
_FIRST_DECADE, _CENTURY, _MONTHS, _HOURS, _MINUTES = 30, 100, range(1, 13), range(25), range(60)
_Merge = Callable[[list[Word]], list[Word] | None]


def settle(words: list[Word]) -> list[Word]:
    """Return `words` without those that tell nothing, and with those merged that belong together."""
    kept: list[Word] = []
    article = apart = False
    for word in words:
        if word.letter == "_":
            article, apart = article or word.article, True
        else:
            kept.append(replace(word, article=article, apart=True) if apart else word)
            article = apart = False
    code = letters(kept)
    for triggers, pattern, merge in _MERGES:
        if not triggers.isdisjoint(code):
            kept = _merged(kept, code, pattern, merge)
            code = letters(kept)
    return kept


def _merged(words: list[Word], code: str, pattern: regex.Pattern[str], merge: _Merge) -> list[Word]:
    """Return `words` with every match of `pattern` in their classes replaced by what `merge` makes of it; None leaves it as it is."""
    out: list[Word] = []
    end = 0
    for match in pattern.finditer(code):
        made = merge(words[match.start() : match.end()])
        if made is not None:
            out += words[end : match.start()] + made
            end = match.end()
    return out + words[end:]


def _ordinal(found: list[Word]) -> list[Word] | None:
    return [replace(found[0], letter="O")]


def _month(found: list[Word]) -> list[Word] | None:
    return [replace(found[0], letter="M")] if found[0].number in _MONTHS else None


def _year(found: list[Word]) -> list[Word] | None:
    """Merge `the year 2024`, in either order."""
    year = next(word for word in found if word.letter == "Y")
    return [year] if all(word.letter in "Y年" or word.unit == "year" for word in found) else None


def _decade(found: list[Word]) -> list[Word] | None:
    """Merge `the 1990s`, `les années 90`: a decade of two digits is one of the last century, from the thirties on."""
    number = next(word for word in found if word.letter in "YNO").number
    if number % 10 or any(word.letter in "UP" and word.unit not in ("year", "decade") for word in found):
        return None
    if number < _CENTURY:
        number = number + 1900 if number >= _FIRST_DECADE else 0
    return [Word("T", text=f"{number // 10}X")] if number else None


def _month_name(found: list[Word]) -> list[Word] | None:
    """Merge `the month of March`, and the two names of a month in Arabic."""
    months = [word for word in found if word.letter == "M"]
    if len({word.number for word in months}) > 1 or any(word.letter == "U" and word.unit not in ("month", "day") for word in found):
        return None
    # 7 Ekim günü: the day is told already.
    return months[:1]


def _day(found: list[Word]) -> list[Word] | None:
    """Merge the word "day" with the day of the week or of the month that it introduces."""
    unit, day = (found[0], found[1]) if found[0].letter == "U" else (found[1], found[0])
    return [replace(day, article=True)] if unit.unit == "day" and not day.ranged else None


def _clock(found: list[Word]) -> list[Word] | None:
    """Merge `18 h 30`, `6 o'clock`, `ore 18`, `18.30 Uhr`, `6 pm`."""
    shown = next((word.text for word in found if word.letter in "CV"), None)
    numbers = [word.number for word in found if word.letter == "N"]
    text = shown or f"{numbers[0]:02}" + (f":{numbers[1]:02}" if len(numbers) > 1 else "")
    hour, _, minute = text.partition(":")
    if int(hour) not in _HOURS or int(minute or 0) not in _MINUTES:
        return None
    return [Word("C", text=f"{int(hour):02}" + (f":{minute}" if minute else "")), *(word for word in found if word.letter == "午")]


_MERGES: tuple[tuple[frozenset[str], regex.Pattern[str], _Merge], ...] = tuple(
    (frozenset(triggers), regex.compile(pattern), merge)
    for triggers, pattern, merge in (
        ("°", "[YN]°P", _decade),
        ("月", "[NO]月", _month),
        ("°日", "N[°日]", _ordinal),
        ("时", "午?N时N(?:时)?|午?N时(?!N)|时[NVC]|[VC]时", _clock),
        ("午", "[NV]午|午[NV]", _clock),
        ("代", "[YN]代[UP]?", _decade),
        ("P", "P[YNO]", _decade),
        ("U", "U[YN]", lambda found: _decade(found) if found[0].unit == "decade" else None),
        ("Y", "Y[U年]+", _year),
        ("Y", "UY|年Y", _year),
        ("M", "MU", _month_name),
        ("M", "M?UM|M+", _month_name),
        ("U", "WU|U[WO]|UN(?=$|M)", _day),
    )
)
