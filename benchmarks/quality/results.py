"""The result of a comparison as JSON: of each reader what `vigie eval` would say of it, and how Vigie stands to the others."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from benchmarks.quality.answers import Answer
from benchmarks.quality.hosted import Hosted
from schemas.record import Sha256
from schemas.vocabulary import Section
from service.evaluation import bootstrap, results, scoring
from service.evaluation.gold import GoldArticle
from service.evaluation.outcome import Outcome
from service.evaluation.results import Figure, HalfResult, Results
from service.evaluation.scoring import Counts, score

#: Who is compared, each with what it is called.
READERS = {"instructor": "Instructor alone", "langextract": "langextract", "vigie": "Vigie"}
OURS = "vigie"
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Conditions:
    """With what, and how, the articles were read."""

    weights: str
    weights_sha256: str
    cores: int
    #: In how many runs: more than one, if one was interrupted.
    runs: int
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """What one reader made of the articles, in their order."""

    outcomes: tuple[Outcome, ...]
    cut_off: tuple[int, ...]
    counts: tuple[Counts, ...]
    results: Results


class _Result(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReaderResult(_Result):
    """One reader."""

    called: str
    version: str
    results: Results
    #: Answers of the model that ended before they were whole, by article.
    cut_off: dict[str, int]

    def half(self, half: str) -> HalfResult:
        """Return the figures of a half."""
        return self.results.halves[half]

    def cut_off_of(self, half: str) -> int:
        """Return how many answers about a half were cut off."""
        return sum(count for name, count in self.cut_off.items() if name.startswith(f"{half}/"))


class Standing(_Result):
    """How Vigie stands to the others, on one half of the gold."""

    #: Mean F1: how many times that of the better of the others, which is chosen anew in each resample.
    mean_relaxed_f1: Figure
    mean_exact_f1: Figure
    #: Sections in which it is below both others.
    below_both: list[Section]
    #: Seconds, how many times those of each of the others.
    seconds: dict[str, float]


class Compared(_Result):
    """One comparison."""

    weights: str
    weights_sha256: Sha256
    corpus_sha256: Sha256
    cores: int
    runs: int
    readers: dict[str, ReaderResult]
    #: By half; none unless all were compared.
    standings: dict[str, Standing]
    hosted: Hosted | None = None


def results_of(articles: Sequence[GoldArticle], answers: Mapping[str, Sequence[Answer]], conditions: Conditions, costs: Hosted | None = None) -> Compared:
    """Return the result of a comparison.

    Args:
        articles: What was read.
        answers: Of each reader, its answers to them, in the same order.
        conditions: With what, and how.
        costs: What the articles would cost a hosted model.
    """
    columns = {reader: _column(articles, told, conditions.weights) for reader, told in answers.items()}
    halves = dict.fromkeys(article.half for article in articles)
    return Compared(
        weights=conditions.weights,
        weights_sha256=conditions.weights_sha256,
        corpus_sha256=next(iter(columns.values())).results.corpus_sha256,
        cores=conditions.cores,
        runs=conditions.runs,
        readers={reader: _reader(reader, column, conditions.versions[reader]) for reader, column in columns.items()},
        standings={half: _standing(half, columns) for half in halves} if columns.keys() >= READERS.keys() else {},
        hosted=costs,
    )


def _column(articles: Sequence[GoldArticle], answers: Sequence[Answer], model: str) -> Column:
    outcomes = [Outcome(article, told.reading, told.cost, failure=told.failure) for article, told in zip(articles, answers, strict=True)]
    scores = [score(one.article, one.reading) for one in outcomes]
    return Column(
        tuple(outcomes),
        tuple(told.cut_off for told in answers),
        tuple(scored.counts for scored in scores),
        results.results_of(outcomes, scores, model),
    )


def _reader(reader: str, column: Column, version: str) -> ReaderResult:
    cut_off = {f"{one.article.half}/{one.article.name}": count for one, count in zip(column.outcomes, column.cut_off, strict=True)}
    return ReaderResult(called=READERS[reader], version=version, results=column.results, cut_off=cut_off)


def _standing(half: str, columns: Mapping[str, Column]) -> Standing:
    told = {reader: column.results.halves[half] for reader, column in columns.items()}
    ours, others = told[OURS], [one for reader, one in told.items() if reader != OURS]
    return Standing(
        mean_relaxed_f1=_times(half, columns, "mean_relaxed"),
        mean_exact_f1=_times(half, columns, "mean_exact"),
        below_both=[section for section in Section if all(_f1(ours, section) < _f1(other, section) for other in others)],
        seconds={
            reader: round(ours.measured.cost.seconds / other.measured.cost.seconds, _DIGITS)
            for reader, other in told.items()
            if reader != OURS and other.measured.cost.seconds
        },
    )


def _times(half: str, columns: Mapping[str, Column], mean: str) -> Figure:
    """Return how many times the better of the others' mean F1 ours is, both over the same articles."""
    at = [place for place, one in enumerate(columns[OURS].outcomes) if one.article.half == half]
    others = [column for reader, column in columns.items() if reader != OURS]
    pairs = [((columns[OURS].counts[place],), tuple(other.counts[place] for other in others)) for place in at]

    def best(sample: Sequence[tuple[Counts, ...]]) -> float | None:
        means = [getattr(scoring.total(column), mean) for column in zip(*sample, strict=True)]
        return max((value for value in means if value is not None), default=None)

    interval = bootstrap.ratio(pairs, best)
    ours, theirs = best([one for one, _ in pairs]), best([other for _, other in pairs])
    return Figure(
        value=round(ours / theirs, _DIGITS) if ours is not None and theirs else None,
        low=_finite(interval.low) if interval else None,
        high=_finite(interval.high) if interval else None,
    )


def _finite(times: float) -> float | None:
    """Return how many times; None of nothing, which JSON cannot tell."""
    return round(times, _DIGITS) if math.isfinite(times) else None


def _f1(half: HalfResult, section: Section) -> float:
    return half.sections[section].relaxed.f1 or 0.0
