"""Ranges: from one point to another."""

from schemas.time import RangeTime, TimeDraft, When
from service.extraction.time_reading.grammar import View
from service.extraction.time_reading.points import Point, point_of
from service.extraction.time_reading.scanning import date_text
from service.extraction.time_reading.settling import settle
from service.extraction.time_reading.words import WEEKDAYS, Word, letters

_OPENING = "fBbmdiw"
#: Year, month and day, None for what is not written.
_Parts = tuple[int | None, int | None, int | None]
#: What may stand around the points of a range and tells no day: parts of the day, clocks, nights.
_ASIDE = "DG午"


def range_of(left: list[Word], joiner: str, right: list[Word], view: View) -> TimeDraft | None:
    """Return the range from what `left` tells to what `right` tells; `and` makes one only after `between`."""
    left, right = _bare(left), _bare(right)
    opening = letters(left)[:1]
    if opening and opening in _OPENING:
        left = left[1:]
    if (joiner == "&") != (opening == "B") and not (joiner == ">" and opening == "B"):
        return None
    # Told after the last point: 从周一到周三, 周一至周三期间.
    right = right[:-1] if letters(right)[-1:] in ("m", "u") else right
    if not left or not right:
        return None
    ends = _shared(left, right)
    if ends is None:
        return None
    first, last = ends
    when: When | None = last.when or first.when or view.direction
    texts = [point.weekday if point.kind == "weekday" else point.date for point in ends]
    if when is None and not any(text.startswith("XXXX") or text in WEEKDAYS for text in texts):
        when = "present"
    if when is None or (texts[0][:1].isdecimal() and texts[1][:1].isdecimal() and texts[0][:4] > texts[1][:4]):
        return None
    return RangeTime(kind="range", when=when, start=texts[0], end=texts[1])


def night_to(words: list[Word], view: View) -> TimeDraft | None:
    """Return `the night to Wednesday`: from the day before to that day."""
    words = settle(words)
    if letters(words) != "JW" or view.direction is None:
        return None
    day = next(name for name in WEEKDAYS if name == words[1].text)
    return RangeTime(kind="range", when=view.direction, start=WEEKDAYS[WEEKDAYS.index(day) - 1], end=day)


def _bare(words: list[Word]) -> list[Word]:
    return [word for word in settle(words) if word.letter not in _ASIDE]


def _shared(left: list[Word], right: list[Word]) -> tuple[Point, Point] | None:
    """Return both ends, with the month and the year that one of them has for both."""
    first, last = point_of(left) or _lone(left), point_of(right) or _lone(right)
    if first is None or last is None or first.part or last.part or first.kind != last.kind:
        return None
    if first.kind == "weekday":
        return (first, last) if first.week is None and last.week is None else None
    if first.kind != "date":
        return None
    one, other = _split(first.date), _split(last.date)
    if one is None or other is None:
        return (first, last) if not first.date.startswith("XXXX") and not last.date.startswith("XXXX") and len(first.date) == len(last.date) else None
    texts = _completed(one, other)
    return (Point("date", date=texts[0], when=first.when), Point("date", date=texts[1], when=last.when)) if texts else None


def _completed(one: _Parts, other: _Parts) -> tuple[str, str] | None:
    """Return the date texts of both ends of a range, each with what only the other one tells."""
    if one[1] is None and one[2]:
        one = (one[0] or other[0], other[1], one[2])
    elif other[1] is None and other[2]:
        other = (one[0] or other[0], one[1], other[2])
    if (one[0] is None) != (other[0] is None):
        # 28 December to 3 January 2024: the first year is not written.
        if (one[1] or 0, one[2] or 0) > (other[1] or 0, other[2] or 0):
            return None
        year = one[0] or other[0]
        one, other = (year, *one[1:]), (year, *other[1:])
    start, end = date_text(*one), date_text(*other)
    return (start, end) if start and end and not start.startswith("XXXX-XX") else None


def _lone(words: list[Word]) -> Point | None:
    """Return the day that a number alone is at one end of a range."""
    text = date_text(None, None, words[-1].number) if letters(words) in ("N", "O", "WN", "WO") else None
    return Point("date", date=text) if text else None


def _split(text: str) -> _Parts | None:
    """Return the parts of a date text; None for a season, a decade and the like."""
    parts = text.split("-")
    if not all(part.isdecimal() or set(part) == {"X"} for part in parts):
        return None
    year, month, day = [*(None if "X" in part else int(part) for part in parts), None, None][:3]
    return year, month, day
