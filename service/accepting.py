"""Which of the forms that an answer can have a caller wants (RFC 9110, 12.5.1)."""

from collections.abc import Mapping, Sequence

_ANY = "*/*"


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """Return which of the media types `offered` the header `accept` wants most; None if it wants none of them.

    Of those that are wanted alike it is the one that is named more closely, then the first. A form that is not the first is only given to whoever names it, or
    its kind: `*/*` is what programs send that have no wish.
    """
    ranges = [_range(one) for one in accept.lower().split(",")]
    wanted = [(*_wish(name, dict(ranges), by_name=bool(place)), -place, name) for place, name in enumerate(offered)]
    quality, *_, name = max(wanted)
    return name if quality > 0 else None


def _range(media_range: str) -> tuple[str, float]:
    """Return the name of a media range and how much it is wanted, from 0 to 1."""
    name, *parameters = (part.strip() for part in media_range.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return name, 1.0
    return name, 1.0


def _wish(name: str, ranges: Mapping[str, float], *, by_name: bool) -> tuple[float, int]:
    """Return how much a media type is wanted, and how closely it is named: its most specific range decides."""
    patterns = [name, f"{name.partition('/')[0]}/*", *(() if by_name else (_ANY,))]
    return next(((ranges[pattern], -closeness) for closeness, pattern in enumerate(patterns) if pattern in ranges), (0.0, 0))
