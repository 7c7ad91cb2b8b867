"""What came of one article: what was read, at what cost, or why nothing was."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.record import Record, Rejection
from service.errors import VigieError
from service.evaluation.gold import GoldArticle
from service.evaluation.reading import Reading, of_record


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading took."""

    calls: int = 0
    prompt_tokens: int = 0
    #: Those of `prompt_tokens` that the server had kept.
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one article."""

    article: GoldArticle
    reading: Reading
    cost: Cost
    #: What was offered and refused, for readers who refuse anything; and how many more.
    rejected: tuple[Rejection, ...] = ()
    rejected_omitted: int = 0
    #: The code of the error that left nothing to read.
    failure: str | None = None
    #: SHA-256 of the prompt, where there is one.
    prompt_sha256: str | None = None


def read(article: GoldArticle, record: Record, seconds: float) -> Outcome:
    """Return the outcome of an `article` that gave a `record`."""
    made = record.extraction
    return Outcome(
        article,
        of_record(record, article.text),
        Cost(made.calls, made.usage.prompt_tokens, made.usage.cached_tokens, made.usage.completion_tokens, seconds),
        tuple(record.rejected),
        record.rejected_omitted,
        prompt_sha256=made.prompt_sha256,
    )


def failed(article: GoldArticle, error: VigieError, seconds: float) -> Outcome:
    """Return the outcome of an `article` of which nothing was read; what the calls cost until then is not known."""
    return Outcome(article, Reading(), Cost(seconds=seconds), failure=error.code)


def total(costs: Iterable[Cost]) -> Cost:
    """Return what several articles cost together."""
    several = [*costs]
    return Cost(
        calls=sum(one.calls for one in several),
        prompt_tokens=sum(one.prompt_tokens for one in several),
        cached_tokens=sum(one.cached_tokens for one in several),
        completion_tokens=sum(one.completion_tokens for one in several),
        seconds=sum(one.seconds for one in several),
    )
