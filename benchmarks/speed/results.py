"""What was seen, and what it comes to: of each figure the median of the rounds, and the quartiles around it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import NamedTuple

from pydantic import TypeAdapter

from benchmarks.speed.machine import Machine
from benchmarks.speed.turn import Figures, Plan

#: Stands for the endpoint itself, which is asked without anybody between.
STUB = "stub"


class Spread(NamedTuple):
    """A figure over the rounds."""

    middle: float
    low: float
    high: float


@dataclass(slots=True)
class Side:
    """One of two ways to llama.cpp, round by round."""

    #: Seconds until the first token of a conversation.
    first_s: list[float] = field(default_factory=list)
    #: Tokens a second over all of the time, where answers come as a whole, and where each token is heard as it is written.
    rate: list[float] = field(default_factory=list)
    followed: list[float] = field(default_factory=list)
    #: The share of the time that llama.cpp does not count as its own, where answers come as a whole.
    beyond: list[float] = field(default_factory=list)
    #: Tokens that were read, and those of them that the engine had kept.
    prompt: int = 0
    cached: int = 0

    @property
    def kept(self) -> float:
        """The share of the tokens read that the engine had kept."""
        return self.cached / (self.prompt or 1)


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embedded model beside llama.cpp driven directly."""

    weights: str
    ours: Side
    direct: Side
    #: Of all articles together.
    calls: int
    #: Tokens a second of two conversations at once, by slots of the engine.
    slots: Mapping[str, float]

    @property
    def ratio(self) -> float:
        """Our speed as a share of the direct one: the median of the rounds."""
        return _paired(self.ours.rate, self.direct.rate)

    @property
    def followed_ratio(self) -> float:
        """The same, where each token is heard."""
        return _paired(self.ours.followed, self.direct.followed)


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was seen."""

    machine: Machine
    plan: Plan
    #: How it was asked for.
    options: str
    #: Of those in other environments, the versions of what they are.
    others: Mapping[str, str]
    #: By letter, the figures of each round.
    turns: Mapping[str, Sequence[Figures]]
    #: Milliseconds of the processor that each of Vigie's stages takes of an article.
    stages: Mapping[str, Sequence[float]] = field(default_factory=dict)
    #: Entries of the record, and of the answer that it was made of.
    entries: tuple[int, int] = (0, 0)
    embedded: Embedded | None = None

    @property
    def rounds(self) -> int:
        """How many there were."""
        return max((len(turns) for turns in self.turns.values()), default=0)

    def spread(self, letter: str, figure: str) -> Spread:
        """Return a figure of one of those who were measured; NaN where there is none."""
        return spread_of([turn[figure] for turn in self.turns.get(letter, ()) if figure in turn])

    def total(self, letter: str, figure: str) -> float:
        """Return the sum over all rounds."""
        return sum(turn.get(figure, 0) for turn in self.turns.get(letter, ()))

    def stages_ms(self, names: Sequence[str]) -> float:
        """Return what some stages take together."""
        return sum(median(self.stages[name]) for name in names) if self.stages else math.nan


MEASURED = TypeAdapter(Measured)


def spread_of(values: Sequence[float]) -> Spread:
    """Return median and quartiles."""
    if not values:
        return Spread(math.nan, math.nan, math.nan)
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return Spread(middle, low, high)


def _paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return median(one / other for one, other in zip(ours, theirs, strict=True))
