"""Written dates: the cell of the calendar that one names, or what comes again where its year or its month is not written."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import get_args

from schemas.time import DatedTime, DateText, RangeTime, Unit, Weekday, When
from service.extraction.time_placing.cells import Cell, cell, months
from service.extraction.time_placing.recurring import Recurring, ranges

#: Monday is the first.
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
#: First month and length of the parts of the year that a date can name.
_PARTS: dict[str, tuple[int, int, Unit]] = {
    **{f"Q{number}": (3 * number - 2, 3, "quarter") for number in range(1, 5)},
    **{f"H{number}": (6 * number - 5, 6, "half") for number in range(1, 3)},
    "SP": (3, 3, "season"),
    "SU": (6, 3, "season"),
    "AU": (9, 3, "season"),
    "WI": (12, 3, "season"),
}
_ANY_YEAR = 2000
#: What a year names, by how many of its digits are written.
_BY_DIGITS: dict[int, Unit] = {4: "year", 3: "decade", 2: "century"}


@dataclass(frozen=True, slots=True)
class Written:
    """What a written date names.

    Attributes:
        unit: The unit of the calendar in which it is told.
        named: The cells that it may be, or what comes again. "Winter 2022" is two: the one that begins in 2022 and the one that ends in it.
    """

    unit: Unit
    named: tuple[Cell, ...] | Recurring

    def seen(self, day: dt.date | None, when: When, *, not_now: bool) -> list[Cell]:
        """Return the cells that it may be, said on `day`; none where it takes a day to tell and none is known.

        Raises:
            LookupError: No such day is in the calendar.
        """
        if isinstance(self.named, Recurring):
            return self.named.seen(day, when, not_now=not_now) if day else []
        if day and when != "present":
            return [cell for cell in self.named if (cell.first <= day if when == "past" else cell.last >= day)] or [*self.named]
        return [*self.named]


@lru_cache(maxsize=1024)
def written(text: DateText | Weekday) -> Written:
    """Return what a date or a weekday names.

    Raises:
        ValueError: No such day is in the calendar.
    """
    if text in WEEKDAYS:
        return Written("day", Recurring("week", WEEKDAYS.index(text)))
    year, month, day = (*text.split("-"), "", "")[:3]
    if month in _PARTS:
        return _part_of_year(year, month)
    if year == "XXXX":
        if month == "XX":
            return Written("day", Recurring("month", int(day)))
        if day:
            return Written("day", Recurring("year", int(day), int(month)))
        return Written("month", Recurring("year", None, dt.date(_ANY_YEAR, int(month), 1).month))
    digits = year.rstrip("X")
    unit = "day" if day else "month" if month else _BY_DIGITS[len(digits)]
    return Written(unit, (cell(dt.date(int(digits.ljust(4, "0")), int(month or 1), int(day or 1)), unit),))


def _part_of_year(year: str, name: str) -> Written:
    month, length, unit = _PARTS[name]
    if year == "XXXX":
        return Written(unit, Recurring("year", None, month, length))
    number = int(year) * 12 + month - 1
    return Written(unit, (months(number - 12, length), months(number, length)) if name == "WI" else (months(number, length),))


def dated(draft: DatedTime, day: dt.date) -> Written:
    """Return what a date names within the year or the month that is counted from `day`.

    Raises:
        ValueError: No such day is in the calendar.
        OverflowError: It lies before the year 1 or after 9999.
    """
    year, month, _ = cell(day, draft.unit, draft.count).first.isoformat().split("-")
    text = draft.date.replace("XXXX", year)
    return written(text.replace("-XX-", f"-{month}-") if draft.unit == "month" else text)


def spans(draft: RangeTime, day: dt.date | None) -> list[Cell]:
    """Return the spans from one written date to another that may be meant, said on `day`; one end that is fixed on the calendar fixes the other.

    Raises:
        LookupError: No such day is in the calendar.
        ValueError: No such day is in the calendar, or the end lies before the start.
    """
    start, end = written(draft.start).named, written(draft.end).named
    if isinstance(start, Recurring):
        if isinstance(end, Recurring):
            return ranges(start, end, day, draft.when) if day else []
        pairs = [(start.latest(last.last), last) for last in end]
    elif isinstance(end, Recurring):
        pairs = [(first, end.earliest(first.first)) for first in start]
    else:
        pairs = [*product(start, end)]
    if any(first.first > last.last for first, last in pairs):
        raise ValueError("The end lies before the start.")
    return [Cell(first.first, last.last) for first, last in pairs]
