"""Moments: bounds of a record as minutes on one line."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.moments import DAY, Day, Span, day_of, moment, month_length, ordinal


@given(st.dates())
def test_days_are_counted_as_python_counts_them(date: dt.date) -> None:
    """Wherever `datetime` has a day, it has the same number and the number the same day."""
    day = Day(date.year, date.month, date.day)

    assert ordinal(day) == date.toordinal()
    assert day_of(date.toordinal()) == day


@given(st.integers(min_value=-400_000_000, max_value=400_000_000))
def test_every_number_is_a_day_of_the_calendar(number: int) -> None:
    """Also before the year 1 and after 9999 each number has its own day, and that one the number; after it comes the next of its month or a first."""
    day, following = day_of(number), day_of(number + 1)

    assert ordinal(day) == number
    assert 1 <= day.day <= month_length(day.year, day.month)
    assert following.day == (1 if day.day == month_length(day.year, day.month) else day.day + 1)


LENGTHS = {
    "2026": 365 * DAY,
    "2024": 366 * DAY,
    "1900-02": 28 * DAY,
    "2000-02": 29 * DAY,
    "2026-04": 30 * DAY,
    "2026-03-12": DAY,
    "-0043-03-15": DAY,
    "12026-03-12": DAY,
    "2026-03-12T14": 60,
    "2026-03-12T14Z": 60,
    "2026-03-12T14:30": 1,
    "2026-03-12T14:30:59.25+02:00": 1,
}


@pytest.mark.parametrize(("text", "minutes"), LENGTHS.items(), ids=LENGTHS)
def test_a_moment_covers_all_of_its_unit(text: str, minutes: int) -> None:
    """A day covers its 24 hours and an hour its 60 minutes, whatever the year."""
    found = moment(text)

    assert found
    assert found.span().end - found.span().start == minutes


def test_clocks_of_different_zones_are_compared() -> None:
    """The same instant told by two clocks lies at the same place, and a bound without a zone is of the axis' own."""
    here, there, nowhere = (moment(f"2026-03-12T{text}") for text in ("14:30+02:00", "07:00-05:30", "14:30"))

    assert here
    assert there
    assert nowhere
    assert here.span(120) == there.span(120) == nowhere.span(120)
    assert here.span() == Span(here.span(120).start - 120, here.span(120).end - 120)


NONE = ["", "soon", "2026-13-01", "2026-00-01", "2026-02-29", "2026-03-00", "2026-03-12T24", "2026-03-12T14:60", "9" * 5_000, "1234567-01-01"]
NO_ZONE = ["2026-03-12T14+18:01", "2026-03-12T14-99:00", "2026-03-12T14+02:60"]


@pytest.mark.parametrize("text", [None, *NONE, *NO_ZONE])
def test_what_no_calendar_has_is_no_moment(text: str | None) -> None:
    """A month, a day, an hour or a zone that does not exist, and a year of more digits than any article means, is None."""
    assert moment(text) is None


def test_the_furthest_zones_are_on_the_calendar() -> None:
    """Eighteen hours from UTC is as far as a clock may be."""
    ahead, behind = moment("2026-03-12T14+18:00"), moment("2026-03-12T14-18:00")

    assert ahead
    assert behind
    assert (ahead.zone, behind.zone) == (1_080, -1_080)


SAID = {
    "2026": "2026",
    "2026-03": "Mar 2026",
    "2026-03-12": "12 Mar 2026",
    "-0043-03-15": "15 Mar -43",
    "0000-01-01": "1 Jan 0",
    "2026-03-12T14": "12 Mar 2026, 14 h",
    "2026-03-12T09:05": "12 Mar 2026, 09:05",
    "2026-03-12T09:05Z": "12 Mar 2026, 09:05 UTC",
    "2026-03-12T09:05+05:30": "12 Mar 2026, 09:05 UTC+5:30",
    "2026-03-12T09-03:00": "12 Mar 2026, 09 h UTC-3:00",
}


@pytest.mark.parametrize(("text", "said"), SAID.items(), ids=SAID)
def test_a_moment_is_told_in_words(text: str, said: str) -> None:
    """Nobody has to read ISO 8601."""
    assert str(moment(text)) == said
