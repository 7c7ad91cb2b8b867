"""What becomes of one article of a job."""

import asyncio
import json
from uuid import UUID

import pytest

from schemas.article import Article
from service.errors import (
    DeadlineExceeded,
    ModelOutputInvalid,
    ModelUnavailable,
    Overloaded,
    UnusableArticle,
    UpstreamMisconfigured,
    UpstreamQuotaExhausted,
    UpstreamUnavailable,
    VigieError,
)
from service.jobs.reading import ENDPOINT_WAIT_S, MOST_FAILURES, Back, Failed, Read, Reader
from service.jobs.store import Claim
from service.resilience.admission import Admission
from service.settings import Settings
from tests.unit.service_parts import FakeExtractor, FakeModel, record_of

ARTICLE = Article(text="Une base a été frappée.")
SETTINGS = Settings()


def reader(extractor: FakeExtractor) -> Reader:
    """Return one that reads with `extractor`."""
    return Reader(extractor, FakeModel(), Admission(2), SETTINGS)


def claim(*, failures: int = 0, body: bytes | None = None) -> Claim:
    """Return a claim of the article."""
    return Claim(UUID(int=1), 0, 1, 0, failures, "caller", body or ARTICLE.model_dump_json().encode())


async def test_a_record_is_kept_as_it_would_be_sent() -> None:
    """The same bytes as `POST /extract` has, within the same deadline."""
    extractor = FakeExtractor()
    outcome = await reader(extractor).read(claim(), "id")

    assert isinstance(outcome, Read)
    assert outcome.body == record_of(ARTICLE).model_dump_json().encode()
    assert extractor.seconds[0] == pytest.approx(SETTINGS.default_deadline_s, abs=1)


@pytest.mark.parametrize("failures", range(MOST_FAILURES))
@pytest.mark.parametrize("fault", [UpstreamUnavailable(), ModelOutputInvalid(), Overloaded()])
async def test_what_may_pass_is_tried_again_later_each_time(fault: VigieError, failures: int) -> None:
    """After about 5, 15, 45, 135 and 405 seconds."""
    outcome = await reader(FakeExtractor(fails=fault)).read(claim(failures=failures), "id")

    assert isinstance(outcome, Back)
    assert outcome.fault is fault
    assert outcome.after_s == pytest.approx(5 * 3**failures, rel=0.2)


async def test_what_does_not_pass_in_the_end_is_the_result() -> None:
    """The problem says that it may be otherwise another time."""
    outcome = await reader(FakeExtractor(fails=UpstreamUnavailable())).read(claim(failures=MOST_FAILURES), "4f")

    assert isinstance(outcome, Failed)
    problem = json.loads(outcome.problem)
    assert (problem["code"], problem["retryable"], problem["instance"]) == ("upstream-unavailable", True, "urn:vigie:request:4f")


@pytest.mark.parametrize("fault", [UpstreamQuotaExhausted(), UpstreamMisconfigured(), ModelUnavailable()])
async def test_what_is_wrong_with_the_endpoint_is_no_articles_fault(fault: VigieError) -> None:
    """A key that was revoked ends no article, however often it comes back: an operator mends it, and all are read."""
    outcome = await reader(FakeExtractor(fails=fault)).read(claim(failures=MOST_FAILURES), "id")

    assert outcome == Back(fault, ENDPOINT_WAIT_S, is_its_own=False)


async def test_what_took_too_long_has_its_time_once_more() -> None:
    """There may have been too much to do beside it; if it takes too long by itself, that is the result."""
    reading = reader(FakeExtractor(fails=DeadlineExceeded()))

    assert isinstance(await reading.read(claim(), "id"), Back)
    assert isinstance(await reading.read(claim(failures=1), "id"), Failed)


async def test_who_finds_no_slot_gives_the_article_back() -> None:
    """Requests have all slots: others may have one for it, and it has not failed."""
    admission, extractor = Admission(1), FakeExtractor()
    async with admission.turn(asyncio.get_running_loop().time() + 60):
        assert await Reader(extractor, FakeModel(), admission, SETTINGS, room_wait_s=0.05).read(claim(), "id") == Back()
    assert extractor.seconds == []


async def test_what_would_be_so_again_is_the_result_at_once() -> None:
    """The article's own faults."""
    fault = UnusableArticle()
    outcome = await reader(FakeExtractor(fails=fault)).read(claim(), "id")

    assert isinstance(outcome, Failed)
    assert json.loads(outcome.problem)["code"] == fault.code


@pytest.mark.parametrize("body", [b"canari-7f3a", b'{"words": "canari-7f3a"}', b"\xff"])
async def test_what_is_no_article_is_a_fault_of_ours(body: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """Its words are nowhere in the problem or in the log."""
    outcome = await reader(FakeExtractor()).read(claim(body=body), "id")

    assert isinstance(outcome, Failed)
    assert json.loads(outcome.problem)["code"] == "internal-error"
    assert "canari" not in outcome.problem.decode() + "".join(capfd.readouterr())


async def test_slots_are_left_to_requests_and_to_other_workers() -> None:
    """So many articles are read at once as the model has slots, but for the reserve, or fewer where the settings say so."""
    few = Settings(worker_concurrency=3)
    for slots, reserve, settings, read in [(16, None, SETTINGS, 12), (16, 0, SETTINGS, 16), (16, None, few, 3), (2, None, few, 1), (1, None, few, 1)]:
        assert Reader(FakeExtractor(), FakeModel(), Admission(slots, reserve=reserve), settings).slots == read
