"""The breaker leaves an endpoint alone that mostly fails (D21)."""

import pytest

from service.errors import UpstreamUnavailable
from service.resilience.breaker import Breaker, Limits, State

LIMITS = Limits(calls=20, least_calls=10, window_s=30, open_s=10, spread=0)


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now_s = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    """A closed breaker."""
    return Breaker(LIMITS, clock=clock)


def opened(breaker: Breaker) -> Breaker:
    """Return `breaker` after as many failures as open it."""
    for _ in range(LIMITS.least_calls):
        breaker.enter()
        breaker.failed()
    return breaker


def test_d21_it_opens_within_twenty_calls(breaker: Breaker) -> None:
    """Where all calls fail, no more than ten are made."""
    opened(breaker)

    with pytest.raises(UpstreamUnavailable) as refused:
        breaker.enter()
    assert breaker.state is State.OPEN
    assert refused.value.retry_after_s == 10


def test_the_log_says_when_it_opens_and_when_it_closes(breaker: Breaker, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """One line each, however many calls are refused or fail meanwhile."""
    with caplog.at_level("INFO"):
        opened(breaker)
        for _ in range(2):
            clock.now_s += LIMITS.open_s + 1
            breaker.enter()
            breaker.failed()
        clock.now_s += LIMITS.open_s + 1
        breaker.enter()
        breaker.succeeded()

    assert [line.getMessage() for line in caplog.records] == ["breaker-opened", "breaker-closed"]


@pytest.mark.parametrize(("failing", "state"), [(2, State.OPEN), (3, State.CLOSED)])
def test_the_share_of_failures_decides(breaker: Breaker, failing: int, state: State) -> None:
    """Every other call failing opens it; every third does not."""
    for number in range(20):
        if breaker.state is State.CLOSED:
            breaker.enter()
            breaker.succeeded() if number % failing else breaker.failed()

    assert breaker.state is state


def test_old_failures_tell_nothing(breaker: Breaker, clock: Clock) -> None:
    """Failures of more than half a minute ago are forgotten."""
    for _ in range(9):
        breaker.failed()
    clock.now_s = 31
    breaker.failed()

    assert breaker.state is State.CLOSED


def test_one_call_probes(breaker: Breaker, clock: Clock) -> None:
    """After a while one call passes, and no other before it has ended; its success closes the breaker."""
    opened(breaker)
    clock.now_s = 10
    breaker.enter()

    with pytest.raises(UpstreamUnavailable):
        breaker.enter()
    assert breaker.state_value() == State.PROBING.value
    breaker.succeeded()
    breaker.enter()
    breaker.failed()
    assert breaker.state is State.CLOSED


def test_a_probe_that_fails_opens_it_again(breaker: Breaker, clock: Clock) -> None:
    """There is one probe a window, as long as the endpoint is down."""
    opened(breaker)
    probes = 0
    for clock.now_s in range(10, 40):
        try:
            breaker.enter()
        except UpstreamUnavailable:
            continue
        probes += 1
        breaker.failed()

    assert probes == 3


def test_a_probe_that_nobody_waited_for_tells_nothing(breaker: Breaker, clock: Clock) -> None:
    """The next call may probe at once."""
    opened(breaker)
    clock.now_s = 10
    breaker.enter()
    breaker.left()

    breaker.enter()
    assert breaker.state is State.PROBING


def test_many_services_do_not_come_back_at_once(clock: Clock) -> None:
    """How long a breaker stays open differs by up to a fifth."""
    waits = set()
    for _ in range(50):
        with pytest.raises(UpstreamUnavailable) as refused:
            opened(Breaker(Limits(open_s=10), clock=clock)).enter()
        waits.add(refused.value.retry_after_s)

    assert min(waits) >= 8
    assert max(waits) <= 12
    assert len(waits) > 1
