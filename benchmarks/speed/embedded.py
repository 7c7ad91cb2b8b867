"""The embedded model beside llama.cpp driven directly: the same calls, to two engines with the same settings, round by round.

Vigie reads an article, and what it asks of its engine is noted. Then whoever drives llama.cpp directly asks an engine of its own the same, call after call with
nothing between, and looks at nothing but where an answer begins and ends. So what Vigie does between and beside its calls counts against it.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from openai.types.chat import ChatCompletion

from benchmarks.quality.engine import Endpoint, engine
from benchmarks.speed.article import SHORT
from benchmarks.speed.direct import Written, ask, body_of
from benchmarks.speed.results import Embedded
from schemas.article import Article
from service.cli.proceeding import March
from service.cli.readying import fetch_weights, ready
from service.extraction.pipeline import Extractor, shared_prefix
from service.models.base import Model, ModelCall
from service.models.counting import Counts, counted
from service.models.embedded import PROFILE, EmbeddedModel
from service.models.weights import weights_path
from service.settings import Settings

_DEADLINE_S = 600


@dataclass
class Noting:
    """A model that notes what it is asked and what is answered."""

    model: EmbeddedModel
    calls: list[ModelCall] = field(default_factory=list)
    counts: list[Counts] = field(default_factory=list)

    @property
    def name(self) -> str:
        """That of the model."""
        return self.model.name

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion.

        Raises:
            ModelError: There is none.
        """
        completion = await self.model.complete(call)
        told = counted(completion.usage) or Counts(0, 0, 0, 0)
        # One that Vigie ended is not written any further by others either.
        self.calls.append(replace(call, max_completion_tokens=max(told.completion, 1)) if completion.choices[0].finish_reason == "length" else call)
        self.counts.append(told)
        return completion

    def __getattr__(self, name: str) -> object:
        """Return whatever else the model has."""
        return getattr(self.model, name)


async def compare(settings: Settings, rounds: int, shown: March) -> Embedded:
    """Return what both take, in so many rounds.

    Raises:
        SetupError: An engine does not start.
        ModelError: The model cannot be had.
    """
    settings = settings.model_copy(update={"model": "embedded", "mode": "live"})
    await asyncio.to_thread(fetch_weights, settings, quiet=False)
    ours_first, direct_first, ours_rate, direct_rate = list[float](), list[float](), list[float](), list[float]()
    ours, direct = list[Counts](), list[Written]()
    async with _ours(settings, shown) as noting, engine(weights_path(settings), noting.name) as endpoint:
        calls = await _reading(noting, settings)  # what first readings cost no other does
        await _directly(endpoint, calls)
        for number in range(rounds):
            noting.counts.clear()
            began = time.perf_counter()
            calls = await _reading(noting, settings)
            ours_rate.append(sum(told.completion for told in noting.counts) / (time.perf_counter() - began))
            ours += noting.counts
            began = time.perf_counter()
            written = await _directly(endpoint, calls)
            direct_rate.append(sum(one.completion for one in written) / (time.perf_counter() - began))
            direct += written
            firsts = [calls[0] for calls in by_article(calls)]
            ours_first += [await _first_s(noting.model, call) for call in firsts]
            direct_first += [(await ask(endpoint, body_of(replace(call, heard=_nobody), endpoint.model))).first_s for call in firsts]
            shown.begin(f"round {number + 1} of the embedded model: {ours_rate[-1]:.2f} tokens a second, directly {direct_rate[-1]:.2f}")
    slots = {str(count): await _side_by_side(settings, calls, count) for count in (1, 2)}
    return Embedded(
        weights=weights_path(settings).stem,
        ours_first_s=ours_first,
        direct_first_s=direct_first,
        ours_rate=ours_rate,
        direct_rate=direct_rate,
        ours_kept=sum(told.cached for told in ours) / (sum(told.prompt for told in ours) or 1),
        direct_kept=sum(one.cached for one in direct) / (sum(one.prompt for one in direct) or 1),
        calls=len(calls),
        slots=slots,
    )


@asynccontextmanager
async def _ours(settings: Settings, shown: March) -> AsyncIterator[Noting]:
    """Yield the embedded model as Vigie runs it."""
    model = EmbeddedModel(settings, prefix=shared_prefix(PROFILE))
    try:
        await ready(model, shown.begin)
        yield Noting(model)
    finally:
        await model.close()


async def _reading(noting: Noting, settings: Settings) -> list[ModelCall]:
    """Have Vigie read all articles; return the calls that it made."""
    noting.calls.clear()
    model: Model = noting  # type: ignore[assignment]  # the rest of a model is looked up in the one that it holds
    extractor = Extractor(model, settings)
    for text in SHORT:
        await extractor.extract(Article(text=text), deadline_at=asyncio.get_running_loop().time() + _DEADLINE_S)
    return [*noting.calls]


async def _directly(endpoint: Endpoint, calls: Sequence[ModelCall]) -> list[Written]:
    return [await ask(endpoint, body_of(call, endpoint.model)) for call in calls]


async def _first_s(model: EmbeddedModel, call: ModelCall) -> float:
    """Return the seconds until Vigie hears the first token."""
    heard: list[float] = []
    began = time.perf_counter()
    await model.complete(replace(call, heard=lambda _text: heard.append(time.perf_counter())))
    return heard[0] - began if heard else time.perf_counter() - began


def by_article(calls: Sequence[ModelCall]) -> list[list[ModelCall]]:
    """Return the calls of each conversation: one begins where the messages are as few as in the first."""
    talks: list[list[ModelCall]] = []
    for call in calls:
        if len(call.messages) == len(calls[0].messages):
            talks.append([])
        talks[-1].append(call)
    return talks


async def _side_by_side(settings: Settings, calls: Sequence[ModelCall], slots: int) -> float:
    """Return the tokens a second of all conversations at once, asked directly of an engine with so many slots, of which each has the usual context."""
    weights = weights_path(settings)
    async with engine(weights, weights.stem, (sys.executable, "-m", "benchmarks.speed.slots", str(slots))) as endpoint:
        talks = by_article(calls)
        await asyncio.gather(*(_directly(endpoint, talk[:1]) for talk in talks))
        began = time.perf_counter()
        written = await asyncio.gather(*(_directly(endpoint, talk) for talk in talks))
        return sum(one.completion for told in written for one in told) / (time.perf_counter() - began)


def _nobody(_text: str) -> None:
    pass
