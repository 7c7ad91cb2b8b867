"""What one reader made of one article, and what that cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from openai.types import CompletionUsage

from service.evaluation.gold import GoldArticle
from service.evaluation.outcome import Cost
from service.evaluation.reading import Reading


@dataclass(frozen=True, slots=True)
class Call:
    """One answer of the model, in the engine's count."""

    prompt_tokens: int = 0
    #: Those of `prompt_tokens` that the engine had kept from an earlier call.
    cached_tokens: int = 0
    completion_tokens: int = 0
    #: Whether it ended before it was whole.
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One article, read."""

    reading: Reading
    cost: Cost
    #: Answers of the model that ended before they were whole.
    cut_off: int = 0
    #: What kept the reader from the answer that it should give, in a word of ours; what there was all the same is in `reading`.
    failure: str | None = None


class Reader(Protocol):
    """Someone who reads articles. Only one article is read at a time."""

    async def read(self, article: GoldArticle) -> Answer:
        """Return what is in `article`; a failure is an answer too."""


def call_of(usage: CompletionUsage | None, finish_reason: str | None) -> Call:
    """Return the call that an endpoint reports so."""
    cut_off = finish_reason == "length"
    if usage is None:
        return Call(cut_off=cut_off)
    details = usage.prompt_tokens_details
    return Call(usage.prompt_tokens, (details.cached_tokens or 0) if details else 0, usage.completion_tokens, cut_off)


def answer_of(reading: Reading, calls: Iterable[Call], seconds: float, failure: str | None = None) -> Answer:
    """Return the answer that `calls` of so many `seconds` gave."""
    made = [*calls]
    cost = Cost(
        calls=len(made),
        prompt_tokens=sum(call.prompt_tokens for call in made),
        cached_tokens=sum(call.cached_tokens for call in made),
        completion_tokens=sum(call.completion_tokens for call in made),
        seconds=seconds,
    )
    return Answer(reading, cost, sum(call.cut_off for call in made), failure)
