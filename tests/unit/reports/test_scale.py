"""A scale of time with true widths, and the ticks on it."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.moments import DAY, Span, moment
from service.reports.scale import BREAK, WIDTH, scale
from service.reports.ticks import ticks

MINUTES = st.integers(min_value=-(10**11), max_value=10**11)
SPANS = st.lists(st.builds(lambda start, length: Span(start, start + length), MINUTES, st.integers(1, 10**9)), min_size=1, max_size=12)


def day(text: str) -> Span:
    """Return the minutes of a day, month or year."""
    found = moment(text)
    assert found
    return found.span()


@given(SPANS)
def test_everything_has_its_true_width(spans: list[Span]) -> None:
    """Whatever is left out, a minute is as wide here as there, and all lies on the scale in its order."""
    made = scale(spans)

    for start, end in spans:
        assert made.at(end) - made.at(start) == pytest.approx((end - start) * made.per_minute, abs=1e-6)
        assert 0 <= made.at(start) <= made.at(end) <= WIDTH
    for before, after in pairwise(sorted(span.start for span in spans)):
        assert made.at(before) <= made.at(after)


@given(SPANS)
def test_ticks_are_few_and_apart(spans: list[Span]) -> None:
    """There are never more ticks than can be read, none outside the axis, and no two names run into each other."""
    found = ticks(scale(spans))
    named = [tick for tick in found if tick.name]
    on_phone = [tick for tick in named if tick.on_phone]

    assert 1 <= len(found) <= 20
    assert all(math.isfinite(tick.at) and 0 <= tick.at <= WIDTH for tick in found)
    assert all(after.at - before.at >= 9 for before, after in pairwise(named))
    assert all(after.at - before.at >= 21 for before, after in pairwise(on_phone))


def test_a_date_of_1945_does_not_crush_this_week() -> None:
    """Eighty years in which nothing happened are left out, and a day of this week is as wide as that of 1945."""
    made = scale([day("1945-08-06"), day("2026-03-12"), day("2026-03-14")])
    widths = [made.at(end) - made.at(start) for start, end in (day("1945-08-06"), day("2026-03-14"))]

    assert len(made.breaks()) == 1
    assert made.at(day("1945-08-06").end) < made.breaks()[0] - BREAK / 2 < made.breaks()[0] + BREAK / 2 < made.at(day("2026-03-12").start)
    assert widths[0] == pytest.approx(widths[1])
    assert widths[0] > 10


def test_nothing_is_left_out_where_all_can_be_seen() -> None:
    """Some free days between others stay: the distance is worth seeing."""
    assert scale([day("2026-03-01"), day("2026-03-05"), day("2026-03-08")]).breaks() == []
    assert scale([day("1990"), day("2026-03-12")]).breaks() == [scale([day("1990"), day("2026-03-12")]).stretches[1].at - BREAK / 2]


def test_only_so_much_is_left_out() -> None:
    """However scattered the days are, the signs of what is left out do not take the room of what is there."""
    scattered = [Span(10**power * DAY, (10**power + 1) * DAY) for power in range(1, 10)]

    assert len(scale(scattered).breaks()) == 5


def test_what_is_left_out_stands_at_its_edge() -> None:
    """A moment of the time that is left out, or beyond the axis, is shown at the nearest place before it, or at the edge."""
    made = scale([day("1945-08-06"), day("2026-03-12")])

    assert made.at(day("1980-01-01").start) == pytest.approx(made.breaks()[0] - BREAK / 2)
    assert made.at(day("1900-01-01").start) == 0
    assert made.at(day("2100-01-01").start) == pytest.approx(WIDTH)


NAMES = {
    "minutes": (Span(day("2026-03-12").start + 600, day("2026-03-12").start + 605), ("10:00", "12 Mar 2026")),
    "hours": (day("2026-03-12"), ("00:00", "12 Mar 2026")),
    "days": (Span(day("2026-03-12").start, day("2026-03-17").end), ("12 Mar", "2026")),
    "weeks": (Span(day("2026-03-09").start, day("2026-04-17").end), ("9 Mar", "2026")),
    "months": (Span(day("2026-03").start, day("2026-09").end), ("Mar", "2026")),
    "years": (Span(day("2020").start, day("2026").end), ("2020", "")),
    "centuries": (Span(day("1400").start, day("2000").end), ("1400", "")),
    "before the year 1": (Span(day("-0400").start, day("0200").end), ("-400", "")),
}


@pytest.mark.parametrize(("span", "name"), NAMES.values(), ids=NAMES)
def test_ticks_are_units_of_the_calendar(span: Span, name: tuple[str, str]) -> None:
    """A tick stands at the beginning of a minute, day, week, month or year and is called so, with its day or year at the first."""
    made = scale([span])
    first = next(tick for tick in ticks(made) if tick.at == made.at(span.start))

    assert first.name == name[0]
    assert first.context in (name[1], "")
    assert next(tick for tick in ticks(made) if tick.name).context or not name[1]


def test_every_stretch_has_a_tick() -> None:
    """A single day beside a year says when it is, though no month begins within it."""
    made = scale([day("1945-08-06"), day("2026")])
    found = [tick for tick in ticks(made) if tick.at < made.breaks()[0]]

    assert found
    assert found[0].context == "1945"
