"""What faulty answers cost: each that came is counted, whatever became of it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.faults.service_at import Service, service_at
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("warm")]

#: What the rig says that an answer used, and what that costs at two dollars a million read and four written.
PROMPT, COMPLETION, USD = 100, 50, 0.0004
OWN_PRICE: dict[str, Any] = {"usd_per_mtok_input": "2", "usd_per_mtok_output": "4", "deadline_s": 30}

#: Fault, status, and answers that came with their counts.
ROWS = {
    "ok": ("ok", 200, 1),
    "asked again": ("field-missing-once", 200, 2),
    "asked again in vain": ("prose", 502, 2),
    "failed on its way": ("once-500", 200, 1),
    "never arrived": ("status-500", 503, 0),
    "cut": ("cut", 200, 1),
    "cut at once": ("cut-at-once", 502, 1),
    "filtered": ("content-filter", 422, 1),
    "refused": ("refusal", 422, 1),
    "null": ("content-null", 502, 1),
    "empty": ("content-empty", 502, 1),
    "no choices": ("no-choices", 502, 1),
    "no message": ("message-missing", 502, 1),
}


async def counted_by(service: Service) -> list[float]:
    """Return what the metrics say: tokens read, kept and written, and dollars."""
    families = text_string_to_metric_families((await service.client.get("/metrics")).text)
    samples = {(sample.name, sample.labels.get("kind")): sample.value for family in families for sample in family.samples}
    tokens = [samples["vigie_tokens_total", kind] for kind in ("prompt_tokens", "cached_tokens", "completion_tokens")]
    return [*tokens, samples["vigie_cost_usd_total", None]]


@pytest.mark.parametrize(("fault", "status", "answers"), ROWS.values(), ids=ROWS)
async def test_every_answer_is_counted(upstream: FaultyUpstream, fault: str, status: int, answers: int) -> None:
    """The tokens and the dollars of each answer are in the metrics, also where the article fails, and in the record where there is one."""
    async with service_at(upstream.base_url(fault, uuid4().hex), **OWN_PRICE) as service:
        answer = await service.extract(small_article())
        counted = await counted_by(service)

    assert answer.status_code == status
    assert counted == [answers * PROMPT, 0, answers * COMPLETION, pytest.approx(answers * USD)]
    if status == 200:
        usage = {"prompt_tokens": answers * PROMPT, "cached_tokens": 0, "completion_tokens": answers * COMPLETION, "cost_usd": answers * USD}
        assert answer.json()["extraction"]["usage"] == usage


async def test_the_answers_about_each_piece_are_counted(upstream: FaultyUpstream) -> None:
    """Of a text that is read in pieces, the record has the tokens of all answers, each of which was cut off."""
    text = "\n\n".join([small_article()] * 8)
    async with service_at(upstream.base_url("cut", uuid4().hex), chunk_chars=600, **OWN_PRICE) as service:
        how = (await service.extract(text)).json()["extraction"]

    assert how["chunks"] > 1
    assert (how["calls"], how["usage"]["prompt_tokens"], how["usage"]["cost_usd"]) == (how["chunks"], how["chunks"] * PROMPT, how["chunks"] * USD)


@pytest.mark.parametrize("fault", ["usage-missing", "usage-negative", "usage-huge", "usage-words"])
async def test_d19_what_cannot_be_true_is_not_counted(upstream: FaultyUpstream, fault: str) -> None:
    """Counts that cannot be true count as none, and the cost is then not known."""
    async with service_at(upstream.base_url(fault, uuid4().hex), **OWN_PRICE) as service:
        answer = await service.extract(small_article())
        counted = await counted_by(service)

    assert answer.json()["extraction"]["usage"] == {"prompt_tokens": 0, "cached_tokens": 0, "completion_tokens": 0, "cost_usd": None}
    assert counted == [0, 0, 0, 0]


async def test_what_is_shared_is_counted_once(upstream: FaultyUpstream) -> None:
    """Callers who get one record have its tokens counted as the model used them."""
    async with service_at(upstream.base_url("slow-500", uuid4().hex), **OWN_PRICE) as service:
        answers = await asyncio.gather(*(service.extract(small_article()) for _ in range(3)))
        counted = await counted_by(service)

    assert sorted(answer.headers["vigie-cache"] for answer in answers) == ["miss", "shared", "shared"]
    assert counted == [PROMPT, 0, COMPLETION, pytest.approx(USD)]


async def test_a_model_of_ones_own_has_no_price(upstream: FaultyUpstream) -> None:
    """A model that is called as one of OpenAI's, at another endpoint, has a cost that is not known."""
    async with service_at(upstream.base_url("ok", uuid4().hex), model="gpt-4o-mini", deadline_s=30) as service:
        usage = (await service.extract(small_article())).json()["extraction"]["usage"]

    assert (usage["prompt_tokens"], usage["cost_usd"]) == (PROMPT, None)
