"""The embedded model beside llama.cpp driven directly: the same calls, to two engines with the same settings, round by round.

Vigie reads an article, and what it asks of its engine is noted. Whoever drives llama.cpp directly asks an engine of its own the same, call after call with
nothing between, and looks at nothing but where an answer begins and ends. So what Vigie does between and beside its calls counts against it. An article is
followed by the other one on each engine, so that neither finds more in its slot than the instructions.
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
from benchmarks.speed.direct import Written, ask, body_of, counted_s
from benchmarks.speed.results import Embedded, Side
from schemas.article import Article
from service.cli.proceeding import March
from service.cli.readying import fetch_weights, ready
from service.extraction.pipeline import Extractor, shared_prefix
from service.extraction.progress import Forgotten, Found
from service.models.base import Model, ModelCall
from service.models.counting import counted
from service.models.embedded import PROFILE, EmbeddedModel
from service.models.weights import weights_path
from service.settings import Settings

_DEADLINE_S = 600
#: Callers at once, and the slots of the engine that they share.
_CALLERS = len(SHORT)


@dataclass
class Noting:
    """A model that notes what it is asked and what that took."""

    model: EmbeddedModel
    calls: list[ModelCall] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    @property
    def name(self) -> str:
        """That of the model."""
        return self.model.name

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion.

        Raises:
            ModelError: There is none.
        """
        heard: list[float] = []
        began = time.perf_counter()

        def hear(text: str) -> None:
            if not heard:
                heard.append(time.perf_counter() - began)
            if call.heard:
                call.heard(text)

        completion = await self.model.complete(replace(call, heard=hear) if call.heard else call)
        took_s = time.perf_counter() - began
        told = written_of(completion, heard[0] if heard else took_s)
        # One that Vigie ended is not written any further by others either.
        self.calls.append(replace(call, max_completion_tokens=max(told.completion, 1)) if completion.choices[0].finish_reason == "length" else call)
        self.written.append(told)
        return completion

    def __getattr__(self, name: str) -> object:
        """Return whatever else the model has."""
        return getattr(self.model, name)


def written_of(completion: ChatCompletion, first_s: float) -> Written:
    """Return what an answer took, as it says itself."""
    told = counted(completion.usage)
    own_s = counted_s((completion.model_extra or {}).get("timings"))
    return Written(first_s, told.completion, told.prompt, told.cached, own_s) if told else Written(first_s, 0, 0, 0, own_s)


@dataclass
class Pair:
    """The two who are compared."""

    noting: Noting
    endpoint: Endpoint
    settings: Settings
    ours: Side = field(default_factory=Side)
    direct: Side = field(default_factory=Side)
    #: What Vigie asked about each article when it last read it.
    calls: dict[int, list[ModelCall]] = field(default_factory=dict)

    async def round(self, number: int) -> None:
        """Measure both once: an article as a whole, the first token of the other, then the article again, heard token by token. They take turns to be first."""
        place, other = number % len(SHORT), (number + 1) % len(SHORT)
        order = (self._ours, self._directly) if number // len(SHORT) % 2 == 0 else (self._directly, self._ours)
        for one in order:
            await one(place, follows=False)
        first = replace(self.calls[other][0], max_completion_tokens=1, heard=_nobody)
        self.ours.first_s.append(await self._first_s(first))
        self.direct.first_s.append((await ask(self.endpoint, body_of(first, self.endpoint.model))).first_s)
        for one in order:
            await one(place, follows=True)

    async def warm_up(self) -> None:
        """Have both read all articles: what first readings cost no other does."""
        for place in range(len(SHORT)):
            await self.reading(place, follows=False)
            await _asked(self.endpoint, self.calls[place])

    async def reading(self, place: int, *, follows: bool) -> None:
        """Have Vigie read an article, and note what it asks."""
        self.noting.calls.clear()
        self.noting.written.clear()
        model: Model = self.noting  # type: ignore[assignment]  # the rest of a model is looked up in the one that it holds
        by = asyncio.get_running_loop().time() + _DEADLINE_S
        await Extractor(model, self.settings).extract(Article(text=SHORT[place]), deadline_at=by, hear=_ignore if follows else None)
        self.calls[place] = [*self.noting.calls]

    async def _ours(self, place: int, *, follows: bool) -> None:
        began = time.perf_counter()
        await self.reading(place, follows=follows)
        note(self.ours, self.noting.written, time.perf_counter() - began, follows=follows)

    async def _directly(self, place: int, *, follows: bool) -> None:
        calls = [replace(call, heard=_nobody if follows else None) for call in self.calls[place]]
        began = time.perf_counter()
        written = await _asked(self.endpoint, calls)
        note(self.direct, written, time.perf_counter() - began, follows=follows)

    async def _first_s(self, call: ModelCall) -> float:
        """Return the seconds until Vigie hears the first token."""
        self.noting.written.clear()
        await self.noting.complete(call)
        return self.noting.written[0].first_s


def note(side: Side, written: Sequence[Written], took_s: float, *, follows: bool) -> None:
    """Add what a reading took."""
    rate = sum(one.completion for one in written) / took_s
    side.prompt += sum(one.prompt for one in written)
    side.cached += sum(one.cached for one in written)
    if follows:
        side.followed.append(rate)
        return
    side.rate.append(rate)
    if all(one.counted_s for one in written):
        side.beyond.append(1 - sum(one.counted_s for one in written) / took_s)


async def compare(settings: Settings, rounds: int, shown: March) -> Embedded:
    """Return what both take, in so many rounds.

    Raises:
        SetupError: An engine does not start.
        ModelError: The model cannot be had.
    """
    settings = settings.model_copy(update={"model": "embedded", "mode": "live"})
    await asyncio.to_thread(fetch_weights, settings, quiet=False)
    weights = weights_path(settings)
    async with engine(weights, weights.stem) as endpoint:
        async with _ours(settings, shown) as noting:
            pair = Pair(noting, endpoint, settings)
            shown.begin("the embedded model warms up")
            await pair.warm_up()
            for number in range(rounds):
                await pair.round(number)
                ours, direct = pair.ours, pair.direct
                told = (
                    f"{ours.rate[-1]:.2f} tokens a second, directly {direct.rate[-1]:.2f}; followed {ours.followed[-1]:.2f}, directly {direct.followed[-1]:.2f}"
                )
                shown.begin(f"round {number + 1} of the embedded model: {told}")
        talks = [pair.calls[place] for place in range(_CALLERS)]
        slots = {"1": await side_by_side(endpoint, talks)}
    async with engine(weights, weights.stem, (sys.executable, "-m", "benchmarks.speed.slots", str(_CALLERS))) as endpoint:
        slots[str(_CALLERS)] = await side_by_side(endpoint, talks)
    return Embedded(weights=weights.stem, ours=pair.ours, direct=pair.direct, calls=sum(map(len, talks)), slots=slots)


@asynccontextmanager
async def _ours(settings: Settings, shown: March) -> AsyncIterator[Noting]:
    """Yield the embedded model as Vigie runs it."""
    model = EmbeddedModel(settings, prefix=shared_prefix(PROFILE))
    try:
        await ready(model, shown.begin)
        yield Noting(model)
    finally:
        await model.close()


async def _asked(endpoint: Endpoint, calls: Sequence[ModelCall]) -> list[Written]:
    """Return what an engine says to some calls, one after the other."""
    return [await ask(endpoint, body_of(call, endpoint.model)) for call in calls]


async def side_by_side(endpoint: Endpoint, talks: Sequence[Sequence[ModelCall]]) -> float:
    """Return the tokens a second of all conversations at once, asked directly."""
    plain = [[replace(call, heard=None) for call in talk] for talk in talks]
    prefix = ModelCall(messages=shared_prefix(PROFILE), shape={}, max_completion_tokens=1)
    await asyncio.gather(*(_asked(endpoint, [prefix]) for _ in talks))  # at once, so that each slot reads it
    began = time.perf_counter()
    written = await asyncio.gather(*(_asked(endpoint, talk) for talk in plain))
    return sum(one.completion for told in written for one in told) / (time.perf_counter() - began)


def _nobody(_text: str) -> None:
    pass


def _ignore(_told: Found | Forgotten) -> None:
    pass
