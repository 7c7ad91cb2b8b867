"""A scale of time, on which everything has its true width, and which leaves out long stretches in which nothing lies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from service.reports.moments import Span

#: How wide the whole scale is, and on it the sign of something left out: in hundredths, which an SVG writes as percent.
WIDTH, BREAK = 100.0, 4.0
#: A stretch is left out if it is longer than this part of all that is left, and than this many times what lies anywhere: where it is shorter, all can be seen.
_LONG, _CRUSHING = 0.25, 4
_MOST_BREAKS = 5
#: What stays free at both ends of a stretch, as a part of all that is drawn: an open end runs on into it.
_MARGIN = 0.04


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the line that is drawn, and where it begins."""

    span: Span
    at: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a minute stands. The stretches are in order, `BREAK` apart, and all of one scale."""

    stretches: tuple[Stretch, ...]
    per_minute: float

    def at(self, minute: float) -> float:
        """Return where `minute` stands, from 0 to `WIDTH`; what is left out, or lies beyond, stands at the nearest edge."""
        place = 0.0
        for stretch in self.stretches:
            if minute < stretch.span.start:
                break
            place = stretch.at + (min(minute, stretch.span.end) - stretch.span.start) * self.per_minute
        return min(place, WIDTH)

    def breaks(self) -> list[float]:
        """Return where something is left out: the middle of each sign."""
        return [stretch.at - BREAK / 2 for stretch in self.stretches[1:]]


def scale(spans: Iterable[Span]) -> Scale:
    """Return a scale that holds all of `spans`, of which there is one at least."""
    pieces = _joined(spans)
    cut = _cut(pieces)
    kept: list[Span] = []
    for piece in pieces:
        if kept and Span(kept[-1].end, piece.start) not in cut:
            kept[-1] = Span(kept[-1].start, piece.end)
        else:
            kept.append(piece)
    margin = max(1, round(_MARGIN * sum(end - start for start, end in kept)))
    kept = [Span(start - margin, end + margin) for start, end in kept]
    per_minute = (WIDTH - BREAK * (len(kept) - 1)) / sum(end - start for start, end in kept)
    return Scale(tuple(_placed(kept, per_minute)), per_minute)


def _placed(kept: list[Span], per_minute: float) -> Iterator[Stretch]:
    at = 0.0
    for span in kept:
        yield Stretch(span, at)
        at += (span.end - span.start) * per_minute + BREAK


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return what the spans cover, in order and without overlaps."""
    pieces: list[Span] = []
    for span in sorted(spans):
        if pieces and span.start <= pieces[-1].end:
            pieces[-1] = Span(pieces[-1].start, max(pieces[-1].end, span.end))
        else:
            pieces.append(span)
    return pieces


def _cut(pieces: list[Span]) -> set[Span]:
    """Return the gaps between `pieces` that are left out, the longest first, until what is left can be seen."""
    gaps = sorted((Span(before.end, after.start) for before, after in pairwise(pieces)), key=lambda gap: gap.start - gap.end)
    covered = sum(end - start for start, end in pieces)
    left = pieces[-1].end - pieces[0].start
    cut: set[Span] = set()
    for gap in gaps[:_MOST_BREAKS]:
        length = gap.end - gap.start
        if length <= max(_LONG * left, _CRUSHING * covered):
            break
        cut.add(gap)
        left -= length
    return cut
