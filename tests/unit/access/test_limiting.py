"""How much each caller may ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import limiting
from service.access.limiting import Concurrency, Rate
from service.errors import RateLimited


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now_s = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


@given(pauses=st.lists(st.floats(0, 40), min_size=1, max_size=60), limit=st.integers(1, 6))
def test_f09_no_window_holds_more_than_the_limit(pauses: list[float], limit: int) -> None:
    """Whenever requests come, exactly those pass that the last minute has room for, and who is refused is told when there is room."""
    clock, passed = Clock(), list[float]()
    rate = Rate(clock=clock)
    for pause in pauses:
        clock.now_s += pause
        room = sum(at > clock.now_s - limiting.WINDOW_S for at in passed) < limit
        if room:
            rate.take("caller", limit)
            passed.append(clock.now_s)
        else:
            with pytest.raises(RateLimited) as refused:
                rate.take("caller", limit)
            assert clock.now_s + refused.value.retry_after_s >= passed[-limit] + limiting.WINDOW_S


def test_callers_do_not_share_a_rate() -> None:
    """What one has asked takes nothing from another."""
    rate = Rate(clock=Clock())
    for _ in range(3):
        rate.take("one", 3)
    with pytest.raises(RateLimited):
        rate.take("one", 3)

    rate.take("another", 3)


def test_j13_so_many_callers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowd of callers takes bounded memory: those who have not asked for a minute are forgotten, and new ones wait where all are recent."""
    monkeypatch.setattr(limiting, "MOST_CALLERS", 5)
    clock = Clock()
    rate = Rate(clock=clock)
    for number in range(5):
        rate.take(str(number), 1)
    with pytest.raises(RateLimited):
        rate.take("new", 1)
    clock.now_s += limiting.WINDOW_S

    rate.take("new", 1)


def test_so_many_at_the_same_time() -> None:
    """A place is free again once the request in it is answered, however it ends."""
    concurrency = Concurrency()
    with concurrency.place("one", 1), concurrency.place("another", 1), pytest.raises(RateLimited), concurrency.place("one", 1):
        pass
    with pytest.raises(ZeroDivisionError), concurrency.place("one", 1):
        raise ZeroDivisionError

    with concurrency.place("one", 1):
        pass


def test_no_limit_is_no_limit() -> None:
    """Where none is set as many are served as come."""
    concurrency = Concurrency()
    with concurrency.place("one", None), concurrency.place("one", None), concurrency.place("one", None):
        pass
