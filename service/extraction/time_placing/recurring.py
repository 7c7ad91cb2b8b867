"""Dates that come again each week, month or year, and which of their occurrences is meant, seen from a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from schemas.time import When
from service.extraction.time_placing.cells import Cell, later, month_of, months

#: Occurrences looked at on either side of a day: 29 February is missing for up to eight years, the 31st for a month, a weekday never.
_NEAR = {"week": 3, "month": 4, "year": 8}
_PERIODS = ("week", "month", "year")


class Occurrence(NamedTuple):
    """One of the times at which something comes again, and the day from which it counts as past."""

    cell: Cell
    past_from: dt.date


@dataclass(frozen=True, slots=True)
class Recurring:
    """What comes again: a day of the week, a day of the month or of the year, or a span of months of the year.

    Attributes:
        period: After what it comes again.
        day: Day of the month, or of the week from 0; None for a span of months.
        month: Its month of the year, or the first of the span.
        length: Months of the span.
    """

    period: Literal["week", "month", "year"]
    day: int | None = None
    month: int = 1
    length: int = 1

    def around(self, day: dt.date) -> list[Cell]:
        """Return its occurrences near `day`, in their order."""
        here = {"week": (day.toordinal() - 1) // 7, "month": month_of(day), "year": day.year}[self.period]
        near = _NEAR[self.period]
        return [cell for number in range(here - near, here + near + 1) if (cell := self._at(number))]

    def _at(self, number: int) -> Cell | None:
        """Return the occurrence in this week, month or year, each counted from the beginning of the calendar, or None where it has none."""
        try:
            if self.day is None:
                return months(number * 12 + self.month - 1, self.length)
            if self.period == "week":
                # The first day of the year 1 is a Monday.
                day = dt.date.fromordinal(number * 7 + self.day + 1)
            elif self.period == "month":
                day = dt.date(number // 12, number % 12 + 1, self.day)
            else:
                day = dt.date(number, self.month, self.day)
        except ValueError:
            return None
        return Cell(day, day)

    def seen(self, day: dt.date, when: When, *, not_now: bool) -> list[Cell]:
        """Return the occurrences that may be meant by the bare words, said on `day`.

        A weekday to come, said on the same weekday, is today or in a week, unless `not_now`.

        Raises:
            LookupError: There is none.
        """
        cells = chosen([Occurrence(cell, cell.first) for cell in self.around(day)], day, when, not_now=not_now)
        if self.period == "week" and when == "future" and cells[0].holds(day):
            return [*cells, Cell(later(day, 7), later(day, 7))]
        return cells

    def latest(self, day: dt.date) -> Cell:
        """Return its last occurrence that has begun on `day`.

        Raises:
            LookupError: There is none.
        """
        return last_of(cell for cell in self.around(day) if cell.first <= day)

    def earliest(self, day: dt.date) -> Cell:
        """Return its first occurrence that is not over on `day`.

        Raises:
            LookupError: There is none.
        """
        return first_of(cell for cell in self.around(day) if cell.last >= day)


def chosen(occurrences: Sequence[Occurrence], day: dt.date, when: When, *, not_now: bool = False) -> list[Cell]:
    """Return those of `occurrences` that may be meant, said on `day`: the one that holds it or is nearest to it, before or after it as `when` tells.

    Where `when` is the present and none holds the day, either neighbour may be meant. With `not_now` the one that holds the day is not meant.

    Raises:
        LookupError: There is none.
    """
    before = (cell for cell, past_from in occurrences if (cell.last < day if not_now else past_from <= day))
    after = (cell for cell, _ in occurrences if (cell.first > day if not_now else cell.last >= day))
    if when == "past":
        return [last_of(before)]
    if when == "future":
        return [first_of(after)]
    now = [cell for cell, _ in occurrences if cell.holds(day)]
    return now[:1] or [last_of(before), first_of(after)]


def ranges(start: Recurring, end: Recurring, day: dt.date, when: When) -> list[Cell]:
    """Return the spans from `start` to `end` that may be meant, said on `day`: over New Year or a weekend if need be.

    A span of dates that is running is meant before any other; one of weekdays is over if it is past, and has not begun if it is to come.

    Raises:
        LookupError: There is none.
    """
    weekly = start.period == end.period == "week"
    if _PERIODS.index(start.period) > _PERIODS.index(end.period):
        pairs = [(first, end.earliest(first.first)) for first in start.around(day)[:-1]]
    else:
        pairs = [(start.latest(later(last.last, -1) if weekly else last.last), last) for last in end.around(day)[1:]]
    by_days = start.day is not None and end.day is not None and not weekly
    found = [Occurrence(Cell(first.first, last.last), first.first if by_days else last.first) for first, last in pairs]
    if weekly and when == "future":
        cells = [cell for cell, _ in found if cell.first >= day]
        return cells[:2] if cells[0].first == day else cells[:1]
    return chosen(found, day, when)


def first_of(cells: Iterable[Cell]) -> Cell:
    """Return the first of `cells`.

    Raises:
        LookupError: There is none.
    """
    return last_of(reversed([*cells]))


def last_of(cells: Iterable[Cell]) -> Cell:
    """Return the last of `cells`.

    Raises:
        LookupError: There is none.
    """
    return [*cells][-1]
