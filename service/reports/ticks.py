"""Ticks of a time axis: whole units of the calendar, with names that do not run into each other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, dropwhile, takewhile
from typing import NamedTuple

from service.reports.moments import DAY, HOUR, Day, Span, day_of, month_name, ordinal
from service.reports.scale import Scale

#: So many ticks there are about, at most; the stretches that have none of them get one each.
_MOST = 9
#: How far apart names stand: on a wide screen, and where only some of them are shown.
_NEAR, _NEAR_ON_PHONE = 9.0, 21.0
_MONTH, _YEAR = 43_830, 12


class _Step(NamedTuple):
    """How far it is from tick to tick: in minutes, counted from `origin`, or in months."""

    minutes: int = 0
    months: int = 0
    origin: int = 0

    def length(self) -> int:
        return self.minutes or self.months * _MONTH

    def within(self, span: Span) -> Iterator[int]:
        """Yield the ticks that lie in `span`, in order."""
        following = (self._minute(number) for number in count(self._first(span.start)))
        yield from dropwhile(lambda minute: minute < span.start, takewhile(lambda minute: minute < span.end, following))

    def _first(self, minute: int) -> int:
        """Return the number of the last tick before `minute`, or at it."""
        if self.minutes:
            return (minute - self.origin) // self.minutes
        day = day_of(minute // DAY)
        return (day.year * _YEAR + day.month - 1) // self.months

    def _minute(self, number: int) -> int:
        if self.minutes:
            return number * self.minutes + self.origin
        year, month = divmod(number * self.months, _YEAR)
        return ordinal(Day(year, month + 1, 1)) * DAY

    def names(self, minute: int) -> tuple[str, str]:
        """Return what a tick is called, and within what: `14:00` and `12 Mar 2026`, `12 Mar` and `2026`."""
        day = day_of(minute // DAY)
        if self.months:
            return (str(day.year), "") if self.months % _YEAR == 0 else (month_name(day.month), str(day.year))
        date = f"{day.day} {month_name(day.month)}"
        if self.minutes >= DAY:
            return date, str(day.year)
        return f"{minute % DAY // HOUR:02}:{minute % HOUR:02}", f"{date} {day.year}"


#: The finest first. Weeks begin on Monday, as the first day of the year 1 does.
_STEPS = (
    *(_Step(minutes) for minutes in (1, 5, 15, 30, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY)),
    _Step(7 * DAY, origin=DAY),
    *(_Step(months=months) for months in (1, 3, 6)),
    *(_Step(months=_YEAR * times * 10**power) for power in range(7) for times in (1, 2, 5)),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the axis and, where there is room, what it is called."""

    at: float
    name: str = ""
    #: The day or the year in which it lies, where that is not plain from the name before.
    context: str = ""
    #: Whether it is named where there is little room, too.
    on_phone: bool = False


def ticks(scale: Scale) -> list[Tick]:
    """Return the ticks of `scale`, in order."""
    total = sum(stretch.span.end - stretch.span.start for stretch in scale.stretches)
    fitting = next((number for number, step in enumerate(_STEPS) if total / step.length() <= _MOST), len(_STEPS) - 1)
    return _named([tick for stretch in scale.stretches for tick in _of(stretch.span, fitting, scale)])


def _of(span: Span, fitting: int, scale: Scale) -> list[Tick]:
    """Return the ticks within `span`, or, where the step passes over it, the first that a finer one has there."""
    finer = reversed(_STEPS[: fitting + 1])
    step, minutes = next((step, minutes) for step in finer if (minutes := list(step.within(span))))
    return [Tick(scale.at(minute), *step.names(minute)) for minute in (minutes if step == _STEPS[fitting] else minutes[:1])]


def _named(found: list[Tick]) -> list[Tick]:
    """Return the ticks without the names that would run into the one before, and with their context where that is new."""
    named: list[Tick] = []
    last = last_on_phone = None
    for tick in found:
        if last and tick.at - last.at < _NEAR:
            named.append(Tick(tick.at))
            continue
        on_phone = not last_on_phone or tick.at - last_on_phone.at >= _NEAR_ON_PHONE
        new = on_phone or not last or tick.context != last.context
        named.append(replace(tick, context=tick.context if new else "", on_phone=on_phone))
        last, last_on_phone = tick, tick if on_phone else last_on_phone
    return named
