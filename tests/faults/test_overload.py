"""More comes than can be read (F01, F02, G2), or the endpoint takes longer for a while (D20). Capacity is the slots divided by its latency: both are ours."""

from uuid import uuid4

import pytest

from tests.faults.serving_process import serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.open_load import Load, Outcome, Request, offer
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

SLOTS, LATENCY_MS, DEADLINE_S = 4, 500, 2.5
CAPACITY = SLOTS * 1_000 / LATENCY_MS
LIMITS = {"VIGIE_CONCURRENCY": str(SLOTS), "VIGIE_DEADLINE_S": str(DEADLINE_S)}


async def loaded(address: str, times: float, seconds: float) -> Outcome:
    """Return what became of so many times the capacity, all of different articles, sent to a service that listens at `address`."""
    run = uuid4().hex[:8]
    request = lambda number: Request(small_article(f"run {run} number {number}").encode())  # noqa: E731
    return await offer(Load(f"{address}/extract", request, rate=times * CAPACITY, seconds=seconds, timeout_s=15))


@pytest.mark.parametrize(
    ("times", "share"),
    [
        # Less than is promised, for a machine at which others are at work.
        pytest.param(3, 0.5, id="slice"),
        pytest.param(2, 0.95, id="2", marks=pytest.mark.load),
        pytest.param(5, 0.9, id="5", marks=pytest.mark.load),
        pytest.param(10, 0.8, id="10", marks=pytest.mark.load),
    ],
)
async def test_f01_g2_goodput_holds(upstream: FaultyUpstream, times: float, share: float) -> None:
    """At many times the capacity nearly as much is read as at the capacity; the rest is told at once, with when to come back, and nobody is cut off."""
    async with serving_process(upstream.base_url(f"slow-{LATENCY_MS}", uuid4().hex), **LIMITS) as (_, address):
        await loaded(address, 0.5, 1)  # what the first article costs no other does
        quiet = await loaded(address, 1, 3)
        crowded = await loaded(address, times, 5)

    assert crowded.goodput(since_s=1) >= share * min(quiet.goodput(since_s=1), CAPACITY)
    assert {status for status, _ in crowded.answers} <= {200, 503, 504}
    assert crowded.answers[503, "overloaded"] > 0
    assert crowded.losses.total() == 0
    assert crowded.without_retry_after.total() == 0


@pytest.mark.load
async def test_d20_a_slow_spell_is_forgotten(upstream: FaultyUpstream) -> None:
    """While the endpoint takes ten times as long less is read and nobody is cut off; within five seconds of its end as much is read as ever."""
    slow_s, recovers_s, after_s = 8, 5, 6
    fault = f"slow-{10 * LATENCY_MS}-then-{LATENCY_MS}-after-{slow_s * 1_000}-slots-{SLOTS}"
    async with serving_process(upstream.base_url(fault, uuid4().hex), **{**LIMITS, "VIGIE_DEADLINE_S": "12"}) as (_, address):
        # Much while the endpoint is slow, and otherwise so little that it is the service that is measured and not the machine.
        spell = await loaded(address, 0.4, slow_s + recovers_s + after_s)
        quiet = await loaded(address, 0.4, after_s)

    assert spell.answers[503, "overloaded"] > 0
    assert spell.goodput(since_s=slow_s + recovers_s) >= 0.95 * quiet.goodput(since_s=1)
    assert {status for status, _ in spell.answers} <= {200, 503, 504}
    assert spell.losses.total() == 0
    assert spell.without_retry_after.total() == 0


@pytest.mark.load
async def test_f02_a_burst_is_bounded(upstream: FaultyUpstream) -> None:
    """Of two hundred at once no more are read than can be in time, and all of those are."""
    token = uuid4().hex
    async with serving_process(upstream.base_url(f"slow-{LATENCY_MS}", token), **LIMITS) as (_, address):
        await loaded(address, 0.5, 2)
        await loaded(address, 1, 2)  # as long as it takes for the service to know how long an article takes
        crowded = await offer(Load(f"{address}/extract", lambda number: Request(small_article(f"burst {number}").encode()), rate=2_000, seconds=0.1))

    most = SLOTS + CAPACITY * DEADLINE_S
    assert crowded.answers[200, None] <= most + SLOTS
    assert crowded.answers[200, None] >= 0.6 * most
    assert upstream.tally(f"slow-{LATENCY_MS}", token).most_at_once <= SLOTS
