"""The result of an evaluation as JSON: the same answers of a model give the same figures; only seconds differ."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from schemas.draft import Draft
from schemas.record import Record, Sha256
from schemas.vocabulary import RejectionReason, Section
from service import __version__
from service.evaluation import bootstrap, gold, outcome, scoring
from service.evaluation.outcome import Cost, Outcome
from service.evaluation.scoring import Counts, Scored, Share, Tally

#: Digits after the point, so that a last bit that differs from machine to machine is no difference.
_DIGITS = 6


class _Result(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rates(_Result):
    """One section, by one of the two rules. What has no value, such as the precision of nothing, is null."""

    right: int
    spurious: int
    missed: int
    precision: float | None
    recall: float | None
    f1: float | None


class Figure(_Result):
    """A figure and its interval of 95 %."""

    value: float | None
    low: float | None
    high: float | None


class SectionResult(_Result):
    """One section."""

    relaxed: Rates
    exact: Rates


class SectionFigures(SectionResult):
    """One section of a half, with the intervals of F1."""

    relaxed_f1: Figure
    exact_f1: Figure


class Part(_Result):
    """How many `of` them are right."""

    right: int
    of: int
    share: float | None


class Spent(_Result):
    """What reading took."""

    calls: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    seconds: float
    #: Null where none is right.
    seconds_per_correct: float | None


class Measured(_Result):
    """What is measured of an article as of a half."""

    target_category: Part
    time_values: Part
    evidence: Part
    civilian_leaks: int
    never: int
    rejected: dict[RejectionReason, int]
    rejected_omitted: int
    cost: Spent


class ArticleResult(_Result):
    """One article."""

    half: str
    name: str
    #: The code of the error that left nothing to read.
    failure: str | None
    sections: dict[Section, SectionResult]
    measured: Measured


class HalfResult(_Result):
    """One half of the gold."""

    corpus_sha256: Sha256
    articles: int
    failed: int
    mean_relaxed_f1: Figure
    mean_exact_f1: Figure
    sections: dict[Section, SectionFigures]
    measured: Measured


class Results(_Result):
    """One run over the gold."""

    vigie: str
    model: str
    corpus_sha256: Sha256
    prompt_sha256: Sha256 | None = Field(description="Null where nothing was read.")
    schema_sha256: Sha256
    halves: dict[str, HalfResult]
    articles: list[ArticleResult]


def results_of(outcomes: Sequence[Outcome], scores: Sequence[Scored], model: str) -> Results:
    """Return the result of a run: what came of each article, and its scores, in the same order."""
    both = [*zip(outcomes, scores, strict=True)]
    halves = dict.fromkeys(one.article.half for one in outcomes)
    return Results(
        vigie=__version__,
        model=model,
        corpus_sha256=gold.digest([one.article for one in outcomes]),
        prompt_sha256=next((one.prompt_sha256 for one in outcomes if one.prompt_sha256), None),
        schema_sha256=_schema_sha256(),
        halves={half: half_of([pair for pair in both if pair[0].article.half == half]) for half in halves},
        articles=[_article(one, scored.counts) for one, scored in both],
    )


def half_of(both: Sequence[tuple[Outcome, Scored]]) -> HalfResult:
    """Return the figures of several articles together."""
    outcomes, counts = [one for one, _ in both], [scored.counts for _, scored in both]
    whole, sampled = scoring.total(counts), bootstrap.intervals(counts, _f1s)
    figures = {name: _figure(value, sampled[name]) for name, value in _f1s(counts).items()}
    return HalfResult(
        corpus_sha256=gold.digest([one.article for one in outcomes]),
        articles=len(outcomes),
        failed=sum(one.failure is not None for one in outcomes),
        mean_relaxed_f1=figures["relaxed", None],
        mean_exact_f1=figures["exact", None],
        sections={
            section: SectionFigures(
                relaxed=_rates(whole.relaxed[section]),
                exact=_rates(whole.exact[section]),
                relaxed_f1=figures["relaxed", section],
                exact_f1=figures["exact", section],
            )
            for section in Section
        },
        measured=_measured(outcomes, whole),
    )


def _f1s(counts: Sequence[Counts]) -> Mapping[tuple[str, Section | None], float | None]:
    """Return each F1 of several articles together; that without a section is the mean of them."""
    whole = scoring.total(counts)
    values: dict[tuple[str, Section | None], float | None] = {("relaxed", None): whole.mean_relaxed, ("exact", None): whole.mean_exact}
    for section in Section:
        values["relaxed", section], values["exact", section] = whole.relaxed[section].f1, whole.exact[section].f1
    return values


def _article(one: Outcome, counts: Counts) -> ArticleResult:
    sections = {section: SectionResult(relaxed=_rates(counts.relaxed[section]), exact=_rates(counts.exact[section])) for section in Section}
    return ArticleResult(half=one.article.half, name=one.article.name, failure=one.failure, sections=sections, measured=_measured([one], counts))


def _measured(outcomes: Sequence[Outcome], counts: Counts) -> Measured:
    reasons = Counter(rejection.reason for one in outcomes for rejection in one.rejected)
    return Measured(
        target_category=_part(counts.categories),
        time_values=_part(counts.times),
        evidence=_part(counts.quotes),
        civilian_leaks=counts.leaks,
        never=counts.never,
        rejected={reason: reasons[reason] for reason in RejectionReason if reasons[reason]},
        rejected_omitted=sum(one.rejected_omitted for one in outcomes),
        cost=_spent(outcome.total(one.cost for one in outcomes), sum(tally.right for tally in counts.relaxed.values())),
    )


def _rates(tally: Tally) -> Rates:
    return Rates(**tally._asdict(), precision=_rounded(tally.precision), recall=_rounded(tally.recall), f1=_rounded(tally.f1))


def _part(share: Share) -> Part:
    return Part(right=share.right, of=share.of, share=_rounded(share.value))


def _figure(value: float | None, sampled: bootstrap.Interval | None) -> Figure:
    return Figure(value=_rounded(value), low=_rounded(sampled and sampled.low), high=_rounded(sampled and sampled.high))


def _spent(cost: Cost, right: int) -> Spent:
    return Spent(
        calls=cost.calls,
        prompt_tokens=cost.prompt_tokens,
        cached_tokens=cost.cached_tokens,
        completion_tokens=cost.completion_tokens,
        seconds=round(cost.seconds, 3),
        seconds_per_correct=round(cost.seconds / right, 3) if right else None,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


@cache
def _schema_sha256() -> str:
    """Return what names the shape of what the model writes and of what the caller reads."""
    return hashlib.sha256(json.dumps([Draft.model_json_schema(), Record.model_json_schema()], sort_keys=True).encode()).hexdigest()
