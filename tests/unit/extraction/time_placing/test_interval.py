"""Where a time draft lies on the calendar, seen from the publication of its article."""

import datetime as dt
from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.record import Bound
from schemas.time import TimeDraft
from schemas.vocabulary import Precision, TimeBasis
from service.extraction.time_placing.interval import Interval, interval

_DRAFTS: TypeAdapter[TimeDraft] = TypeAdapter(TimeDraft)
_BOUNDS: TypeAdapter[str] = TypeAdapter(Bound)
WEDNESDAY = "2024-04-17"


def draft(kind: str, **fields: Any) -> TimeDraft:  # noqa: ANN401 - as the schema has them
    """Return a draft, with what it need not say left blank."""
    blanks: dict[str, dict[str, Any]] = {
        "date": {"bound": "in", "when": "past", "part": None, "clock": None},
        "weekday": {"bound": "in", "when": "past", "week": None, "clock": None},
        "offset": {"bound": "in", "part": None, "clock": None},
        "dated": {"bound": "in", "part": None, "clock": None},
        "window": {"count": None},
        "range": {"when": "past"},
    }
    return _DRAFTS.validate_python({"kind": kind, **blanks.get(kind, {}), **fields})


def date(text: str, when: str = "past", **fields: Any) -> TimeDraft:  # noqa: ANN401 - as above
    """Return the draft of a written date."""
    return draft("date", date=text, when=when, **fields)


def weekday(name: str, when: str = "past", **fields: Any) -> TimeDraft:  # noqa: ANN401 - as above
    """Return the draft of a day of the week."""
    return draft("weekday", weekday=name, when=when, **fields)


def offset(count: int, unit: str, **fields: Any) -> TimeDraft:  # noqa: ANN401 - as above
    """Return the draft of a unit counted from now."""
    return draft("offset", count=count, unit=unit, **fields)


def window(when: str, count: int | None, unit: str) -> TimeDraft:
    """Return the draft of a span that begins or ends now."""
    return draft("window", when=when, count=count, unit=unit)


def span(start: str, end: str, when: str = "past") -> TimeDraft:
    """Return the draft of a range."""
    return draft("range", start=start, end=end, when=when)


CASES = [
    # A missing year or month: the nearest on the side that is told, over New Year, leap days and short months.
    ("le 5 janvier", date("XXXX-01-05", "future"), "2024-12-30", "2025-01-05", "2025-01-05", "2025-01-05"),
    ("le 31 décembre", date("XXXX-12-31"), "2025-01-01", "2024-12-31", "2024-12-31", "2024-12-31"),
    ("on 17 April", date("XXXX-04-17"), WEDNESDAY, "2024-04-17", "2024-04-17", "2024-04-17"),
    ("on 18 April", date("XXXX-04-18"), WEDNESDAY, "2023-04-18", "2023-04-18", "2023-04-18"),
    ("on 29 February", date("XXXX-02-29"), "2024-02-28", "2020-02-29", "2020-02-29", "2020-02-29"),
    ("on 29 February, to come", date("XXXX-02-29", "future"), "1897-01-01", "1904-02-29", "1904-02-29", "1904-02-29"),
    ("le 31", date("XXXX-XX-31"), "2024-03-30", "2024-01-31", "2024-01-31", "2024-01-31"),
    ("le 31, à venir", date("XXXX-XX-31", "future"), "2024-04-02", "2024-05-31", "2024-05-31", "2024-05-31"),
    ("en avril", date("XXXX-04"), WEDNESDAY, "2024-04-01", "2024-04-30", "2024-04"),
    ("en avril dernier", date("XXXX-04", not_now=True), WEDNESDAY, "2023-04-01", "2023-04-30", "2023-04"),
    ("en avril prochain", date("XXXX-04", "future", not_now=True), WEDNESDAY, "2025-04-01", "2025-04-30", "2025-04"),
    ("en mai (present)", date("XXXX-05", "present"), WEDNESDAY, "2023-05-01", "2024-05-31", "[2023-05..2024-05]"),
    ("en avril (present)", date("XXXX-04", "present"), WEDNESDAY, "2024-04-01", "2024-04-30", "2024-04"),
    ("in the third quarter", date("XXXX-Q3"), WEDNESDAY, "2023-07-01", "2023-09-30", "2023-07/2023-09"),
    ("in the first half", date("XXXX-H1", "future"), WEDNESDAY, "2024-01-01", "2024-06-30", "2024-01/2024-06"),
    # Written in full.
    ("1941", date("1941"), None, "1941-01-01", "1941-12-31", "1941"),
    ("second half of 2023", date("2023-H2"), None, "2023-07-01", "2023-12-31", "2023-07/2023-12"),
    ("Q4 2023", date("2023-Q4"), "2024-04", "2023-10-01", "2023-12-31", "2023-10/2023-12"),
    ("in the 1980s", date("198X"), None, "1980-01-01", "1989-12-31", "198X"),
    ("im 19. Jahrhundert", date("18XX"), None, "1800-01-01", "1899-12-31", "18XX"),
    ("late 1980s", date("198X", part="end"), None, "1986-01-01", "1989-12-31", "1986~/1989~"),
    ("early 20th century", date("19XX", part="start"), None, "1900-01-01", "1933-12-31", "1900~/1933~"),
    ("mid-2022", date("2022", part="middle"), None, "2022-05-01", "2022-08-31", "2022-05~/2022-08~"),
    ("end of February 2024", date("2024-02", part="end"), None, "2024-02-20", "2024-02-29", "2024-02-20~/2024-02-29~"),
    ("since 1 May 2024", date("2024-05-01", bound="since"), None, "2024-05-01", None, "2024-05-01/.."),
    ("until 2024", date("2024", bound="until"), None, None, "2024-12-31", "../2024"),
    ("until 31 December 2024", date("2024-12-31", bound="until"), None, None, "2024-12-31", "../2024-12-31"),
    ("early 3 May 2024", date("2024-05-03", part="start"), None, "2024-05-03", "2024-05-03", "2024-05-03"),
    # Seasons are those of meteorology; a winter of one year may be either of two.
    ("autumn 2021", date("2021-AU"), None, "2021-09-01", "2021-11-30", "2021-09~/2021-11~"),
    ("winter 2022", date("2022-WI"), None, "2021-12-01", "2023-02-28", "[2021-12..2023-02]"),
    ("winter 2022, told in April 2022", date("2022-WI"), "2022-04-17", "2021-12-01", "2022-02-28", "2021-12~/2022-02~"),
    ("winter 2024, to come", date("2024-WI", "future"), WEDNESDAY, "2024-12-01", "2025-02-28", "2024-12~/2025-02~"),
    ("l'hiver dernier", date("XXXX-WI", not_now=True), "2024-01-03", "2022-12-01", "2023-02-28", "2022-12~/2023-02~"),
    ("cet hiver", date("XXXX-WI", "present"), "2024-01-03", "2023-12-01", "2024-02-29", "2023-12~/2024-02~"),
    ("next season", offset(1, "season"), "2024-01-03", "2024-03-01", "2024-05-31", "2024-03~/2024-05~"),
    # Days of the week.
    ("samedi", weekday("sat"), WEDNESDAY, "2024-04-13", "2024-04-13", "2024-04-13"),
    ("mercredi dernier, a Wednesday", weekday("wed", not_now=True), WEDNESDAY, "2024-04-10", "2024-04-10", "2024-04-10"),
    ("mercredi, a Wednesday, to come", weekday("wed", "future"), WEDNESDAY, "2024-04-17", "2024-04-24", "[2024-04-17..2024-04-24]"),
    ("mercredi prochain, a Wednesday", weekday("wed", "future", not_now=True), WEDNESDAY, "2024-04-24", "2024-04-24", "2024-04-24"),
    ("this Friday", weekday("fri", "present"), WEDNESDAY, "2024-04-12", "2024-04-19", "[2024-04-12..2024-04-19]"),
    ("Friday of this week", weekday("fri", "future", week=0), WEDNESDAY, "2024-04-19", "2024-04-19", "2024-04-19"),
    ("Sunday of last week", weekday("sun", week=-1), "2024-01-03", "2023-12-31", "2023-12-31", "2023-12-31"),
    ("since Monday", weekday("mon", bound="since"), WEDNESDAY, "2024-04-15", None, "2024-04-15/.."),
    ("d'ici vendredi", weekday("fri", "future", bound="until"), WEDNESDAY, None, "2024-04-19", "../2024-04-19"),
    ("since Tuesday, of a month", weekday("tue", bound="since"), "2024-04", "2024-03-26", None, "[2024-03-26..]"),
    # Units counted from now: the cell of the calendar, not a day that nobody told.
    ("a month ago, from the 31st", offset(-1, "month"), "2024-05-31", "2024-04-01", "2024-04-30", "2024-04"),
    ("this week, over New Year", offset(0, "week"), "2025-01-01", "2024-12-30", "2025-01-05", "2024-12-30/2025-01-05"),
    ("three decades ago", offset(-3, "decade"), WEDNESDAY, "1990-01-01", "1999-12-31", "199X"),
    ("last century", offset(-1, "century"), WEDNESDAY, "1900-01-01", "1999-12-31", "19XX"),
    ("next half", offset(1, "half"), WEDNESDAY, "2024-07-01", "2024-12-31", "2024-07/2024-12"),
    ("early next week", offset(1, "week", part="start"), WEDNESDAY, "2024-04-22", "2024-04-24", "2024-04-22~/2024-04-24~"),
    ("later this year", offset(0, "year", part="rest"), WEDNESDAY, "2024-04-17", "2024-12-31", "2024-04-17/2024-12-31"),
    ("earlier this week", offset(0, "week", part="elapsed"), WEDNESDAY, "2024-04-15", "2024-04-17", "2024-04-15/2024-04-17"),
    ("later last week", offset(-1, "week", part="rest"), WEDNESDAY, "2024-04-08", "2024-04-14", "2024-04-08/2024-04-14"),
    ("since early this year", offset(0, "year", bound="since", part="start"), WEDNESDAY, "2024-01-01", None, "2024-01~/.."),
    ("until mid-March", date("XXXX-03", bound="until", part="middle"), WEDNESDAY, None, "2024-03-21", "../2024-03-21~"),
    # Weekends.
    ("ce week-end, past, a Monday", offset(0, "weekend", when="past"), "2024-04-15", "2024-04-13", "2024-04-14", "2024-04-13/2024-04-14"),
    ("ce week-end, past, a Sunday", offset(0, "weekend", when="past"), "2024-04-14", "2024-04-13", "2024-04-14", "2024-04-13/2024-04-14"),
    ("ce week-end, untold, a Monday", offset(0, "weekend"), "2024-04-15", "2024-04-13", "2024-04-21", "[2024-04-13..2024-04-21]"),
    ("next weekend", offset(1, "weekend"), WEDNESDAY, "2024-04-20", "2024-04-28", "[2024-04-20..2024-04-28]"),
    ("next weekend, a Saturday", offset(1, "weekend"), "2024-04-20", "2024-04-27", "2024-04-28", "2024-04-27/2024-04-28"),
    ("last weekend, a Saturday", offset(-1, "weekend"), "2024-04-20", "2024-04-13", "2024-04-14", "2024-04-13/2024-04-14"),
    # Within a year or a month that is counted from now.
    ("in October last year", draft("dated", count=-1, unit="year", date="XXXX-10"), WEDNESDAY, "2023-10-01", "2023-10-31", "2023-10"),
    ("am 3. des nächsten Monats", draft("dated", count=1, unit="month", date="XXXX-XX-03"), "2024-12-30", "2025-01-03", "2025-01-03", "2025-01-03"),
    # Windows begin or end with the publication.
    ("in the next three days", window("future", 3, "day"), "2024-12-30", "2024-12-30", "2025-01-02", "2024-12-30/2025-01-02"),
    ("in the past month", window("past", 1, "month"), "2024-03-31", "2024-02-29", "2024-03-31", "2024-02-29/2024-03-31"),
    ("in the last 24 hours", window("past", 24, "hour"), WEDNESDAY, "2024-04-16", "2024-04-17", "2024-04-16/2024-04-17"),
    ("in the coming hours", window("future", None, "hour"), WEDNESDAY, "2024-04-17", "2024-04-18", "2024-04-17~/2024-04-18~"),
    ("in the coming years", window("future", None, "year"), "2024-02-29", "2024-02-29", "2029-02-28", "2024-02-29~/2029-02-28~"),
    ("over the past two decades", window("past", 2, "decade"), WEDNESDAY, "2004-04-17", "2024-04-17", "2004-04-17/2024-04-17"),
    ("dans les 48 heures, of a month", window("future", 48, "hour"), "2024-04", "2024-04-01", "2024-05-02", "[2024-04-01..2024-05-02]"),
    ("dans les prochains jours, of a month", window("future", None, "day"), "2024-04", "2024-04-01", "2024-05-07", "2024-04-01~/2024-05-07~"),
    # Ranges: over New Year, over a weekend, running, one end fixed by the other.
    ("du 28 décembre au 3 janvier", span("XXXX-12-28", "XXXX-01-03"), "2024-01-10", "2023-12-28", "2024-01-03", "2023-12-28/2024-01-03"),
    ("du 28 décembre au 3 janvier, to come", span("XXXX-12-28", "XXXX-01-03", "future"), "2024-12-20", "2024-12-28", "2025-01-03", "2024-12-28/2025-01-03"),
    ("du 3 au 7 mai, on the 5th", span("XXXX-05-03", "XXXX-05-07"), "2024-05-05", "2024-05-03", "2024-05-07", "2024-05-03/2024-05-07"),
    ("du 3 au 7 mai, on the 5th, to come", span("XXXX-05-03", "XXXX-05-07", "future"), "2024-05-05", "2024-05-03", "2024-05-07", "2024-05-03/2024-05-07"),
    ("from April to June, in April", span("XXXX-04", "XXXX-06"), WEDNESDAY, "2023-04-01", "2023-06-30", "2023-04/2023-06"),
    ("from November to March", span("XXXX-11", "XXXX-03"), WEDNESDAY, "2023-11-01", "2024-03-31", "2023-11/2024-03"),
    ("du 3 au 7 mai 2023", span("XXXX-XX-03", "2023-05-07"), None, "2023-05-03", "2023-05-07", "2023-05-03/2023-05-07"),
    ("from 28 December 2022 to 3 January", span("2022-12-28", "XXXX-01-03"), None, "2022-12-28", "2023-01-03", "2022-12-28/2023-01-03"),
    ("from 3 May to the 7th", span("XXXX-05-03", "XXXX-XX-07"), "2024-06-10", "2024-05-03", "2024-05-07", "2024-05-03/2024-05-07"),
    ("from the 1980s to 2004", span("198X", "2004"), None, "1980-01-01", "2004-12-31", "1980/2004"),
    ("from Saturday to Monday", span("sat", "mon"), WEDNESDAY, "2024-04-13", "2024-04-15", "2024-04-13/2024-04-15"),
    ("from Monday to Thursday, to come", span("mon", "thu", "future"), WEDNESDAY, "2024-04-22", "2024-04-25", "2024-04-22/2024-04-25"),
    ("from Monday to Thursday, now", span("mon", "thu", "present"), WEDNESDAY, "2024-04-15", "2024-04-18", "2024-04-15/2024-04-18"),
    ("from Wednesday to Friday, a Wednesday", span("wed", "fri", "future"), WEDNESDAY, "2024-04-17", "2024-04-26", "[2024-04-17..2024-04-26]"),
    # Hours and minutes count where the publication is known to the minute.
    ("wednesday at 14:30", weekday("wed", clock="14:30"), WEDNESDAY, "2024-04-17T14:30", "2024-04-17T14:30", "2024-04-17T14:30:00"),
    ("yesterday at 8 pm", offset(-1, "day", clock="20"), WEDNESDAY, "2024-04-16T20:00", "2024-04-16T20:59", "2024-04-16"),
    ("since 6:00 on 1 May 2024", date("2024-05-01", bound="since", clock="06:00"), None, "2024-05-01T06:00", None, "2024-05-01/.."),
    ("at 14:30 on a Wednesday of a month", weekday("wed", clock="14:30"), "2024-04", "2024-03-27", "2024-04-24", "[2024-03-27..2024-04-24]"),
    ("three hours ago", offset(-3, "hour"), WEDNESDAY, "2024-04-16", "2024-04-17", "[2024-04-16..2024-04-17]"),
    ("three hours ago, at 18:05 UTC", offset(-3, "hour"), "2024-04-17T18:05:00Z", "2024-04-17T15:00Z", "2024-04-17T15:59Z", "2024-04-17"),
    ("40 minutes ago", offset(-40, "minute"), "2024-04-17T00:10:00+02:00", "2024-04-16T23:30+02:00", "2024-04-16T23:30+02:00", "2024-04-16T23:30:00+02:00"),
    ("within 48 hours, at 18:05", window("future", 48, "hour"), "2024-04-17T18:05:33", "2024-04-17T18:05", "2024-04-19T18:05", "2024-04-17/2024-04-19"),
    ("tomorrow, after a timestamp", offset(1, "day"), "2024-04-17T23:59:00Z", "2024-04-18", "2024-04-18", "2024-04-18"),
    # A month or a year of publication: every day of it may be meant.
    ("hier, of a year", offset(-1, "day"), "2024", "2023-12-31", "2024-12-30", "[2023-12-31..2024-12-30]"),
    ("aujourd'hui, of a month", offset(0, "day"), "2024-04", "2024-04-01", "2024-04-30", "[2024-04-01..2024-04-30]"),
    ("cette année, of a month", offset(0, "year"), "2024-04", "2024-01-01", "2024-12-31", "2024"),
    ("le mois dernier, of a year", offset(-1, "month"), "2024", "2023-12-01", "2024-11-30", "[2023-12..2024-11]"),
    ("on 7 October, of a year", date("XXXX-10-07"), "2024", "2023-10-07", "2024-10-07", "[2023-10-07..2024-10-07]"),
    ("late last month, of a year", offset(-1, "month", part="end"), "2024", "2023-12-21", "2024-11-30", "[2023-12-21..2024-11-30]"),
]


@pytest.mark.parametrize(("told", "published", "start", "end", "edtf"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_time_lies_where_a_reader_would_put_it(told: TimeDraft, published: str | None, start: str | None, end: str | None, edtf: str) -> None:
    """Each kind of time, seen from each kind of publication, has the interval that was decided before."""
    found = interval(told, published)

    assert (found.start, found.end, found.edtf) == (start, end, edtf)
    assert found.basis != TimeBasis.UNRESOLVED
    assert all(_BOUNDS.validate_python(bound) for bound in (start, end) if bound)


@pytest.mark.parametrize(
    ("told", "published"),
    [
        (draft("event"), WEDNESDAY),
        (draft("repeat"), WEDNESDAY),
        (draft("vague", when="present"), WEDNESDAY),
        (draft("length", count=3, unit="hour"), WEDNESDAY),
        (date("2023-02-29"), WEDNESDAY),
        (date("XXXX-02-30"), WEDNESDAY),
        (date("XXXX-13"), WEDNESDAY),
        (date("XXXX-XX-32"), WEDNESDAY),
        (date("0000"), WEDNESDAY),
        (date("000X"), WEDNESDAY),
        (date("00XX"), WEDNESDAY),
        (date("9999-WI", "future"), WEDNESDAY),
        (date("XXXX-10-07"), None),
        (date("XXXX-10-07"), "XXXX-04-11"),
        (date("XXXX-10-07"), "no date"),
        (date("XXXX-10-07"), "2024-13"),
        (date("XXXX-10-07"), "2024-04-17T25:00"),
        (date("XXXX-10-07"), ""),
        (weekday("mon"), None),
        (weekday("sun"), "0001-01"),
        (offset(-1, "day"), None),
        (offset(-3, "hour"), None),
        (window("future", 2, "day"), None),
        (span("XXXX-05-03", "XXXX-05-07"), None),
        (span("2023", "2021"), WEDNESDAY),
        (span("mon", "2024-05-35"), WEDNESDAY),
        (offset(1, "day"), "9999-12-31"),
        (offset(-10_000, "century"), WEDNESDAY),
        (window("past", 10_000, "year"), WEDNESDAY),
        (offset(10_000, "hour"), "9999-12-31T23:00:00Z"),
        (draft("dated", count=-1, unit="year", date="XXXX-02-29"), WEDNESDAY),
        (draft("dated", count=-1, unit="year", date="XXXX-XX-03"), WEDNESDAY),
    ],
)
def test_what_cannot_be_placed_is_unresolved(told: TimeDraft, published: str | None) -> None:
    """No interval is better than an invented one: without a publication, on no day of the calendar, or outside of its years."""
    assert interval(told, published) == Interval()


@pytest.mark.parametrize(
    ("told", "published", "basis"),
    [
        (date("2024-03-12"), WEDNESDAY, TimeBasis.STATED),
        (date("2024-03-12"), None, TimeBasis.STATED),
        (date("2023-Q2"), "2024", TimeBasis.STATED),
        (span("XXXX-XX-03", "2023-05-07"), WEDNESDAY, TimeBasis.STATED),
        (date("XXXX-03-12"), WEDNESDAY, TimeBasis.INFERRED),
        (offset(-1, "day"), WEDNESDAY, TimeBasis.INFERRED),
        (date("2023", part="end"), WEDNESDAY, TimeBasis.INFERRED),
        (date("2022-SP"), None, TimeBasis.INFERRED),
        (date("2022-WI"), "2022-04-17", TimeBasis.INFERRED),
        (date("2024", part="elapsed"), WEDNESDAY, TimeBasis.INFERRED),
    ],
)
def test_only_words_that_need_nothing_else_are_stated(told: TimeDraft, published: str | None, basis: TimeBasis) -> None:
    """What needs the publication, or a policy of ours for thirds and seasons, is inferred."""
    assert interval(told, published).basis == basis


@pytest.mark.parametrize(
    ("told", "precision"),
    [
        (date("2024-03-12"), Precision.DAY),
        (date("2024-03"), Precision.MONTH),
        (date("2023", part="end"), Precision.YEAR),
        (date("2023-Q2"), Precision.QUARTER),
        (date("2023-SU"), Precision.SEASON),
        (date("2023-H1"), Precision.YEAR),
        (date("19XX"), Precision.CENTURY),
        (offset(-1, "weekend"), Precision.WEEK),
        (offset(-2, "hour"), Precision.HOUR),
        (window("future", None, "day"), Precision.DAY),
        (span("2019", "2021-03"), Precision.YEAR),
        (weekday("mon", clock="08"), Precision.HOUR),
        (weekday("mon", clock="08:15", bound="until"), Precision.MINUTE),
        (weekday("wed", "future", clock="08:15"), Precision.DAY),
    ],
)
def test_the_precision_is_the_unit_that_is_told(told: TimeDraft, precision: Precision) -> None:
    """Never a finer one than the words have, and the clock's only where it counts."""
    assert interval(told, WEDNESDAY).precision == precision


@pytest.mark.parametrize(
    ("told", "published", "approximate", "within"),
    [
        (date("2023", part="end"), WEDNESDAY, True, False),
        (date("2022-SP"), WEDNESDAY, True, False),
        (window("future", None, "day"), WEDNESDAY, True, False),
        (window("future", None, "day"), "2024-04", True, False),
        (window("future", 2, "day"), WEDNESDAY, False, False),
        (window("future", 2, "day"), "2024-04", False, True),
        (offset(-1, "week"), WEDNESDAY, False, False),
        (offset(-1, "week"), "2024-04", False, True),
        (offset(-1, "week", part="end"), "2024-04", True, True),
        (date("2024-03-12"), "2024", False, False),
        (offset(-2, "hour"), WEDNESDAY, False, True),
        (weekday("wed", "future"), WEDNESDAY, False, True),
    ],
)
def test_unsharp_edges_and_unknown_places_are_told(told: TimeDraft, published: str, *, approximate: bool, within: bool) -> None:
    """`approximate` says that the edges are a policy, `within` that the time is a part of the interval that nobody knows."""
    found = interval(told, published)

    assert (found.approximate, found.within) == (approximate, within)


@pytest.mark.parametrize("published", ["2024-04-17T18:05:00+14:30", "2024-04-17T18:05:00+02:00:30"])
def test_a_zone_that_no_clock_has_leaves_the_day(published: str) -> None:
    """Hours are then counted as from a day."""
    assert interval(offset(0, "hour"), published) == interval(offset(0, "hour"), WEDNESDAY)


def test_every_day_of_a_leap_year_has_a_next_weekday() -> None:
    """A weekday to come lies one to seven days after the publication, one that is past zero to six before it."""
    day = dt.date(2024, 1, 1)
    for _ in range(366):
        for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun")):
            coming = dt.date.fromisoformat(interval(weekday(name, "future", not_now=True), str(day)).start or "")
            past = dt.date.fromisoformat(interval(weekday(name), str(day)).start or "")
            assert 1 <= (coming - day).days <= 7
            assert 0 <= (day - past).days <= 6
            assert coming.weekday() == past.weekday() == number
        day += dt.timedelta(days=1)
