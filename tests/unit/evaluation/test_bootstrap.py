"""Intervals from resamples."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.evaluation.bootstrap import Interval, intervals, ratio
from service.evaluation.results import half_of
from service.evaluation.scoring import score
from tests.unit.evaluation.evaluation_parts import example, gold_of, outcome


def mean(items: Sequence[int]) -> float | None:
    """Return the mean; None of nothing but zeros, as a figure may have no value."""
    return sum(items) / len(items) if any(items) else None


@settings(max_examples=10, deadline=None)
@given(items=st.lists(st.integers(0, 9), min_size=1, max_size=14))
def test_an_interval_lies_within_what_was_seen(items: list[int]) -> None:
    """No resample is beyond the articles themselves, and the same articles give the same interval."""
    found = intervals(items, lambda sample: {"mean": mean(sample)})["mean"]

    assert found == intervals(items, lambda sample: {"mean": mean(sample)})["mean"]
    if any(items):
        assert found is not None
        assert min(items) <= found.low <= found.high <= max(items)
    else:
        assert found is None


def test_an_interval_is_as_wide_as_chance() -> None:
    """The mean of 100 throws of a coin lies within two standard errors, which are 0.1."""
    found = intervals([0, 1] * 50, lambda sample: {"mean": mean(sample)})["mean"]

    assert found is not None
    assert found.low == pytest.approx(0.4, abs=0.02)
    assert found.high == pytest.approx(0.6, abs=0.02)


def test_a_pair_is_drawn_together() -> None:
    """Where one reader is always twice the other, no resample doubts it."""
    assert ratio([(2 * value, value) for value in (1, 5, 9)], mean) == Interval(2, 2)


def test_a_ratio_to_nothing() -> None:
    """Where the other has nothing the ratio has no end, and where neither has a figure there is none."""
    assert ratio([(1, 0)], lambda items: float(sum(items))) == Interval(float("inf"), float("inf"))
    assert ratio([(0, 0)], mean) is None


@pytest.mark.cost
def test_fourteen_articles_take_little_time() -> None:
    """All intervals of a half are there in less than three seconds."""
    record, text = example()
    article = gold_of(record, text)
    both = [(outcome(article), score(article, outcome(article).reading))] * 14

    started = time.process_time()
    half_of(both)

    assert time.process_time() - started < 3
