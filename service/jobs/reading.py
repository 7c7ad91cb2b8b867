"""The reading of one article of a job: what becomes of it, whatever happens."""

import asyncio
import random
from dataclasses import dataclass

from schemas.article import Article
from schemas.record import Record
from service.caching.answer import Answer
from service.errors import DeadlineExceeded, ModelError, ModelUnavailable, Overloaded, UpstreamMisconfigured, UpstreamQuotaExhausted, VigieError
from service.jobs.store import Claim
from service.models.base import Model
from service.problems import fault_of, problem_of
from service.racing import unless
from service.reception import Extracts
from service.resilience.admission import Admission
from service.settings import Settings

#: How often an article may fail for a passing reason before that is its end; after how many seconds it is read again, and how many times as many the next time.
MOST_FAILURES, FIRST_WAIT_S, _TIMES = 5, 5.0, 3
#: Seconds after which an article is read again of which the endpoint is not to be had until somebody mends that: a revoked key must not end whole archives.
ENDPOINT_WAIT_S = 30.0
_OF_THE_ENDPOINT = (UpstreamQuotaExhausted, UpstreamMisconfigured, ModelUnavailable)
#: Seconds for which an article is held that has no slot to be read in, since somebody waits who needs it.
ROOM_WAIT_S = 5.0
#: How much shorter or longer, so that what failed together does not come back together.
_SPREAD = 0.2


@dataclass(frozen=True, slots=True)
class Read:
    """There is a record."""

    record: Record

    @property
    def body(self) -> bytes:
        """The record as it is kept, the very bytes that `POST /extract` answers with."""
        return Answer.of(self.record).body


@dataclass(frozen=True, slots=True)
class Failed:
    """There will be none."""

    fault: VigieError
    #: The same as JSON.
    problem: bytes


@dataclass(frozen=True, slots=True)
class Back:
    """It is to be read again."""

    #: Why, where it failed for a passing reason; None where only the time or the room was taken from it.
    fault: VigieError | None = None
    #: Seconds until then.
    after_s: float = 0.0
    #: Whether that is one of the failures after which an article is given up.
    is_its_own: bool = True


Outcome = Read | Failed | Back


class _GaveWay(Exception):
    """Somebody waits who needs the slot."""


class Reader:
    """Reads articles of jobs with what others leave over."""

    def __init__(self, extractor: Extracts, model: Model, admission: Admission, settings: Settings, *, room_wait_s: float = ROOM_WAIT_S) -> None:
        """Keep the parts; `model` says whether `extractor` can read."""
        self._room_wait_s = room_wait_s
        self._extractor, self._model, self._admission, self._settings = extractor, model, admission, settings

    @property
    def slots(self) -> int:
        """How many articles are read at once."""
        return min(self._settings.worker_concurrency or self._admission.slots, max(self._admission.slots - self._admission.reserve, 1))

    async def ready(self) -> None:
        """Return once there is a slot and a model to read with.

        Raises:
            ModelError: The model cannot be asked now.
        """
        await self._model.check()
        async with self._admission.leftover():
            # Taken again once there is an article: nobody is to wait for the sake of an empty queue.
            pass

    async def read(self, claim: Claim, occurrence: str) -> Outcome:
        """Return what became of an article.

        Args:
            claim: The article.
            occurrence: What names this reading in a problem and in the log.
        """
        try:
            async with asyncio.timeout(self._room_wait_s) as waiting, self._admission.leftover() as slot:
                waiting.reschedule(None)
                article = Article.model_validate_json(claim.body)
                deadline_at = asyncio.get_running_loop().time() + self._settings.deadline_for(article.options.deadline_s)
                reading = self._extractor.extract(article, deadline_at=deadline_at, lanes=slot.spare)
                return Read(await unless(slot.wanted.wait(), reading, _GaveWay))
        except _GaveWay:
            return Back()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the end of this article alone
            if waiting.expired():
                return Back()
            fault = fault_of(error)
        if isinstance(fault, _OF_THE_ENDPOINT):
            return Back(fault, ENDPOINT_WAIT_S, is_its_own=False)
        if fault.retryable and claim.failures < _most_failures(fault):
            return Back(fault, FIRST_WAIT_S * _TIMES**claim.failures * random.uniform(1 - _SPREAD, 1 + _SPREAD))  # noqa: S311 - no secret
        return self.failed(fault, occurrence)

    def failed(self, fault: VigieError, occurrence: str) -> Failed:
        """Return that an article ends with `fault`, in the reading that `occurrence` names."""
        return Failed(fault, problem_of(fault, self._settings.public_url, occurrence))


def _most_failures(fault: VigieError) -> int:
    """Return how often an article may fail in this way before that is its end."""
    match fault:
        case ModelError() | Overloaded():
            return MOST_FAILURES
        case DeadlineExceeded():  # there was too much to do beside it, or it takes too long
            return 1
        case _:
            return 0
