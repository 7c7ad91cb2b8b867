"""What holds of every interval, whatever is told and whenever it was published."""

import calendar
import datetime as dt
import re
import warnings
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.record import Bound as RecordBound
from schemas.time import Bound, DatedTime, DateTime, OffsetTime, Part, RangeTime, TimeDraft, Unit, Weekday, WeekdayTime, When, WindowTime
from schemas.vocabulary import TimeBasis
from service.extraction.time_placing.interval import Interval, interval

_BOUNDS: TypeAdapter[str] = TypeAdapter(RecordBound)
_BEGINNING, _END = "0001-01-01T00:00", "9999-12-31T23:59"
#: A date of EDTF as we write it: what is not told of it is a digit X or missing.
_EDTF_DATE = re.compile(r"([0-9]{2}XX|[0-9]{3}X|[0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?~?")


def years() -> st.SearchStrategy[str]:
    """Return years of four digits, most of them ours."""
    return st.one_of(st.integers(1890, 2110), st.integers(0, 9999)).map(lambda year: f"{year:04}")


def dates() -> st.SearchStrategy[str]:
    """Return written dates of every form, most of them real."""
    month, day = st.integers(0, 13).map(lambda number: f"{number:02}"), st.one_of(st.integers(0, 32), st.integers(27, 31)).map(lambda number: f"{number:02}")
    part = st.sampled_from(["Q1", "Q2", "Q3", "Q4", "H1", "H2", "SP", "SU", "AU", "WI"])
    either = st.one_of(years(), st.just("XXXX"))
    return st.one_of(
        years(),
        years().map(lambda year: f"{year[:3]}X"),
        years().map(lambda year: f"{year[:2]}XX"),
        st.builds("{}-{}".format, either, st.one_of(month, part)),
        st.builds("{}-{}-{}".format, either, month, day),
        st.builds("XXXX-XX-{}".format, day),
    )


def drafts() -> st.SearchStrategy[TimeDraft]:
    """Return drafts of every kind that can be placed."""
    side, when, part, unit = (st.sampled_from(get_args(choices)) for choices in (Bound, When, Part, Unit))
    name, parts = st.sampled_from(get_args(Weekday)), st.one_of(st.none(), part)
    clock = st.one_of(st.none(), st.sampled_from(["00", "23", "14:30", "00:00", "23:59"]))
    count = st.one_of(st.integers(-12, 12), st.integers(-10_000, 10_000))
    some = st.one_of(st.none(), st.integers(1, 100), st.integers(1, 10_000))
    either, end = st.booleans(), st.one_of(dates(), name)
    return st.one_of(
        st.builds(DateTime, kind=st.just("date"), bound=side, when=when, date=dates(), part=parts, clock=clock, not_now=either),
        st.builds(
            WeekdayTime,
            kind=st.just("weekday"),
            bound=side,
            when=when,
            weekday=name,
            week=st.one_of(st.none(), st.integers(-4, 4)),
            clock=clock,
            not_now=either,
        ),
        st.builds(OffsetTime, kind=st.just("offset"), bound=side, count=count, unit=unit, part=parts, clock=clock, when=st.one_of(st.none(), when)),
        st.builds(
            DatedTime,
            kind=st.just("dated"),
            bound=side,
            count=st.integers(-100, 100),
            unit=st.sampled_from(["month", "year"]),
            date=dates(),
            part=parts,
            clock=clock,
        ),
        st.builds(WindowTime, kind=st.just("window"), when=st.sampled_from(["past", "future"]), count=some, unit=unit),
        st.builds(RangeTime, kind=st.just("range"), when=when, start=end, end=end),
    )


def instants() -> st.SearchStrategy[dt.datetime]:
    """Return instants of publication, most of them ours."""
    return st.one_of(st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2030, 12, 31)), st.datetimes())  # noqa: DTZ001 - the zone is told apart


def moments(found: Interval) -> tuple[dt.datetime, dt.datetime]:
    """Return the first and the last minute of an interval, on the clock of its own zone."""

    def minute(bound: str, clock: str) -> dt.datetime:
        return dt.datetime.fromisoformat(bound if "T" in bound else f"{bound}T{clock}").replace(tzinfo=None)

    return minute(found.start or _BEGINNING, "00:00"), minute(found.end or _END, "23:59")


def edtf_days(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of an EDTF string of those forms that we write, None for an open side."""
    if "T" in text:
        day = dt.date.fromisoformat(text[:10])
        return day, day
    first, _, last = text.strip("[]").replace("..", "/" if text.startswith("[") else "").partition("/")
    return _days(first)[0] if first else None, _days(last or ("" if "/" in text or ".." in text else first))[1]


def _days(text: str) -> tuple[dt.date | None, dt.date | None]:
    match = _EDTF_DATE.fullmatch(text)
    if not match:
        assert not text
        return None, None
    year, month, day = match.groups()
    last_year, last_month = int(year.replace("X", "9")), int(month or 12)
    return (
        dt.date(int(year.replace("X", "0")), int(month or 1), int(day or 1)),
        dt.date(last_year, last_month, int(day or calendar.monthrange(last_year, last_month)[1])),
    )


@settings(max_examples=400, deadline=None)
@given(drafts(), instants(), st.sampled_from(["", "Z", "+02:00", "-03:30"]))
def test_a_coarser_publication_gives_an_interval_that_holds_the_finer_one(draft: TimeDraft, instant: dt.datetime, zone: str) -> None:
    """Nothing becomes narrower where less is known: a year's interval holds a month's, that a day's, that a minute's."""
    stamp = instant.replace(second=0, microsecond=0).isoformat()
    intervals = [interval(draft, published) for published in (stamp + zone, stamp[:10], stamp[:7], stamp[:4])]

    for finer, coarser in pairwise(intervals):
        if finer.edtf and coarser.edtf:
            (start, end), (least, most) = moments(finer), moments(coarser)
            assert least <= start <= end <= most


@settings(max_examples=400, deadline=None)
@given(drafts(), st.one_of(st.none(), instants().map(lambda instant: instant.isoformat()), st.text(max_size=12)), st.sampled_from([4, 7, 10, 19, 26]))
def test_what_is_told_of_an_interval_agrees_with_itself(draft: TimeDraft, published: str | None, size: int) -> None:
    """Nothing raises, the start is not after the end, the EDTF has the bounds and the flags of the fields, and what is unresolved is so wholly."""
    found = interval(draft, published[:size] if published else None)
    if found.basis == TimeBasis.UNRESOLVED:
        assert found == Interval()
        return

    assert found.edtf
    assert found.start or found.end
    assert found.precision
    assert all(_BOUNDS.validate_python(bound) == bound for bound in (found.start, found.end) if bound)
    start, end = moments(found)
    assert start <= end
    assert edtf_days(found.edtf) == (start.date() if found.start else None, end.date() if found.end else None)
    assert not (found.edtf.startswith("[") and not found.within)
    assert ("~" in found.edtf) == (found.approximate and not found.within)
    assert found.basis == TimeBasis.INFERRED or not (found.approximate or found.within)


@settings(max_examples=200, deadline=None)
@given(drafts(), instants())
def test_what_is_stated_needs_no_publication(draft: TimeDraft, instant: dt.datetime) -> None:
    """A time that the words fix is the same whenever the article was published, and when nobody knows."""
    found = interval(draft, instant.date().isoformat())

    if found.basis == TimeBasis.STATED:
        assert found == interval(draft, None)


@pytest.fixture(scope="module")
def library() -> ModuleType:
    """Return the reference reader of EDTF; the warnings of the parser that it builds are its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("edtf")


def _library_day(value: Any) -> dt.date | None:  # noqa: ANN401 - a `struct_time`, or a float for an open side
    return None if isinstance(value, float) else dt.date(*value[:3])


@settings(max_examples=60, deadline=None)
@given(draft=drafts(), instant=instants(), size=st.sampled_from([4, 7, 10, 19]))
def test_every_string_is_edtf_and_says_what_the_bounds_say(library: ModuleType, draft: TimeDraft, instant: dt.datetime, size: int) -> None:
    """The reference reader takes each string and finds our bounds in it."""
    found = interval(draft, instant.isoformat()[:size])
    if found.edtf:
        read = library.parse_edtf(found.edtf)

        assert _library_day(read.lower_strict()) == (dt.date.fromisoformat(found.start[:10]) if found.start else None)
        assert _library_day(read.upper_strict()) == (dt.date.fromisoformat(found.end[:10]) if found.end else None)
