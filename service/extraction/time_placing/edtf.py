"""EDTF (ISO 8601-2), as far as an interval of ours needs it.

EDTF has no weeks, no halves and no time of day within an interval: weeks and halves are written as intervals of days and months, hours as the days that hold
them, and a single minute as an instant.
"""

import datetime as dt
from typing import NamedTuple

from schemas.time import Bound
from service.extraction.time_placing.cells import later

#: Characters of a year, a month and a day.
_YEAR, _MONTH, _DAY = 4, 7, 10


class Span(NamedTuple):
    """Two bounds of one kind, days or minutes, both within the span."""

    start: dt.date
    end: dt.date


def bounds(whole: Span, side: Bound) -> tuple[str | None, str | None]:
    """Return the bounds of what `side` leaves of a span, as ISO 8601: days, or minutes with their zone if they have one."""
    start, end = (_minute(value) if isinstance(value, dt.datetime) else value.isoformat() for value in whole)
    return None if side == "until" else start, None if side == "since" else end


def _minute(value: dt.datetime) -> str:
    return value.isoformat(timespec="minutes").replace("+00:00", "Z")


def edtf(whole: Span, side: Bound, *, approximate: bool, within: bool) -> str:
    """Return what `side` leaves of a span, as EDTF: `a/b` for all of it, `[a..b]` for something within it, `~` where its edges are not sharp.

    EDTF cannot say both of one interval: what is within and approximate is written as within.
    """
    if isinstance(whole.start, dt.datetime) and whole.start == whole.end and side == "in":
        return whole.start.isoformat(timespec="seconds").replace("+00:00", "Z")
    start, end = (value.date() if isinstance(value, dt.datetime) else value for value in whole)
    size = _size(start, end, within=within)
    first, last = "" if side == "until" else start.isoformat()[:size], "" if side == "since" else end.isoformat()[:size]
    if within and first != last:
        return f"[{first}..{last}]"
    mark = "~" if approximate and not within else ""
    if first == last:
        return f"{first}{mark}"
    if side == "in" and size == _YEAR:
        for digits, years in ((2, 100), (3, 10)):
            if start.year % years == 0 and end.year - start.year == years - 1:
                return f"{first[:digits]:X<4}{mark}"
    return "/".join(f"{text}{mark}" if text else ".." for text in (first, last))


def _size(start: dt.date, end: dt.date, *, within: bool) -> int:
    """Return in how many characters of a date the whole of a span can be written; what lies within one year or month needs a finer unit than that."""
    if start.day > 1 or (end != dt.date.max and later(end, 1).day > 1) or (within and (start.year, start.month) == (end.year, end.month)):
        return _DAY
    return _MONTH if start.month > 1 or end.month < dt.date.max.month or (within and start.year == end.year) else _YEAR
