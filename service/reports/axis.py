"""A time axis: each timeline with its true width, and what hangs on it.

A row of HTML per timeline tells it in words, and a drawing beside it shows it, on a scale that all rows share. The drawings are as wide as there is room:
what stands on the scale is written in percent, and only letters, arrows and lines have a size of their own. A bar never looks narrower than three
pixels, which is what its outline alone takes, so that a day can be seen on a scale of years.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from schemas.record import Record, Timeline
from schemas.vocabulary import Section
from service.reports.moments import Moment, Span, moment, zone_name
from service.reports.scale import BREAK, WIDTH, Scale, scale
from service.reports.templating import rendered
from service.reports.ticks import ticks
from service.reports.wording import interval

#: So many links hang on a bar, in lines of so many, which fit into half of a phone's width; the rest stand beside the words.
_HUNG, _IN_LINE = 8, 4
#: A bar that begins further right has its links to the left of its end.
_RIGHT = 55.0
#: In pixels: a row with nothing on it; a line of links, as high as a finger needs.
_ROW, _LINE = 20, 24
#: The narrowest rectangle that is drawn at all; its outline can be seen.
_LEAST = 0.01


class Hanging(NamedTuple):
    """An entry that a timeline dates."""

    section: Section
    id: str


class _Bounds(NamedTuple):
    """When a timeline begins and ends; None where that is open."""

    start: Moment | None
    end: Moment | None


@dataclass(frozen=True, slots=True)
class Row:
    """A timeline on the axis: where its bar begins and how wide it is, in percent, and what hangs on it."""

    timeline: Timeline
    when: str
    at: float
    width: float
    hung: list[tuple[Hanging, ...]]
    more: list[Hanging]

    @property
    def height(self) -> int:
        """Return how high the drawing is, in pixels."""
        return _ROW + _LINE * len(self.hung)

    @property
    def on_right(self) -> bool:
        """Tell whether the links end where the bar ends."""
        return self.at > _RIGHT

    @property
    def hangs_at(self) -> float:
        """Return where the links begin, or end."""
        return self.at + self.width if self.on_right else self.at


@dataclass(frozen=True, slots=True)
class Band:
    """When the article was published."""

    when: str
    at: float
    width: float


def drawn(record: Record) -> Markup:
    """Return the time axis of a record; empty where it has no timelines."""
    if not record.timelines:
        return Markup()
    read = {one.id: bounds for one in record.timelines if (bounds := _bounds(one))}
    published = moment(record.article.published)
    told = _zone([_Bounds(published, None), *read.values()])
    zone = told or 0
    placed = {key: bounds for key, bounds in read.items() if not _turned(bounds, zone)}
    hanging = _hanging(record)
    unplaced = [(one, interval(one), hanging[one.id]) for one in record.timelines if one.id not in placed]
    if not placed:
        return rendered("axis.html", rows=[], unplaced=unplaced)
    axis = scale(_spans(placed, published, zone))
    order = sorted((one for one in record.timelines if one.id in placed), key=lambda one: _order(placed[one.id], zone))
    return rendered(
        "axis.html",
        rows=[_row(one, _ends(placed[one.id], zone, axis), hanging[one.id]) for one in order],
        unplaced=unplaced,
        ticks=ticks(axis),
        breaks=axis.breaks(),
        break_width=BREAK,
        line_height=_LINE,
        band=_band(published, zone, axis) if published else None,
        hours=any(bound.hour is not None for bounds in (_Bounds(published, None), *placed.values()) for bound in bounds if bound),
        zone=zone_name(zone) if told is not None else None,
    )


def _bounds(timeline: Timeline) -> _Bounds | None:
    """Return the bounds of a timeline that are told and on the calendar, else None."""
    start, end = moment(timeline.start), moment(timeline.end)
    unread = (timeline.start and not start) or (timeline.end and not end)
    return None if unread or not (start or end) else _Bounds(start, end)


def _zone(told: list[_Bounds]) -> int | None:
    """Return the zone by whose clocks hours are drawn: the first that is named; None if none is."""
    return next((bound.zone for bounds in told for bound in bounds if bound and bound.zone is not None), None)


def _turned(bounds: _Bounds, zone: int) -> bool:
    """Tell whether what is told ends before it begins, by the clocks of `zone`."""
    start, end = bounds
    return start is not None and end is not None and end.span(zone).end <= start.span(zone).start


def _spans(placed: dict[str, _Bounds], published: Moment | None, zone: int) -> list[Span]:
    """Return what must have room on the axis; of an open interval, the end that is told."""
    whole = [Span(start.span(zone).start, end.span(zone).end) for start, end in placed.values() if start and end]
    open_ = [one.span(zone) for start, end in placed.values() if not (start and end) for one in (start, end) if one]
    return [*whole, *open_, *([published.span(zone)] if published else [])]


def _order(bounds: _Bounds, zone: int) -> tuple[float, float]:
    start, end = bounds
    return (start.span(zone).start if start else float("-inf"), end.span(zone).end if end else float("inf"))


def _ends(bounds: _Bounds, zone: int, axis: Scale) -> tuple[float, float]:
    """Return where a bar begins and ends; an open one runs to the edge of the axis."""
    start, end = bounds
    return axis.at(start.span(zone).start) if start else 0.0, axis.at(end.span(zone).end) if end else WIDTH


def _row(timeline: Timeline, ends: tuple[float, float], hanging: list[Hanging]) -> Row:
    at, end = ends
    lines = [tuple(hanging[first : first + _IN_LINE]) for first in range(0, min(len(hanging), _HUNG), _IN_LINE)]
    return Row(timeline, interval(timeline), at, max(end - at, _LEAST), lines, hanging[_HUNG:])


def _band(published: Moment, zone: int, axis: Scale) -> Band:
    span = published.span(zone)
    at = axis.at(span.start)
    return Band(str(published), at, max(axis.at(span.end) - at, _LEAST))


def _hanging(record: Record) -> defaultdict[str, list[Hanging]]:
    """Return by timeline what it dates: threats, targets, commitments, each in the order of the text."""
    found: defaultdict[str, list[Hanging]] = defaultdict(list)
    for section in (Section.THREATS, Section.TARGETS, Section.COMMITMENTS):
        for entry in getattr(record, section.value):
            for timeline in dict.fromkeys(entry.timelines):
                found[timeline].append(Hanging(section, entry.id))
    return found
