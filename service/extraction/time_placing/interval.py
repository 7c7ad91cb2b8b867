"""Intervals: where a time draft lies on the calendar, seen from the publication of its article.

The interval is never narrower than what the words and the publication tell. Where they leave several cells of the calendar open (a publication of which only
the month is known, a weekday to come said on the same weekday), it holds them all and says that the time lies somewhere `within`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import get_args

from schemas.time import (
    Bound,
    ClockText,
    DatedTime,
    DateTime,
    EventTime,
    LengthTime,
    OffsetTime,
    Part,
    RangeTime,
    RepeatTime,
    TimeDraft,
    Unit,
    VagueTime,
    WeekdayTime,
    WindowTime,
)
from schemas.vocabulary import Precision, TimeBasis
from service.extraction.time_placing.cells import Cell, cell, shifted, third, weekends
from service.extraction.time_placing.edtf import Span, bounds, edtf
from service.extraction.time_placing.publication import Publication, publication
from service.extraction.time_placing.written import WEEKDAYS, dated, spans, written

#: What "a few" of a unit is taken for, at most.
A_FEW: dict[Unit, int] = {
    "minute": 60,
    "hour": 24,
    "day": 7,
    "weekend": 4,
    "week": 4,
    "month": 6,
    "quarter": 4,
    "half": 4,
    "season": 4,
    "year": 5,
    "decade": 5,
    "century": 5,
}
_MINUTES = {"minute": 1, "hour": 60}
_THIRDS = {"start": 0, "middle": 1, "end": 2}
#: Units that have no thirds.
_WITHOUT_PARTS = ("minute", "hour", "day", "weekend")
#: The kinds that name cells of the calendar, seen from a day.
_OnDays = DateTime | WeekdayTime | OffsetTime | DatedTime | RangeTime
#: The finest first.
_UNITS: tuple[Unit, ...] = get_args(Unit)
#: Units that the record does not have, and the next coarser one that it has.
_COARSER = {"weekend": Precision.WEEK, "half": Precision.YEAR}


@dataclass(frozen=True, slots=True)
class Interval:
    """When something happens: EDTF and its bounds, all None where it is not resolved."""

    edtf: str | None = None
    start: str | None = None
    end: str | None = None
    precision: Precision | None = None
    approximate: bool = False
    within: bool = False
    basis: TimeBasis = TimeBasis.UNRESOLVED


def interval(draft: TimeDraft, published: str | None) -> Interval:
    """Return where `draft` lies, seen from `published`: an EDTF year, month or day, a timestamp, or None.

    What the words alone do not place, and the publication neither, is unresolved; so is what lies before the year 1 or after 9999.
    """
    if isinstance(draft, LengthTime | EventTime | RepeatTime | VagueTime):
        return Interval()
    try:
        placed = _placed(draft, publication(published))
        if not placed:
            return Interval()
        stated = not placed.approximate and placed == _placed(draft, None)
    except (ValueError, LookupError, OverflowError):
        return Interval()
    start, end = bounds(placed.whole, placed.side)
    return Interval(
        edtf=edtf(placed.whole, placed.side, approximate=placed.approximate, within=placed.within),
        start=start,
        end=end,
        precision=_precision(draft, placed.whole),
        approximate=placed.approximate,
        within=placed.within,
        basis=TimeBasis.STATED if stated else TimeBasis.INFERRED,
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A place on the calendar: what is named as a whole, and what of it is left where only one side is told."""

    whole: Span
    side: Bound = "in"
    approximate: bool = False
    within: bool = False


def _placed(draft: _OnDays | WindowTime, seen: Publication | None) -> _Placed | None:
    """Return the place of `draft` on the calendar, or None where it has none."""
    if isinstance(draft, WindowTime):
        return _window(draft, seen) if seen else None
    if isinstance(draft, OffsetTime) and draft.unit in _MINUTES:
        return _small_offset(draft, seen) if seen else None
    days = (seen.first, seen.last) if seen else (None,)
    cells = [found for day in days for found in _cells(draft, day)]
    if not cells:
        return None
    approximate = _unsharp(draft)
    if isinstance(draft, RangeTime):
        return _among(cells, "in", None, approximate=approximate)
    return _among(cells, draft.bound, draft.clock, approximate=approximate)


def _cells(draft: _OnDays, day: dt.date | None) -> list[Cell]:
    """Return the cells of the calendar that `draft` may mean, said on `day`; none where it takes a day to tell and none is known."""
    if isinstance(draft, RangeTime):
        return spans(draft, day)
    if isinstance(draft, DateTime):
        found = written(draft.date).seen(day, draft.when, not_now=draft.not_now)
    elif not day:
        found = []
    elif isinstance(draft, DatedTime):
        found = dated(draft, day).seen(day, "present", not_now=False)
    elif isinstance(draft, OffsetTime):
        found = weekends(day, draft.count, draft.when) if draft.unit == "weekend" else [cell(day, draft.unit, draft.count)]
    elif draft.week is None:
        found = written(draft.weekday).seen(day, draft.when, not_now=draft.not_now)
    else:
        found = [cell(cell(day, "week", draft.week).first, "day", WEEKDAYS.index(draft.weekday))]
    part = None if isinstance(draft, WeekdayTime) else draft.part
    return [_part(whole, _unit(draft), part, day) for whole in found]


def _part(whole: Cell, unit: Unit, part: Part | None, day: dt.date | None) -> Cell:
    """Return a part of a cell: a third, or what of it is over or to come on `day`. A day and a weekend have no parts that are days."""
    if part in ("elapsed", "rest"):
        if not day or not whole.holds(day):
            return whole
        return Cell(whole.first, day) if part == "elapsed" else Cell(day, whole.last)
    return third(whole, unit, _THIRDS[part]) if part and unit not in _WITHOUT_PARTS else whole


def _unsharp(draft: _OnDays) -> bool:
    """Tell whether the edges of what `draft` names are a policy of ours: a third of a cell, or a season."""
    unit = _unit(draft)
    if isinstance(draft, RangeTime):
        return "season" in (written(draft.start).unit, written(draft.end).unit)
    return unit == "season" or (not isinstance(draft, WeekdayTime) and draft.part in _THIRDS and unit not in _WITHOUT_PARTS)


def _among(cells: list[Cell], side: Bound, clock: ClockText | None, *, approximate: bool) -> _Placed:
    """Return the hull of `cells`, bounded on the side that is told; a clock time counts where they are one day."""
    ends = {Span(*cell) for cell in cells}
    if clock and len(ends) == 1 and cells[0].first == cells[0].last:
        first, last = (dt.time.fromisoformat(clock), dt.time.fromisoformat(clock if ":" in clock else f"{clock}:59"))
        ends = {Span(dt.datetime.combine(cells[0].first, first), dt.datetime.combine(cells[0].last, last))}
    within = len({bounds(span, side) for span in ends}) > 1
    return _Placed(Span(min(span.start for span in ends), max(span.end for span in ends)), side, approximate, within)


def _window(draft: WindowTime, seen: Publication) -> _Placed:
    """Return the span that begins or ends with the publication; one of "a few" units stays one span, with edges that are not sharp."""
    count = (draft.count or A_FEW[draft.unit]) * (1 if draft.when == "future" else -1)
    if draft.unit in _MINUTES:
        now, reached = _moved(seen, 0), _moved(seen, count * _MINUTES[draft.unit])
    else:
        now = Span(seen.first, seen.last)
        reached = Span(shifted(seen.first, draft.unit, count), shifted(seen.last, draft.unit, count))
    span = Span(now.start, reached.end) if draft.when == "future" else Span(reached.start, now.end)
    few = draft.count is None
    return _Placed(span, approximate=few, within=seen.first != seen.last and not few)


def _small_offset(draft: OffsetTime, seen: Publication) -> _Placed:
    """Return the hour or the minute that is counted from the publication, or the days in which it may lie."""
    start, end = _moved(seen, draft.count * _MINUTES[draft.unit])
    if draft.unit == "hour" and isinstance(start, dt.datetime):
        start, end = start.replace(minute=0), start.replace(minute=59)
    return _Placed(Span(start, end), draft.bound, within=not seen.minute)


def _moved(seen: Publication, minutes: int) -> Span:
    """Return the publication moved by `minutes`: a minute if it is known to the minute, else the days in which that may lie."""
    move = dt.timedelta(minutes=minutes)
    if seen.minute:
        return Span(seen.minute + move, seen.minute + move)
    return Span((dt.datetime.combine(seen.first, dt.time.min) + move).date(), (dt.datetime.combine(seen.last, dt.time(23, 59)) + move).date())


def _unit(draft: _OnDays | WindowTime) -> Unit:
    """Return the unit of the calendar in which `draft` tells its time but for the clock, the coarser one of a range."""
    if isinstance(draft, RangeTime):
        return max((written(text).unit for text in (draft.start, draft.end)), key=_UNITS.index)
    if isinstance(draft, DateTime | DatedTime):
        return written(draft.date).unit
    return draft.unit if isinstance(draft, OffsetTime | WindowTime) else "day"


def _precision(draft: _OnDays | WindowTime, whole: Span) -> Precision:
    """Return that unit as the record has it, never a finer one, or that of the clock where it counts."""
    if not isinstance(draft, WindowTime | RangeTime) and draft.clock and isinstance(whole.start, dt.datetime):
        return Precision.MINUTE if ":" in draft.clock else Precision.HOUR
    unit = _unit(draft)
    return _COARSER.get(unit) or Precision(unit)
