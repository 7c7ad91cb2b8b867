"""What rounds come to, and what is asked of Vigie."""

import math
from dataclasses import replace

import pytest

from benchmarks.speed.asked import bounds
from benchmarks.speed.results import MEASURED, Side, spread_of
from tests.unit.benchmarks.speed.speed_parts import EMBEDDED, measured


@pytest.mark.parametrize(("values", "spread"), [([3, 1, 2], (2, 1.5, 2.5)), ([5], (5, 5, 5)), ([1, 2, 3, 4, 100], (3, 2, 4))])
def test_the_middle_stands_between_its_quartiles(values: list[float], spread: tuple[float, float, float]) -> None:
    """One round that went wrong moves neither."""
    assert spread_of(values) == spread


def test_what_was_not_measured_is_no_number() -> None:
    """Neither of one who was not there, nor of a figure that nobody told."""
    assert math.isnan(spread_of([]).middle)
    assert math.isnan(measured().spread("z", "rps").middle)
    assert math.isnan(measured().spread("c", "stalls").middle)


def test_failures_are_counted_over_all_rounds() -> None:
    """A median would hide those of one round."""
    assert measured(failed=2).total("e", "failed") == 14


def test_what_is_asked_is_judged_by_what_was_seen() -> None:
    """All that is asked holds of who is quick, and nothing of who is slow and fails."""
    quick, slow = bounds(measured(14)), bounds(replace(measured(90, burst_failed=1), embedded=replace(EMBEDDED, ours=Side(rate=[5, 5]))))

    assert [one.shown for one in quick] == [True] * 9
    assert [one.shown for one in slow] == [False] * 9
    assert [one.what for one in quick] == [one.what for one in slow]


def test_bounds_hang_on_who_is_there() -> None:
    """Without LiteLLM nobody is compared with it, and without Vigie there is nothing to ask."""
    whole = measured()
    without = replace(whole, turns={letter: turns for letter, turns in whole.turns.items() if letter != "d"}, embedded=None)

    assert len(bounds(without)) == len(bounds(whole)) - 2
    assert bounds(replace(whole, turns={"c": whole.turns["c"]})) == []


def test_the_speed_of_the_embedded_model_is_paired() -> None:
    """Each round is compared with its own."""
    sides = replace(EMBEDDED, ours=Side(rate=[9, 20, 8], followed=[1, 2]), direct=Side(rate=[10, 20, 10], followed=[2, 2]))

    assert sides.ratio == 0.9
    assert sides.followed_ratio == 0.75


def test_results_are_read_as_they_were_written() -> None:
    """What was measured can be told again."""
    assert MEASURED.validate_json(MEASURED.dump_json(measured())).turns["e"] == measured().turns["e"]
