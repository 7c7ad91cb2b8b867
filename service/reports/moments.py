"""Moments: the bounds of a record as minutes on one line.

A bound may lie before the year 1 or after 9999, which `datetime` does not hold: days are counted here by a proleptic Gregorian calendar of our own, which
agrees with `datetime.date.toordinal` wherever there is one.
"""

import re
from typing import NamedTuple

DAY, HOUR = 1_440, 60
#: No clock is further ahead of UTC, or behind it.
_FURTHEST = 18 * HOUR
_MONTHS_OF_30 = (4, 6, 9, 11)
_FEBRUARY, _DECEMBER = 2, 12
#: Days of four centuries, after which the calendar repeats itself.
_CYCLE = 146_097
#: How many days lie between the first of March of the year 0 and the day before the first of January of the year 1.
_FROM_MARCH = 305

#: A year, month, day, hour, minute or finer, as EDTF and ISO 8601 write them. Years of more than six digits are on no calendar.
_WRITTEN = re.compile(
    r"(-?[0-9]{4,6})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2})(?::?([0-9]{2}))?[0-9:.]{0,20}(?:(Z)|([+-])([0-9]{2})(?::?([0-9]{2}))?[0-9:.]{0,20})?)?)?)?"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Day(NamedTuple):
    """A day of the calendar; the year 0 is the one before the year 1."""

    year: int
    month: int
    day: int


class Span(NamedTuple):
    """A piece of the line, in minutes: `start` is in it, `end` no longer."""

    start: int
    end: int


def ordinal(day: Day) -> int:
    """Return the number of a day; the first of January of the year 1 has the number 1, as in `datetime`."""
    early = day.month <= _FEBRUARY
    year, month = day.year - early, day.month + (9 if early else -3)
    return day.day + (153 * month + 2) // 5 + 365 * year + year // 4 - year // 100 + year // 400 - _FROM_MARCH - 1


def day_of(number: int) -> Day:
    """Return the day that has this number."""
    cycle, left = divmod(number + _FROM_MARCH, _CYCLE)
    year = (left - left // 1_460 + left // 36_524 - left // (_CYCLE - 1)) // 365
    left -= 365 * year + year // 4 - year // 100
    month = (5 * left + 2) // 153
    day = left - (153 * month + 2) // 5 + 1
    late = month >= 10  # noqa: PLR2004 - January and February, counted from March
    return Day(year + 400 * cycle + late, month + (-9 if late else 3), day)


def month_length(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == _FEBRUARY:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in _MONTHS_OF_30 else 31


def month_name(month: int) -> str:
    """Return what a month is called, in three letters."""
    return _MONTHS[month - 1]


class Moment(NamedTuple):
    """A year, month, day, hour or minute, as it was written: what is None was not."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    #: Minutes by which its clock is ahead of UTC; None if it does not say.
    zone: int | None = None

    def span(self, zone: int = 0) -> Span:
        """Return what it covers, all of it, by the clocks of `zone`; without a zone of its own it is taken to be of that one."""
        if self.hour is not None:
            start = ordinal(Day(self.year, self.month or 1, self.day or 1)) * DAY + self.hour * HOUR + (self.minute or 0)
            start += 0 if self.zone is None else zone - self.zone
            return Span(start, start + (HOUR if self.minute is None else 1))
        month, day = self.month or _DECEMBER, self.day
        last = Day(self.year, month, day or month_length(self.year, month))
        return Span(ordinal(Day(self.year, self.month or 1, day or 1)) * DAY, (ordinal(last) + 1) * DAY)

    def __str__(self) -> str:
        """Return it in words: `12 Mar 2026, 14:30 UTC+2:00`."""
        words = " ".join(str(part) for part in (self.day, self.month and month_name(self.month), self.year) if part is not None)
        if self.hour is None:
            return words
        clock = f"{self.hour:02}:{self.minute:02}" if self.minute is not None else f"{self.hour:02} h"
        return f"{words}, {clock}" if self.zone is None else f"{words}, {clock} {zone_name(self.zone)}"


def zone_name(zone: int) -> str:
    """Return what a zone is called: `UTC`, `UTC+2:00`."""
    return f"UTC{'+' if zone > 0 else '-'}{abs(zone) // HOUR}:{abs(zone) % HOUR:02}" if zone else "UTC"


def moment(text: str | None) -> Moment | None:
    """Return the moment that is written there, or None where there is none or no calendar has it."""
    match = _WRITTEN.fullmatch(text or "")
    if not match:
        return None
    year, month, day, hour, minute = (int(part) if part else None for part in match.groups()[:5])
    if year is None or not _exists(year, month, day) or (hour or 0) >= 24 or (minute or 0) >= HOUR:  # noqa: PLR2004
        return None
    utc, sign, hours, minutes = match.groups()[5:]
    zone = int(f"{sign}1") * (int(hours) * HOUR + int(minutes or 0)) if sign else 0 if utc else None
    if abs(zone or 0) > _FURTHEST or int(minutes or 0) >= HOUR:
        return None
    return Moment(year, month, day, hour, minute, zone)


def _exists(year: int, month: int | None, day: int | None) -> bool:
    """Tell whether the calendar has such a month and day."""
    if month is None:
        return True
    return 1 <= month <= _DECEMBER and (day is None or 1 <= day <= month_length(year, month))
