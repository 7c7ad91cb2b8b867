"""The publication of an article, as the days between which it lies and, where it is known, the minute."""

import datetime as dt
import re
from dataclasses import dataclass

from service.extraction.time_placing.cells import cell

#: Any publication begins with its date, and that with four digits of the year.
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
#: No clock on earth is further from Greenwich, and EDTF writes none.
_FURTHEST = dt.timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published.

    Attributes:
        first: The first day that it may have been.
        last: The last one.
        minute: The minute, with its zone if that is told; None where only days are known.
    """

    first: dt.date
    last: dt.date
    minute: dt.datetime | None = None


def publication(text: str | None) -> Publication | None:
    """Return the publication that an EDTF year, month or day or a timestamp tells, or None where none is told that has a year and is real."""
    match = _DATE.match(text or "")
    if not text or not match:
        return None
    try:
        if match.end() < len(text):
            return _instant(dt.datetime.fromisoformat(text))
        year, month, day = match.groups()
        return Publication(*cell(dt.date(int(year), int(month or 1), int(day or 1)), "day" if day else "month" if month else "year"))
    except ValueError:
        return None


def _instant(instant: dt.datetime) -> Publication:
    """Return the publication at `instant`; a zone that no clock has tells the day alone."""
    offset = instant.utcoffset()
    odd = offset is not None and (abs(offset) > _FURTHEST or offset % dt.timedelta(minutes=1) != dt.timedelta())
    return Publication(instant.date(), instant.date(), None if odd else instant.replace(second=0, microsecond=0))
