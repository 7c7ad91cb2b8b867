"""The time axis: true widths, what they mean, and what hangs on them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.record import Commitment, Target, Threat
from service.reports.axis import drawn
from service.reports.wording import interval
from tests.unit.reports.drawing_parts import PLACES, bars, links, of_class, percent, read, when_only, words
from tests.unit.reports.full_parts import full
from tests.unit.reports.report_parts import commitment, large, record, small, target, threat

TEXT = "then"
BOUNDS = st.from_regex(r"\A-?[0-9]{4,7}-[0-9]{2}-[0-9]{2}(T[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?\Z") | st.dates().map(str)


def test_nothing_is_drawn_without_a_time() -> None:
    """A record without timelines has no axis."""
    assert drawn(record(TEXT)) == ""


def test_bars_have_their_true_widths() -> None:
    """Ten days are ten times as wide as one, both ends included."""
    axis = read(drawn(record(TEXT, when_only(1, "2026-03-12", "2026-03-12"), when_only(2, "2026-03-13", "2026-03-22"))))
    one, ten = bars(axis)

    assert percent(ten, "width") == pytest.approx(10 * percent(one, "width"), rel=1e-4)
    assert percent(ten, "x") == pytest.approx(percent(one, "x") + percent(one, "width"), rel=1e-4)


def test_an_hour_is_as_wide_as_its_minutes() -> None:
    """Hours and minutes with zones lie where their clocks say, and the axis says by whose clocks it is drawn."""
    axis = read(
        drawn(record(TEXT, when_only(1, "2026-03-12T14+02:00", "2026-03-12T14+02:00"), when_only(2, "2026-03-12T12:00Z", "2026-03-12T12:59Z"), published=None))
    )
    hour, minutes = bars(axis)

    assert (hour.get("x"), hour.get("width")) == (minutes.get("x"), minutes.get("width"))
    assert words(of_class(axis, "zone")[0]) == "Hours are drawn by the clocks of UTC+2:00."


ZONES = {
    "of a bound": ("2026-03-12T14:00Z", None, ["Hours are drawn by the clocks of UTC."]),
    "of the publication": ("2026-03-12T14:00", "2026-03-12T09:00-03:00", ["Hours are drawn by the clocks of UTC-3:00."]),
    "of nothing": ("2026-03-12T14:00", None, ["Hours are as the article tells them; it names no zone."]),
    "without hours": ("2026-03-12", "2026-03-12", []),
}


@pytest.mark.parametrize(("start", "published", "told"), ZONES.values(), ids=ZONES)
def test_no_zone_is_made_up(start: str, published: str | None, told: list[str]) -> None:
    """The axis says by whose clocks hours are drawn only where the record names a zone."""
    axis = read(drawn(record(TEXT, when_only(1, start, start), published=published)))

    assert [words(one) for one in of_class(axis, "zone")] == told


@pytest.mark.parametrize(("end", "bars_drawn"), [("2026-03-12T14:00+05:00", 0), ("2026-03-12T16:00+05:00", 1)])
def test_what_ends_before_it_begins_is_not_drawn(end: str, bars_drawn: int) -> None:
    """An interval is turned round or not by the very clocks that it is drawn by; a turned one stands beside the axis."""
    axis = read(drawn(record(TEXT, when_only(1, "2026-03-12T15:30", end), published="2026-03-12T09:00+05:00")))

    assert len(bars(axis)) == bars_drawn
    assert len(axis.findall(".//ul[@class='unplaced']/li")) == 1 - bars_drawn


def test_rows_are_in_the_order_of_time() -> None:
    """The earliest comes first, of those the one that ends first; what has no beginning comes before all."""
    rows = [
        when_only(1, "2026-05-01", "2026-05-02"),
        when_only(2, "2026-04-01", None),
        when_only(3, "2026-04-01", "2026-04-02"),
        when_only(4, None, "2027-01-01"),
    ]
    axis = read(drawn(record(TEXT, *rows)))

    assert [links(row)[0] for row in axis.findall(".//ol/li")] == ["#W4", "#W3", "#W2", "#W1"]


def test_open_ends_run_to_the_edge() -> None:
    """What has no beginning starts at the left edge, what has no end stops at the right one, each with an arrow."""
    axis = read(drawn(record(TEXT, when_only(1, None, "2026-05-01"), when_only(2, "2026-04-01", None), when_only(3, "2026-04-01", "2026-05-01"))))
    until, _, since = bars(axis)

    assert percent(until, "x") == 0
    assert percent(since, "x") + percent(since, "width") == pytest.approx(100)
    assert [len(of_class(row, "tip")) for row in axis.findall(".//ol/li")] == [1, 0, 1]


def test_what_a_bar_means_is_seen_and_said() -> None:
    """A hollow bar is a time within, a dashed one has edges that are not sharp; the legend says so of what occurs, and of nothing else."""
    hollow = read(drawn(record(TEXT, when_only(1, "2026-03-01", "2026-03-31", within=True))))
    unsharp = read(drawn(record(TEXT, when_only(1, "2026-03-01", "2026-03-31", approximate=True))))

    assert bars(hollow)[0].get("class") == "span hollow"
    assert bars(unsharp)[0].get("class") == "span unsharp"
    assert words(of_class(hollow, "legend")[0]) == "some time within published 12 Mar 2026"
    assert words(of_class(unsharp, "legend")[0]) == "all of that time its edges are not sharp published 12 Mar 2026"


def test_the_axis_and_the_card_say_the_same() -> None:
    """When a time is reads alike wherever the page tells it."""
    whole = full()
    moment = of_class(read(drawn(whole)), "moment")[0]

    assert words(moment) == f"{interval(whole.timelines[0])}; future"


def test_only_a_told_edge_is_unsharp() -> None:
    """A bar fades where its edge is not sharp, and not where it is open; what it fades by is part of the drawing."""
    ends = [("2026-03-01", "2026-03-31"), (None, "2026-03-31"), ("2026-03-01", None)]
    axis = read(drawn(record(TEXT, *(when_only(number, *both, approximate=True) for number, both in enumerate(ends, 1)))))
    gradients = {f"url(#{gradient.get('id')})" for gradient in axis.iter("linearGradient")}

    assert [bar.get("fill") for bar in bars(axis)] == ["url(#report-unsharp-end)", "url(#report-unsharp)", "url(#report-unsharp-start)"]
    assert {bar.get("fill") for bar in bars(axis)} == gradients


def test_what_hangs_on_a_time_is_linked() -> None:
    """Threats, targets and commitments hang on the row of their time, each once and in its colour; what has no room stands beside the words."""
    entries: list[Threat | Target | Commitment] = [
        *(threat(TEXT, number, "then", timelines=["W1", "W1"]) for number in range(1, 9)),
        target(TEXT, 1, "then", timelines=["W1"]),
        commitment(TEXT, 1, "then", timelines=["W1"]),
    ]
    row = read(drawn(record(TEXT, when_only(1, "2026-03-12", "2026-03-12"), *entries))).findall(".//ol/li")[0]

    assert links(of_class(row, "bar")[0]) == [f"#T{number}" for number in range(1, 9)]
    assert links(of_class(row, "more")[0]) == ["#G1", "#C1"]
    assert {link.get("class") for link in row.iter("a")} == {"timelines id", "threats", "targets", "commitments"}


def test_links_stay_within_the_axis() -> None:
    """What hangs on a bar far on the right stands to its left."""
    near, far = when_only(1, "2026-03-12", "2026-03-12"), when_only(2, "2026-03-19", "2026-03-19")
    axis = read(drawn(record(TEXT, near, far, threat(TEXT, 1, "then", timelines=["W1", "W2"]))))

    assert [text.get("text-anchor") for row in axis.findall(".//ol/li") for text in row.iter("text")] == ["start", "end"]


def test_links_are_as_far_apart_as_fingers_need() -> None:
    """Lines of links stand 24 pixels apart, the least that WCAG 2.2 allows, and within their drawing."""
    threats = [threat(TEXT, number, "then", timelines=["W1"]) for number in range(1, 9)]
    bar = of_class(read(drawn(record(TEXT, when_only(1, "2026-03-12", "2026-03-12"), *threats))), "bar")[0]
    first, second = (float(text.get("y", "")) for text in bar.iter("text"))

    assert second - first == 24
    assert second < float(bar.get("height", "")) - 6


def test_drawings_without_links_are_for_the_eye_alone() -> None:
    """A drawing that only repeats its words is hidden from screen readers; one with links has a name."""
    axis = read(drawn(small()))

    for svg in axis.findall(".//svg[@class]"):
        assert (svg.get("aria-hidden") == "true") is not bool(links(svg))
        assert svg.get("aria-label") if links(svg) else svg.get("aria-hidden")


PUBLISHED = {"2026": 365, "2026-03": 31, "2026-03-12": 1}


@pytest.mark.parametrize(("published", "days"), PUBLISHED.items(), ids=PUBLISHED)
def test_publication_crosses_all_rows(published: str, days: int) -> None:
    """The publication is as wide as it is known: a year, a month, a day."""
    axis = read(drawn(record(TEXT, when_only(1, "2026-03-12", "2026-03-12"), published=published)))
    band = of_class(of_class(axis, "ground")[0], "published")[0]

    assert percent(band, "width") == pytest.approx(days * percent(bars(axis)[0], "width"), rel=1e-2)


def test_an_unknown_publication_is_not_drawn() -> None:
    """Without a publication that a calendar has, there is no band."""
    for published in (None, "some day"):
        assert of_class(read(drawn(record(TEXT, when_only(1, "2026-03-12", "2026-03-12"), published=published))), "published") == []


def test_what_is_on_no_calendar_is_told_in_words() -> None:
    """What is unresolved, turned round or of no calendar has no bar, but stands below with what hangs on it."""
    odd = [when_only(1, None, None), when_only(2, "2026-03-19", "2026-03-12"), when_only(3, "2026-99-01", None), when_only(4, None, "2026-02-30")]
    axis = read(drawn(record(TEXT, *odd, threat(TEXT, 1, "then", timelines=["W1"]))))

    assert bars(axis) == []
    assert of_class(axis, "axis") == []
    assert [words(one) for one in of_class(axis, "unplaced")[0]] == [
        "W1 then not resolved with T1",
        "W2 then 19 Mar 2026 – 12 Mar 2026; future",
        "W3 then from 2026-99-01 on; future",
        "W4 then until 2026-02-30; future",
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.none() | BOUNDS, st.none() | BOUNDS, st.booleans()), min_size=1, max_size=8), st.none() | BOUNDS)
def test_any_times_are_drawn(bounds: list[tuple[str | None, str | None, bool]], published: str | None) -> None:
    """Whatever bounds a record has, the axis is drawn, and all of it stands between its edges."""
    rows = [when_only(number, start, end, within=odd, approximate=not odd) for number, (start, end, odd) in enumerate(bounds, 1)]
    axis = read(drawn(record(TEXT, *rows, published=published)))

    for element in axis.iter():
        places = {name: float(value.removesuffix("%")) for name in PLACES if (value := element.get(name))}
        assert all(-0.001 <= value <= 100.001 for name, value in places.items() if element.get(name, "").endswith("%"))
        if element.tag == "rect" and element.get("x", "").endswith("%"):
            assert places["x"] + places["width"] <= 100.02
    assert len(bars(axis)) + len(axis.findall(".//ul[@class='unplaced']/li")) == len(rows)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs", "Cf")), min_size=1, max_size=300))
def test_words_of_the_article_are_inert(text: str) -> None:
    """Markup in an expression is text like any other: the axis has the same elements as with plain words."""
    hostile = when_only(1, "2026-03-12", "2026-03-12").model_copy(update={"expression": f'</bdi><script>"{text}'})
    axis = read(drawn(record(TEXT, hostile)))

    assert list(axis.iter("script")) == []
    assert len(of_class(axis, "expression")) == 1


def test_many_times_are_drawn_at_once() -> None:
    """Forty rows with what hangs on them take no time that anyone would notice."""
    _, many = large()
    begun = time.process_time()
    axis = read(drawn(many))

    assert time.process_time() - begun < 1
    assert len(bars(axis)) == 40
    assert all(element.get("style") is None and element.tag not in ("style", "script") for element in axis.iter())
