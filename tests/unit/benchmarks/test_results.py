"""The result of a comparison: each reader by the rules of all, and how Vigie stands to the others."""

import pytest

from benchmarks.quality.results import Compared
from schemas.vocabulary import Section
from service.evaluation.reading import Reading
from tests.unit.benchmarks.comparing_parts import ARTICLES, POOR, answer, compared, good, usual


def test_vigie_is_measured_by_the_better_of_the_others() -> None:
    """The ratio is that of the means over the same articles; that of equals is one, and of no more than chance."""
    standing = usual().standings["reporting"]

    # Of three sections with anything in them, the better other has two thirds of the actors and no target.
    assert standing.mean_relaxed_f1.value == pytest.approx(1 / ((2 / 3 + 0) / 2), abs=1e-6)
    assert standing.mean_relaxed_f1.low == standing.mean_relaxed_f1.high == standing.mean_relaxed_f1.value
    assert standing.seconds == {"instructor": 1.2, "langextract": 1.2}
    assert standing.below_both == []
    best = [*map(good, ARTICLES)]
    same = compared(instructor=best, langextract=best, vigie=best).standings["reporting"]
    assert (same.mean_relaxed_f1.value, same.mean_exact_f1.low, same.below_both) == (1, 1, [])


def test_a_section_below_both_others_is_named() -> None:
    """Vigie is told where it is worse than either."""
    told = compared(instructor=[*map(good, ARTICLES)], langextract=[*map(good, ARTICLES)], vigie=[answer(POOR)] * 2)

    assert told.standings["reporting"].below_both == [Section.ACTORS, Section.TARGETS]


def test_nothing_is_compared_with_nothing() -> None:
    """Where the others find nothing at all there is no ratio, and where one was not asked there is no comparison."""
    nothing = compared(instructor=[answer(Reading())] * 2, langextract=[answer(Reading())] * 2, vigie=[*map(good, ARTICLES)])

    assert nothing.standings["reporting"].mean_relaxed_f1.value is None
    assert compared(vigie=[*map(good, ARTICLES)]).standings == {}


def test_what_was_cut_off_is_counted() -> None:
    """Answers of the model that ended early, by article and half."""
    told = usual().readers["instructor"]

    assert told.cut_off == {"reporting/en-a": 0, "reporting/en-b": 1}
    assert told.cut_off_of("reporting") == 1
    assert told.half("reporting").failed == 1


def test_the_result_can_be_read_again() -> None:
    """It is JSON that holds all of it."""
    assert Compared.model_validate_json(usual().model_dump_json()) == usual()
