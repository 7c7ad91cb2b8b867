"""The result as JSON."""

import pytest

from schemas.record import Rejection
from schemas.vocabulary import RejectionReason, Section
from service.evaluation.gold import digest
from service.evaluation.outcome import Cost
from service.evaluation.reading import Reading
from service.evaluation.results import Results, results_of
from service.evaluation.scoring import score
from tests.unit.evaluation.evaluation_parts import gold, outcome

ONE = gold("Kestria", name="en-a", actors=[{"name": ["Kestria"]}])
TWO = gold("Belmark", name="fr-b", actors=[{"name": ["Belmark"]}])
THREE = gold("Tarn", name="fr-c", half="reporting", actors=[{"name": ["Tarn"]}])
REJECTIONS = tuple(
    Rejection(section=Section.TARGETS, reason=reason, detail="It is.", item={}) for reason in (RejectionReason.CIVILIAN, RejectionReason.DUPLICATE) * 2
)


def results(seconds: float = 1.5) -> Results:
    """Return the result of a run over three articles, the second of which failed."""
    outcomes = [
        outcome(ONE, cost=Cost(2, 100, 80, 30, seconds), rejected=REJECTIONS, rejected_omitted=1, prompt_sha256="a" * 64),
        outcome(TWO, Reading(), cost=Cost(seconds=seconds), failure="deadline-exceeded"),
        outcome(THREE),
    ]
    return results_of(outcomes, [score(one.article, one.reading) for one in outcomes], "fake")


def test_figures_are_those_of_each_half() -> None:
    """A half is what its articles are together; one that failed counts as read and found empty."""
    told = results().halves

    assert [(half, one.articles, one.failed) for half, one in told.items()] == [("tuning", 2, 1), ("reporting", 1, 0)]
    actors = told["tuning"].sections[Section.ACTORS].relaxed
    assert (actors.right, actors.spurious, actors.missed) == (1, 0, 1)
    assert actors.f1 == pytest.approx(2 / 3, abs=1e-6)
    assert (told["tuning"].mean_relaxed_f1.low, told["tuning"].mean_relaxed_f1.high) == (0.0, 1.0)
    assert told["tuning"].sections[Section.THREATS].relaxed_f1.value is None


def test_costs_and_refusals_are_summed() -> None:
    """Tokens, calls, seconds and refusals of a half are those of its articles."""
    measured = results().halves["tuning"].measured

    assert measured.rejected == {RejectionReason.CIVILIAN: 2, RejectionReason.DUPLICATE: 2}
    assert measured.rejected_omitted == 1
    assert (measured.cost.calls, measured.cost.prompt_tokens, measured.cost.cached_tokens, measured.cost.completion_tokens) == (2, 100, 80, 30)
    assert (measured.cost.seconds, measured.cost.seconds_per_correct) == (3.0, 3.0)
    assert results().articles[1].measured.cost.seconds_per_correct is None


def test_digests_name_what_was_measured() -> None:
    """Another corpus has another digest, each half has its own, and the prompt is that of what was read."""
    told = results()

    assert told.corpus_sha256 == digest([ONE, TWO, THREE])
    assert told.halves["tuning"].corpus_sha256 == digest([ONE, TWO])
    assert told.prompt_sha256 == "a" * 64


def test_only_seconds_differ() -> None:
    """The same answers give the same bytes but for how long they took."""
    assert results().model_dump_json() == results().model_dump_json()
    assert results().model_dump_json() != results(seconds=9.0).model_dump_json()
    assert Results.model_validate_json(results().model_dump_json()) == results()
