"""What is told of a reading, to whoever follows it."""

import asyncio

from schemas.vocabulary import Section
from service.extraction.progress import Forgotten, Found, Progress
from service.streaming.feed import Event, Feeds, Follower

ALL = Forgotten(tuple(Section), 0, 9)


def progress(done: int) -> Progress:
    """Return how far a reading of three pieces is."""
    return Progress(done, 3, done, 3, ())


def found(name: str) -> Found:
    """Return an actor."""
    return Found(Section.ACTORS, {"name": name})


async def heard(follower: Follower) -> list[Event]:
    """Return what a follower has heard so far."""
    follower.end()
    events = []
    while (event := await asyncio.wait_for(follower.next(), 1)) is not None:
        events.append(event)
    return events


async def test_who_comes_later_hears_what_was_told() -> None:
    """Of progress the last, of entries all."""
    feeds, early, late = Feeds(), Follower(), Follower()
    with feeds.followed("one", early) as feed:
        assert feed is not None
        tell = feed.begin(ALL)
        for event in (progress(0), progress(1), found("Valmer"), progress(2)):
            tell(event)
        with feeds.followed("one", late) as same:
            assert same is feed
            tell(found("Orlane"))

    assert await heard(early) == [progress(0), progress(1), found("Valmer"), progress(2), found("Orlane")]
    assert await heard(late) == [progress(1), found("Valmer"), progress(2), found("Orlane")]


async def test_a_reading_that_begins_anew_takes_back_the_first() -> None:
    """What the first one found is forgotten, and what it still tells is not heard."""
    feeds, follower = Feeds(), Follower()
    with feeds.followed("one", follower) as feed:
        assert feed is not None
        first = feed.begin(ALL)
        first(found("Valmer"))
        second = feed.begin(ALL)
        first(found("Kestria"))
        second(found("Orlane"))

    assert await heard(follower) == [found("Valmer"), ALL, found("Orlane")]


async def test_a_feed_that_nobody_follows_is_gone() -> None:
    """Whoever comes then begins with nothing."""
    feeds, follower = Feeds(), Follower()
    with feeds.followed("one", Follower()) as feed:
        assert feed is not None
        feed.begin(ALL)(found("Valmer"))
    with feeds.followed("one", follower) as other:
        assert other is not feed

    assert await heard(follower) == []


async def test_who_does_not_follow_has_no_feed() -> None:
    """A plain request is told nothing."""
    with Feeds().followed("one", None) as feed:
        assert feed is None
