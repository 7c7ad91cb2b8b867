"""How far a figure might lie from what it is, had other articles of the same sort been read: percentile bootstrap over articles."""

import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

RESAMPLES = 2_000
_SEED = 20_270_311
#: In thousandths, at each end.
_TAIL = 25

Item = TypeVar("Item")
Name = TypeVar("Name", bound=Hashable)


class Interval(NamedTuple):
    """Between these the figure lies in 95 of 100 resamples."""

    low: float
    high: float


def intervals(items: Sequence[Item], figures: Callable[[Sequence[Item]], Mapping[Name, float | None]]) -> dict[Name, Interval | None]:
    """Return the interval of each of the `figures` of `items`; a resample in which one has no value is left out of its interval.

    The same items give the same intervals.
    """
    # No secret hangs on it, and it must be the same each time.
    chance = random.Random(_SEED)  # noqa: S311
    values: dict[Name, list[float]] = {name: [] for name in figures(items)}
    for _ in range(RESAMPLES):
        for name, value in figures(chance.choices(items, k=len(items))).items():
            if value is not None:
                values[name].append(value)
    return {name: _interval(sorted(told)) for name, told in values.items()}


def ratio(pairs: Sequence[tuple[Item, Item]], figure: Callable[[Sequence[Item]], float | None]) -> Interval | None:
    """Return the interval of how many times the figure of the first of `pairs` is that of the second, both over the same articles each time."""

    def figures(sample: Sequence[tuple[Item, Item]]) -> Mapping[str, float | None]:
        ours, theirs = figure([one for one, _ in sample]), figure([other for _, other in sample])
        if ours is None or theirs is None:
            return {"ratio": None}
        return {"ratio": ours / theirs if theirs else float("inf")}

    return intervals(pairs, figures)["ratio"]


def _interval(ordered: Sequence[float]) -> Interval | None:
    if not ordered:
        return None
    beyond = len(ordered) * _TAIL // 1_000
    return Interval(ordered[beyond], ordered[-1 - beyond])
