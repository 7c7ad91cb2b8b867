"""What the service tells those who watch it (K14)."""

from litestar.testing import AsyncTestClient
from prometheus_client.parser import text_string_to_metric_families

from service.errors import UpstreamUnavailable
from service.metrics import Metrics
from tests.unit.service_parts import CANARY, FakeExtractor, client

LABELS = ("method", "route", "status", "code", "kind", "outcome")


def told(text: str) -> dict[str, float]:
    """Return the value of each sample, by its name and its labels."""
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {" ".join([sample.name, *(sample.labels[name] for name in LABELS if name in sample.labels)]): sample.value for sample in samples}


async def test_k14_answers_are_counted_and_nothing_is_told_of_articles() -> None:
    """Requests by route, status and code, and no word that came from a caller; routes that do not exist are one."""
    async with client() as caller:
        await caller.post("/extract", json={"text": CANARY})
        await caller.post("/extract", json={"text": CANARY}, headers={"Content-Type": "text/html"})
        for path in (f"/{CANARY}", "/other", "/third"):
            await caller.get(path)
        await caller.request(CANARY.upper(), "/extract")
        answer = await caller.get("/metrics")

    samples = told(answer.text)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert CANARY.lower() not in answer.text.lower()
    assert samples["vigie_requests_total POST /extract 200 none"] == 1
    assert samples["vigie_requests_total POST /extract 415 unsupported-media-type"] == 1
    assert samples["vigie_requests_total GET none 404 not-found"] == 3
    assert samples["vigie_request_seconds_count /extract"] >= 2
    assert samples["vigie_articles_reading"] == samples["vigie_articles_waiting"] == 0


async def test_c14_k14_callers_make_no_metrics() -> None:
    """Whatever words callers put into requests, the metrics are those that they were, with other numbers."""

    async def noise(caller: AsyncTestClient, word: str) -> set[str]:  # type: ignore[type-arg]
        for path in (f"/{word}", f"/docs/{word}", f"/problems/{word}", f"/livez?{word}"):
            await caller.get(path, headers={"X-Request-ID": word, word: word})
        for method in (word.upper(), "PROPFIND", "PATCH"):
            await caller.request(method, "/extract")
        await caller.post("/extract", json={"text": word, word: word})
        await caller.post("/extract", content=word.encode(), headers={"Content-Type": f"text/{word}"})
        await caller.get("/metrics")
        return {*told((await caller.get("/metrics")).text)}

    async with client() as caller:
        first = await noise(caller, "first")
        others = [await noise(caller, f"{CANARY}{number}") for number in range(10)]

    assert all(names == first for names in others)


async def test_failures_are_counted_by_their_code() -> None:
    """An operator sees which problem callers get."""
    async with client(FakeExtractor(fails=UpstreamUnavailable())) as caller:
        await caller.post("/extract", json={"text": "An article."})
        samples = told((await caller.get("/metrics")).text)

    assert samples["vigie_requests_total POST /extract 503 upstream-unavailable"] == 1


async def test_tokens_and_dollars_begin_at_zero() -> None:
    """What may be counted is there before it is, so that a rate can be taken from the first answer on."""
    async with client() as caller:
        samples = told((await caller.get("/metrics")).text)

    assert [samples[f"vigie_tokens_total {kind}"] for kind in ("prompt_tokens", "cached_tokens", "completion_tokens")] == [0, 0, 0]
    assert samples["vigie_cost_usd_total"] == 0


def test_two_services_in_one_process_do_not_add_up() -> None:
    """Each has metrics of its own."""
    one, other = Metrics(), Metrics()
    one.called("ok", 0.2)
    one.retried()

    assert told(one.text().decode())["vigie_model_calls_total ok"] == 1
    assert told(one.text().decode())["vigie_model_retries_total"] == 1
    assert "vigie_model_calls_total ok" not in told(other.text().decode())
