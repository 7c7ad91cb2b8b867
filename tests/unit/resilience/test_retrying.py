"""The one retry layer (D01 to D10, D21, G3)."""

import asyncio
import math
from contextlib import suppress

import pytest
from openai.types.chat import ChatCompletion
from tenacity import wait_random_exponential

from service.errors import (
    ModelRefused,
    UpstreamInterrupted,
    UpstreamInvalidResponse,
    UpstreamMisconfigured,
    UpstreamQuotaExhausted,
    UpstreamRateLimited,
    UpstreamRejectedRequest,
    UpstreamUnavailable,
    VigieError,
)
from service.models.base import ModelCall, OutputMode, Profile
from service.models.budget import SPARE_CALLS, Budget
from service.models.replies import completion_of
from service.resilience.allowance import Allowance
from service.resilience.breaker import Breaker, Limits, State
from service.resilience.retrying import RetryingModel

GOOD = completion_of({"content": "{}"}, "stop", usage=None, model="m")


class Endpoint:
    """A model that fails as it is told, and then answers."""

    name, output_mode = "m", OutputMode.JSON_SCHEMA
    profile = Profile(chunk_chars=1_000, section_by_section=False, max_completion_tokens=10, reask_quotes=False)

    def __init__(self, *outcomes: VigieError | float) -> None:
        """Raise errors and sleep for seconds, one a call; answer after that."""
        self.outcomes, self.calls = list(outcomes), 0

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Do the next."""
        self.calls += 1
        outcome = self.outcomes.pop(0) if self.outcomes else 0.0
        if isinstance(outcome, VigieError):
            raise outcome
        await asyncio.sleep(outcome)
        return GOOD

    async def check(self) -> None:
        """Return."""

    async def start(self) -> None:
        """Return."""

    async def close(self) -> None:
        """Return."""


class Noted:
    """What is told of calls."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.outcomes, self.retries = list[str](), 0

    def called(self, outcome: str, seconds: float) -> None:
        """Note a call."""
        assert seconds >= 0
        self.outcomes.append(outcome)

    def retried(self) -> None:
        """Note a retry."""
        self.retries += 1

    def restarted(self) -> None:
        """Be told of a restart, of which there are none here."""


async def asked(endpoint: Endpoint, noted: Noted | None = None, *, left_s: float = 60) -> ChatCompletion:
    """Return the completion of a call with so much left."""
    budget = Budget(asyncio.get_running_loop().time() + left_s)
    model = RetryingModel(endpoint, noted or Noted())
    return await model.complete(ModelCall(messages=(), shape={}, max_completion_tokens=1, budget=budget))


@pytest.mark.parametrize("error", [UpstreamUnavailable(), UpstreamInterrupted()], ids=["d01", "d10"])
async def test_what_may_pass_is_tried_again(error: VigieError) -> None:
    """One failure on the way costs a second call, which is counted."""
    endpoint, noted = Endpoint(error), Noted()

    assert await asked(endpoint, noted) == GOOD
    assert (endpoint.calls, noted.outcomes, noted.retries) == (2, [error.code, "ok"], 1)


async def test_d01_the_log_says_which_call_failed(caplog: pytest.LogCaptureFixture) -> None:
    """An operator sees each failure with its code and our own words for it, such as the status."""
    await asked(Endpoint(UpstreamUnavailable("The model's endpoint answered 503.")))

    (line,) = caplog.records
    assert (line.getMessage(), vars(line)["code"], vars(line)["reason"]) == ("call-failed", "upstream-unavailable", "The model's endpoint answered 503.")


async def test_d02_attempts_have_an_end() -> None:
    """An endpoint that always fails is asked three times for one article, and the last failure is told."""
    endpoint = Endpoint(*[UpstreamUnavailable()] * 9)
    with pytest.raises(UpstreamUnavailable):
        await asked(endpoint)

    assert endpoint.calls == 1 + SPARE_CALLS


async def test_the_budget_is_the_articles() -> None:
    """What one call of an article took for retries, the others do not have."""
    endpoint = Endpoint(UpstreamUnavailable(), UpstreamUnavailable(), 0.0, UpstreamUnavailable())
    budget = Budget(asyncio.get_running_loop().time() + 60)
    model = RetryingModel(endpoint, Noted())
    call = ModelCall(messages=(), shape={}, max_completion_tokens=1, budget=budget)
    await model.complete(call)
    with pytest.raises(UpstreamUnavailable):
        await model.complete(call)

    assert (endpoint.calls, budget.spare) == (4, 0)


async def test_d03_the_endpoint_says_when() -> None:
    """Whoever is told to wait a second waits that long."""
    endpoint, began = Endpoint(UpstreamRateLimited(retry_after_s=1)), asyncio.get_running_loop().time()
    await asked(endpoint)

    assert asyncio.get_running_loop().time() - began >= 1
    assert endpoint.calls == 2


async def test_d04_nobody_waits_beyond_the_deadline() -> None:
    """Where the wait is longer than the time that is left, the caller is told at once, with the endpoint's own number."""
    endpoint, began = Endpoint(UpstreamRateLimited(retry_after_s=60)), asyncio.get_running_loop().time()
    with pytest.raises(UpstreamRateLimited) as refused:
        await asked(endpoint, left_s=2)

    assert refused.value.retry_after_s == 60
    assert asyncio.get_running_loop().time() - began < 0.5
    assert endpoint.calls == 1


@pytest.mark.parametrize(
    "error",
    [UpstreamQuotaExhausted(), UpstreamMisconfigured(), UpstreamRejectedRequest(), UpstreamInvalidResponse(), ModelRefused()],
    ids=["d05", "d06", "d07", "d13", "e05"],
)
async def test_what_will_not_pass_is_not(error: VigieError) -> None:
    """One call, and its failure."""
    endpoint = Endpoint(error)
    with pytest.raises(type(error)):
        await asked(endpoint)

    assert endpoint.calls == 1


async def test_a_call_without_a_budget_is_made_once() -> None:
    """Whoever does not say how long there is gets no second call."""
    endpoint = Endpoint(UpstreamUnavailable())
    with pytest.raises(UpstreamUnavailable):
        await RetryingModel(endpoint).complete(ModelCall(messages=(), shape={}, max_completion_tokens=1))

    assert endpoint.calls == 1


async def test_g3_retries_of_all_articles_are_bounded() -> None:
    """During an outage, a hundred articles cost at most a tenth more calls than they are, and far fewer once the breaker is open."""
    endpoint = Endpoint(*[UpstreamUnavailable()] * 1_000)
    model = RetryingModel(endpoint, allowance=Allowance(most=1, clock=lambda: 0))
    for _ in range(100):
        with pytest.raises(UpstreamUnavailable):
            await model.complete(ModelCall(messages=(), shape={}, max_completion_tokens=1, budget=Budget(math.inf)))

    assert endpoint.calls <= 20
    assert model.breaker.state is State.OPEN


@pytest.mark.parametrize(("left_s", "state"), [(2.1, State.OPEN), (0.1, State.CLOSED)])
async def test_d12_silence_until_the_deadline_is_a_failure(left_s: float, state: State) -> None:
    """An endpoint that had the time to answer and did not is left alone after a while; one that had none is not."""
    endpoint, noted = Endpoint(*[60.0] * 20), Noted()
    model = RetryingModel(endpoint, noted)

    async def waited() -> None:
        budget = Budget(asyncio.get_running_loop().time() + left_s)
        async with asyncio.timeout_at(budget.deadline_at):
            await model.complete(ModelCall(messages=(), shape={}, max_completion_tokens=1, budget=budget))

    outcomes = await asyncio.gather(*(waited() for _ in range(10)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [TimeoutError] * 10
    assert noted.outcomes == ["cancelled"] * 10
    assert model.breaker.state is state


async def test_d22_an_endpoint_that_fails_every_other_time() -> None:
    """No good answer is lost, and a hundred articles cost a tenth more calls than they are, beyond what was saved up."""
    outcomes = [outcome for _ in range(200) for outcome in (UpstreamUnavailable(), 0.0)]
    endpoint, noted, good = Endpoint(*outcomes), Noted(), 0
    # A breaker that opens for a dead endpoint alone: otherwise it would be what is tested.
    model = RetryingModel(endpoint, noted, breaker=Breaker(Limits(share=1.0)), allowance=Allowance(most=2, clock=lambda: 0))
    model._jitter = wait_random_exponential(multiplier=0)
    for _ in range(100):
        with suppress(UpstreamUnavailable):
            good += await model.complete(ModelCall(messages=(), shape={}, max_completion_tokens=1, budget=Budget(math.inf))) is GOOD

    assert good == endpoint.calls // 2
    assert noted.retries >= 9
    assert endpoint.calls <= 1.1 * 100 + 2


async def test_f07_a_caller_who_leaves_is_no_failure() -> None:
    """However many leave, the endpoint is asked."""
    endpoint = Endpoint(*[60.0] * 20)
    model = RetryingModel(endpoint)
    for _ in range(20):
        call = ModelCall(messages=(), shape={}, max_completion_tokens=1, budget=Budget(math.inf))
        asking = asyncio.create_task(model.complete(call))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    assert model.breaker.state is State.CLOSED
