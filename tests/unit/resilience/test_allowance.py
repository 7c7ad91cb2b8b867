"""Retries cost no more than a tenth of what is needed anyway (G3)."""

from hypothesis import given
from hypothesis import strategies as st

from service.resilience.allowance import Allowance


@given(st.lists(st.sampled_from(["earn", "take"]), max_size=300))
def test_g3_never_more_than_a_tenth(steps: list[str]) -> None:
    """Whatever the order of calls and retries, beyond what was saved up there is one retry for ten calls."""
    allowance = Allowance(most=2, clock=lambda: 0)
    calls = retries = 0
    for step in steps:
        if step == "earn":
            allowance.earn()
            calls += 1
        else:
            retries += allowance.take()

    assert retries <= 2 + calls / 10


def test_a_quiet_service_may_retry_too() -> None:
    """Time adds retries, slowly, and no more than can be saved up."""
    now = [0.0]
    allowance = Allowance(most=2, per_s=0.1, clock=lambda: now[0])
    assert [allowance.take() for _ in range(3)] == [True, True, False]
    now[0] = 11

    assert [allowance.take() for _ in range(2)] == [True, False]
    now[0] = 1_000
    assert [allowance.take() for _ in range(3)] == [True, True, False]
