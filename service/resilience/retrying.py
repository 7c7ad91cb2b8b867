"""The one retry layer: what may pass is tried again, within the budget of the article, the allowance of all and the patience of the endpoint."""

import asyncio
import logging
from collections import deque
from statistics import median

from openai.types.chat import ChatCompletion
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from service.errors import UpstreamInterrupted, UpstreamInvalidResponse, UpstreamRateLimited, UpstreamUnavailable, VigieError
from service.models.base import Model, ModelCall
from service.models.watching import NOBODY, Watch
from service.resilience.allowance import Allowance
from service.resilience.breaker import Breaker

logger = logging.getLogger(__name__)

#: May be over by the next call. What an endpoint says wrongly in full it would say again.
_TRANSIENT = (UpstreamUnavailable, UpstreamRateLimited, UpstreamInterrupted)
#: What tells that an endpoint does not work, whoever asks.
_BROKEN = (*_TRANSIENT, UpstreamInvalidResponse)
#: Full jitter: anything up to so many seconds, doubled with each retry.
_FIRST_WAIT_S, _MOST_WAIT_S = 0.25, 8.0
#: The last so many answers tell how long one takes; an endpoint that had so many times that long and said nothing does not work.
_REMEMBERED, _PATIENCE = 20, 2


class RetryingModel:
    """A model at an endpoint, asked again where that may help."""

    def __init__(self, model: Model, watch: Watch = NOBODY, *, breaker: Breaker | None = None, allowance: Allowance | None = None) -> None:
        """Go around `model`, which asks once."""
        self.name, self.profile, self.output_mode = model.name, model.profile, model.output_mode
        self._model, self._watch, self.breaker, self._allowance = model, watch, breaker or Breaker(), allowance or Allowance()
        self._jitter = wait_random_exponential(multiplier=_FIRST_WAIT_S, max=_MOST_WAIT_S)
        self._took_s: deque[float] = deque(maxlen=_REMEMBERED)
        self.check, self.start, self.close = model.check, model.start, model.close

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion.

        Raises:
            ModelError: There is none, and there is no sense in waiting for one.
            ArticleTooLong: The conversation is longer than the context of the model.
        """
        self._allowance.earn()
        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, _TRANSIENT) and not isinstance(error, _Refused)),
            wait=self._wait_s,
            stop=lambda state: not self._affords(state, call),
            before_sleep=lambda _state: self._watch.retried(),
            sleep=asyncio.sleep,
            reraise=True,
        )
        completion: ChatCompletion = await retrying(self._once, call)
        return completion

    async def _once(self, call: ModelCall) -> ChatCompletion:
        try:
            self.breaker.enter()
        except UpstreamUnavailable as error:
            raise _Refused(error.detail, retry_after_s=error.retry_after_s) from None
        clock = asyncio.get_running_loop().time
        began, outcome, left_s = clock(), "cancelled", call.budget.left_s() if call.budget else 0.0
        try:
            completion = await self._model.complete(call)
        except VigieError as error:
            outcome = error.code
            logger.warning("call-failed", extra={"code": error.code, "reason": error.detail})
            self.breaker.failed() if isinstance(error, _BROKEN) else self.breaker.succeeded()
            raise
        except asyncio.CancelledError:
            # An endpoint that is silent until the deadline does not work, if it had the time; one whose caller has left may.
            silent = call.budget is not None and call.budget.left_s() <= 0 and left_s >= _PATIENCE * self._usual_s()
            self.breaker.failed() if silent else self.breaker.left()
            raise
        else:
            outcome = "ok"
            self._took_s.append(clock() - began)
            self.breaker.succeeded()
            return completion
        finally:
            self._watch.called(outcome, clock() - began)

    def _usual_s(self) -> float:
        """Return the seconds that an answer takes, as the last ones did; at least one."""
        return max(median(self._took_s), 1.0) if self._took_s else 1.0

    def _wait_s(self, state: RetryCallState) -> float:
        """Return the seconds to wait: what the endpoint asks for, and else anything up to twice as long as last time."""
        error = state.outcome.exception() if state.outcome else None
        asked_s = error.retry_after_s if isinstance(error, UpstreamRateLimited) else 0
        return asked_s + self._jitter(state)

    def _affords(self, state: RetryCallState, call: ModelCall) -> bool:
        """Return whether another call can be made after the wait, and take it from what is left."""
        if call.budget is None or state.upcoming_sleep >= call.budget.left_s():
            return False
        return call.budget.spare > 0 and self._allowance.take() and call.budget.take()


class _Refused(UpstreamUnavailable):
    """The breaker is open: there was no call."""
