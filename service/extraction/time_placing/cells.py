"""Cells of the calendar: the days, weekends, weeks, months and years that a time can name, counted from a day."""

import calendar
import datetime as dt
from typing import NamedTuple

from schemas.time import When

#: Months of the units that are made of months.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "season": 3, "year": 12, "decade": 120, "century": 1_200}
#: Days of those that are not.
DAYS = {"day": 1, "weekend": 7, "week": 7}


class Cell(NamedTuple):
    """A span of whole days, both ends within it."""

    first: dt.date
    last: dt.date

    def holds(self, day: dt.date) -> bool:
        """Tell whether `day` lies inside."""
        return self.first <= day <= self.last


def later(day: dt.date, days: int) -> dt.date:
    """Return the day that lies `days` after `day`.

    Raises:
        OverflowError: It lies before the year 1 or after 9999.
    """
    return day + dt.timedelta(days=days)


def month_of(day: dt.date) -> int:
    """Return the number of the month of `day`, counted from January of the year 0."""
    return day.year * 12 + day.month - 1


def months(number: int, count: int = 1) -> Cell:
    """Return the cell of `count` months that begins with the month of this number.

    Raises:
        ValueError: A part of it lies before the year 1 or after 9999.
    """
    year, month = divmod(number + count - 1, 12)
    return Cell(dt.date(number // 12, number % 12 + 1, 1), dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1]))


def cell(day: dt.date, unit: str, count: int = 0) -> Cell:
    """Return the cell of `unit` that lies `count` cells after the one that holds `day`.

    Weeks are those of ISO 8601, from Monday to Sunday. Seasons are those of meteorology in the north: winter is December to February.

    Raises:
        ValueError: A part of it lies before the year 1 or after 9999.
        OverflowError: It lies further off.
    """
    if unit == "day":
        return Cell(later(day, count), later(day, count))
    if unit == "week":
        monday = later(day, 7 * count - day.weekday())
        return Cell(monday, later(monday, 6))
    size, number = MONTHS[unit], month_of(day)
    begin = (number + 1) // 3 * 3 - 1 if unit == "season" else number // size * size
    return months(begin + count * size, size)


def weekends(day: dt.date, count: int, when: When | None) -> list[Cell]:
    """Return the weekends that `count` may mean: 0 is this one, -1 the last one, 1 the next one.

    From Monday to Friday, "this weekend" is the one that is over or the one to come, as `when` tells, and "next weekend" the nearer one or the one after it.
    """
    weeks = [count]
    if day.weekday() < calendar.SATURDAY:
        if count == 0:
            weeks = [-1] if when == "past" else [0] if when == "future" else [-1, 0]
        elif count > 0:
            weeks = [count - 1, count]
    saturdays = [later(day, calendar.SATURDAY - day.weekday() + 7 * week) for week in weeks]
    return [Cell(saturday, later(saturday, 1)) for saturday in saturdays]


def shifted(day: dt.date, unit: str, count: int) -> dt.date:
    """Return the day that lies `count` units after `day`; where the month is too short for it, the last of the month.

    Raises:
        ValueError: It lies before the year 1 or after 9999.
        OverflowError: It lies further off.
    """
    if unit in DAYS:
        return later(day, count * DAYS[unit])
    month = months(month_of(day) + count * MONTHS[unit])
    return min(later(month.first, day.day - 1), month.last)


def third(whole: Cell, unit: str, number: int) -> Cell:
    """Return a third of a cell, the first being number 0, in whole days, months or years and rather too wide than too narrow."""
    step = 12 if unit in ("decade", "century") else 1
    size = (whole.last - whole.first).days + 1 if unit in DAYS or unit == "month" else MONTHS[unit] // step
    begin, end = size * number // 3, -(-size * (number + 1) // 3)
    if unit in DAYS or unit == "month":
        return Cell(later(whole.first, begin), later(whole.first, end - 1))
    return months(month_of(whole.first) + begin * step, (end - begin) * step)
