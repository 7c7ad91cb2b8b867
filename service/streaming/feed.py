"""The feed of a reading: all that is told of it, to everybody who follows it, whenever they come.

Whoever comes later hears first what the others have heard. A reading tells a bounded number of events, so that neither the feed nor a slow follower can grow
beyond that.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.extraction.progress import Forgotten, Found, Progress

Event = Progress | Found | Forgotten


class Feed:
    """What is told of one reading."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._told: list[Event] = []
        self._followers: set[Follower] = set()
        self._reading = object()

    @property
    def is_followed(self) -> bool:
        """Whether anybody hears it."""
        return bool(self._followers)

    def begin(self, forgotten: Forgotten) -> Callable[[Event], None]:
        """Return what tells of a reading that begins. Of an earlier one, whose caller has left, nothing is told any more; what it found is `forgotten`."""
        if any(isinstance(event, Found) for event in self._told):
            for follower in self._followers:
                follower.put(forgotten)
        self._told.clear()
        reading = self._reading = object()
        return lambda event: self._tell(event) if self._reading is reading else None

    def join(self, follower: "Follower") -> None:
        """Have `follower` hear what was told and what will be."""
        for event in self._told:
            follower.put(event)
        self._followers.add(follower)

    def leave(self, follower: "Follower") -> None:
        """Have `follower` hear nothing more."""
        self._followers.discard(follower)

    def _tell(self, event: Event) -> None:
        """Tell everybody, now and later. Of progress only the last is told to whoever comes later."""
        if self._told and isinstance(event, Progress) and isinstance(self._told[-1], Progress):
            self._told[-1] = event
        else:
            self._told.append(event)
        for follower in self._followers:
            follower.put(event)


class Feeds:
    """The feeds of readings under way, by their names; each as long as anybody follows it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._feeds: dict[str, Feed] = {}

    @contextmanager
    def followed(self, name: str, follower: "Follower | None") -> Iterator[Feed | None]:
        """Yield the feed of a reading while `follower` follows it; None where there is nobody to follow it."""
        if follower is None:
            yield None
            return
        feed = self._feeds.setdefault(name, Feed())
        feed.join(follower)
        try:
            yield feed
        finally:
            feed.leave(follower)
            if not feed.is_followed:
                self._feeds.pop(name, None)


class Follower:
    """Who hears what is told, at their own pace."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._heard: asyncio.Queue[Event | None] = asyncio.Queue()

    def put(self, event: Event) -> None:
        """Hear of an event."""
        self._heard.put_nowait(event)

    def end(self) -> None:
        """Hear nothing more."""
        self._heard.put_nowait(None)

    async def next(self, within_s: float | None = None) -> Event | None:
        """Return the next event, or None at the end.

        Raises:
            TimeoutError: There was none in so many seconds.
        """
        return await asyncio.wait_for(self._heard.get(), within_s)
