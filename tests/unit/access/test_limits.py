"""The limits of callers where processes count together, and where one is alone."""

import pytest

from service.access.limiting import WINDOW_S
from service.access.limits import Limits
from service.errors import RateLimited
from tests.unit.access.test_limiting import Clock


class FakeShared:
    """Says what it is told to."""

    def __init__(self) -> None:
        """Begin with a database that is away."""
        self.wait_s: float | None = None
        self.has_room = True
        self.asked = 0
        self.held: list[str] = []

    async def take(self, caller: str, limit: int, window_s: float) -> float | None:
        """Say how long to wait."""
        assert (caller, limit, window_s) == ("caller", 2, WINDOW_S)
        self.asked += 1
        return self.wait_s

    async def hold(self, caller: str, limit: int) -> str | None:
        """Say whether there is room."""
        assert (caller, limit) == ("caller", 2)
        self.asked += 1
        if not self.has_room:
            return None
        self.held.append(f"place {self.asked}")
        return self.held[-1]

    def let_go(self, place: str) -> None:
        """Take a place back."""
        self.held.remove(place)


async def test_f10_a_process_that_is_alone_counts_for_itself() -> None:
    """Without a database, and while it is away, exactly as many pass in one process as may."""
    for limits in (Limits(), Limits(FakeShared())):
        for _ in range(2):
            await limits.take("caller", 2)
        with pytest.raises(RateLimited):
            await limits.take("caller", 2)


async def test_f10_what_passed_is_remembered_when_the_database_goes() -> None:
    """What the database let pass in this process counts there too once it is away."""
    shared = FakeShared()
    shared.wait_s = 0
    limits = Limits(shared)
    for _ in range(2):
        await limits.take("caller", 2)
    shared.wait_s = None

    with pytest.raises(RateLimited):
        await limits.take("caller", 2)


async def test_f09_who_is_told_to_wait_asks_nobody_meanwhile() -> None:
    """Before the time that a refused caller was told there is no room: the database hears of them again when it is over."""
    shared, clock = FakeShared(), Clock()
    shared.wait_s = 20
    limits = Limits(shared, clock=clock)
    for waited_s, retry_after_s in ((0, 20), (5, 15), (14.5, 1)):
        clock.now_s += waited_s
        with pytest.raises(RateLimited) as refused:
            await limits.take("caller", 2)
        assert refused.value.retry_after_s == retry_after_s
    assert shared.asked == 1
    clock.now_s, shared.wait_s = 20, 0
    await limits.take("caller", 2)

    assert shared.asked == 2


async def test_f09_a_place_is_had_here_and_in_the_database() -> None:
    """A process asks the database only if it has room itself, and gives both back; where the database has none there is none."""
    shared = FakeShared()
    limits = Limits(shared)
    with await limits.place("caller", 2), await limits.place("caller", 2):
        assert len(shared.held) == 2
        with pytest.raises(RateLimited):
            await limits.place("caller", 2)
        assert shared.asked == 2
    assert shared.held == []
    shared.has_room = False
    for _ in range(3):
        with pytest.raises(RateLimited):
            await limits.place("caller", 2)

    assert shared.asked == 5


async def test_f09_callers_without_limits_ask_nobody() -> None:
    """They are not counted, and the database hears nothing of them."""
    shared = FakeShared()
    limits = Limits(shared)
    for _ in range(5):
        await limits.take("caller", None)
        with await limits.place("caller", None):
            pass

    assert shared.asked == 0
