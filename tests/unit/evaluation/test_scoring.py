"""Counts and the figures that follow from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.vocabulary import Section
from service.evaluation.gold import GoldArticle
from service.evaluation.reading import Found, Reading, of_record
from service.evaluation.scoring import Counts, Share, Tally, score, total
from tests.unit.evaluation.evaluation_parts import articles, example, gold, gold_of, perfect, reading_of, readings, span

TEXT = "Kestria would shell the base at Orsk on Sunday. The school at Orsk would be spared."


def test_a_perfect_record_has_full_marks() -> None:
    """A record that says what the gold says is right in every section, exactly."""
    record, text = example()

    counts = score(gold_of(record, text), of_record(record, text)).counts

    assert [tally.f1 for tally in counts.relaxed.values() if tally != Tally()] == [1.0] * sum(bool(getattr(record, section)) for section in Section)
    assert (counts.exact, counts.mean_exact, counts.quotes.value, counts.leaks) == (counts.relaxed, 1.0, 1.0, 0)


@given(article=articles())
def test_what_the_gold_says_is_right(article: GoldArticle) -> None:
    """Whatever the gold, saying just that gives nothing missed and nothing made up, by either rule."""
    counts = score(article, perfect(article)).counts

    for section in Section:
        required = sum(not entry.optional for entry in getattr(article.annotation, section))
        assert counts.relaxed[section] == counts.exact[section] == Tally(required, 0, 0)
    assert counts.categories == Share(len(article.annotation.targets), len(article.annotation.targets))
    assert (counts.times.right, counts.leaks) == (counts.times.of, 0)


@given(data=st.data(), article=articles())
def test_figures_lie_between_nothing_and_all(data: st.DataObject, article: GoldArticle) -> None:
    """No reading has a figure below 0 or above 1, and none is better exactly than it is at all."""
    counts = score(article, data.draw(readings(article))).counts

    for section in Section:
        relaxed, exact = counts.relaxed[section], counts.exact[section]
        for tally in (relaxed, exact):
            assert all(value is None or 0 <= value <= 1 for value in (tally.precision, tally.recall, tally.f1))
        assert relaxed.right >= exact.right
        assert relaxed.right + relaxed.missed == exact.right + exact.missed
    assert counts.leaks <= counts.relaxed[Section.TARGETS].spurious


@given(data=st.data(), article=articles())
def test_order_changes_nothing(data: st.DataObject, article: GoldArticle) -> None:
    """The order in which a reader tells its entries is no merit and no fault."""
    reading = data.draw(readings(article))
    turned = reading_of({section: data.draw(st.permutations(reading.of(section))) for section in Section})

    counts, others = score(article, reading).counts, score(article, turned).counts

    assert (counts.relaxed, counts.exact, counts.leaks) == (others.relaxed, others.exact, others.leaks)


def test_what_is_optional_counts_as_nothing() -> None:
    """Found it is right and earns nothing, missing it is not missed, by either rule."""
    article = gold(TEXT, actors=[{"name": ["Kestria"], "kind": "state", "optional": True}])

    for reading in (Reading(), Reading(actors=(Found(("Kestria",)),)), Reading(actors=(Found(("Kestria",), fields={"kind": "person"}),))):
        counts = score(article, reading).counts
        assert counts.relaxed[Section.ACTORS] == counts.exact[Section.ACTORS] == Tally()


def test_nothing_to_find_and_nothing_found_is_no_figure() -> None:
    """A section that is empty as it should be moves no mean."""
    counts = score(gold(TEXT, actors=[{"name": ["Kestria"]}]), Reading(actors=(Found(("Kestria",)),))).counts

    assert (counts.relaxed[Section.THREATS].f1, counts.mean_relaxed) == (None, 1.0)
    assert score(gold(TEXT), Reading()).counts.mean_exact is None


def test_f1_is_the_harmonic_mean() -> None:
    """F1 weighs what is made up against what is missed."""
    tally = Tally(right=3, spurious=1, missed=3)

    assert (tally.precision, tally.recall) == (0.75, 0.5)
    assert tally.f1 == pytest.approx(0.6)
    assert (Tally(0, 1, 0).f1, Tally(0, 0, 1).f1, Tally(0, 0, 1).precision) == (0.0, 0.0, None)


def test_a_civilian_target_leaks() -> None:
    """A target that must not be is a leak, by its name or its place; one that is a target of the gold is none."""
    never = [{"name": ["school at Orsk"], "why": "spared"}, {"name": ["the base"], "why": "place"}]
    article = gold(TEXT, targets=[{"name": ["base at Orsk"], "category": "military", "status": "threatened"}], never=never)
    fields = {"category": "military", "status": "threatened"}
    targets = (Found(("base at Orsk",), fields=fields), Found(("The school at Orsk",)), Found(("lessons",), (span("school", TEXT),)), Found(("Kestria",)))

    scored = score(article, Reading(targets=targets))

    assert [(found.names, never.why) for found, never in scored.leaks] == [(("The school at Orsk",), "spared"), (("lessons",), "spared")]
    assert (scored.counts.leaks, scored.counts.never) == (2, 2)


def test_categories_and_times_are_of_what_was_found() -> None:
    """Only what was found can have a wrong category or lie at a wrong time, and only what the gold dates."""
    article = gold(
        TEXT,
        targets=[{"name": [name], "category": "military", "status": "threatened"} for name in ("base at Orsk", "Kestria", "school")],
        timelines=[{"expression": ["on Sunday"], "start": ["2027-03-14"]}, {"expression": ["would"]}],
    )
    reading = Reading(
        targets=(Found(("base at Orsk",), fields={"category": "government"}), Found(("Kestria",), fields={"category": "military"})),
        timelines=(Found(("Sunday",), fields={"start": "2027-03-14", "end": "2027-03-21"}), Found(("would",))),
    )

    counts = score(article, reading).counts

    assert (counts.categories, counts.times) == (Share(1, 2), Share(1, 1))


@settings(max_examples=25)
@given(data=st.data(), several=st.lists(articles(), max_size=3))
def test_counts_add_up(data: st.DataObject, several: list[GoldArticle]) -> None:
    """The counts of several articles are the sums of theirs."""
    counts = [score(article, data.draw(readings(article))).counts for article in several]

    whole: Counts = total(counts)

    for section in Section:
        assert whole.exact[section].missed == sum(one.exact[section].missed for one in counts)
    assert whole.quotes == Share(2 * len(several), 3 * len(several))
