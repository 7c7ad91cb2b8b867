"""Written days: the dates that stand in a line, in figures or with the name of the month, and the time of day beside them."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from service.extraction.datelines.date_words import day_first, month

#: A leap year, for dates whose year is not written.
_ANY_YEAR = 2000
#: Hours of the half of a day, and months of a year.
_TWELVE = 12
_NAME = r"(?P<name>\p{L}[\p{L}\p{M}]{1,14}(?:/\p{L}[\p{L}\p{M}]{1,14})?)"
_YEAR = r"(?P<year>[12][0-9]{3})(?![0-9])"
_DAY = r"(?<![0-9])(?P<day>[0-3]?[0-9])"
_FIGURE = re.compile("[0-9]")
_DATES = tuple(
    regex.compile(pattern, regex.IGNORECASE)
    for pattern in (
        # 2024-04-11, 2024/04/11, 2024-04
        rf"(?<![0-9./-]){_YEAR}(?P<sign>[-/.])(?P<month>[0-9]{{1,2}})(?:(?P=sign)(?P<day>[0-9]{{1,2}}))?(?![0-9-]|[/.][0-9])",
        # 2024年4月11日, 4月11日, 2024년 4월 11일
        rf"(?<![0-9])(?:{_YEAR}\s?[年년]\s?)?(?P<month>[01]?[0-9])\s?[月월]\s?(?P<day>[0-3]?[0-9])\s?[日号號일]",
        # 11/04/2024, 11.04.2024
        r"(?<![0-9./-])(?P<first>[0-9]{1,2})(?P<sign>[-/.])(?P<second>[0-9]{1,2})(?P=sign)(?P<year>[12][0-9]{3})(?![0-9]|[-/.][0-9])",
        # 11 avril 2024, 11. April, 11 de abril de 2024
        (
            rf"{_DAY}(?:\.|er|st|nd|rd|th|º|°|-е|-го)?\s?(?:de\s|d['’]|من\s|tháng\s)?{_NAME}\.?"
            rf"(?:,?\s?(?:de\s|del\s|عام\s|سنة\s)?{_YEAR}(?:\s?(?:года|року|год|г\.|р\.|م\b))?)?(?![\p{{L}}\p{{M}}0-9])"
        ),
        # April 11, 2024
        rf"(?<![\p{{L}}\p{{M}}]){_NAME}\.?\s(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9:]|\.[0-9])(?:,?\s{_YEAR})?(?![\p{{L}}\p{{M}}])",
    )
)
_CLOCK = regex.compile(
    r"(?:\s?[,،;|•·@–-]|\.(?=\s)|T|)\s?(?:à|a las|às|at|um|alle(?: ore)?|ore|kl\.|в|о|saat|الساعة|בשעה|om|o)?\s?"
    r"(?P<hour>[0-2]?[0-9])(?:(?:[:h時时点]|\.(?=[0-9]{2}\s?(?:Uhr|[A-Z]{3,4}\b)))(?P<minute>[0-5][0-9])分?(?::[0-5][0-9](?:[.,][0-9]{1,9})?)?|[h時时点])(?![0-9:])"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?(?:Uhr|Uhr\.))?"
    r"(?:\s?\(?(?P<zone>Z\b|GMT\b|UTC\b|TU\b|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])\)?|\s?[A-Z]{2,4}\b|\s?\([\p{L} ]{1,30}\))?",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A date that stands in a line.

    Attributes:
        value: It as EDTF, `XXXX` for a year that is not written, or as a timestamp.
        start: Where it begins in the line.
        end: Where it ends, the time of day included.
    """

    value: str
    start: int
    end: int

    @property
    def has_year(self) -> bool:
        """Whether its year is written."""
        return not self.value.startswith("X")


def written_days(line: str, language: str | None) -> list[WrittenDay]:
    """Return the dates of `line`, in their order: those that are real and can be read in one way only."""
    if not _FIGURE.search(line):
        return []
    found: dict[int, WrittenDay] = {}
    first = day_first(line, language)
    for match in (match for pattern in _DATES for match in pattern.finditer(line)):
        value = _value(match.groupdict(), language, day_first=first)
        if value:
            clock = _clock(line, match.end()) if len(value) == len("2024-04-11") and value[0] != "X" else None
            day = WrittenDay(value + clock[0], match.start(), clock[1]) if clock else WrittenDay(value, match.start(), match.end())
            found.setdefault(match.start(), day)
    return list(_apart(found))


def _apart(found: dict[int, WrittenDay]) -> Iterator[WrittenDay]:
    """Yield the days but those that lie within another."""
    end = 0
    for start in sorted(found, key=lambda start: (start, -found[start].end)):
        if start >= end:
            yield found[start]
            end = found[start].end


def _value(parts: dict[str, str | None], language: str | None, *, day_first: bool) -> str | None:
    """Return a date as EDTF, or None if it is not real or its day and its month cannot be told apart."""
    year = parts.get("year")
    written = parts.get("day")
    day = int(written) if written else None
    if parts.get("first"):
        numbers = _in_figures(int(parts["first"] or 0), int(parts["second"] or 0), day_first=day_first or (parts["sign"] == "." and not language))
        if not numbers:
            return None
        day, number = numbers
    else:
        figures = parts.get("month")
        number = int(figures) if figures else month(parts["name"] or "", language) or 0
    try:
        dt.date(int(year or _ANY_YEAR), number, day or 1)
    except ValueError:
        return None
    return f"{year or 'XXXX'}-{number:02}" + (f"-{day:02}" if day else "")


def _in_figures(first: int, second: int, *, day_first: bool) -> tuple[int, int] | None:
    """Return the day and the month of `11/04`, or None where it may be either: the day is what cannot be a month, or the first where that is known."""
    if first > _TWELVE or first == second or day_first:
        return first, second
    return (second, first) if second > _TWELVE else None


def _clock(line: str, start: int) -> tuple[str, int] | None:
    """Return the time of day that stands in `line` from `start`, as ISO 8601, and where it ends."""
    match = _CLOCK.match(line, start)
    if not match:
        return None
    hour, half, zone = int(match["hour"]), (match["half"] or "").lower(), (match["zone"] or "").upper()
    if half and hour <= _TWELVE:
        hour = hour % _TWELVE + (_TWELVE if half == "p" else 0)
    try:
        clock = dt.time(hour, int(match["minute"] or 0))
    except ValueError:
        return None
    if zone and zone[0] in "+-":
        zone = f"{zone[:3]}:{zone[-2:]}"
    return f"T{clock.isoformat()}{'Z' if zone in ('Z', 'GMT', 'UTC', 'TU') else zone}", match.end()
